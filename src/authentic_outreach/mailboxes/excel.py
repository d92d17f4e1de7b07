"""Excel workbooks, first sheet, read row by row with openpyxl (extra ``[excel]``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from authentic_outreach.mailboxes.columns import Columns, find_columns, read_record
from authentic_outreach.messages import Failure, Message


def read_excel(path: Path) -> Iterator[Message | Failure]:
    """Yield a message a row of the first sheet.

    Raises
    ------
    ValueError
        If no column is a body, the file is no workbook, or openpyxl is not installed.
    """
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise ValueError(
            f"{path}: reading Excel needs openpyxl; pip install 'authentic-outreach[excel]'"
        ) from error
    try:
        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, IndexError) as error:
        raise ValueError(f"{path}: not an Excel workbook ({error}); save it as .xlsx or .csv") from error
    rows = sheet.iter_rows(values_only=True)
    header = [str(cell or "") for cell in next(rows, ())]
    return _rows(rows, header, find_columns(header, path), path)


def _rows(
    rows: Iterator[Any], header: list[str], columns: Columns, path: Path
) -> Iterator[Message | Failure]:
    for number, cells in enumerate(rows, 1):
        row = dict(zip(header, cells, strict=False))
        if any(cell is not None for cell in cells):
            yield read_record(row, columns, number, path)
