"""Sentences that carry a cue or do not, from where there are any: written in pairs, rules' examples, the corpus' marks, public sets."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from spacy.tokens import Doc

from authentic_outreach.datasets import Example
from authentic_outreach.evidence import CUE_NAMES
from authentic_outreach.reading import default_reader


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a doc of its own; ``carries`` says of each cue that was asked whether it is there.

    ``source`` is ``single`` (written for a cue, or its near miss), ``rule`` (a rule's example), ``shop`` (a shop's string),
    ``business`` (of business mail) or ``corpus`` (of a message, by its writer's marks); what belongs together has one ``group``.
    """

    doc: Doc
    carries: Mapping[str, bool]
    source: str
    group: str


def load_sentences(folder: Path) -> list[Sentence]:
    """The single sentences of ``sentences/*.jsonl``, each with the cue it was written for, grouped by pairs.

    A near miss takes up the words of its positive; apart, each would teach the wrong of the other.

    Raises
    ------
    ValueError
        If a line names no cue of the guide or no pair, or its label is neither 1 nor 0.
    """
    found = []
    for path in sorted((folder / "sentences").glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = json.loads(line)
            if row.get("cue") not in CUE_NAMES or row.get("label") not in (0, 1) or not row.get("pair"):
                raise ValueError(
                    f"{path}, line {number}: cue {row.get('cue')!r}, label {row.get('label')!r}, pair {row.get('pair')!r}; "
                    "a cue of the guide, 1 or 0 and a pair's name are needed"
                )
            found.append(_single(row["text"], row["cue"], bool(row["label"]), "single", row["pair"]))
    return found


def rule_examples() -> Iterator[Sentence]:
    """The examples and near misses of the rules that are one sentence."""
    for cue in CUE_NAMES:
        text = (
            files("authentic_outreach").joinpath("rules", f"{cue}.examples.toml").read_text(encoding="utf-8")
        )
        table = tomllib.loads(text)
        for kind, label in (("fires", True), ("near_miss", False)):
            for example in table.get(kind, []):
                yield _single(example["text"], cue, label, "rule", _fingerprint(example["text"]))


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _single(text: str, cue: str, label: bool, source: str, group: str) -> Sentence:
    return Sentence(_one_sentence(text), {cue: label}, source, group)


def _one_sentence(text: str) -> Doc:
    nlp = default_reader().nlp
    doc = nlp.make_doc(" ".join(text.split()))
    for token in doc:
        token.is_sent_start = token.i == 0
    return doc


def corpus_sentences(examples: Sequence[Example]) -> Iterator[Sentence]:
    """The sentences of messages, each with the cues whose marks it overlaps."""
    for example in examples:
        for part in (example.message.subject or "", example.message.body):
            doc = default_reader().nlp(part)
            marks = [
                (cue, found.start(), found.end())
                for cue, words in example.cues
                for found in re.finditer(re.escape(words), part)
            ]
            for span in doc.sents:
                if not span.text.strip():
                    continue
                carried = {c for c, start, end in marks if start < span.end_char and span.start_char < end}
                yield Sentence(
                    _one_sentence(span.text),
                    {cue: cue in carried for cue in CUE_NAMES},
                    "corpus",
                    example.scenario,
                )


def shop_strings(path: Path) -> Iterator[Sentence]:
    """The strings of ec_darkpattern (arXiv 2211.06543), each asked for urgency and scarcity; shops write titles, so case is dropped."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["text"].strip():
                category = row["Pattern Category"].lower()
                doc = _one_sentence(row["text"].lower())
                carries = {cue: category == cue for cue in ("urgency", "scarcity")}
                yield Sentence(doc, carries, "shop", _fingerprint(row["text"]))


def business_sentences(folder: Path) -> Iterator[Sentence]:
    """The sentences of EmailIntentDataSet (Parakweet, Apache-2.0) that ask nothing of their reader, as examples of no ask.

    Those that do ask are left out: the set does not say whether lightly or heavily.
    """
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            label, _, text = line.partition("\t")
            if label.strip() == "No" and text.strip():
                carries = {"heavy_ask": False, "light_ask": False}
                yield Sentence(_one_sentence(text), carries, "business", _fingerprint(text))
