"""The one text that is read of a message: subject and own words, each traceable to its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from authentic_outreach.bodies import MAX_CHARS, own_ranges
from authentic_outreach.evidence import Part, load_rules
from authentic_outreach.folding import INVISIBLE, SPACED, spaces_within
from authentic_outreach.messages import Message

# Characters that are no text: controls but for tab and line feed, lone surrogates, non-characters,
# and the marks that reorder text on screen (Unicode TR36). Each becomes one space: offsets stay.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
# Characters without a space between them, beyond any word, link or address: a wall of base64, a ruler,
# brackets. What follows the first `MAX_RUN` is left out, for the tokenizer's time grows with their square.
MAX_RUN = 300
_WALL = re.compile(rf"(?<=\S{{{MAX_RUN}}})\S+")
# The second are blanks at a line's end (format=flowed, RFC 3676, has one on most), the third makes a line of Windows one of ours.
_HIDDEN = re.compile(rf"{INVISIBLE.pattern}|(?<![ \t])[ \t]{{1,200}}(?=\r?\n)|\r(?=\n)")
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters of the text, and where it stands in the message."""

    start: int
    length: int
    part: Part
    part_start: int


@dataclass(frozen=True, slots=True)
class OwnText:
    """The text read of a message, with the way back to the message.

    ``subject_end`` is the number of characters that the subject takes; ``truncated`` tells that
    own words were left out because the body is over `MAX_CHARS`.
    """

    text: str
    segments: tuple[Segment, ...]
    subject_end: int
    truncated: bool

    def locate(self, start: int, end: int) -> tuple[Part, int, int]:
        """The part of the message, and the offsets in it, of characters ``start`` to ``end``."""
        first, last = self._segment(start), self._segment(max(start, end - 1))
        if last.part != first.part:
            last = first
        stop = min(end, last.start + last.length) - last.start + last.part_start
        return first.part, start - first.start + first.part_start, stop

    def find(self, part: Part, position: int) -> int:
        """The offset in the text of a character of the message; of one that was left out, where it would stand."""
        offset = 0
        for segment in self.segments:
            if segment.part == part and segment.part_start <= position:
                offset = segment.start + min(segment.length, position - segment.part_start)
        return offset

    def _segment(self, offset: int) -> Segment:
        index = bisect_right(self.segments, offset, key=lambda segment: segment.start) - 1
        if index < 0:
            raise ValueError(f"offset {offset} lies before the text's first segment")
        return self.segments[index]


def own_text(message: Message) -> OwnText:
    """Join the subject and the sender's own words of a message, paragraphs apart.

    Characters that do not show (zero-width, soft hyphens, blanks at a line's end) are left out, for they only cut words and
    lines in two, and so are spaces between the letters of a word ("u r g e n t").
    """
    pieces: list[str] = []
    segments: list[Segment] = []
    position = 0
    body = _plain_blanks(message.body)

    def add(text: str, part: Part, part_start: int) -> None:
        nonlocal position
        if pieces:
            pieces.append(_GAP)
            position += len(_GAP)
        shown = 0
        for hidden, after in [*_left_out(text), (len(text), len(text))]:
            if run := text[shown:hidden]:
                pieces.append(run)
                segments.append(Segment(position, len(run), part, part_start + shown))
                position += len(run)
            shown = after

    subject = _plain_blanks((message.subject or "")[:1000])
    if subject.strip():
        add(subject, "subject", 0)
    subject_end = position
    room, truncated = MAX_CHARS, False
    for start, end in own_ranges(body):
        if end - start > room:
            truncated, end = True, start + room
        if room > 0:
            add(body[start:end], "body", start)
            room -= end - start
    text = _NOT_TEXT.sub(" ", "".join(pieces))
    if max(map(len, text.split()), default=0) > MAX_RUN:
        text = _WALL.sub(lambda wall: " " * len(wall.group()), text)
    return OwnText(text, tuple(segments), subject_end, truncated)


_BLANKS = str.maketrans(
    dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
        " ",
    )
)


def _plain_blanks(text: str) -> str:
    """The text, as long as it was, with a plain space for every other blank (no-break, thin, wide), as HTML mail has them."""
    return text if text.isascii() else text.translate(_BLANKS)


def _left_out(text: str) -> list[tuple[int, int]]:
    """Where characters stand that are left out, in order."""
    found = [hidden.span() for hidden in _HIDDEN.finditer(text)]
    for run in SPACED.finditer(text):
        spaces = spaces_within(run.group(), load_rules().words)
        found += [(run.start() + n, run.start() + n + 1) for n in spaces]
    return sorted(found)
