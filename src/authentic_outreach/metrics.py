"""The figures that judge scores against readings, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from authentic_outreach.datasets import AUTHENTIC_OVER, CLUMSY_UNDER, Example

RESAMPLES = 1000
SEED = 20261124


class Figure(NamedTuple):
    """A figure with the bounds of its 95 % bootstrap interval; NaN where it cannot be had."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if np.isnan(self.value):
            return "n/a"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True)
class Scored:
    """Held-out scores of messages beside what readers said; arrays of shape (n,).

    ``score`` is 0 to 100, NaN where the rater abstained.
    """

    score: np.ndarray
    rating: np.ndarray
    share_over_3: np.ndarray
    group: np.ndarray

    def take(self, index: np.ndarray) -> Scored:
        """The rows of an index or a boolean mask."""
        return Scored(self.score[index], self.rating[index], self.share_over_3[index], self.group[index])


def auc(scored: Scored) -> float:
    """Chance that an authentic message (mean reading over 3.5) scores above a clumsy one (under 2.5)."""
    positive = scored.score[scored.rating > AUTHENTIC_OVER]
    negative = scored.score[scored.rating < CLUMSY_UNDER]
    if not len(positive) or not len(negative):
        return float("nan")
    ranks = rankdata(np.concatenate([positive, negative]))
    above = ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2
    return float(above / (len(positive) * len(negative)))


def spearman(scored: Scored) -> float:
    """Rank correlation of the score with the mean reading."""
    if len(scored.score) < 3 or np.ptp(scored.score) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(scored.score), rankdata(scored.rating))[0, 1])


def pairs_right(scored: Scored) -> float:
    """Share of pairs within a group, a reading of 1 or more apart, that the score ranks right; ties count half."""
    right = total = 0.0
    for group in np.unique(scored.group):
        rows = np.flatnonzero(scored.group == group)
        for i in rows:
            for j in rows:
                if scored.rating[i] >= scored.rating[j] + 1:
                    total += 1
                    right += (np.sign(scored.score[i] - scored.score[j]) + 1) / 2
    return right / total if total else float("nan")


def brier(scored: Scored) -> float:
    """Mean squared distance of score / 100 from the share of readings over 3."""
    return float(np.mean((scored.score / 100 - scored.share_over_3) ** 2))


def ece(scored: Scored, bins: int = 10) -> float:
    """Expected calibration error: mean distance of score and share of readings over 3, in ``bins`` equal counts."""
    order = np.argsort(scored.score, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    distances = [
        abs(np.mean(scored.score[p] / 100) - np.mean(scored.share_over_3[p])) * len(p) for p in parts
    ]
    return float(sum(distances) / len(scored.score))


def reliability(scored: Scored, bins: int = 10) -> list[tuple[int, float, float]]:
    """Of each tenth of the scale that holds a message: how many, their mean score / 100, their share of readings over 3."""
    tenth = np.minimum((scored.score / 100 * bins).astype(int), bins - 1)
    return [
        (int(here.sum()), float(np.mean(scored.score[here] / 100)), float(np.mean(scored.share_over_3[here])))
        for here in (tenth == n for n in range(bins))
        if here.any()
    ]


def accuracy_at(scored: Scored, coverage: float) -> float:
    """Share of messages on the readers' side of the middle, of the so many whose scores lie farthest from 50.

    Messages that readers put in the very middle (a mean reading of 3) have no side and are left out. ``coverage`` is
    the share of the others that is kept, over 0 to 1.
    """
    sided = scored.take(scored.rating != 3.0)
    order = np.argsort(-np.abs(sided.score - 50.0), kind="stable")
    kept = sided.take(order[: max(1, round(coverage * len(order)))])
    return float(np.mean((kept.score > 50.0) == (kept.rating > 3.0)))


METRICS: dict[str, Callable[[Scored], float]] = {
    "AUC": auc, "pairs right": pairs_right, "Spearman": spearman, "Brier": brier, "ECE": ece,
}  # fmt: skip


def figure(metric: Callable[[Scored], float], scored: Scored, resamples: int = RESAMPLES) -> Figure:
    """A metric with its percentile bootstrap interval, whole groups drawn with replacement."""
    value = metric(scored)
    if np.isnan(value):
        return Figure(value, value, value)
    draw = np.random.default_rng(SEED)
    names = np.unique(scored.group)
    rows = {name: np.flatnonzero(scored.group == name) for name in names}
    values = []
    for _ in range(resamples):
        drawn = draw.choice(names, len(names))
        sample = scored.take(np.concatenate([rows[name] for name in drawn]))
        values.append(metric(sample))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return Figure(value, float(low), float(high))


def scored_examples(
    examples: Sequence[Example], scores: np.ndarray, groups: np.ndarray | None = None
) -> Scored:
    """Put scores beside readings; where the rater abstained the middle score stands."""
    return Scored(
        score=np.nan_to_num(np.asarray(scores, dtype=float), nan=50.0),
        rating=np.array([e.rating for e in examples]),
        share_over_3=np.array([e.share_over_3 for e in examples]),
        group=np.arange(len(examples)) if groups is None else groups,
    )
