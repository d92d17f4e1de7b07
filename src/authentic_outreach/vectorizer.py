"""Messages to numbers, as scikit-learn wants it: the features of the table, in its order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from authentic_outreach.features import FEATURE_NAMES
from authentic_outreach.messages import Message
from authentic_outreach.persistence import load_model
from authentic_outreach.reading import default_reader
from authentic_outreach.wording import Wording


class OutreachVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Measure the features of messages. Nothing is learned here; `fit` only checks its input.

    The spaCy pipeline is shared by the process and built at the first message, so that a clone
    copies nothing. ``set_output(transform="pandas")`` works as usual.

    Parameters
    ----------
    wording : Wording, "shipped" or None, default="shipped"
        The model that weighs words for the feature of that name: by default the one of the model that came with
        this package; with None the feature is 0.

    Examples
    --------
    >>> X = OutreachVectorizer().fit_transform(["Act now, only 3 spots left!", "How do you dry the oak?"])
    >>> X.shape[1] == len(OutreachVectorizer().get_feature_names_out())
    True
    """

    def __init__(self, wording: Wording | str | None = "shipped") -> None:
        self.wording = wording

    def fit(self, X: Iterable[str | Message], y: Any = None) -> Self:
        """Check that ``X`` is a collection of messages and not one text.

        Raises
        ------
        TypeError
            If ``X`` is a single ``str`` or `Message`.
        """
        _refuse_single(X)
        return self

    def transform(self, X: Iterable[str | Message]) -> np.ndarray:
        """Feature values; shape (n_messages, n_features), dtype float64.

        Raises
        ------
        TypeError
            If ``X`` is a single ``str`` or `Message`, or an item is neither.
        ValueError
            If ``wording`` is another text than ``"shipped"``.
        """
        _refuse_single(X)
        if isinstance(self.wording, str) and self.wording != "shipped":
            raise ValueError(f"wording={self.wording!r} is neither 'shipped', None, nor a Wording")
        wording = load_model().wording if isinstance(self.wording, str) else self.wording
        reader = default_reader()
        messages = (item if isinstance(item, Message) else Message(body=item) for item in X)
        rows = [reader.read(message, wording).values for message in messages]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURE_NAMES))

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The names of the columns, in the order of the feature table."""
        return np.array(FEATURE_NAMES, dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = False
        return tags


def _refuse_single(X: Any) -> None:
    if isinstance(X, str | Message):
        raise TypeError(f"a single {type(X).__name__} is no collection of messages; wrap it in a list")
