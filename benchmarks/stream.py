"""A large mbox in little memory: how much one process holds while it reads, and while it rates, two gigabytes.

    python benchmarks/stream.py [--bytes 2000000000] [--rate]

The mailbox is made for the run, in a temporary folder: messages of the corpus as mails, each with a Message-ID and words
of its own, every twentieth with an attachment of 200 kB. Reading and, with ``--rate``, rating run in processes of their own,
whose largest resident size the system tells.
"""

import argparse
import base64
import random
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from tables import write_table

from authentic_outreach.datasets import iter_corpus_rows

DATA = Path(__file__).parents[1] / "data"
READ = """
import authentic_outreach as ao, sys
print(sum(1 for _ in ao.read_messages(sys.argv[1])))
"""
RATE = """
import authentic_outreach as ao, sys
print(sum(1 for _ in ao.rate_inbox(sys.argv[1])))
"""


def make_mailbox(path, size):
    """Write mails until the file has so many bytes; returns how many."""
    rows = list(iter_corpus_rows(DATA))
    rng = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        for number in count():
            if file.tell() >= size:
                return number
            row = rows[number % len(rows)]
            code = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=10))
            file.write(
                f"From {code}@example.com Mon Jan  5 09:00:00 2026\nFrom: {code} <{code}@example.com>\n"
                f"To: owner@joinery.example\nSubject: {row['subject'] or code}\nMessage-ID: <{number}.{code}@example.com>\n"
            )
            body = row["body"].replace("\nFrom ", "\n>From ")
            if number % 20:
                file.write(f"\n{body}\n{code}\n\n")
                continue
            blob = base64.encodebytes(rng.randbytes(150_000)).decode()
            file.write(
                'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
                f"--b\nContent-Type: text/plain; charset=utf-8\n\n{body}\n{code}\n--b\nContent-Type: application/pdf\n"
                f"Content-Transfer-Encoding: base64\n\n{blob}--b--\n\n"
            )


def run(code, path):
    """Seconds, and the process's largest resident size in MB."""
    begun = time.perf_counter()
    measured = f"{code}\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    out = subprocess.run(
        [sys.executable, "-c", measured, str(path)], check=True, capture_output=True, text=True
    )
    items, memory = out.stdout.split()
    return int(items), time.perf_counter() - begun, float(memory)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bytes", type=int, default=2_000_000_000)
    parser.add_argument("--rate", action="store_true")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.mbox"
        made = make_mailbox(path, options.bytes)
        for name, code in (("read", READ), ("rate", RATE)) if options.rate else (("read", READ),):
            items, seconds, memory = run(code, path)
            if items != made:
                raise SystemExit(f"{name}: {items} items of {made}")
            size = path.stat().st_size / 1e6
            rows.append(
                (
                    name,
                    f"{items:,}",
                    f"{size:,.0f}",
                    f"{seconds:,.0f}",
                    f"{size / seconds:,.0f}",
                    f"{memory:,.0f}",
                )
            )
    columns = ("what", "mails", "MB of mailbox", "seconds", "MB a second", "largest resident MB")
    write_table("stream", "A large mbox in little memory, one process", columns, rows)


if __name__ == "__main__":
    main()
