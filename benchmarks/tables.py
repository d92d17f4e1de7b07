"""A benchmark's table: printed, and kept in ``results/`` as Markdown and as JSON with the machine's facts."""

import json
import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("results")


def best(run, repeats):
    """The least seconds of several runs."""
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        run()
        times.append(time.perf_counter() - begun)
    return min(times)


def machine():
    models = [x for x in Path("/proc/cpuinfo").read_text().splitlines() if x.startswith("model name")]
    return {
        "processor": models[0].partition(":")[2].strip() if models else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "spacy": version("spacy"),
        "scikit-learn": version("scikit-learn"),
    }


def write_table(name, title, columns, rows, note=""):
    rows = [[str(cell) for cell in row] for row in rows]
    lines = [f"## {title}", "", note, ""] if note else [f"## {title}", ""]
    lines += [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    facts = ", ".join(f"{key} {value}" for key, value in machine().items())
    text = "\n".join([*lines, "", f"Measured on: {facts}.", ""])
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    document = {"title": title, "machine": machine(), "columns": columns, "rows": rows}
    (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
