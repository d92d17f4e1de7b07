"""Files that take rows: JSON Lines, CSV, Parquet, SQLite. Schema of the rows: ``docs/schema.md``."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import IO, Any, Protocol

from authentic_outreach.reports.tables import FLAT, NESTED

SUFFIXES = (".jsonl", ".csv", ".parquet", ".sqlite", ".db")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_COLUMNS = (*FLAT, *NESTED, "model", "schema")

Row = dict[str, Any]
"""What `Rating.to_row` gives."""


def plain_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: a text that starts like one gets a leading ``'``.

    >>> plain_cell("=HYPERLINK(0)"), plain_cell("hello"), plain_cell(-1.5)
    ("'=HYPERLINK(0)", 'hello', -1.5)
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value


class Sink(Protocol):
    """Takes rows one by one."""

    def write(self, row: Row) -> None:
        """Take one row."""


class JsonlSink:
    """One JSON object a line."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, row: Row) -> None:
        """Write one line. What is no Unicode text (a lone surrogate) is written as an escape."""
        line = json.dumps(row, ensure_ascii=False)
        if not line.isascii() and any("\ud800" <= char <= "\udfff" for char in line):
            line = json.dumps(row)
        self._file.write(line + "\n")


class CsvSink:
    """One line a row; features, evidence and advice are JSON in their cells."""

    def __init__(self, file: IO[str]) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow(_COLUMNS)

    def write(self, row: Row) -> None:
        """Write one row, formulas made harmless."""
        row = row | {name: json.dumps(row[name]) for name in NESTED}
        self._writer.writerow([_printable(plain_cell(row[name])) for name in _COLUMNS])


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
        self._schema = pyarrow.schema([(name, types[name]) for name in _COLUMNS])
        self._file = pyarrow.parquet.ParquetWriter(path, self._schema)
        self._rows: list[dict[str, Any]] = []

    def write(self, row: Row) -> None:
        """Take one row; rows go to the file by the thousand."""
        row = row | {name: json.dumps(row[name]) for name in NESTED}
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


class SqliteSink:
    """A table ``ratings`` and its full-text index ``ratings_fts`` over id, subject, sender and reason.

    As Datasette expects them: the index is an FTS5 table whose content is the table.
    """

    _SEARCHED = "id, subject, sender, reason"

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._database = sqlite3.connect(path)
        types = {"score": "REAL", "schema": "INTEGER"}
        columns = ", ".join(f'"{name}" {types.get(name, "TEXT")}' for name in _COLUMNS)
        self._database.execute(f"CREATE TABLE ratings ({columns})")

    def write(self, row: Row) -> None:
        """Take one row."""
        row = row | {name: json.dumps(row[name]) for name in NESTED}
        marks = ", ".join("?" for _ in _COLUMNS)
        self._database.execute(
            f"INSERT INTO ratings VALUES ({marks})", [_printable(row[name]) for name in _COLUMNS]
        )

    def close(self) -> None:
        """Build the index and write everything."""
        self._database.execute(
            f"CREATE VIRTUAL TABLE ratings_fts USING fts5({self._SEARCHED}, content='ratings')"
        )
        self._database.execute("INSERT INTO ratings_fts (ratings_fts) VALUES ('rebuild')")
        self._database.commit()
        self._database.close()


def _printable(value: Any) -> Any:
    """The value with what UTF-8 cannot hold (lone surrogates) replaced."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def check_suffix(path: Path) -> None:
    """Raise ``ValueError`` for a path whose ending names no format of rows."""
    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{path}: cannot tell the format; end the name in {', '.join(SUFFIXES)}")


@contextmanager
def open_sink(path: str | PathLike[str]) -> Iterator[Sink]:
    """A sink for a path ending in one of `SUFFIXES`; the file is there when the block ends, whole or not at all.

    Raises
    ------
    ValueError
        For another ending, or where Parquet is asked for without pyarrow.
    """
    path = Path(path)
    check_suffix(path)
    suffix = path.suffix.lower()
    unfinished = path.with_name(f"{path.name}.part")
    try:
        if suffix in (".jsonl", ".csv"):
            with unfinished.open("w", encoding="utf-8", newline="" if suffix == ".csv" else "\n") as file:
                yield CsvSink(file) if suffix == ".csv" else JsonlSink(file)
        else:
            sink = ParquetSink(unfinished) if suffix == ".parquet" else SqliteSink(unfinished)
            yield sink
            sink.close()
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
