"""Other models on the same features, and ours without parts of them: what each is worth where it did not learn.

Every model gets the same rows: features of the table, the wording's value held out for those it learns from. Splits
are folds of the corpus, the transfer split, each writer's sets held out whole, and real messages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.special import expit
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from authentic_outreach.classifier import AuthenticityClassifier
from authentic_outreach.datasets import Example
from authentic_outreach.features import DIRECTIONS, FEATURE_NAMES, FEATURES
from authentic_outreach.measures import GROUPS
from authentic_outreach.metrics import METRICS, scored_examples
from authentic_outreach.training import (
    ALPHA,
    FOLDS,
    PRIOR,
    Measured,
    example_groups,
    fit_graded,
    fit_wording,
    held_out_wording,
    measure,
    with_wording,
)
from authentic_outreach.vectorizer import OutreachVectorizer
from authentic_outreach.wording import CUE, Wording

Fit = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""Takes training rows, their mean readings, and test rows; gives the test rows' scores, 0 to 100."""
KNOTS = 5
"""Pieces of each feature's curve in the additive splines."""


class Split(NamedTuple):
    """Rows to learn from with their mean readings, and rows to score with the examples they are of."""

    X: np.ndarray
    rating: np.ndarray
    test: np.ndarray
    examples: list[Example]
    groups: np.ndarray


def signed_logistic(X: np.ndarray, rating: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Ours: additive, signs kept, drawn to the guide's beliefs."""
    return np.asarray(100 * expit(fit_graded(X, rating).decision_function(test)))


def free_logistic(X: np.ndarray, rating: np.ndarray, test: np.ndarray) -> np.ndarray:
    """The same without signs and without beliefs."""
    return _graded(AuthenticityClassifier(alpha=ALPHA), X, rating, test)


def monotone_splines(X: np.ndarray, rating: np.ndarray, test: np.ndarray) -> np.ndarray:
    """A curve of five straight pieces a feature, monotone where the table gives a sign (ramps with signed heights)."""
    knots = [np.unique(np.quantile(column, np.linspace(0, 1, KNOTS + 1))) for column in X.T]
    signs = [d for d, k in zip(DIRECTIONS, knots, strict=True) for _ in range(len(k) - 1)]
    return _graded(AuthenticityClassifier(signs, ALPHA), _ramps(X, knots), rating, _ramps(test, knots))


def _ramps(X: np.ndarray, knots: Sequence[np.ndarray]) -> np.ndarray:
    columns = [
        np.clip((column - low) / (high - low), 0.0, 1.0)
        for column, bounds in zip(X.T, knots, strict=True)
        for low, high in pairwise(bounds)
    ]
    return np.column_stack(columns)


def monotone_trees(X: np.ndarray, rating: np.ndarray, test: np.ndarray) -> np.ndarray:
    """scikit-learn's boosted trees under ``monotonic_cst``, without interactions."""
    return _trees(X, rating, test, monotonic_cst=list(DIRECTIONS), interaction_cst="no_interactions")


def free_trees(X: np.ndarray, rating: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Boosted trees with interactions and without signs."""
    return _trees(X, rating, test)


def _trees(X: np.ndarray, rating: np.ndarray, test: np.ndarray, **settings: object) -> np.ndarray:
    trees = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=150, max_leaf_nodes=8, min_samples_leaf=20, l2_regularization=5.0,
        early_stopping=False, random_state=0, **settings,
    )  # fmt: skip
    share = (rating - 1) / 4
    trees.fit(np.vstack([X, X]), np.repeat([1, 0], len(X)), np.concatenate([share, 1 - share]))
    return np.asarray(100 * trees.predict_proba(test)[:, list(trees.classes_).index(1)])


def ordinal(X: np.ndarray, rating: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Proportional odds over the five levels (McCullagh 1980): one slope a feature, one bound a level; the chance of over 3."""
    bounds = np.array([1.5, 2.5, 3.5, 4.5])
    levels = np.eye(len(bounds))
    rows = np.vstack([np.hstack([X, np.tile(level, (len(X), 1))]) for level in levels])
    over = np.concatenate([rating > bound for bound in bounds]).astype(int)
    signs, beliefs = [*DIRECTIONS, 0, 0, 0, 0], [*PRIOR, 0.0, 0.0, 0.0, 0.0]
    fitted = AuthenticityClassifier(signs, ALPHA, beliefs).fit(rows, over)
    chances = [
        expit(fitted.decision_function(np.hstack([test, np.tile(level, (len(test), 1))])))
        for level in levels[1:3]
    ]
    return np.asarray(100 * np.mean(chances, axis=0))


def _graded(model: AuthenticityClassifier, X: np.ndarray, rating: np.ndarray, test: np.ndarray) -> np.ndarray:
    share = (rating - 1) / 4
    model.fit(np.vstack([X, X]), np.repeat([1, 0], len(X)), np.concatenate([share, 1 - share]))
    return np.asarray(100 * expit(model.decision_function(test)))


MODELS: dict[str, Fit] = {
    "logistic, signs kept, drawn to the guide (ours)": signed_logistic,
    "logistic, free": free_logistic,
    "additive splines, monotone": monotone_splines,
    "boosted trees, monotone, no interactions": monotone_trees,
    "boosted trees, free": free_trees,
    "ordinal, five levels": ordinal,
}


def without(*names: str) -> Fit:
    """Ours on rows in which some features are 0."""
    columns = [FEATURE_NAMES.index(name) for name in names]

    def fit(X: np.ndarray, rating: np.ndarray, test: np.ndarray) -> np.ndarray:
        X, test = X.copy(), test.copy()
        X[:, columns] = test[:, columns] = 0.0
        return signed_logistic(X, rating, test)

    return fit


_CUED = tuple(f.name for f in FEATURES if f.cues)
_READABILITY = ("coleman_liau", "ari")
_MANNER = tuple(f.name for f in FEATURES if not f.cues and f.name not in (*_READABILITY, CUE, "copied"))
ABLATIONS: dict[str, Fit] = {
    "all of it (ours)": signed_logistic,
    "without the wording (rules and manner)": without(CUE),
    "the wording alone": without(*(name for name in FEATURE_NAMES if name != CUE)),
    "without the cues": without(*_CUED),
    "without the manner": without(*_MANNER),
    "without readability": without(*_READABILITY),
    **{
        f"without the cues of {group}": without(*(f.name for f in FEATURES if set(f.cues) & set(cues)))
        for group, cues in GROUPS.items()
    },
}


def splits(
    corpus: Sequence[Example], transfer: np.ndarray, real: Sequence[Example]
) -> dict[str, list[Split]]:
    """The splits by name; ``transfer`` says of each message of the corpus whether it is held out there."""
    groups = example_groups(corpus)
    measured = measure(corpus)
    hands = np.array([example.scenario.split("-")[0] for example in corpus])

    def split(held_out: np.ndarray) -> Split:
        train = np.setdiff1d(np.arange(len(corpus)), held_out)
        X, rating, wording = _learned(corpus, measured, groups, train)
        values = np.array([wording.value(measured.grams[n]) for n in held_out])
        test = with_wording(measured, np.zeros(len(corpus)))[held_out]
        test[:, FEATURE_NAMES.index(CUE)] = values
        return Split(X, rating, test, [corpus[n] for n in held_out], groups[held_out])

    found = {
        "corpus": [split(test) for _, test in GroupKFold(FOLDS).split(groups, groups=groups)],
        "transfer": [split(np.flatnonzero(transfer))],
        "writers": [split(np.flatnonzero(hands == hand)) for hand in sorted(set(hands.tolist()))],
    }
    if real:
        X, rating, wording = _learned(corpus, measured, groups, np.arange(len(corpus)))
        test = OutreachVectorizer(wording).transform([example.message for example in real])
        found["real"] = [Split(X, rating, test, list(real), np.arange(len(real)))]
    return found


def _learned(
    corpus: Sequence[Example], measured: Measured, groups: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray, Wording]:
    """The rows to learn from, with held-out values of the wording, their mean readings, and a wording fitted on them."""
    part = Measured(measured.X[rows], tuple(measured.grams[n] for n in rows), measured.words)
    scenarios = [corpus[n].scenario for n in rows]
    rating = np.array([corpus[n].rating for n in rows])
    X = with_wording(part, held_out_wording(part, scenarios, rating, groups[rows]))
    return X, rating, fit_wording(part.grams, part.words, scenarios, rating)


SHOWN = {
    "corpus": ("AUC", "pairs right", "Brier"),
    "transfer": ("AUC", "pairs right"),
    "writers": ("AUC", "pairs right"),
    "real": ("AUC", "Spearman"),
}
"""What the tables show of each split."""


def compare(parts: Mapping[str, Sequence[Split]], models: Mapping[str, Fit]) -> dict[str, dict[str, str]]:
    """Model → "split: metric" → figure; each figure over all held-out messages of a split together."""
    table: dict[str, dict[str, str]] = {}
    for name, fit in models.items():
        row: dict[str, str] = {}
        for part, chosen in parts.items():
            scored = scored_examples(
                [example for split in chosen for example in split.examples],
                np.concatenate([fit(split.X, split.rating, split.test) for split in chosen]),
                np.concatenate([split.groups for split in chosen]),
            )
            row |= {f"{part}: {metric}": f"{METRICS[metric](scored):.3f}" for metric in SHOWN[part]}
        table[name] = row
    return table
