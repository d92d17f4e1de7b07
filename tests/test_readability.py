"""Our readability, counted from tokens, against textstat's formulas on the same words."""

import re

import numpy as np
import pytest
from textstat import textstat

from authentic_outreach.datasets import load_corpus
from authentic_outreach.features import FEATURE_NAMES, FEATURES
from authentic_outreach.measures import Measures
from authentic_outreach.reading import default_reader


@pytest.fixture(scope="module")
def texts():
    links = re.compile(
        r"\S*(?:https?://|example\.|\{)\S*"
    )  # which we leave out, and textstat reads as long words
    bodies = [" ".join(links.sub("", row.message.body).lower().split()) for row in load_corpus()]
    return [body for body in bodies if len(body.split()) >= 30]


@pytest.mark.parametrize(
    ("feature", "formula", "middle", "closest"),
    [
        ("coleman_liau", textstat.coleman_liau_index, 9.0, 0.97),
        ("ari", textstat.automated_readability_index, 8.0, 0.9),
    ],
)
def test_grades_agree_with_textstat(texts, feature, formula, middle, closest):
    reader = default_reader()
    measure = FEATURES[FEATURE_NAMES.index(feature)].measure
    ours, theirs = [], []
    with reader.nlp.select_pipes(enable="outreach_sentences"):  # sentences with cues are left out otherwise
        docs = list(map(reader.nlp, texts))
    for text, doc in zip(texts, docs, strict=True):
        ours.append(measure(Measures(doc, reader.kinds, text)))
        theirs.append(np.clip((formula(text) - middle) / 4, -2, 2))
    assert np.corrcoef(ours, theirs)[0, 1] > closest
    assert abs(np.median(np.subtract(ours, theirs))) < 1.5 / 4, (
        "tokens split at hyphens, and every line of mail may end a sentence"
    )
