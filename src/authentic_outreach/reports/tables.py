"""Ratings as rows of files and as a data frame. Schema of the rows: ``docs/schema.md``."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from authentic_outreach.features import FEATURE_NAMES
from authentic_outreach.rating import Rating

if TYPE_CHECKING:
    import pandas as pd

FLAT = ("id", "status", "reason", "score", "label", "subject", "sender", "date", "channel")
NESTED = ("features", "evidence", "advice")
SUFFIXES = (".jsonl", ".csv", ".parquet")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


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


def plain_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: a text that starts like one gets a leading ``'``.

    >>> plain_cell("=HYPERLINK(0)"), plain_cell("hello"), plain_cell(-1.5)
    ("'=HYPERLINK(0)", 'hello', -1.5)
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value


class Sink(Protocol):
    """Takes ratings one by one."""

    def write(self, rating: Rating) -> None:
        """Take one rating."""


class JsonlSink:
    """One JSON object a line."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, rating: Rating) -> None:
        """Write one line. What is no Unicode text (a lone surrogate) is written as an escape."""
        line = json.dumps(rating.to_row(), ensure_ascii=False)
        if not line.isascii() and any("\ud800" <= char <= "\udfff" for char in line):
            line = json.dumps(rating.to_row())
        self._file.write(line + "\n")


class CsvSink:
    """One row a rating; features, evidence and advice are JSON in their cells."""

    def __init__(self, file: IO[str]) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow([*FLAT, *NESTED, "model", "schema"])

    def write(self, rating: Rating) -> None:
        """Write one row, formulas made harmless."""
        row = rating.to_row()
        for name in NESTED:
            row[name] = json.dumps(row[name])
        self._writer.writerow(
            [_printable(plain_cell(row[name])) for name in (*FLAT, *NESTED, "model", "schema")]
        )


class ParquetSink:
    """Row groups of a Parquet file, columns as in `CsvSink`; needs the extra ``[parquet]``."""

    ROWS = 5000

    def __init__(self, path: Path) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            raise ValueError(
                f"{path}: writing Parquet needs pyarrow; pip install 'authentic-outreach[parquet]'"
            ) from error
        self._arrow = pyarrow
        texts = [name for name in (*FLAT, *NESTED, "model") if name != "score"]
        types = {name: pyarrow.string() for name in texts} | {
            "score": pyarrow.float64(),
            "schema": pyarrow.int64(),
        }
        names = (*FLAT, *NESTED, "model", "schema")
        self._schema = pyarrow.schema([(name, types[name]) for name in names])
        self._file = pyarrow.parquet.ParquetWriter(path, self._schema)
        self._rows: list[dict[str, Any]] = []

    def write(self, rating: Rating) -> None:
        """Take one row; rows go to the file by the thousand."""
        row = rating.to_row()
        for name in NESTED:
            row[name] = json.dumps(row[name])
        self._rows.append({name: _printable(value) for name, value in row.items()})
        if len(self._rows) >= self.ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._file.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
            self._rows = []

    def close(self) -> None:
        """Write what is left, and the file's footer."""
        self._flush()
        self._file.close()


def _printable(value: Any) -> Any:
    """The value with what UTF-8 cannot hold (lone surrogates) replaced."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


@contextmanager
def open_sink(path: str | PathLike[str]) -> Iterator[Sink]:
    """A sink for a path ending in ``.jsonl``, ``.csv`` or ``.parquet``.

    Raises
    ------
    ValueError
        For another ending, or where Parquet is asked for without pyarrow.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"{path}: cannot tell the format; end the name in {', '.join(SUFFIXES)}")
    if suffix == ".parquet":
        sink = ParquetSink(path)
        try:
            yield sink
        finally:
            sink.close()
    else:
        with path.open("w", encoding="utf-8", newline="" if suffix == ".csv" else "\n") as file:
            yield CsvSink(file) if suffix == ".csv" else JsonlSink(file)
