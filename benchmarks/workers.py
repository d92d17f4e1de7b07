"""Mails a second with one, two and more workers, parsing included, and the memory each takes.

    python benchmarks/workers.py MAILBOX [--times 10] [--workers 1 2]

The mailbox is read as many times over as asked, from one file.
"""

import argparse
import collections
import os
import tempfile
import time
from pathlib import Path

from tables import write_table

import authentic_outreach as ao


def resident_of_children_mb():
    """The largest resident memory among the child processes that rate."""
    sizes = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if fields.get("PPid", "").strip() == str(os.getpid()) and "VmRSS" in fields:
            sizes.append(int(fields["VmRSS"].split()[0]) / 1e3)
    return max(sizes)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mailbox", type=Path)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    rows, base = [], None
    with tempfile.TemporaryDirectory() as folder:
        big = Path(folder) / "big.mbox"
        big.write_bytes((options.mailbox.read_bytes().rstrip(b"\n") + b"\n\n") * options.times)
        for workers in options.workers:
            counts, memory, begun = collections.Counter(), 0.0, time.perf_counter()
            for number, rating in enumerate(ao.rate_inbox(big, workers=workers, everything=True)):
                counts[rating.status] += 1
                if number % 5_000 == 4_999:
                    memory = max(memory, resident_of_children_mb())
            seconds = time.perf_counter() - begun
            base = base or seconds
            total = sum(counts.values())
            rows.append((workers, f"{total:,}", f"{counts['rated']:,}", f"{seconds:.1f}", f"{total / seconds:,.0f}",
                         f"{base / seconds:.2f}", f"{memory:.0f}" if workers > 1 else "n/a"))  # fmt: skip
    columns = ("workers", "mails", "rated", "seconds", "mails a second", "times one", "MB a worker")
    write_table(
        "workers", f"{options.mailbox.name} {options.times} times over, parsing included", columns, rows
    )


if __name__ == "__main__":
    main()
