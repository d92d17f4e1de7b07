"""Messages from phones: Android's SMS Backup & Restore (XML), and WhatsApp's "export chat" (text)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from authentic_outreach.mailboxes.columns import read_date
from authentic_outreach.mailboxes.draft import decode_text
from authentic_outreach.messages import Failure, Message, Person

_RECEIVED = "1"  # of an sms element's type: 1 received, 2 sent, 3 draft ... (Android's Telephony.Sms)
_NO_ENTRY = {"null", "(Unknown)", "", None}


def read_sms(path: Path) -> Iterator[Message | Failure]:
    """Yield the received messages of an SMS Backup & Restore file; pictures and what the owner sent are left out.

    The program writes emoji as two character references of surrogates (``&#55357;&#56832;``), which are no XML;
    they are mended before parsing, a line at a time, as the program writes one message a line.
    """
    number = 0
    with path.open("rb") as file:
        for raw in file:
            if b"<sms " not in raw:
                continue
            number += 1
            yield from _sms(raw[:1_000_000].decode("utf-8", "replace"), f"{path.name}#{number}", path)


def _sms(line: str, identity: str, path: Path) -> Iterator[Message | Failure]:
    from lxml import etree

    start, end = line.find("<sms "), line.rfind("/>")
    text = _SURROGATES.sub(_joined, line[start : end + 2 if end > start else None])
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)
        fields = etree.fromstring(text.encode("utf-8", "replace"), parser).attrib
    except etree.XMLSyntaxError as error:
        yield Failure(identity, f"the line is no sms element: {error}", str(path))
        return
    if fields.get("type") != _RECEIVED:
        return
    name, address = fields.get("contact_name"), fields.get("address") or ""
    yield Message(
        body=fields.get("body") or "",
        id=identity,
        sender=Person(name="" if name in _NO_ENTRY else str(name), address=address),
        channel="sms",
        date=read_date(fields.get("date")),
        headers={} if name in _NO_ENTRY else {"x-known-contact": str(name)},
        source=str(path),
    )


_SURROGATES = re.compile(r"&#(5[5-6]\d{3});&#(5[6-7]\d{3});")


def _joined(match: re.Match[str]) -> str:
    high, low = int(match[1]), int(match[2])
    if 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return "\ufffd"


# "[02/03/2026, 14:05:33] Ana: text" (iPhone), "02/03/2026, 14:05 - Ana: text" (Android), with am and pm, and
# with the left-to-right mark that iPhones put first.
_CHAT_LINE = re.compile(
    r"^\u200e?\[?(\d{1,4}[./-]\d{1,2}[./-]\d{2,4}),? (\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[ \u202f]?[APap]\.?[Mm]\.?)?)"
    r"(?:\]| -) ([^:\n]{1,60}): ?(.*)$"
)
_CHAT_SYSTEM = re.compile(
    r"^\u200e?\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}[:.]\d\d[^\n]{0,20}?(?:\]| -) "
)


def is_chat(head: str) -> bool:
    """True if the first lines are those of an exported chat."""
    lines = [line for line in head.splitlines()[:10] if line.strip()]
    return sum(bool(_CHAT_SYSTEM.match(line)) for line in lines) >= max(2, len(lines) // 2)


def read_chat(path: Path) -> Iterator[Message | Failure]:
    """Yield the messages of a WhatsApp chat; the program's own lines (encryption, who joined) are none."""
    with path.open("rb") as file:
        sender, date, number = "", "", 0
        lines: list[str] = []
        for raw in file:
            line = decode_text(raw).rstrip("\r\n")
            begins = _CHAT_SYSTEM.match(line)
            if not begins:
                if lines:
                    lines.append(line)
                continue
            if lines:
                yield _chat(lines, sender, date, number, path)
            lines = []
            if found := _CHAT_LINE.match(line):
                number += 1
                date, sender, lines = f"{found[1]} {found[2]}", found[3], [found[4]]
        if lines:
            yield _chat(lines, sender, date, number, path)


def _chat(lines: list[str], sender: str, date: str, number: int, path: Path) -> Message:
    return Message(
        body="\n".join(lines).replace("\u200e", "").strip(),
        id=f"{path.name}#{number}",
        sender=Person(name=sender),
        channel="chat",
        date=_chat_date(date),
        source=str(path),
    )


def _chat_date(text: str) -> datetime | None:
    """Day before month, as most of the world's phones write it, unless that is no date."""
    text = (
        text.replace("\u202f", " ").replace(".", "/", 2) if "/" not in text else text.replace("\u202f", " ")
    )
    for form in ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%y %H:%M:%S", "%d/%m/%y %H:%M",
                 "%m/%d/%y %I:%M %p", "%d/%m/%Y %I:%M %p", "%m/%d/%y %I:%M:%S %p"):  # fmt: skip
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return read_date(text)
