"""How true the rating is: figures on held-out groups and on real mail, each with its interval and baselines."""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.model_selection import GroupKFold

from authentic_outreach.baselines import Rater, available_baselines
from authentic_outreach.datasets import WRITERS, Example
from authentic_outreach.metrics import (
    METRICS,
    Figure,
    Scored,
    accuracy_at,
    figure,
    reliability,
    scored_examples,
)
from authentic_outreach.scoring import AdditiveModel
from authentic_outreach.streams import rate_messages
from authentic_outreach.training import FOLDS, example_groups, fit_model

OURS = "authentic_outreach"


def _ours(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    return score_with(fit_model(train), test)


def score_with(model: AdditiveModel, examples: Sequence[Example]) -> np.ndarray:
    """Scores of a trained model; NaN where it abstains."""
    ratings = rate_messages((e.message for e in examples), model=model)
    return np.array([np.nan if r.score is None else r.score for r in ratings])


def raters() -> dict[str, Rater]:
    """Ours first, then the baselines whose packages are installed."""
    return {OURS: _ours, **available_baselines()}


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
    for name, rater in raters().items():
        scored = cross_validate(examples, rater)
        table[name] = {metric: figure(function, scored) for metric, function in METRICS.items()}
    return table


def evaluate_slices(scored: Scored, examples: Sequence[Example]) -> dict[str, dict[str, Figure]]:
    """Slice → metric → figure, for each channel, purpose and stage of ten messages and more."""
    return {
        name: {metric: figure(function, scored.take(mask)) for metric, function in METRICS.items()}
        for name, mask in corpus_slices(examples).items()
    }


def corpus_slices(examples: Sequence[Example]) -> dict[str, np.ndarray]:
    """Which messages are of each channel, purpose and stage that has ten or more."""
    slices = {}
    for by, values in (
        ("channel", [e.message.channel for e in examples]),
        ("purpose", [e.purpose for e in examples]),
        ("stage", [e.stage for e in examples]),
    ):
        for value in sorted(set(values)):
            mask = np.array([v == value for v in values])
            if mask.sum() >= 10:
                slices[f"{by}: {value}"] = mask
    return slices


COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)


def coverage_table(scored: Scored) -> dict[str, dict[str, Figure]]:
    """Coverage → how often the score is on the readers' side, where only the most decided scores are given."""
    return {
        f"{coverage:.0%}": {
            "on the readers' side": figure(lambda s, c=coverage: accuracy_at(s, c), scored)  # type: ignore[misc]
        }
        for coverage in COVERAGES
    }


def reliability_table(scored: Scored) -> dict[str, dict[str, str]]:
    """Mean score → how many messages, and how readers saw them."""
    return {
        f"{100 * mean:.0f}": {"messages": str(number), "readings over 3": f"{100 * share:.0f} of 100"}
        for number, mean, share in reliability(scored)
    }


def evaluate_real(
    examples: Sequence[Example], corpus: Sequence[Example], model: AdditiveModel
) -> dict[str, dict[str, dict[str, Figure]]]:
    """Slice → rater → metric → figure, on messages that are not in the corpus.

    Baselines are fitted on the corpus. Slices are all, and each origin, kind, channel and third
    of length that has at least ten messages. Pairs need scenarios, and are left out.
    """
    scores = {OURS: score_with(model, examples)}
    for name, rater in raters().items():
        if name != OURS:
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


HELD_OUT_PURPOSES = ("podcast", "fundraising")
HELD_OUT_CHANNEL = "sms"
"""What the transfer split holds out whole; chosen before the first figure was seen."""


def transfer_mask(corpus: Sequence[Example]) -> np.ndarray:
    """Which messages the transfer split holds out; shape (n,)."""
    return np.array([e.purpose in HELD_OUT_PURPOSES or e.message.channel == HELD_OUT_CHANNEL for e in corpus])


def evaluate_final(
    test: Sequence[Example], corpus: Sequence[Example], model: AdditiveModel
) -> dict[str, dict[str, dict[str, Figure]]]:
    """Slice → rater → metric → figure on the frozen test split; baselines are fitted on the corpus.

    Slices are all, and by our rater alone each channel, purpose and stage of ten messages or more, and the writers who wrote
    for the corpus, too, and who did not.
    """
    groups = example_groups(test)
    ours = scored_examples(test, score_with(model, test), groups)
    known = {_hand(e) for e in corpus}
    of_corpus = np.array([_hand(e) in known for e in test])
    table = {
        "all": {
            name: {
                m: figure(f, ours if name == OURS else scored_examples(test, rater(corpus, test), groups))
                for m, f in METRICS.items()
            }
            for name, rater in raters().items()
        }
    }
    writers = {
        name: {m: figure(f, ours.take(np.flatnonzero(mask))) for m, f in METRICS.items()}
        for name, mask in (("writers: of the corpus", of_corpus), ("writers: new", ~of_corpus))
        if mask.any()
    }
    return table | {name: {OURS: row} for name, row in (evaluate_slices(ours, test) | writers).items()}


def _hand(example: Example) -> str:
    """Who wrote a message: the first part of its scenario's name."""
    return example.scenario.split("-")[0]


def evaluate_transfer(corpus: Sequence[Example]) -> tuple[str, dict[str, dict[str, Figure]]]:
    """Size in words, and rater → metric → figure, on purposes and a channel that no training message had."""
    away = transfer_mask(corpus).tolist()
    test = [e for e, out in zip(corpus, away, strict=True) if out]
    train = [e for e, out in zip(corpus, away, strict=True) if not out]
    groups = example_groups(test)
    table = {
        name: {m: figure(f, scored_examples(test, rater(train, test), groups)) for m, f in METRICS.items()}
        for name, rater in raters().items()
    }
    size = (
        f"{len(test)} messages: the purposes {' and '.join(HELD_OUT_PURPOSES)}, and the channel {HELD_OUT_CHANNEL}, by "
        f"raters fitted on the other {len(train)}"
    )
    return size, table


def learning_curve(
    corpus: Sequence[Example],
    real: Sequence[Example],
    sizes: Sequence[int] = (48, 96, 192, 384),
    draws: int = 8,
) -> dict[str, dict[str, str]]:
    """Training size in messages → Spearman and AUC on real messages, mean and range over draws of scenarios."""
    scenarios = sorted({e.scenario for e in corpus})
    rng = np.random.default_rng(0)
    table: dict[str, dict[str, str]] = {}
    for size in [s for s in sizes if s < len(corpus)] + [len(corpus)]:
        found: dict[str, list[float]] = defaultdict(list)
        for _ in range(draws if size < len(corpus) else 1):
            chosen = set(
                rng.permutation(scenarios)[: max(FOLDS, round(size / len(corpus) * len(scenarios)))].tolist()
            )
            model = fit_model([e for e in corpus if e.scenario in chosen])
            scored = scored_examples(real, score_with(model, real))
            for name in ("Spearman", "AUC"):
                found[name].append(METRICS[name](scored))
        table[f"{size} messages"] = {
            name: f"{np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"
            for name, values in found.items()
        }
    return table


def error_classes(
    examples: Sequence[Example], model: AdditiveModel, folder: Path
) -> list[dict[str, str | int]]:
    """Classes of ``error_classes.toml`` with how many of their messages are still off by more than 30 points.

    The last row counts messages that are off and stand in no class yet.
    """
    classes = tomllib.loads((folder / "error_classes.toml").read_text(encoding="utf-8"))["class"]
    scores = np.nan_to_num(score_with(model, examples), nan=50.0)
    off = {e.message.id for e, s in zip(examples, scores, strict=True) if abs(s - 25 * (e.rating - 1)) > 30}
    rows: list[dict[str, str | int]] = []
    for item in classes:
        ids = set(item["ids"])
        rows.append(
            {
                **{key: item[key] for key in ("name", "why", "done", "example")},
                "listed": len(ids),
                "off": len(ids & off),
            }
        )
        off -= ids
    rows.append(
        {"name": "in no class yet", "why": "", "done": "", "example": "", "listed": len(off), "off": len(off)}
    )
    return rows


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
