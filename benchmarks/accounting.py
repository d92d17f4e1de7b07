"""Every item of real mail files accounted for: how many were rated, set aside and failed, crashes, time, memory.

    python benchmarks/accounting.py [NAME=]PATH...

Each path is rated in a process of its own, whose largest resident size the system tells; without a name a path goes by its
last part. ``cpython`` stands for the mails that CPython's own email tests read.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path

from tables import write_table

RUN = """
import collections, json, resource, sys
import authentic_outreach as ao
status, kinds = collections.Counter(), collections.Counter()
for rating in ao.rate_inbox(sys.argv[1]):
    status[rating.status] += 1
    kinds[rating.kind or "none told"] += 1
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"status": status, "kinds": kinds, "peak": peak}))
"""


def place(text):
    """A row's name and its path."""
    if text == "cpython":
        tests = importlib.util.find_spec("test.test_email")
        return "CPython's email tests", Path(tests.origin).parent / "data"
    name, equals, path = text.rpartition("=")
    return (name if equals else Path(path).name), Path(path)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+")
    rows = []
    for name, path in map(place, parser.parse_args().paths):
        begun = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", RUN, path], capture_output=True, encoding="utf-8")
        seconds = time.perf_counter() - begun
        if done.returncode:
            rows.append((name, "crashed", "", "", "", done.stderr.strip().splitlines()[-1], "", ""))
            continue
        told = json.loads(done.stdout)
        status = [told["status"].get(each, 0) for each in ("rated", "set_aside", "failed")]
        kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(told["kinds"].items(), key=lambda kn: -kn[1]))
        rows.append(
            (
                name,
                f"{sum(status):,}",
                *(f"{n:,}" for n in status),
                kinds,
                f"{seconds:.1f}",
                f"{told['peak']:.0f}",
            )
        )
    columns = ("mail", "items in", "rated", "set aside", "failed", "kinds", "seconds", "peak MB")
    write_table("accounting", "Items in and out, one process each", columns, rows)


if __name__ == "__main__":
    main()
