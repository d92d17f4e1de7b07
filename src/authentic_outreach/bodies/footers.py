"""Footers: what lawyers, sending tools, virus scanners and phones add under a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from authentic_outreach.bodies.clients import Starts, clients

MAX_PARAGRAPH = 3_000
"""Characters of a footer's paragraph; of a longer one only the line that tells it is cut."""
MAX_DEVICE = 90
"""Characters of a line in which a phone names itself."""

_DECORATION = " \t>*_|•·–—-\"'(["
_GAP = re.compile(r"\n[ \t]*\n")
_LINE = re.compile(r"[^\n]+")


class _Words(NamedTuple):
    begins: Starts
    may_begin: Starts
    proof: tuple[str, ...]
    holds: tuple[str, ...]
    device_starts: Starts
    device_ends: tuple[str, ...]
    devices: tuple[str, ...]
    firsts: frozenset[str]  # the first two characters of all starts: few lines have them
    lasts: frozenset[str]


@cache
def _words() -> _Words:
    footers, devices = clients()["footers"], clients()["devices"]
    return _Words(
        Starts(footers["begins"]),
        Starts(footers["may_begin"]),
        tuple(footers["proof"]),
        tuple(footers["holds"]),
        Starts(devices["starts"]),
        tuple(devices["ends"]),
        tuple(devices["devices"]),
        frozenset(p[:2] for p in footers["begins"] + footers["may_begin"] + devices["starts"]),
        frozenset(p[-2:] for p in devices["ends"]),
    )


def footer_ranges(text: str) -> Iterator[tuple[int, int]]:
    """The footers of a text: whole paragraphs from the line where each begins, single lines of phones."""
    words = _words()
    folded = text.lower().replace("\u2019", "'") if text.isascii() or len(text.lower()) == len(text) else text
    held = any(phrase in folded for phrase in words.holds)
    position = 0
    for match in _LINE.finditer(folded):
        start, end = match.span()
        if start < position:
            continue
        line = match.group().strip(_DECORATION)
        if line[:2] not in words.firsts and line[-2:] not in words.lasts and not held:
            continue
        stop = start
        if len(line) <= MAX_DEVICE and _is_device(line, words):
            stop = end
        elif (
            words.begins.match(line)
            or (words.may_begin.match(line) and _holds(words.proof, folded, start))
            or (held and _is_first(folded, start) and _holds(words.holds, folded, start))
        ):
            stop = _paragraph_end(folded, start)
            stop = end if stop - start > MAX_PARAGRAPH else stop
        if stop > start:
            yield start, stop
            position = stop


def _is_device(line: str, words: _Words) -> bool:
    if words.device_starts.match(line):
        return True
    return line.endswith(words.device_ends) and any(device in line for device in words.devices)


def _holds(phrases: tuple[str, ...], text: str, start: int) -> bool:
    paragraph = text[start : min(_paragraph_end(text, start), start + MAX_PARAGRAPH)].replace("\n", " ")
    return any(phrase in paragraph for phrase in phrases)


def _paragraph_end(text: str, start: int) -> int:
    gap = _GAP.search(text, start)
    return gap.start() + 1 if gap else len(text)


def _is_first(text: str, start: int) -> bool:
    """Whether a line is the first of its paragraph."""
    return not text[text.rfind("\n", 0, max(0, start - 1)) + 1 : start].strip()
