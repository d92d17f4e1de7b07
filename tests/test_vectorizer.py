"""The vectorizer's own contract: scikit-learn's suite has almost nothing for texts."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from authentic_outreach import Message, OutreachVectorizer
from authentic_outreach.features import FEATURES

TEXTS = [
    "Act now, only three seats are left!",
    "How did you cure the larch for the Peniche boat? I lost two planks at 25 per cent.",
]


def test_lists_series_arrays_and_messages_agree():
    from_list = OutreachVectorizer().fit_transform(TEXTS)
    for same in (pd.Series(TEXTS), np.array(TEXTS, dtype=object), [Message(t) for t in TEXTS], iter(TEXTS)):
        np.testing.assert_array_equal(OutreachVectorizer().fit(TEXTS).transform(same), from_list)


def test_names_match_columns_and_pandas_output_carries_them():
    frame = OutreachVectorizer().set_output(transform="pandas").fit_transform(TEXTS)
    assert list(frame.columns) == list(OutreachVectorizer().get_feature_names_out())
    assert list(frame.columns) == [feature.name for feature in FEATURES]


def test_clones_with_its_parameter():
    assert clone(OutreachVectorizer(wording=None)).get_params() == {"wording": None}
    with pytest.raises(ValueError, match="neither 'shipped', None, nor a Wording"):
        OutreachVectorizer(wording="mine").transform(TEXTS)


def test_without_a_model_of_wording_its_feature_is_zero():
    column = [f.name for f in FEATURES].index("wording")
    assert OutreachVectorizer().transform(TEXTS)[:, column].any()
    assert not OutreachVectorizer(wording=None).transform(TEXTS)[:, column].any()


@pytest.mark.parametrize("single", [TEXTS[0], Message(TEXTS[0])])
def test_a_single_message_is_refused(single):
    with pytest.raises(TypeError, match="wrap it in a list"):
        OutreachVectorizer().fit(single)
    with pytest.raises(TypeError, match="wrap it in a list"):
        OutreachVectorizer().transform(single)


def test_no_messages_give_no_rows():
    assert OutreachVectorizer().transform([]).shape == (0, len(FEATURES))


def test_values_stay_in_the_ranges_of_the_table(corpus):
    X = OutreachVectorizer().transform([e.message for e in corpus])
    for column, feature in zip(X.T, FEATURES, strict=True):
        assert feature.low <= column.min(), feature.name
        assert column.max() <= feature.high, feature.name


def test_every_feature_is_something_somewhere(corpus):
    X = OutreachVectorizer().transform([e.message for e in corpus])
    dead = [
        f.name for column, f in zip(X.T, FEATURES, strict=True) if np.ptp(column) == 0 and f.name != "copied"
    ]
    assert dead == []
