"""How well cues are found in wordings that nobody listed: rules alone, heads alone, and both.

    python benchmarks/cues.py [--shops ec_darkpattern/dataset.tsv] [--business email_intent] [--write models/cues.npz]

On the single sentences of ``data/sentences``, held out by pair and near-duplicate, with bounds chosen on the other folds; the heads
learn from them, the rules' own examples, the corpus' marks, for urgency and scarcity from shops' strings, and for asks from sentences of
business mail that ask nothing. ``--write`` fits the shipped heads.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score, precision_recall_curve, precision_score, recall_score, roc_auc_score

from authentic_outreach.cue_sentences import (
    business_sentences,
    corpus_sentences,
    load_sentences,
    rule_examples,
    shop_strings,
)
from authentic_outreach.datasets import data_dir, load_corpus
from authentic_outreach.evidence import CUE_NAMES
from authentic_outreach.learned_cues import (
    FOLDS,
    fit_heads,
    held_out_folds,
    held_out_odds,
    shipped_bounds,
)
from authentic_outreach.persistence import load_model
from authentic_outreach.reading import default_reader


def figures(truth: np.ndarray, said: np.ndarray) -> str:
    """Precision, recall and F1."""
    scores = (precision_score(truth, said, zero_division=0), recall_score(truth, said), f1_score(truth, said))
    return " / ".join(f"{score:.3f}" for score in scores)


def best_bound(truth: np.ndarray, odds: np.ndarray) -> float:
    """The log-odds with the best F1."""
    precision, recall, bounds = precision_recall_curve(truth, odds)
    return float(bounds[np.argmax((precision * recall / np.maximum(1e-9, precision + recall))[:-1])])


def said_at_best(truth: np.ndarray, odds: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """What is said where each fold's bound is the best one of the others."""
    said = np.empty(len(truth), bool)
    for number in range(FOLDS):
        here = fold == number
        said[here] = odds[here] >= best_bound(truth[~here], odds[~here])
    return said


def main() -> None:
    """Print a row for each cue."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shops", type=Path, help="dataset.tsv of ec_darkpattern")
    parser.add_argument("--business", type=Path, help="the folder of email_intent")
    parser.add_argument("--write", type=Path, help="fit on everything and write the heads here")
    options = parser.parse_args()
    folder = data_dir()
    sentences = [*load_sentences(folder), *rule_examples(), *corpus_sentences(load_corpus(folder))]
    if options.shops:
        sentences += shop_strings(options.shops)
    if options.business:
        sentences += business_sentences(options.business)
    wording = load_model().wording
    assert wording is not None
    fold = held_out_folds(sentences)
    odds = held_out_odds(sentences, wording.words, fold)
    bounds = shipped_bounds(sentences, odds)
    nlp = default_reader().nlp
    print(
        "Precision / recall / F1 on single sentences: by rules, by heads, by both, bounds of the best F1 on other folds, and as shipped.\n"
    )
    print(
        "| cue | sentences | AUC of heads | rules | heads | both | both, as shipped |\n|---|---|---|---|---|---|---|"
    )
    for number, cue in enumerate(CUE_NAMES):
        rows = np.array([s.source == "single" and cue in s.carries for s in sentences])
        chosen = [s for s, here in zip(sentences, rows, strict=True) if here]
        truth = np.array([s.carries[cue] for s in chosen])
        rules = np.array([bool(nlp(s.doc.text).spans[cue]) for s in chosen])
        own = odds[rows, number]
        best = said_at_best(truth, own, fold[rows])
        both = said_at_best(truth, np.where(rules, own.max(), own), fold[rows])
        shipped = rules | (own >= bounds[number])
        print(
            f"| {cue} | {truth.sum()} of {len(truth)} | {roc_auc_score(truth, own):.3f} | {figures(truth, rules)} "
            f"| {figures(truth, best)} | {figures(truth, both)} | {figures(truth, shipped)} |"
        )
    if options.write:
        options.write.write_bytes(fit_heads(sentences, wording.words, odds).to_bytes())


if __name__ == "__main__":
    main()
