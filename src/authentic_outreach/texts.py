"""The one text that is read of a message: subject and own words, each traceable to its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from authentic_outreach.bodies import MAX_CHARS, own_ranges
from authentic_outreach.evidence import Part
from authentic_outreach.messages import Message

# Characters that are no text: controls but for tab and line feed, lone surrogates, non-characters,
# and the marks that reorder text on screen (Unicode TR36). Each becomes one space: offsets stay.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
# Characters without a space between them, beyond any word, link or address: a wall of base64, a ruler,
# brackets. What follows the first 300 is left out, for the tokenizer's time grows with their square.
_WALL = re.compile(r"(?<=\S{300})\S+")
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
        for segment in reversed(self.segments):
            if start >= segment.start:
                shift = segment.part_start - segment.start
                return segment.part, start + shift, min(end, segment.start + segment.length) + shift
        raise ValueError(f"offset {start} lies before the text's first segment")


def own_text(message: Message) -> OwnText:
    """Join the subject and the sender's own words of a message, paragraphs apart."""
    pieces: list[str] = []
    segments: list[Segment] = []
    position = 0

    def add(text: str, part: Part, part_start: int) -> None:
        nonlocal position
        if pieces:
            pieces.append(_GAP)
            position += len(_GAP)
        pieces.append(text)
        segments.append(Segment(position, len(text), part, part_start))
        position += len(text)

    subject = (message.subject or "")[:1000]
    if subject.strip():
        add(subject, "subject", 0)
    subject_end = position
    room, truncated = MAX_CHARS, False
    for start, end in own_ranges(message.body):
        if end - start > room:
            truncated, end = True, start + room
        if room > 0:
            add(message.body[start:end], "body", start)
            room -= end - start
    text = _NOT_TEXT.sub(" ", "".join(pieces))
    text = _WALL.sub(lambda wall: " " * len(wall.group()), text)
    return OwnText(text, tuple(segments), subject_end, truncated)
