"""Ratings as a data frame. Schema of the rows: ``docs/schema.md``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from authentic_outreach.features import FEATURE_NAMES
from authentic_outreach.rating import Rating

if TYPE_CHECKING:
    import pandas as pd

FLAT = ("id", "status", "reason", "score", "label", "subject", "sender", "date", "channel", "kind", "purpose")
NESTED = ("features", "evidence", "advice")


def to_frame(ratings: Iterable[Rating]) -> pd.DataFrame:
    """One row a message: the flat fields, a column ``feature.<name>`` each, evidence and advice as lists.

    ``score`` and the features are NaN where a message was not rated.
    """
    import pandas as pd

    rows = []
    for rating in ratings:
        row = rating.to_row()
        features = row.pop("features")
        row |= {f"feature.{name}": features.get(name, float("nan")) for name in FEATURE_NAMES}
        rows.append(row)
    columns = [*FLAT, "evidence", "advice", "model", "schema", *(f"feature.{name}" for name in FEATURE_NAMES)]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"score": "float64"})
