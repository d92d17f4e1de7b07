"""Parquet tables, read batch by batch with pyarrow (extra ``[parquet]``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from authentic_outreach.mailboxes.columns import Columns, find_columns, read_record
from authentic_outreach.messages import Failure, Message

ROWS = 1000
"""Rows held in memory at a time."""


def read_parquet(path: Path) -> Iterator[Message | Failure]:
    """Yield a message a row of a Parquet file.

    Raises
    ------
    ValueError
        If no column is a body, the file is no Parquet file, or pyarrow is not installed.
    """
    try:
        from pyarrow import ArrowInvalid
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise ValueError(
            f"{path}: reading Parquet needs pyarrow; pip install 'authentic-outreach[parquet]'"
        ) from error
    try:
        file = ParquetFile(path)
    except ArrowInvalid as error:
        raise ValueError(f"{path}: not a Parquet file ({error}); write the table anew") from error
    return _rows(file, find_columns(file.schema_arrow.names, path), path)


def _rows(file: object, columns: Columns, path: Path) -> Iterator[Message | Failure]:
    number = 0
    for batch in file.iter_batches(ROWS):  # type: ignore[attr-defined]  # pyarrow ships no types
        for row in batch.to_pylist():
            number += 1
            yield read_record(row, columns, number, path)
