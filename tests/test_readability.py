"""Our readability, counted from tokens, against textstat's formulas on the same words."""

import re

import numpy as np
import pytest
from textstat import textstat

import authentic_outreach as ao
from authentic_outreach.datasets import load_corpus
from authentic_outreach.features import FEATURE_NAMES
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
    ours, theirs = [], []
    for text in texts:
        reading = reader.read(ao.Message(text))
        values = dict(zip(FEATURE_NAMES, reading.values, strict=True))
        ours.append(values[feature])
        theirs.append(np.clip((formula(text) - middle) / 4, -2, 2))
    assert np.corrcoef(ours, theirs)[0, 1] > closest
    assert abs(np.median(np.subtract(ours, theirs))) < 1.5 / 4, (
        "tokens split at hyphens, and every line of mail may end a sentence"
    )
