"""The sender's own words in a body: what is quoted, signed or legal is left out, nothing is rewritten.

Everything is told in ranges of characters of the body as it was given, so that words found in
the own text can be shown in the original. The words of mail clients stand in ``clients.toml``.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from authentic_outreach.bodies.footers import footer_ranges
from authentic_outreach.bodies.quotes import quote_ranges
from authentic_outreach.bodies.signatures import signature_ranges

MAX_CHARS = 20_000
"""Characters of own text that are rated; about 3,500 words, far over any outreach message."""
MAX_SCANNED = 200_000
"""Characters of a body in which the own text is sought."""

Kind = Literal["own", "quote", "signature", "footer"]


class Range(NamedTuple):
    """Characters ``start`` to ``end`` of a text."""

    start: int
    end: int


class Piece(NamedTuple):
    """Characters ``start`` to ``end`` of a body, and what they are."""

    start: int
    end: int
    kind: Kind


def own_ranges(body: str) -> tuple[Range, ...]:
    """The ranges of ``body`` that the sender wrote for this message.

    >>> body = "Thanks, Tuesday works.\\n\\nOn Mon, 2 Mar 2026 at 9:14, Ana wrote:\\n> Tuesday?\\n"
    >>> [body[start:end] for start, end in own_ranges(body)]
    ['Thanks, Tuesday works.']
    """
    return tuple(Range(start, end) for start, end, kind in pieces(body) if kind == "own")


def pieces(body: str) -> tuple[Piece, ...]:
    """What each part of ``body`` is, in order; white space at the ends of parts belongs to none."""
    text = body[:MAX_SCANNED].replace("\r\n", " \n")  # the same length: offsets hold
    cuts: list[Piece] = [Piece(*span, "quote") for span in quote_ranges(text)]
    cuts += [Piece(*span, "footer") for span in footer_ranges(text) if not _is_cut(span[0], cuts)]
    cuts += [Piece(*span, "signature") for span in signature_ranges(text, _left(text, cuts))]
    own = [Piece(start, end, "own") for start, end in _left(text, cuts)]
    parts = (_stripped(text, piece) for piece in [*cuts, *own])
    return tuple(sorted(piece for piece in parts if piece.end > piece.start))


def _is_cut(position: int, cuts: list[Piece]) -> bool:
    return any(start <= position < end for start, end, _ in cuts)


def _left(text: str, cuts: list[Piece]) -> list[tuple[int, int]]:
    """The ranges that hold something and are not cut."""
    left, position = [], 0
    for start, stop, _ in [*sorted(cuts), Piece(len(text), len(text), "own")]:
        if start > position and not text[position:start].isspace():
            left.append((position, start))
        position = max(position, stop)
    return left


def _stripped(text: str, piece: Piece) -> Piece:
    words = text[piece.start : piece.end]
    left = piece.start + len(words) - len(words.lstrip())
    return Piece(left, piece.start + len(words.rstrip()), piece.kind)
