"""Tables of messages: CSV and TSV with any delimiter and encoding, and JSON Lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from authentic_outreach.mailboxes.columns import Columns, find_columns, read_record
from authentic_outreach.mailboxes.draft import decode_text
from authentic_outreach.messages import Failure, Message

_FIELD_LIMIT = 2**31 - 1
_limit_lock = Lock()


def read_csv(path: Path) -> Iterator[Message | Failure]:
    """Yield a message a row of a CSV or TSV file.

    Raises
    ------
    ValueError
        If no column is a body.
    """
    with path.open("rb") as file:
        sample = decode_text(file.read(262_144))
    encoding = _encoding(path)
    header = sample.splitlines()[0] if sample else ""
    delimiter = max(",;\t|", key=header.count)
    columns = find_columns(next(csv.reader([header], delimiter=delimiter), []), path)
    return _csv_rows(path, encoding, delimiter, columns)


def _csv_rows(path: Path, encoding: str, delimiter: str, columns: Columns) -> Iterator[Message | Failure]:
    with path.open(encoding=encoding, errors="replace", newline="") as file, _long_cells():
        rows = csv.DictReader((line.replace("\0", "") for line in file), delimiter=delimiter)
        rows.fieldnames = [name.strip().lstrip("\ufeff") for name in rows.fieldnames or ()]
        number = 0
        while True:
            number += 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield Failure(f"{path.name}#{number}", f"row {number} could not be read: {error}", str(path))
                continue
            yield read_record({k: v for k, v in row.items() if isinstance(k, str)}, columns, number, path)


def read_jsonl(path: Path) -> Iterator[Message | Failure]:
    """Yield a message a line of a JSON Lines file (or an item of a JSON array)."""
    with path.open("rb") as file:
        head = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"["):
        items: Iterable[Any] = json.loads(decode_text(path.read_bytes()))
        return (_json_record(item, number, path) for number, item in enumerate(items, 1))
    return _jsonl_rows(path)


def _jsonl_rows(path: Path) -> Iterator[Message | Failure]:
    with path.open(encoding=_encoding(path), errors="replace") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Failure(f"{path.name}#{number}", f"line {number} is not JSON: {error}", str(path))
                continue
            yield _json_record(item, number, path)


def _json_record(item: Any, number: int, path: Path) -> Message | Failure:
    if not isinstance(item, dict):
        kind = type(item).__name__
        return Failure(f"{path.name}#{number}", f"line {number} holds a {kind}, not an object", str(path))
    flat = dict(item)
    if isinstance(
        inner := item.get("body"), dict
    ):  # {"body": {"text": ..., "html": ...}}, as web services have it
        flat |= {f"body.{name}": value for name, value in inner.items()}
        del flat["body"]
    try:
        columns = find_columns(list(flat), path)
    except ValueError as error:
        return Failure(str(item.get("id") or f"{path.name}#{number}"), str(error), str(path))
    return read_record(flat, columns, number, path)


def _encoding(path: Path) -> str:
    """The encoding of a text file, from its byte order mark or its first 256 KiB."""
    with path.open("rb") as file:
        raw = file.read(262_144)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(raw) - 4:
            from charset_normalizer import from_bytes

            best = from_bytes(raw).best()
            return best.encoding if best else "latin-1"
    return "utf-8-sig"


@contextmanager
def _long_cells() -> Iterator[None]:
    """Lift the csv module's limit of 131,072 characters a cell, and put it back."""
    with _limit_lock:
        before = csv.field_size_limit(_FIELD_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)
