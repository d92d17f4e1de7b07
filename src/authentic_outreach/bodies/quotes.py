"""Quoted and forwarded mail in a body: attribution lines, blocks of headers, separators, lines with ``>``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

from authentic_outreach.bodies.clients import Starts, clients, line_at, literal

MAX_ATTRIBUTION = 300
"""Characters of an attribution line, however it is wrapped; names and addresses of both sides fit in."""
MAX_STARTS = 50
"""Quoted mails that are told apart in one body."""
MAX_HEADERS = 15
"""Lines of a block of headers."""

_QUOTED = re.compile(r"(?m)^[ \t]?>[^\n]*(?:\n|\Z)")
_ADDRESS = re.compile(r"[<(\[][^\s<>()]{1,100}@[^\s<>()]{1,100}[>)\]]")
_DATE = re.compile(r"\d{1,2}[:.h]\d\d|(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d月")
_LINE = re.compile(r"[^\n]+")
_FOLLOWED = re.compile(r"\s{0,20}>")
_ATTRIBUTION_ENDS = frozenset(":：e")  # the last: Zoho's "---- On ... wrote ----"
_COLON = re.compile("[:：]")
_RULER = re.compile(r"[ \t]*(?:[-_=*]{5,}[ \t]*)?\n")


class _Signs(NamedTuple):
    """What `clients.toml` says, as patterns."""

    wrote: re.Pattern[str]
    opening: re.Pattern[str]
    separator: re.Pattern[str]
    header: re.Pattern[str]
    header_starts: frozenset[str]
    announcements: Starts
    reply_marks: tuple[str, ...]


@cache
def _signs() -> _Signs:
    words = clients()
    headers = words["headers"]
    named = "|".join(f"(?P<{name}>{literal(headers[name])})" for name in ("from", "sent", "to", "subject"))
    return _Signs(
        re.compile(rf"(?<!\w)(?:{literal(words['wrote'])})(?!\w)|写道|寫道|のメール|작성|書きました"),
        re.compile(rf"[-_>*\s]*(?:{'|'.join(words['opening'])})(?:[ ,.:/年-]|(?<=\d)|(?<=[在于]))"),
        re.compile(rf"[ \t]*[-_*=#‐–—]{{2,}}[ \t]*(?:{literal(words['separators'])})"),
        re.compile(rf"[ \t]*\*?(?:{named})[ \t]?\*?[ \t\u3000]?[:：]\*?(?=[ \t\u3000]|$)", re.MULTILINE),
        frozenset(word[:2] for kind in headers.values() for word in kind),
        Starts(phrase.lower() for phrase in words["announcements"]),
        tuple(words["reply_marks"]),
    )  # fmt: skip


def quote_ranges(text: str) -> list[tuple[int, int]]:
    """The ranges of a text that somebody wrote earlier, or elsewhere.

    Where own text stands before a quote that is not marked line by line, all that follows is quoted. A mail
    that is nothing but a forward keeps the forwarded words; only its header lines are cut.
    """
    cuts = [match.span() for match in _QUOTED.finditer(text)] if ">" in text else []
    for start, end in islice(_starts(text), MAX_STARTS):
        if _FOLLOWED.match(text, end):
            cuts.append((start, end))
        elif _own(text, start, cuts):
            return [cut for cut in cuts if cut[0] < start] + [(start, len(text))]
        else:
            cuts.append((start, end))
    return cuts


def _own(text: str, end: int, cuts: list[tuple[int, int]]) -> bool:
    """Whether anything but cuts stands before ``end``."""
    position = 0
    for start, stop in sorted(cuts):
        if start >= end:
            break
        if text[position:start].strip():
            return True
        position = max(position, stop)
    return bool(text[position:end].strip())


def _starts(text: str) -> Iterator[tuple[int, int]]:
    """Where quoted mails begin: the ranges of the lines that say so."""
    signs = _signs()
    folded = text.lower()
    marked = any(mark in folded for mark in signs.reply_marks)
    position = 0
    for match in _LINE.finditer(text):
        start, end = match.span()
        line = match.group().strip(" \t*\r")
        if start < position or not line or line[0] == ">":
            continue
        span: tuple[int, int] | None = None
        if line[0] in "-_=#‐–—" and signs.separator.match(line):
            span = _with_headers(text, start, end, signs)
        elif marked and any(mark in line.lower() for mark in signs.reply_marks):
            span = start, end
        elif len(line) < 80 and signs.announcements.match(line.lower()):
            span = _with_headers(text, start, end, signs)
        elif (
            line[:2] in signs.header_starts
            and _COLON.search(line, 0, 30)
            and (stop := _headers(text, start, signs))
        ):
            span = start, stop
        if span is None and line.rstrip("-‐ ")[-1:] in _ATTRIBUTION_ENDS:
            span = _attribution(text, start, end, signs)
        if span:
            position = span[1]
            yield _with_ruler(text, span[0]), span[1]


def _attribution(text: str, start: int, end: int, signs: _Signs) -> tuple[int, int] | None:
    """The attribution that ends with this line, wrapped over up to four; None where it is none."""
    begins = [start]
    while len(begins) < 4 and begins[-1] > 0:
        before = line_at(text, begins[-1] - 1)
        if not text[before[0] : before[1]].strip() or end - before[0] > MAX_ATTRIBUTION:
            break
        begins.append(before[0])
    if text[start:end].rstrip("-‐ \t*\r")[-1:] == "e" and not re.search(
        r"wrote\s*[-‐]*\s*$", text[start:end]
    ):
        return None
    for begin in reversed(begins):
        line = text[begin:end]
        if len(line) > MAX_ATTRIBUTION:
            continue
        said, dated, addressed = signs.wrote.search(line), _DATE.search(line), _ADDRESS.search(line)
        opened = signs.opening.match(line)
        if opened and dated and (said or addressed):
            return begin, end
        if begin != start and not (
            said and addressed and dated and _ADDRESS.search(text[begin : line_at(text, begin)[1]])
        ):
            continue
        if (said and (addressed or (dated and opened))) or (addressed and dated and len(line) < 160):
            return begin, end
        if said and _FOLLOWED.match(text, end):
            return begin, end
    return None


def _headers(text: str, start: int, signs: _Signs, sure: bool = False) -> int | None:
    """Where a block of header lines ends that starts here; None where these are no headers of a mail.

    ``sure`` where a separator stands above: one line is enough then.
    """
    kinds: set[str] = set()
    position, odd, stop = start, 0, start
    for _ in range(MAX_HEADERS):
        if position >= len(text) or odd >= 2:
            break
        begin, end = line_at(text, position)
        match = signs.header.match(text, begin, end)
        if match:
            kinds.add(match.lastgroup or "")
            stop, odd = end, 0
        elif not text[begin:end].strip():
            if len(kinds) >= (1 if sure else 2):
                break
            odd += 1
        else:
            odd += 1
        position = end + 1
    if sure:
        return stop
    enough = len(kinds) >= 2 if "from" in kinds else len(kinds) >= 3
    return stop if enough and ("sent" in kinds or len(kinds) >= 3) else None


def _with_headers(text: str, start: int, end: int, signs: _Signs) -> tuple[int, int]:
    """A separator and the header lines under it."""
    position = end
    while position < len(text) and text[position] in "\n \t\r":
        position += 1
    if position < len(text) and signs.header.match(text, position):
        return start, _headers(text, line_at(text, position)[0], signs, sure=True) or end
    return start, end


def _with_ruler(text: str, start: int) -> int:
    """The start of the empty lines and rulers right above a position."""
    while start > 0:
        begin, end = line_at(text, start - 1)
        if not _RULER.fullmatch(text[begin : end + 1]):
            break
        start = begin
    return start
