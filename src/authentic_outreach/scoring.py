"""The trained model at work: feature values in, log-odds and their parts out. NumPy only.

Training lives in `authentic_outreach.classifier`, which needs scikit-learn; a rating does not,
and so a first score does not wait for it to be imported.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from authentic_outreach.wording import Wording

Label = Literal["authentic", "mixed", "clumsy", "unsure"]


def logistic(log_odds: float) -> float:
    """The probability of log-odds, without overflow at either end."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    return math.exp(log_odds) / (1.0 + math.exp(log_odds))


def logit(score: float) -> float:
    """The log-odds of a score between 0 and 100, kept finite at both ends."""
    share = min(1.0 - 1e-15, max(1e-15, score / 100.0))
    return math.log(share / (1.0 - share))


@dataclass(frozen=True, slots=True)
class AdditiveModel:
    """An intercept and one coefficient a feature, in log-odds a unit of the feature.

    ``clumsy_below`` and ``authentic_from`` are scores, 0 to 100; between them a message is mixed.
    ``wording`` weighs the words for the feature of that name, None where a model does without.
    ``metadata`` is what the model file says of its making (see `authentic_outreach.persistence`).
    """

    name: str
    feature_names: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercept: float
    clumsy_below: float
    authentic_from: float
    wording: Wording | None = field(default=None, compare=False, repr=False)
    metadata: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def identity(self) -> str:
        """A short name of all that makes the scores: two models that share it rate alike."""
        words = self.wording.digest if self.wording else ""
        numbers = (self.coefficients, self.intercept, self.clumsy_below, self.authentic_from)
        return hashlib.sha256(repr((self.name, self.feature_names, numbers, words)).encode()).hexdigest()[:16]

    def contributions(self, values: Sequence[float] | np.ndarray) -> list[float]:
        """What each feature adds to the log-odds; shape (n_features,), as the values."""
        return [c * float(v) for c, v in zip(self.coefficients, values, strict=True)]

    def score(self, values: Sequence[float] | np.ndarray) -> float:
        """100 times the calibrated probability that a reader finds the message authentic."""
        return 100.0 * logistic(self.intercept + sum(self.contributions(values)))

    def label(self, score: float) -> Label:
        """The label of a score between 0 and 100."""
        if score >= self.authentic_from:
            return "authentic"
        return "clumsy" if score < self.clumsy_below else "mixed"
