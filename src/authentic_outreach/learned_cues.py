"""Fitting the heads for the cues (`authentic_outreach.heads`) from sentences (`authentic_outreach.cue_sentences`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.model_selection import GroupKFold

from authentic_outreach.cue_sentences import Sentence
from authentic_outreach.datasets import near_duplicate_groups
from authentic_outreach.evidence import CUE_NAMES
from authentic_outreach.heads import CueHeads
from authentic_outreach.ngrams import Tokens, ngrams, places_among
from authentic_outreach.reading import default_reader
from authentic_outreach.sentence_grams import N_KINDS, SentenceGrams, WordPieces, kinds_of, sentence_grams

C = 10.0
"""scikit-learn's inverse penalty of each head; 1, 3, 10 and 30 were tried on grouped folds."""
MIN_SENTENCES = 4
"""An n-gram is known from so many sentences on."""
SCALES = (1.0, 0.6, 0.5)
"""How much n-grams of words, skeletons and pieces of words count, in the order of their kinds.

These and the weights below were chosen among some ten settings on the very folds that `benchmarks/cues.py` reports; they differ by
.01 to .02 in F1, and the reported figures are kind by as much.
"""
UNMARKED, MARK = 0.1, 0.5
"""Weights of a corpus sentence: without a mark as an example of no cue, for writers' marks are not exhaustive, and with it."""
SHOP, BUSINESS = 0.2, 0.1
"""Weights of a shop's string and of a sentence of business mail beside a sentence."""
SOURCE = 3.0
"""The columns that tell corpus, shops and business mail apart have this value: large, so that the penalty hardly holds them."""
OTHER_CUE = 0.05
"""Weight of a sentence that was written for one cue as an example of none of the others."""
FOLDS = 5
PRECISION, MARKED = 0.85, 0.5
"""A head speaks where of what it says, held out, the first share is right of single sentences, and the second of the corpus'
sentences is marked, of which few carry a cue, and not all that do are marked."""

NEVER = 1e9
"""A bound that no sentence reaches."""


def _rows(sentences: Sequence[Sentence], words: np.ndarray) -> list[SentenceGrams]:
    """What the heads see of each sentence."""
    kinds, pieces, asked = default_reader().kinds, WordPieces(), np.zeros(1, np.int64)
    found = []
    for sentence in sentences:
        tokens = Tokens.of(sentence.doc, kinds)
        found.append(sentence_grams(sentence.doc, tokens, ngrams(tokens, words), asked, pieces))
    return found


def _known(rows: Sequence[SentenceGrams]) -> np.ndarray:
    """The sorted keys that stand in enough sentences."""
    keys, times = np.unique(np.concatenate([np.unique(row.keys) for row in rows]), return_counts=True)
    found: np.ndarray = keys[times >= MIN_SENTENCES]
    return found


def _matrix(rows: Sequence[SentenceGrams], keys: np.ndarray) -> csr_array:
    """Counts of known n-grams, as `CueHeads.log_odds` weighs them, times the scale of their kind."""
    data, columns, pointers = [], [], [0]
    for row in rows:
        places, known = places_among(row.keys, keys)
        share = np.array(SCALES) / np.sqrt(np.maximum(1, np.bincount(row.kinds, minlength=N_KINDS)))
        columns.append(places[known])
        data.append(share[row.kinds[known]])
        pointers.append(pointers[-1] + len(columns[-1]))
    indices, starts = np.concatenate(columns).astype(np.int32), np.array(pointers, np.int32)
    return csr_array((np.concatenate(data), indices, starts), shape=(len(rows), len(keys)))


def _targets(sentences: Sequence[Sentence], cue: str) -> tuple[np.ndarray, np.ndarray]:
    """Whether each sentence carries a cue, and how much that counts."""
    y = np.array([sentence.carries.get(cue, False) for sentence in sentences])
    return y, np.array([_weight(sentence, cue) for sentence in sentences])


def _weight(sentence: Sentence, cue: str) -> float:
    if sentence.source == "corpus":
        return MARK if sentence.carries[cue] else UNMARKED
    return {"shop": SHOP, "business": BUSINESS}.get(sentence.source, 1.0) * (
        1.0 if cue in sentence.carries else OTHER_CUE
    )


def _sources(sentences: Sequence[Sentence]) -> csr_array:
    """A column for the corpus, one for shops and one for business mail; shape (n_sentences, 3).

    A cue is far rarer there than among sentences written in pairs. These columns take that up, and not the words that messages and
    shops' strings are made of; a head does without them, as if every sentence were a single one.
    """
    return csr_array(
        [[SOURCE * (s.source == name) for name in ("corpus", "shop", "business")] for s in sentences]
    )


def _fit(rows: Sequence[SentenceGrams], sentences: Sequence[Sentence]) -> CueHeads:
    """Heads without bounds, on tf-idf; each head's two classes weigh alike in part."""
    keys = _known(rows)
    X = _matrix(rows, keys)
    rarity = (np.log((1 + len(rows)) / (1 + np.bincount(X.indices, minlength=len(keys)))) + 1.0) / 4.0
    X.data *= rarity[X.indices]
    scales = np.array(SCALES)[kinds_of(keys)]
    beside = hstack([X, _sources(sentences)], format="csr")
    beside.indices, beside.indptr = beside.indices.astype(np.int32), beside.indptr.astype(np.int32)
    weights, intercepts = [], []
    for cue in CUE_NAMES:
        y, weight = _targets(sentences, cue)
        weight = np.where(y, weight * np.sqrt(weight[~y].sum() / max(1e-9, weight[y].sum())), weight)
        head = LogisticRegression(C=C, solver="liblinear", random_state=0).fit(
            beside, y, sample_weight=weight
        )
        weights.append(head.coef_[0, : len(keys)] * rarity * scales)
        intercepts.append(float(head.intercept_[0]))
    numbers = np.round(np.column_stack(weights), 3).astype(np.float16)
    return CueHeads(keys, numbers, np.round(intercepts, 4), np.zeros(len(CUE_NAMES)))


def held_out_odds(sentences: Sequence[Sentence], words: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Log-odds of each sentence and cue by heads that saw nothing of its fold; shape (n, n_cues).

    ``words`` as `fit_heads` takes them, ``fold`` as `held_out_folds` gives it.
    """
    rows = _rows(sentences, words)
    odds = np.empty((len(sentences), len(CUE_NAMES)))
    asked = np.zeros(1, np.int64)
    for number in range(FOLDS):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        heads = _fit([rows[n] for n in train], [sentences[int(n)] for n in train])
        odds[test] = [heads.log_odds(rows[n], asked)[0] for n in test]
    return odds


def held_out_folds(sentences: Sequence[Sentence]) -> np.ndarray:
    """The fold of each sentence, with all of its pair, scenario or near-duplicates; each source spread over all folds; shape (n,)."""
    groups = near_duplicate_groups([s.doc.text for s in sentences], [s.group for s in sentences])
    fold = np.empty(len(sentences), np.int64)
    source = {int(group): s.source for group, s in zip(groups[::-1], sentences[::-1], strict=True)}
    for name in sorted(set(source.values())):
        rows = np.flatnonzero([source[int(group)] == name for group in groups])
        for number, (_, test) in enumerate(GroupKFold(FOLDS).split(rows, groups=groups[rows])):
            fold[rows[test]] = number
    return fold


def bound_at(truth: np.ndarray, odds: np.ndarray, share: float) -> float:
    """The lowest log-odds from which this share of what a head says is right; `NEVER` where there is none."""
    precision, _, bounds = precision_recall_curve(truth, odds)
    right = np.flatnonzero(precision[:-1] >= share)
    return float(bounds[right[0]]) if len(right) else NEVER


def fit_heads(sentences: Sequence[Sentence], words: np.ndarray, odds: np.ndarray) -> CueHeads:
    """Fit heads on all sentences, their bounds on held-out log-odds of shape (n, n_cues).

    ``words`` are those met in small letters, of the wording that ships beside the heads.
    """
    return replace(_fit(_rows(sentences, words), sentences), bounds=shipped_bounds(sentences, odds))


def shipped_bounds(sentences: Sequence[Sentence], odds: np.ndarray) -> np.ndarray:
    """From which held-out log-odds on each head speaks; shape (n_cues,)."""
    bounds = []
    for number, cue in enumerate(CUE_NAMES):
        asked = {
            source: np.array([s.source == source and cue in s.carries for s in sentences])
            for source in ("single", "corpus")
        }
        truth = np.array([s.carries.get(cue, False) for s in sentences])
        bounds.append(
            max(
                bound_at(truth[asked[source]], odds[asked[source], number], share)
                for source, share in (("single", PRECISION), ("corpus", MARKED))
            )
        )
    return np.array(bounds)
