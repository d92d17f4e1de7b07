"""Cheap raters to stand beside ours, on the same held-out messages: what each is worth is what ours must beat.

Each takes training and test examples and gives a score of 0 to 100 for each test example. Those of other
packages (extra ``[evaluate]``) are left out where their package is not installed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from importlib.util import find_spec

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import StandardScaler

from authentic_outreach.datasets import Example
from authentic_outreach.evidence import CUES
from authentic_outreach.features import FEATURE_NAMES
from authentic_outreach.vectorizer import OutreachVectorizer

Rater = Callable[[Sequence[Example], Sequence[Example]], np.ndarray]
"""Fits on the first examples, if it fits at all, and scores the second, 0 to 100."""

# Words that advice on deliverability names most often as triggers of spam filters.
_SPAM_WORDS = re.compile(
    r"(?i)\b(?:act now|apply now|buy|bonus|cash|cheap|click|congratulations|deal|discount|exclusive|expires?|free"
    r"|guarantee[ds]?|hurry|income|instant|investment|limited|lowest|money|no obligation|now only|offer|order now|"
    r"opportunity|price|prize|profits?|promise|risk[- ]free|sale|save|selected|special|success|trial|unlimited|urgent"
    r"|winner|100 ?%)\b"
)


def texts(examples: Sequence[Example]) -> list[str]:
    """Subject and body of each example."""
    return [f"{e.message.subject or ''}\n\n{e.message.body}" for e in examples]


def _grams() -> object:
    return make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2),
    )


def _as_score(rating: np.ndarray) -> np.ndarray:
    scores: np.ndarray = np.clip((rating - 1) / 4, 0.001, 0.999) * 100
    return scores


def bag_of_words(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    """tf-idf of words and characters with ridge regression on the mean reading."""
    fitted = make_pipeline(_grams(), Ridge(2.0)).fit(texts(train), [e.rating for e in train])
    return _as_score(fitted.predict(texts(test)))


def opaque(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    """The bag of words and our features together: what being explainable costs."""
    vectorizer = OutreachVectorizer(wording=None)
    grams, scaler = _grams(), StandardScaler()
    from scipy.sparse import csr_matrix, hstack

    def rows(examples: Sequence[Example], fit: bool) -> object:
        words = (grams.fit_transform if fit else grams.transform)(texts(examples))  # type: ignore[attr-defined]
        ours = vectorizer.transform([e.message for e in examples])
        return hstack(
            [words, csr_matrix(0.1 * (scaler.fit_transform(ours) if fit else scaler.transform(ours)))]
        )

    fitted = Ridge(2.0).fit(rows(train, True), [e.rating for e in train])
    return _as_score(fitted.predict(rows(test, False)))


def rules_only(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    """Ten points for each cue that speaks for a message, less ten for each against it; nothing is learned."""
    X = OutreachVectorizer(wording=None).transform([e.message for e in test])
    columns = [FEATURE_NAMES.index(cue.name) for cue in CUES]
    scores: np.ndarray = np.clip(50 + 20 * X[:, columns] @ [cue.direction for cue in CUES], 0.1, 99.9)
    return scores


def readability(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    """Textstat's Coleman-Liau grade, turned round: the plainer the better."""
    from textstat import textstat

    return np.array([np.clip(50 - 5 * (textstat.coleman_liau_index(t) - 9), 0.1, 99.9) for t in texts(test)])


def sentiment(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    """VADER's compound sentiment, turned round: the cooler the better."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return np.array([50 - 49.9 * analyzer.polarity_scores(text)["compound"] for text in texts(test)])


def spam_words(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    """Fewer words of a spam list are better."""
    return np.array([99.0 * 0.7 ** len(_SPAM_WORDS.findall(text)) for text in texts(test)])


def slop(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    """slop-guard's score of 0 to 100."""
    from slop_guard import analyze_text

    return np.array([np.clip(analyze_text(text)["score"], 0.1, 99.9) for text in texts(test)])


def length(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    """The shorter the better, between 0 and 400 words."""
    return np.array([100 - min(99.0, len(e.message.body.split()) / 4) for e in test])


def base_rate(train: Sequence[Example], test: Sequence[Example]) -> np.ndarray:
    """Always the share of readings over 3 in training."""
    return np.full(len(test), 100 * np.mean([e.share_over_3 for e in train]))


_NEEDS = {"sentiment (VADER)": "vaderSentiment", "slop-guard": "slop_guard"}
BASELINES: dict[str, Rater] = {
    "rules only": rules_only,
    "bag of words": bag_of_words,
    "bag of words and our features": opaque,
    "readability (textstat)": readability,
    "sentiment (VADER)": sentiment,
    "spam words": spam_words,
    "slop-guard": slop,
    "message length": length,
    "base rate": base_rate,
}


def available_baselines() -> dict[str, Rater]:
    """The baselines whose packages are installed."""
    return {name: rater for name, rater in BASELINES.items() if name not in _NEEDS or find_spec(_NEEDS[name])}
