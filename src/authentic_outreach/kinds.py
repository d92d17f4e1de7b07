"""Fitting and measuring the text model that tells what kind of mail a message is."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from authentic_outreach.coldness import Coldness, judge_coldness, kind_text
from authentic_outreach.correspondence import Correspondence, survey
from authentic_outreach.datasets import load_corpus
from authentic_outreach.hashed import HashedLinear, HashedNgrams
from authentic_outreach.mailboxes import read_items, read_messages
from authentic_outreach.mailboxes.eml import RawMail
from authentic_outreach.messages import Message, Person

PENALTY = 10.0
"""scikit-learn's C of the logistic regression; 1, 10 and 100 were tried on grouped folds and differ little."""
BITS = 16
COLD_WEIGHT = 5.0
"""What a cold mail weighs against one of another kind: one that is set aside unseen is lost, one too many is rated.
5 and 8 were tried on the held-out figures that ``benchmarks/coldness.py`` reports, 4 and 8 on a smaller corpus."""
FOLDS = 5
CLASSES = ("bulk", "cold", "personal", "spam", "transactional")
"""What text alone may tell; whether somebody is known (warm) and who owns the mailbox (sent) only headers do."""
OF_LABEL = {"enquiry": "personal", "business": "personal", "fraud": "spam"}
"""Labels of ``data/mailboxes`` and ``data/mails`` that go under another name here."""


@dataclass(frozen=True, slots=True)
class LabelledMail:
    """A mail, its kind, the set it comes from, and what it must not be parted from by a split."""

    message: Message
    kind: str
    source: str
    group: str


def load_invented_mailboxes(folder: Path) -> dict[str, list[LabelledMail]]:
    """The labelled mails of ``mailboxes/*.mbox``, by mailbox; kinds by Message-ID stand in ``labels.csv``.

    Raises
    ------
    ValueError
        If a mail has no label.
    """
    with (folder / "mailboxes" / "labels.csv").open(encoding="utf-8", newline="") as file:
        labels = {row["id"]: row["kind"] for row in csv.DictReader(file)}
    found: dict[str, list[LabelledMail]] = {}
    for path in sorted((folder / "mailboxes").glob("*.mbox")):
        mails = found[path.stem] = []
        for item in read_messages(path):
            if item.id not in labels:
                raise ValueError(f"{path.name}: {item.id} has no row in labels.csv; add its kind")
            if isinstance(item, Message):
                kind = labels[item.id]
                mails.append(LabelledMail(item, OF_LABEL.get(kind, kind), path.stem, item.id))
    return found


def load_single_mails(folder: Path) -> Iterator[LabelledMail]:
    """The labelled mails of ``mails/*.jsonl``, none of them cold: subject, sender and body, without headers."""
    for path in sorted((folder / "mails").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            name, _, address = row["sender"].partition(" <")
            sender = Person(name=name, address=address.rstrip(">"))
            message = Message(row["body"], row["subject"], id=row["id"], sender=sender)
            yield LabelledMail(message, OF_LABEL.get(row["kind"], row["kind"]), "mails", row["id"])


def load_spamassassin(folder: Path) -> Iterator[LabelledMail]:
    """The mails of SpamAssassin's public corpus; which kind of ham one is, its headers and quotes tell roughly."""
    for name in ("ham", "hard_ham", "spam"):
        for message in read_messages(folder / f"{name}.mbox"):
            if isinstance(message, Message):
                subject = re.sub(r"(?i)^\s*(?:re|fwd?)\s*:\s*", "", message.subject or "").strip().lower()
                yield LabelledMail(message, _kind_of(message, name), name, subject or message.id)


def _kind_of(message: Message, name: str) -> str:
    headers = message.headers
    if name == "spam":
        return "spam"
    if name == "hard_ham" or "rss" in str(message.sender):
        return "bulk"
    if message.in_thread or re.search(r"(?m)^>", message.body):
        return "personal"
    listed = headers.get("list-id") or headers.get("precedence", "").lower() in ("bulk", "list")
    return "bulk" if listed else "personal"


def load_cold() -> Iterator[LabelledMail]:
    """The project's own corpus: every message is cold outreach."""
    for example in load_corpus():
        yield LabelledMail(example.message, "cold", "corpus", example.scenario)


def fit_kinds(mails: Sequence[LabelledMail]) -> HashedLinear:
    """Fit the text model on tf-idf of hashed n-grams; each kind weighs the same but for cold, each invented mail as ten others."""
    known = [mail for mail in mails if mail.kind in CLASSES]
    ngrams = HashedNgrams(BITS)
    data, columns, pointers = ngrams.matrix([kind_text(mail.message) for mail in known])
    X = csr_array((data, columns, pointers), shape=(len(known), 1 << BITS))
    rarity = (np.log((1 + len(known)) / (1 + np.bincount(columns, minlength=1 << BITS))) + 1.0) / 4.0
    X.data *= rarity[X.indices]
    kinds = [mail.kind for mail in known]
    rows = np.array([1.0 if mail.source in _MANY else 10.0 for mail in known])
    of_kind = {kind: rows[np.array(kinds) == kind].sum() for kind in set(kinds)}
    weights = rows / np.array([of_kind[kind] for kind in kinds])
    weights[np.array(kinds) == "cold"] *= COLD_WEIGHT
    fitted = LogisticRegression(C=PENALTY, max_iter=500).fit(
        X, kinds, sample_weight=weights * len(known) / weights.sum()
    )
    return HashedLinear(
        ngrams,
        tuple(fitted.classes_.tolist()),
        np.round(fitted.coef_ * rarity, 3),
        np.round(fitted.intercept_, 6),
    )


_MANY = frozenset(["ham", "hard_ham", "spam", "corpus"])
_LARGE = _MANY | {"mails"}
"""Sets that are judged on folds; every other one is judged whole, by a model trained without it."""


def judged_held_out(mails: Sequence[LabelledMail], past: Mapping[str, Correspondence]) -> list[Coldness]:
    """Each mail judged with a text model that saw nothing of its group, and nothing of its invented mailbox."""
    groups = np.unique([_group(mail) for mail in mails], return_inverse=True)[1]
    judged: list[Coldness | None] = [None] * len(mails)
    for train, test in _folds(mails, groups):
        model = fit_kinds([mails[n] for n in train])
        for n in test:
            judged[n] = judge_coldness(mails[n].message, history=past.get(mails[n].source), model=model)
    return [one for one in judged if one is not None]


def _group(mail: LabelledMail) -> str:
    return mail.group if mail.source in _LARGE else mail.source


def _folds(mails: Sequence[LabelledMail], groups: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Grouped folds of the large sets, each trained with all invented mailboxes; then each of these left out whole."""
    numbers = np.arange(len(mails))
    large = np.array([mail.source in _LARGE for mail in mails])
    for _, test in GroupKFold(FOLDS).split(numbers[large], groups=groups[large]):
        held = numbers[large][test]
        yield np.setdiff1d(numbers, held), held
    sources = np.array([mail.source for mail in mails])
    for source in sorted(set(sources[~large])):
        held = numbers[sources == source]
        yield np.setdiff1d(numbers, held), held


def histories(folder: Path) -> dict[str, Correspondence]:
    """What each invented mailbox tells of its owner."""
    return {
        path.stem: survey((item.raw, "") for item in read_items(path) if isinstance(item, RawMail))
        for path in sorted((folder / "mailboxes").glob("*.mbox"))
    }
