"""The project's own labelled data, checked on the way in, and splits that keep what belongs together."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from authentic_outreach.mailboxes.columns import known_channel
from authentic_outreach.messages import Message, Person

WRITERS = ("writer-blind", "writer")
"""Readers in ``readings.csv`` who wrote the messages they read: blind and later, or only aiming."""
AUTHENTIC_OVER = 3.5
CLUMSY_UNDER = 2.5
"""Bounds of the mean reading: over the first a message is authentic, under the second clumsy (annotation guide)."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message with what is known of it: its scenario, its readings (1 to 5), its marked cues."""

    message: Message
    scenario: str
    readings: tuple[float, ...]
    purpose: str = ""
    stage: str = ""
    kind: str = ""
    origin: str = ""
    cues: tuple[tuple[str, str], ...] = ()

    @property
    def rating(self) -> float:
        """The mean reading, 1 to 5."""
        return fmean(self.readings)

    @property
    def share_over_3(self) -> float:
        """The share of readings over 3, 0 to 1, a 3 counting half: what a score estimates."""
        return fmean(0.5 if reading == 3 else float(reading > 3) for reading in self.readings)


def data_dir() -> Path:
    """The ``data`` folder of the checkout.

    Raises
    ------
    FileNotFoundError
        Where the package is installed without its checkout: the corpus is not in the wheel.
    """
    for folder in (Path.cwd() / "data", Path(__file__).resolve().parents[2] / "data"):
        if (folder / "readings.csv").is_file():
            return folder
    raise FileNotFoundError(
        "no data/readings.csv here or beside the package; run this in a checkout of authentic_outreach, "
        "or name the folder with --data"
    )


def load_corpus(folder: str | PathLike[str] | None = None) -> list[Example]:
    """Every message of the corpus with its readings, in the order of the files.

    Of a message's readings those by independent readers count; where there are none, a blind one by
    the hand that wrote it (``writer-blind``: shuffled, later, without aim or siblings); else its aim (``writer``).

    Raises
    ------
    ValueError
        If a message has no reading, or a reading no message, or is no number from 1 to 5.
    """
    folder = data_dir() if folder is None else Path(folder)
    readings = load_readings(folder)
    examples = []
    for row in iter_corpus_rows(folder):
        if row["id"] not in readings:
            raise ValueError(f"{row['id']} has no reading in readings.csv; read it or remove it")
        examples.append(_example(row, tuple(readings.pop(row["id"]))))
    if readings:
        raise ValueError(f"readings.csv: {next(iter(readings))} is no message of corpus/; remove its rows")
    return examples


TEST = "test"
"""Folder of ``data/`` that holds the frozen test split; nothing but `load_test_split` reads it."""


def load_test_split(folder: str | PathLike[str] | None = None) -> list[Example]:
    """The frozen test split: scenarios that no rule, feature, weight or threshold was made with.

    Raises
    ------
    ValueError
        If a file of the split is not the one whose SHA-256 stands in ``test/SHA256SUMS``.
    """
    folder = (data_dir() if folder is None else Path(folder)) / TEST
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        if (found := _digest(folder / name)) != digest:
            raise ValueError(
                f"{folder / name}: its SHA-256 is {found[:12]}…, the split was frozen with {digest[:12]}…; restore the file"
            )
    readings = load_readings(folder)
    lines = (folder / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [_example(row, readings[row["id"]]) for row in map(json.loads, lines)]


def load_readings(folder: Path) -> dict[str, tuple[float, ...]]:
    """Message id → its readings that count; see `load_corpus`.

    Raises
    ------
    ValueError
        If a reading is no number from 1 to 5.
    """
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with (folder / "readings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            value = float(row["reading"])
            if not 1 <= value <= 5:
                raise ValueError(
                    f"readings.csv: {row['id']} has the reading {value}; readings go from 1 to 5"
                )
            kind = "independent" if row["reader"] not in WRITERS else row["reader"]
            found[row["id"]][kind].append(value)
    order = ("independent", *WRITERS)
    return {
        identity: tuple(next(kinds[kind] for kind in order if kind in kinds))
        for identity, kinds in found.items()
    }


def iter_corpus_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows of ``corpus/*.jsonl`` as they stand, file by file."""
    for path in sorted((folder / "corpus").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def _example(row: dict[str, Any], readings: tuple[float, ...]) -> Example:
    return Example(
        message=Message(
            body=row["body"],
            subject=row["subject"],
            id=row["id"],
            sender=_person(row["sender"]),
            recipient=_person(row["recipient"]),
            channel=row["channel"],
        ),
        scenario=row["scenario"],
        readings=readings,
        purpose=row["purpose"],
        stage=row["stage"],
        cues=tuple((cue["cue"], cue["text"]) for cue in row["cues"]),
    )


def _person(row: dict[str, str | None]) -> Person:
    return Person(name=row.get("name") or "", role=row.get("role") or "", company=row.get("company") or "")


def load_read_messages(path: str | PathLike[str]) -> list[Example]:
    """Messages with readings or verdicts from a JSONL file of your own.

    Each line is an object with ``body`` and either ``readings`` (a list of numbers from 1 to 5)
    or ``label`` ("authentic", "mixed" or "clumsy", taken as 5, 3 and 1); optional are ``id``,
    ``subject``, ``channel``, ``kind``, ``origin``, and ``licence`` (a row that has one may have been
    trained on; see the model card).

    Raises
    ------
    ValueError
        If a line has no body, or neither readings nor a known label.
    """
    of_label = {"authentic": 5.0, "mixed": 3.0, "clumsy": 1.0}
    examples = []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        row = json.loads(line)
        where = f"{path}, line {number}"
        if not isinstance(row.get("body"), str):
            raise ValueError(f"{where}: no 'body'; each line needs a body and readings or a label")
        readings = row.get("readings") or ([of_label[row["label"]]] if row.get("label") in of_label else None)
        if not readings or not all(1 <= float(r) <= 5 for r in readings):
            raise ValueError(
                f"{where}: needs 'readings', numbers from 1 to 5, or a 'label' of {sorted(of_label)}; "
                f"got readings {row.get('readings')!r} and label {row.get('label')!r}"
            )
        message = Message(
            row["body"],
            row.get("subject"),
            str(row.get("id") or number),
            channel=known_channel(row.get("channel")),
        )
        examples.append(
            Example(
                message=message,
                scenario=message.id,
                readings=tuple(float(r) for r in readings),
                kind=str(row.get("kind") or ""),
                origin=str(row.get("origin") or ""),
            )
        )
    return examples


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every data file that training reads, by its name, line ends made equal."""
    paths = [*sorted((folder / "corpus").glob("*.jsonl")), folder / "readings.csv"]
    return {path.relative_to(folder).as_posix(): _digest(path) for path in paths}


def _digest(path: Path) -> str:
    """SHA-256 of a text file, line ends made equal."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def near_duplicate_groups(texts: Sequence[str], groups: Sequence[str], threshold: float = 0.6) -> np.ndarray:
    """Group numbers in which same scenarios and near-duplicates share one; shape (n,).

    Near-duplicates are pairs whose character 5-grams (digits masked) have a Jaccard index of
    ``threshold`` or more; exact, all pairs, through one sparse product.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import CountVectorizer

    counts = CountVectorizer(
        analyzer="char_wb", ngram_range=(5, 5), binary=True, preprocessor=_mask_digits, dtype=np.int32
    )
    grams = csr_array(counts.fit_transform(texts))
    shared = (grams @ grams.T).tocoo()
    sizes = np.asarray(grams.sum(axis=1)).ravel()
    rows, columns = shared.coords
    union = sizes[rows] + sizes[columns] - shared.data
    near = shared.data >= threshold * union
    _, number = np.unique(np.asarray(groups), return_inverse=True)
    first_of = {group: i for i, group in reversed(list(enumerate(number.tolist())))}
    same = np.array([first_of[group] for group in number.tolist()])
    links_from = np.concatenate([rows[near], np.arange(len(texts))])
    links_to = np.concatenate([columns[near], same])
    graph = csr_array((np.ones(len(links_from)), (links_from, links_to)), shape=(len(texts), len(texts)))
    labels: np.ndarray = connected_components(graph, directed=False)[1]
    return labels


def _mask_digits(text: str) -> str:
    return "".join("0" if char.isdigit() else char for char in text.lower())
