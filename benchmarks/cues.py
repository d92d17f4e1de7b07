"""A learned model of cues: one linear head a cue over a sentence's n-grams, and how well it finds what no rule lists.

    python benchmarks/cues.py

Learns from the single sentences of ``data/sentences``, the rules' own examples and the corpus' marks; every figure is
held out by scenario and near-duplicate. It is not part of the package: as evidence beside the rules (spoken from the
log-odds at which 85 of 100 single sentences are right) it lowered the AUC on real messages from .948 to .861
(``docs/state.md``).
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve, roc_auc_score
from sklearn.model_selection import GroupKFold
from spacy.tokens import Doc

from authentic_outreach.datasets import Example, data_dir, load_corpus, near_duplicate_groups
from authentic_outreach.evidence import CUE_NAMES
from authentic_outreach.ngrams import Tokens, ngrams
from authentic_outreach.reading import default_reader

C = 10.0
"""scikit-learn's inverse penalty of each head; 1, 3, 10 and 30 were tried on grouped folds."""
MIN_SENTENCES = 3
"""An n-gram is known from so many sentences on."""
UNMARKED = 0.3
"""Weight of a corpus sentence without a mark as an example of no cue: writers' marks are not exhaustive."""
OTHER_CUE = 0.5
"""Weight of a sentence that was written for one cue as an example of none of the others."""
FOLDS = 5
PRECISION = 0.85
"""Each head's recall is told where this share of what it says, held out, is right."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as a doc of its own; ``carries`` says of each cue that was asked whether it is there.

    ``source`` is ``single`` (written for a cue, or its near miss), ``rule`` (a rule's example) or ``corpus`` (of a
    message, by its writer's marks).
    """

    doc: Doc
    carries: Mapping[str, bool]
    source: str
    group: str


def load_sentences(folder: Path) -> list[Sentence]:
    """The single sentences of ``sentences/*.jsonl``, each with the cue it was written for.

    Raises
    ------
    ValueError
        If a line names no cue of the guide, or its label is neither 1 nor 0.
    """
    found = []
    for path in sorted((folder / "sentences").glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            row = json.loads(line)
            if row.get("cue") not in CUE_NAMES or row.get("label") not in (0, 1):
                raise ValueError(
                    f"{path}, line {number}: cue {row.get('cue')!r}, label {row.get('label')!r}; a cue of the guide and 1 or 0 are needed"
                )
            found.append(_single(row["text"], row["cue"], bool(row["label"]), "single"))
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
                yield _single(example["text"], cue, label, "rule")


def _single(text: str, cue: str, label: bool, source: str) -> Sentence:
    doc = _one_sentence(text)
    return Sentence(doc, {cue: label}, source, hashlib.sha256(text.encode()).hexdigest()[:16])


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


def _tokens(doc: Doc) -> Tokens:
    return Tokens.of(doc, default_reader().kinds)


def known_words(sentences: Sequence[Sentence]) -> np.ndarray:
    """The sorted hashes of words that stand in small letters in enough sentences."""
    words, times = np.unique(
        np.concatenate([_tokens(s.doc).small_words() for s in sentences]), return_counts=True
    )
    found: np.ndarray = words[times >= MIN_SENTENCES]
    return found


def _matrix(
    sentences: Sequence[Sentence], words: np.ndarray, keys: np.ndarray | None = None
) -> tuple[csr_array, np.ndarray]:
    """Rows of n-grams, each divided by the root of their number, and the keys of the columns."""
    grams = [ngrams(_tokens(sentence.doc), words).keys for sentence in sentences]
    if keys is None:
        each = np.concatenate([np.unique(row) for row in grams])
        known, times = np.unique(each, return_counts=True)
        keys = known[times >= MIN_SENTENCES]
    data, columns, pointers = [], [], [0]
    for row in grams:
        places = np.searchsorted(keys, row)
        places[places == len(keys)] = 0
        here = places[keys[places] == row]
        columns.append(here)
        data.append(np.full(len(here), 1.0 / np.sqrt(max(1, len(row)))))
        pointers.append(pointers[-1] + len(here))
    shape = (len(sentences), len(keys))
    return csr_array((np.concatenate(data), np.concatenate(columns), pointers), shape=shape), keys


def _targets(sentences: Sequence[Sentence], cue: str) -> tuple[np.ndarray, np.ndarray]:
    """Whether each sentence carries a cue, and how much that counts."""
    y = np.array([sentence.carries.get(cue, False) for sentence in sentences])
    weight = np.array(
        [
            1.0 if y[n] else UNMARKED if s.source == "corpus" else 1.0 if cue in s.carries else OTHER_CUE
            for n, s in enumerate(sentences)
        ]
    )
    return y, weight


def _fit(X: csr_array, sentences: Sequence[Sentence]) -> tuple[np.ndarray, np.ndarray]:
    """Weights (n_grams, n_cues) and intercepts (n_cues,); each head's two classes weigh alike in part."""
    weights, intercepts = [], []
    for cue in CUE_NAMES:
        y, weight = _targets(sentences, cue)
        weight = np.where(y, weight * np.sqrt(weight[~y].sum() / max(1e-9, weight[y].sum())), weight)
        head = LogisticRegression(C=C, max_iter=1000).fit(X, y, sample_weight=weight)
        weights.append(head.coef_[0])
        intercepts.append(float(head.intercept_[0]))
    return np.column_stack(weights), np.array(intercepts)


def held_out_odds(sentences: Sequence[Sentence]) -> np.ndarray:
    """Log-odds of each sentence and cue by heads that saw nothing of its group; shape (n, n_cues)."""
    texts = [sentence.doc.text for sentence in sentences]
    groups = near_duplicate_groups(texts, [sentence.group for sentence in sentences])
    odds = np.empty((len(sentences), len(CUE_NAMES)))
    words = known_words(sentences)
    for train, test in GroupKFold(FOLDS).split(texts, groups=groups):
        chosen = [sentences[n] for n in train]
        X, keys = _matrix(chosen, words)
        weights, intercepts = _fit(X, chosen)
        odds[test] = _matrix([sentences[n] for n in test], words, keys)[0] @ weights + intercepts
    return odds


def main() -> None:
    """Print a row for each cue."""
    folder = data_dir()
    singles = [*load_sentences(folder), *rule_examples()]
    sentences = [*singles, *corpus_sentences(load_corpus(folder))]
    odds = held_out_odds(sentences)
    source = np.array([s.source for s in sentences])
    nlp = default_reader().nlp
    print(
        "| cue | AUC, singles | F1 of the best bound | recall at precision .85 | rules' recall | AUC, corpus marks |"
    )
    print("|---|---|---|---|---|---|")
    for number, cue in enumerate(CUE_NAMES):
        asked = np.array([cue in s.carries for s in sentences])
        truth = np.array([s.carries.get(cue, False) for s in sentences])
        single, marked = asked & (source == "single"), asked & (source == "corpus")
        precision, recall, _ = precision_recall_curve(truth[single], odds[single, number])
        f1 = float((2 * precision * recall / np.maximum(1e-9, precision + recall)).max())
        sure = recall[precision >= PRECISION]
        carried = [
            s for s, is_single, is_true in zip(sentences, single, truth, strict=True) if is_single and is_true
        ]
        by_rules = np.mean([bool(nlp(s.doc.text).spans[cue]) for s in carried])
        print(
            f"| {cue} | {roc_auc_score(truth[single], odds[single, number]):.3f} | {f1:.3f} | {sure.max():.2f} | {by_rules:.2f} "
            f"| {roc_auc_score(truth[marked], odds[marked, number]):.3f} |"
        )


if __name__ == "__main__":
    main()
