"""Fitting the shipped model from ``data/`` alone; two runs give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold

from authentic_outreach.classifier import AuthenticityClassifier
from authentic_outreach.datasets import (
    AUTHENTIC_OVER,
    CLUMSY_UNDER,
    Example,
    checksums,
    data_dir,
    load_corpus,
    near_duplicate_groups,
)
from authentic_outreach.evidence import CUE_NAMES
from authentic_outreach.features import DIRECTIONS, FEATURE_NAMES
from authentic_outreach.metrics import METRICS, scored_examples
from authentic_outreach.ngrams import places_among
from authentic_outreach.persistence import library_versions, package_version
from authentic_outreach.reading import default_reader
from authentic_outreach.scoring import AdditiveModel
from authentic_outreach.wording import CUE, Worded, Wording, WordingGrams

FOLDS = 5
ALPHA = 64.0
"""Penalty, chosen by grouped folds of the corpus among 1, 2, 4, 8, 16, 32, 64, 128, 256 (docs/evaluation.md)."""


GUIDE_WEIGHT = 1.0
"""Log-odds for the full presence of a cue that the annotation guide makes us believe before any message is read.

Coefficients are drawn to it and not to 0, so that a cue the corpus shows seldom still weighs. A round number;
.5 and 2 were tried beside it (docs/state.md).
"""
COPIED_WEIGHT = 1.0
"""Log-odds that a message loses whose words are all a template's. A belief of ours: no corpus of inboxes with readings is known."""
_BELIEFS = dict.fromkeys(CUE_NAMES, GUIDE_WEIGHT) | {"copied": COPIED_WEIGHT}
PRIOR = tuple(_BELIEFS.get(name, 0.0) * d for name, d in zip(FEATURE_NAMES, DIRECTIONS, strict=True))


def example_groups(examples: Sequence[Example]) -> np.ndarray:
    """Group numbers by scenario and near-duplicate; shape (n_examples,)."""
    return near_duplicate_groups([e.message.body for e in examples], [e.scenario for e in examples])


def fit_graded(X: np.ndarray, rating: np.ndarray, alpha: float = ALPHA) -> AuthenticityClassifier:
    """Fit the classifier to mean readings: a rating of 4 counts as 3/4 authentic and 1/4 not."""
    share = (rating - 1.0) / 4.0
    return AuthenticityClassifier(DIRECTIONS, alpha, PRIOR).fit(
        np.vstack([X, X]), np.repeat([1, 0], len(X)), np.concatenate([share, 1.0 - share])
    )


MIN_SCENARIOS = 2
"""A word or n-gram is known from so many scenarios on: what stands in one alone is its topic, or its people."""
WORDING_PENALTY = 0.3
"""Penalty of the ridge regression on tf-idf; .1, .3, 1 and 3 differ little across writers (docs/state.md)."""
_SCALE = 4.0
"""The mean reading runs over four steps; near the middle a step of the share authentic is four of log-odds."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What fitting needs of messages: features without wording, shape (n, n_features), and their n-grams."""

    X: np.ndarray
    grams: tuple[WordingGrams, ...]
    words: np.ndarray


def measure(examples: Sequence[Example]) -> Measured:
    """Read messages for fitting."""
    reader = default_reader()
    readings = [reader.read(example.message) for example in examples]
    scenarios = [example.scenario for example in examples]
    words = _known([reading.measures.tokens.small_words() for reading in readings], scenarios)
    grams = tuple(Worded.of(reading.doc, reading.measures.tokens, words).distinct() for reading in readings)
    values = np.array([reading.values for reading in readings], dtype=np.float64)
    return Measured(values.reshape(len(readings), len(FEATURE_NAMES)), grams, words)


def _known(keys: Sequence[np.ndarray], scenarios: Sequence[str]) -> np.ndarray:
    """The sorted keys that stand in enough scenarios."""
    number = np.unique(np.array(scenarios), return_inverse=True)[1]
    pairs = np.concatenate(
        [np.stack([k, np.full(len(k), n, np.uint64)]) for k, n in zip(keys, number, strict=True)], axis=1
    )
    known, times = np.unique(np.unique(pairs, axis=1)[0], return_counts=True)
    return known[times >= MIN_SCENARIOS]


def fit_wording(
    grams: Sequence[WordingGrams], words: np.ndarray, scenarios: Sequence[str], rating: np.ndarray
) -> Wording:
    """Fit the weights of n-grams: ridge regression of the mean reading on tf-idf of distinct n-grams.

    A message's row is divided by the root of how many n-grams it has, as `Wording` divides.
    """
    keys = _known([g.keys for g in grams], scenarios)
    columns, data, pointers = [], [], [0]
    for message in grams:
        distinct = np.unique(message.keys)
        places, known = places_among(distinct, keys)
        columns.append(places[known])
        data.append(np.full(int(known.sum()), 1.0 / np.sqrt(max(1, len(distinct)))))
        pointers.append(pointers[-1] + len(columns[-1]))
    X = csr_array((np.concatenate(data), np.concatenate(columns), pointers), shape=(len(grams), len(keys)))
    in_messages = np.bincount(X.indices, minlength=len(keys))
    rarity = (np.log((1 + len(grams)) / (1 + in_messages)) + 1.0) / 4.0
    X.data *= rarity[X.indices]
    ridge = Ridge(WORDING_PENALTY, solver="lsqr", tol=1e-10).fit(X, (rating - 1.0) / 4.0)
    weights = _SCALE * ridge.coef_ * rarity
    return Wording(keys, np.round(weights, 5).astype(np.float32), words)


def with_wording(measured: Measured, values: np.ndarray) -> np.ndarray:
    """The features with the wording's values in their column."""
    X = measured.X.copy()
    X[:, FEATURE_NAMES.index(CUE)] = values
    return X


def held_out_wording(
    measured: Measured, scenarios: Sequence[str], rating: np.ndarray, groups: np.ndarray
) -> np.ndarray:
    """The value of each message's wording by weights that saw none of its group; shape (n,)."""
    values = np.empty(len(rating))
    for train, test in GroupKFold(FOLDS).split(rating, rating, groups):
        fitted = fit_wording(
            [measured.grams[n] for n in train], measured.words, [scenarios[n] for n in train], rating[train]
        )
        values[test] = [fitted.value(measured.grams[n]) for n in test]
    return values


def held_out_log_odds(
    X: np.ndarray, rating: np.ndarray, groups: np.ndarray, alpha: float = ALPHA
) -> np.ndarray:
    """Uncalibrated log-odds of each row by a model that saw none of its group; shape (n,)."""
    out = np.empty(len(X))
    for train, test in GroupKFold(FOLDS).split(X, rating, groups):
        out[test] = fit_graded(X[train], rating[train], alpha).decision_function(X[test])
    return out


def calibration(log_odds: np.ndarray, share_over_3: np.ndarray) -> tuple[float, float]:
    """Slope and intercept that turn log-odds into those of a reading over 3 (Platt 1999, on shares)."""
    stacked = np.concatenate([log_odds, log_odds])[:, None]
    weights = np.concatenate([share_over_3, 1.0 - share_over_3])
    labels = np.repeat([1, 0], len(log_odds))
    fitted = LogisticRegression(C=1e6).fit(stacked, labels, sample_weight=weights)
    return max(1e-3, float(fitted.coef_[0, 0])), float(fitted.intercept_[0])


def label_bounds(scores: np.ndarray, rating: np.ndarray) -> tuple[float, float]:
    """The scores below which a message is called clumsy and from which authentic.

    Whole numbers for which the three labels agree best with the readings' (mean recall of the
    classes), found on held-out scores; the smallest pair among equals.
    """
    truth = np.where(rating > AUTHENTIC_OVER, 2, np.where(rating < CLUMSY_UNDER, 0, 1))
    best, bounds = -1.0, (40.0, 60.0)
    for low in range(15, 70):
        for high in range(low + 5, 90):
            said = np.where(scores >= high, 2, np.where(scores < low, 0, 1))
            recall = float(np.mean([np.mean(said[truth == k] == k) for k in range(3) if np.any(truth == k)]))
            if recall > best + 1e-12:
                best, bounds = recall, (float(low), float(high))
    return bounds


def fit_model(examples: Sequence[Example], metadata: dict[str, Any] | None = None) -> AdditiveModel:
    """Fit, calibrate and bound a model; every number that judges it is from held-out groups.

    The classifier is fitted on values of the wording that were held out, too (Wolpert 1992, stacked generalization), for
    those of the messages it learned from would look truer than they are.
    """
    measured = measure(examples)
    scenarios = [e.scenario for e in examples]
    rating = np.array([e.rating for e in examples])
    share = np.array([e.share_over_3 for e in examples])
    groups = example_groups(examples)
    X = with_wording(measured, held_out_wording(measured, scenarios, rating, groups))
    log_odds = held_out_log_odds(X, rating, groups)
    slope, shift = calibration(log_odds, share)
    scores = 100.0 / (1.0 + np.exp(-(slope * log_odds + shift)))
    low, high = label_bounds(scores, rating)
    held_out = scored_examples(examples, scores, groups)
    fitted = fit_graded(X, rating)
    return AdditiveModel(
        name=f"authenticity-{package_version()}",
        feature_names=FEATURE_NAMES,
        coefficients=tuple(_rounded(slope * fitted.coef_)),
        intercept=_rounded(np.array([slope * fitted.intercept_ + shift]))[0],
        clumsy_below=low,
        authentic_from=high,
        wording=fit_wording(measured.grams, measured.words, scenarios, rating),
        metadata={
            **(metadata or {}),
            "held_out": {name: round(metric(held_out), 6) for name, metric in METRICS.items()},
        },
    )


def _rounded(values: np.ndarray) -> list[float]:
    """Nine decimals: what is beyond differs between processors, and so would the file."""
    return [round(float(v), 9) + 0.0 for v in values]


def train(folder: Path | None = None) -> AdditiveModel:
    """Fit the model from the data folder of the checkout, with what its file must say of its making."""
    folder = data_dir() if folder is None else folder
    examples = load_corpus(folder)
    metadata = {
        "trained_on": {"messages": len(examples), "scenarios": len({e.scenario for e in examples}),
                       "readings": sum(len(e.readings) for e in examples)},
        "data_sha256": checksums(folder),
        "libraries": library_versions(),
        "alpha": ALPHA,
        "guide_weight": GUIDE_WEIGHT,
        "folds": FOLDS,
    }  # fmt: skip
    return fit_model(examples, metadata)
