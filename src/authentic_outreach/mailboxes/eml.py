"""One mail in RFC 5322 form, as ``.eml`` files and mbox members hold it.

The standard library's parser under its ``compat32`` policy: it never refuses a mail, and on 250
real mails it parses about five times as many a second as under the default policy
(``benchmarks/README.md``). Decoding is ours to do then, and lies about charsets are forgiven.
"""

from __future__ import annotations

import email
import email.message
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import parseaddr, parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from authentic_outreach.bodies.markup import read_html, read_markup
from authentic_outreach.bodies.repair import mend, unflow
from authentic_outreach.messages import MASS_HEADERS, Failure, Markup, Message, Person

MAX_MAIL_BYTES = 50_000_000
"""A larger item is no outreach message; it becomes a `Failure` instead of filling the memory."""

MAX_HEADER_BYTES = 200_000
"""What the headers of a mail hold beyond this is left out; real ones hold some 5,000 bytes."""
MAX_PARTS = 2_000
"""What follows after so many lines that may separate parts is left out; real mails have some ten."""
MAX_VALUE_CHARS = 10_000
"""What one header's value holds beyond this is left out: decoding takes time that grows with its square."""

KEPT_HEADERS = (
    "list-id", "list-unsubscribe", "precedence", "auto-submitted", "x-auto-response-suppress",
    "in-reply-to", "references", "content-type", "return-path", "x-mailer", "x-gmail-labels", "x-gm-thrid",
    "x-mozilla-status", "to", "cc", "reply-to", "authentication-results", "arc-authentication-results",
    "user-agent", *MASS_HEADERS,
)  # fmt: skip


_BOUNDARY = re.compile(rb"\n--")
_HEADERS_END = re.compile(rb"\r?\n\r?\n")


# What is declared and what is sent: Windows programs name the smaller charset, as the WHATWG's table of labels has it.
_SUPERSETS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
}


class RawMail(NamedTuple):
    """The bytes of one mail before they are parsed, which is the dear part and may be done by a worker."""

    raw: bytes
    fallback_id: str
    source: str


def read_eml(path: Path) -> Iterator[RawMail | Failure]:
    """Yield the one mail of a file."""
    size = path.stat().st_size
    if size > MAX_MAIL_BYTES:
        yield Failure(
            path.name, f"the mail has {size:,} bytes, over the limit of {MAX_MAIL_BYTES:,}", str(path)
        )
        return
    yield RawMail(path.read_bytes(), path.name, str(path))


def parse_mail(mail: RawMail) -> Message | Failure:
    """Make a message of the bytes of one mail; what cannot be read comes back as a `Failure`."""
    raw, fallback_id, source = mail
    try:
        return _message(email.message_from_bytes(_bounded(raw)), fallback_id, source)
    except Exception as error:  # hostile input finds its way into any parser; nothing may be lost
        return Failure(fallback_id, f"the mail could not be read: {type(error).__name__}: {error}", source)


def _bounded(raw: bytes) -> bytes:
    """The mail with no more than `MAX_HEADER_BYTES` of headers and `MAX_PARTS` parts."""
    if raw.count(b"\n--") > MAX_PARTS:
        raw = raw[: next(islice(_BOUNDARY.finditer(raw), MAX_PARTS, None)).start()]
    end = _HEADERS_END.search(raw)
    if end is None or end.start() <= MAX_HEADER_BYTES:
        return raw
    cut = raw.rfind(b"\n", 0, MAX_HEADER_BYTES) + 1
    return (raw[:cut] if cut else raw[:MAX_HEADER_BYTES] + b"\n") + raw[end.start() + 1 :]


def _message(mail: email.message.Message, fallback_id: str, source: str) -> Message | Failure:
    # The bytes as they came: get() would put U+FFFD in the place of raw UTF-8, which RFC 6532 allows.
    fields: dict[str, str] = {}
    for name, raw in mail.raw_items():
        fields.setdefault(name.lower(), str(raw))
    identity = (_header(fields, "message-id") or "").strip() or fallback_id
    if not fields:
        return Failure(identity, "no mail headers: this is not a mail; rate it with format='draft'", source)
    body, markup = _body(mail)
    headers = {name: value for name in KEPT_HEADERS if (value := _header(fields, name))}
    return Message(
        body=body,
        subject=_header(fields, "subject"),
        id=identity,
        sender=_person(_header(fields, "from")),
        recipient=_person(_header(fields, "to")),
        date=_date(_header(fields, "date")),
        headers=headers,
        source=source,
        markup=markup,
    )


def _header(fields: dict[str, str], name: str) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    text = value[:MAX_VALUE_CHARS]
    if "=?" in text:
        with suppress(HeaderParseError, ValueError):  # a broken encoded word stays as it was sent
            text = "".join(
                decode(piece, charset) if isinstance(piece, bytes) else piece
                for piece, charset in decode_header(text)
            )
    elif any("\udc80" <= char <= "\udcff" for char in text):
        text = decode(text.encode("ascii", "surrogateescape"), None)
    return " ".join(text.split())


def decode(raw: bytes, charset: str | None) -> str:
    """Decode bytes by the charset they claim, else by UTF-8, else by what they look like."""
    for name in (charset, "utf-8"):
        if name:
            plain = name.strip("'\" ").lower()
            try:
                return raw.decode(_SUPERSETS.get(plain, plain))
            except (LookupError, UnicodeError, ValueError):
                continue
    with suppress(UnicodeError):
        if sum(byte > 127 for byte in raw) * 3 < len(raw):  # here and there an odd letter: a Western text
            return raw.decode("cp1252")
    from charset_normalizer import from_bytes

    best = from_bytes(raw[:65536]).best()
    return raw.decode(best.encoding if best else "latin-1", errors="replace")


def _body(mail: email.message.Message) -> tuple[str, Markup | None]:
    """The text a reader sees: the first plain part, else the first HTML part as text, else Outlook's own packet."""
    plain = html = packet = None
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "application/ms-tnef" or (part.get_filename() or "").lower() == "winmail.dat":
            packet = packet or part
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if kind == "text/html" and html is None:
            html = _text(part)
        elif kind == "text/plain" and plain is None and (text := _text(part)) is not None and text.strip():
            flowed = str(part.get_param("format", "")).lower() == "flowed"
            plain = unflow(text, str(part.get_param("delsp", "")).lower() == "yes") if flowed else text
    if plain is None and html is None and packet is not None:
        plain, html = _packet_body(packet)
    if plain is not None:
        return mend(plain), read_markup(html) if html else None
    if html is not None:
        page = read_html(mend(html))
        return page.text, page.markup
    return "", None


def _text(part: email.message.Message) -> str | None:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return None
    return decode(payload, part.get_content_charset()).replace("\r\n", "\n")


def _packet_body(part: email.message.Message) -> tuple[str | None, str | None]:
    """The plain and HTML bodies inside a ``winmail.dat``, in which Outlook wraps mail to whom it takes for Outlook."""
    try:
        from tnefparse import TNEF
    except ImportError as error:
        raise ValueError(
            "its words are inside a winmail.dat; pip install 'authentic-outreach[outlook]' reads it"
        ) from error
    packet = TNEF(part.get_payload(decode=True))
    body, html = packet.body, packet.htmlbody
    return (
        (decode(body, None) if isinstance(body, bytes) else body or "").strip("\0") or None,
        (decode(html, None) if isinstance(html, bytes) else html or "").strip("\0") or None,
    )


def _person(value: str | None) -> Person | None:
    if not value:
        return None
    name, address = parseaddr(value)
    return Person(name=name, address=address) if name or address else Person(name=value)


def _date(value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        return parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
