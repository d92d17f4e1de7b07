"""Rows of tables as messages: which column holds what, told by ``columns.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from authentic_outreach.bodies.markup import read_html
from authentic_outreach.messages import CHANNELS, Channel, Failure, Message, Person

_CHANNEL_NAMES: dict[str, Channel] = {
    "mail": "email", "e-mail": "email", "inmail": "linkedin", "linkedin message": "linkedin",
    "linkedin_invite": "linkedin",
    "issue": "chat", "text": "sms", "whatsapp": "chat", "slack": "chat", "dm": "chat",
}  # fmt: skip


class Columns(NamedTuple):
    """Field → the table's name of its column, and the channel where the kind of table tells it."""

    fields: dict[str, str]
    channel: Channel | None = None


@cache
def _known() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("columns.toml").read_text(encoding="utf-8"))


def plain_name(name: str) -> str:
    """A column's name as it is compared.

    >>> plain_name("\\ufeffFrom_Email ")
    'from email'
    """
    return (
        name.strip().lstrip("\ufeff").strip('"').lower().replace("_", " ").replace("-", " ").replace(".", " ")
    )


def find_columns(names: Iterable[str], path: Path) -> Columns:
    """Which column holds which field, by the export a table comes from, else by synonyms.

    Raises
    ------
    ValueError
        If no column is a body.
    """
    plain = {plain_name(name): name.strip().lstrip("\ufeff") for name in names}
    for export in _known()["export"]:
        if all(plain_name(name) in plain for name in export["when"]):
            fields = {f: plain[plain_name(c)] for f, c in export["fields"].items() if plain_name(c) in plain}
            return Columns(fields, export.get("channel"))
    fields = {}
    synonyms: dict[str, list[str]] = _known()["columns"]
    for field, wordings in synonyms.items():
        if column := next((plain[w] for w in wordings if w in plain), None):
            fields[field] = column
    if not {"body", "body_html"} & set(fields):
        raise ValueError(
            f"{path}: no column holds the body; found {sorted(plain.values())}, "
            f"need one of {', '.join(synonyms['body'])}; rename the column"
        )
    return Columns(fields)


def read_record(row: Mapping[str, Any], columns: Columns, number: int, path: Path) -> Message | Failure:
    """The message of a table's row; a `Failure` where its body is no text."""
    values = {field: row.get(column) for field, column in columns.fields.items()}
    identity = str(values.get("id") or f"{path.name}#{number}")
    body, html = values.get("body"), values.get("body_html")
    markup = None
    if not (isinstance(body, str) and body.strip()) and isinstance(html, str) and html.strip():
        body, markup = read_html(html)
    if not isinstance(body, str):
        kind = "missing" if body is None else f"a {type(body).__name__}"
        column = columns.fields.get("body") or columns.fields["body_html"]
        return Failure(identity, f"row {number}: the body in column {column!r} is {kind}", str(path))
    subject = values.get("subject")
    return Message(
        body=body,
        subject=str(subject) if subject not in (None, "") else None,
        id=identity,
        sender=_person(values.get("sender"), values.get("sender_address")),
        recipient=_person(values.get("recipient"), values.get("recipient_address")),
        channel=columns.channel or known_channel(values.get("channel")),
        date=read_date(values.get("date")),
        headers={"x-thread": str(values["thread"])} if values.get("thread") else {},
        source=str(path),
        markup=markup,
    )


def known_channel(name: Any) -> Channel:
    """The channel that a table's cell names; what is not known is taken for email."""
    plain = str(name or "email").strip().lower()
    return next((channel for channel in CHANNELS if channel == plain), _CHANNEL_NAMES.get(plain, "email"))


def _person(value: Any, address: Any = None) -> Person | None:
    if isinstance(value, dict):
        facts = value.get("facts") or ()
        known = {k: str(value.get(k) or "") for k in ("name", "address", "role", "company")}
        return Person(**known, facts=tuple(map(str, [facts] if isinstance(facts, str) else facts)))
    if not value and not address:
        return None
    text = str(value or "")
    if "@" in text and " " not in text:
        return Person(address=text)
    return Person(name=text, address=str(address or ""))


def read_date(value: Any) -> datetime | None:
    """A date as tables have it: a datetime, ISO 8601, seconds or milliseconds since 1970, or as people write it."""
    if not value or isinstance(value, datetime):
        return value or None
    text = str(value).strip()
    try:
        if text.isdigit() and len(text) in (10, 13):
            return datetime.fromtimestamp(int(text) / (1 if len(text) == 10 else 1000), UTC)
        return datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return _date_in_words(text)


def _date_in_words(text: str) -> datetime | None:
    from dateutil import parser

    try:
        found: datetime = parser.parse(text[:60])
    except (ValueError, OverflowError):
        return None
    return found
