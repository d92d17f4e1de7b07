"""How true the rating is: figures on held-out groups and on real mail, each with its interval and baselines."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline, make_union

from authentic_outreach.datasets import WRITERS, Example
from authentic_outreach.metrics import METRICS, Figure, Scored, figure, scored_examples
from authentic_outreach.scoring import AdditiveModel
from authentic_outreach.streams import rate_messages
from authentic_outreach.training import FOLDS, example_groups, fit_model

Rater = Callable[[Sequence[Example], Sequence[Example]], np.ndarray]
"""Fits on the first examples, if it fits at all, and scores the second, 0 to 100."""


def _ours(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    return score_with(fit_model(train), test)


def score_with(model: AdditiveModel, examples: Sequence[Example]) -> np.ndarray:
    """Scores of a trained model; NaN where it abstains."""
    ratings = rate_messages((e.message for e in examples), model=model)
    return np.array([np.nan if r.score is None else r.score for r in ratings])


def _texts(examples: Sequence[Example]) -> list[str]:
    return [f"{e.message.subject or ''}\n\n{e.message.body}" for e in examples]


def _bag_of_words(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    """tf-idf of words and characters with ridge regression on the mean reading."""
    grams = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2),
    )
    fitted = make_pipeline(grams, Ridge(2.0)).fit(_texts(train), [e.rating for e in train])
    scores: np.ndarray = np.clip((fitted.predict(_texts(test)) - 1) / 4, 0.001, 0.999) * 100
    return scores


def _length(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    """The shorter the better, between 0 and 400 words."""
    return np.array([100 - min(99.0, len(e.message.body.split()) / 4) for e in test])


def _base_rate(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    """Always the share of readings over 3 in training."""
    return np.full(len(test), 100 * np.mean([e.share_over_3 for e in train]))


RATERS: dict[str, Rater] = {
    "authentic_outreach": _ours,
    "bag of words": _bag_of_words,
    "message length": _length,
    "base rate": _base_rate,
}


def cross_validate(examples: Sequence[Example], rater: Rater) -> Scored:
    """Scores of every example by a rater that was fitted without its scenario and near-duplicates."""
    groups = example_groups(examples)
    scores = np.empty(len(examples))
    for train, test in GroupKFold(FOLDS).split(scores, scores, groups):
        scores[test] = rater([examples[i] for i in train], [examples[i] for i in test])
    return scored_examples(examples, scores, groups)


def evaluate_corpus(examples: Sequence[Example]) -> dict[str, dict[str, Figure]]:
    """Rater → metric → figure, over scenario-grouped folds of the corpus."""
    table = {}
    for name, rater in RATERS.items():
        scored = cross_validate(examples, rater)
        table[name] = {metric: figure(function, scored) for metric, function in METRICS.items()}
    return table


def evaluate_real(
    examples: Sequence[Example], corpus: Sequence[Example], model: AdditiveModel
) -> dict[str, dict[str, dict[str, Figure]]]:
    """Slice → rater → metric → figure, on messages that are not in the corpus.

    Baselines are fitted on the corpus. Slices are all, and each origin, kind, channel and third
    of length that has at least ten messages. Pairs need scenarios, and are left out.
    """
    scores = {"authentic_outreach": score_with(model, examples)}
    for name, rater in RATERS.items():
        if name != "authentic_outreach":
            scores[name] = rater(corpus, examples)
    metrics = {name: metric for name, metric in METRICS.items() if name != "pairs right"}
    table: dict[str, dict[str, dict[str, Figure]]] = {}
    for slice_name, mask in _slices(examples).items():
        table[slice_name] = {
            name: {m: figure(f, scored_examples(examples, score).take(mask)) for m, f in metrics.items()}
            for name, score in scores.items()
        }
    return table


def _slices(examples: Sequence[Example]) -> dict[str, np.ndarray]:
    slices = {"all": np.ones(len(examples), dtype=bool)}
    words = np.array([len(e.message.body.split()) for e in examples])
    thirds = np.quantile(words, [1 / 3, 2 / 3])
    length = np.digitize(words, thirds)
    for by, values in (
        ("origin", [e.origin for e in examples]),
        ("kind", [e.kind for e in examples]),
        ("channel", [e.message.channel for e in examples]),
        ("length", [("short", "middle", "long")[i] for i in length]),
    ):
        for value in sorted(set(values)):
            mask = np.array([v == value for v in values])
            if value and mask.sum() >= 10:
                slices[f"{by}: {value}"] = mask
    return slices


def agreement(folder: Path) -> str:
    """Krippendorff's alpha (ordinal) of the independent readings in ``readings.csv``, in words."""
    readings: dict[str, dict[str, float]] = defaultdict(dict)
    with (folder / "readings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["reader"] not in WRITERS:
                readings[row["id"]][row["reader"]] = float(row["reading"])
    readers = sorted({reader for row in readings.values() for reader in row})
    if len(readers) < 2:
        return f"not measurable with {len(readers)} independent reader(s)."
    import krippendorff

    matrix = np.array([[row.get(reader, np.nan) for row in readings.values()] for reader in readers])
    alpha = krippendorff.alpha(reliability_data=matrix, level_of_measurement="ordinal")
    return f"Krippendorff's alpha (ordinal) {alpha:.3f} over {len(readings)} messages and {len(readers)} readers."
