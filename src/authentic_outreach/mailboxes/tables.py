"""Tables of messages: CSV and TSV with any delimiter and encoding, and JSON Lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from authentic_outreach.mailboxes.draft import decode_text
from authentic_outreach.messages import CHANNELS, Channel, Failure, Message, Person

SYNONYMS: dict[str, tuple[str, ...]] = {
    "body": ("body", "text", "message", "content", "email body", "message body", "mail", "body text"),
    "subject": ("subject", "subject line", "title", "email subject"),
    "id": ("id", "message id", "uid", "key", "number"),
    "sender": ("sender", "from", "from name", "sender name", "from address", "from email"),
    "recipient": ("recipient", "to", "to name", "recipient name", "to address", "to email"),
    "channel": ("channel", "medium", "type"),
    "date": ("date", "sent", "sent at", "received", "timestamp", "time", "datetime"),
}
"""Column names that are understood, lower-cased, with ``-`` and ``_`` read as spaces."""

_CHANNEL_NAMES: dict[str, Channel] = {
    "mail": "email", "e-mail": "email", "inmail": "linkedin", "linkedin message": "linkedin",
    "linkedin_invite": "linkedin",
    "issue": "chat", "text": "sms", "whatsapp": "chat", "slack": "chat", "dm": "chat",
}  # fmt: skip
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


def _csv_rows(
    path: Path, encoding: str, delimiter: str, columns: dict[str, str]
) -> Iterator[Message | Failure]:
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
    try:
        columns = find_columns(list(item), path)
    except ValueError as error:
        return Failure(str(item.get("id") or f"{path.name}#{number}"), str(error), str(path))
    return read_record(item, columns, number, path)


def find_columns(names: Iterable[str], path: Path) -> dict[str, str]:
    """Which column holds which field: field → column name."""
    plain = {name.strip().lstrip("\ufeff").lower().replace("_", " ").replace("-", " "): name.strip().lstrip("\ufeff")
             for name in names}  # fmt: skip
    columns: dict[str, str] = {}
    for field, synonyms in SYNONYMS.items():
        if column := next((plain[s] for s in synonyms if s in plain), None):
            columns[field] = column
    if "body" not in columns:
        raise ValueError(
            f"{path}: no column holds the body; found {sorted(plain.values())}, "
            f"need one of {', '.join(SYNONYMS['body'])}; rename the column"
        )
    return columns


def read_record(
    row: Mapping[str, Any], columns: dict[str, str], number: int, path: Path
) -> Message | Failure:
    """The message of a table's row; a `Failure` where its body is no text."""
    values = {field: row.get(column) for field, column in columns.items()}
    identity = str(values.get("id") or f"{path.name}#{number}")
    body = values["body"]
    if not isinstance(body, str):
        kind = "missing" if body is None else f"a {type(body).__name__}"
        return Failure(identity, f"row {number}: the body in column {columns['body']!r} is {kind}", str(path))
    subject = values.get("subject")
    return Message(
        body=body,
        subject=str(subject) if subject not in (None, "") else None,
        id=identity,
        sender=_person(values.get("sender")),
        recipient=_person(values.get("recipient")),
        channel=known_channel(values.get("channel")),
        date=_date(values.get("date")),
        source=str(path),
    )


def known_channel(name: Any) -> Channel:
    """The channel that a table's cell names; what is not known is taken for email."""
    plain = str(name or "email").strip().lower()
    return next((channel for channel in CHANNELS if channel == plain), _CHANNEL_NAMES.get(plain, "email"))


def _person(value: Any) -> Person | None:
    if isinstance(value, dict):
        facts = value.get("facts") or ()
        known = {k: str(value.get(k) or "") for k in ("name", "address", "role", "company")}
        return Person(**known, facts=tuple(map(str, [facts] if isinstance(facts, str) else facts)))
    if not value:
        return None
    text = str(value)
    return Person(address=text) if "@" in text and " " not in text else Person(name=text)


def _date(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


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
