"""The n-grams of a doc's sentences, for the learned models: words, pairs of neighbours, pairs with one word between.

A number, a sign of money, a link, an address, a trade, and a name of any length are one word each, whatever they are, so that who writes to
whom says nothing. A name is a capitalised word inside a sentence, and at its beginning one that was never met in small letters.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple, Self

import numpy as np
from spacy.attrs import NORM, ORTH, SENT_START
from spacy.strings import hash_string  # type: ignore[attr-defined]  # missing in spaCy's stub
from spacy.tokens import Doc

from authentic_outreach.lexicon import Kind, WordKinds

_NUMBER, _MONEY, _LINK, _ADDRESS, _TRADE, _NAME, _BEGIN, _END = (
    np.uint64(hash_string(f"<{word}>"))
    for word in ("number", "money", "link", "address", "trade", "name", "begin", "end")
)
_MASKS = (
    (Kind.TRADE, _TRADE),
    (Kind.MONEY, _MONEY),
    (Kind.NUMBER, _NUMBER),
    (Kind.URL, _LINK),
    (Kind.ADDRESS, _ADDRESS),
)
"""What stands for every word of a kind; the last that fits is taken."""
_MASKED = int(Kind.TRADE | Kind.MONEY | Kind.NUMBER | Kind.URL | Kind.ADDRESS)
_PAIR, _SKIP = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)  # odd: golden ratio, xxHash's


class Tokens(NamedTuple):
    """What is known of a doc's tokens, all of shape (n_tokens,): hashes, kinds, whether one begins a sentence, and the sentence's number."""

    orth: np.ndarray
    norm: np.ndarray
    kinds: np.ndarray
    starts: np.ndarray
    sentences: np.ndarray

    @classmethod
    def of(cls, doc: Doc, kinds: WordKinds) -> Self:
        """Look up the tokens of a doc with sentence starts."""
        orth, norm, starts = doc.to_array([ORTH, NORM, SENT_START]).T
        looked_up = np.fromiter(map(kinds.__getitem__, orth.tolist()), dtype=np.int64, count=len(orth))
        begins = starts == 1
        return cls(orth, norm, looked_up, begins, np.maximum(np.cumsum(begins) - 1, 0))

    def are(self, kind: Kind) -> np.ndarray:
        """Which tokens are of a kind; shape (n_tokens,)."""
        found: np.ndarray = (self.kinds & int(kind)) != 0
        return found

    def small_words(self) -> np.ndarray:
        """The hashes of the words that stand here in small letters."""
        found: np.ndarray = np.unique(self.norm[~self.are(Kind.CAPITAL)])
        return found


class Grams(NamedTuple):
    """The n-grams of a doc, all of shape (n,): a key each, its sentence's number, its first and its last token."""

    keys: np.ndarray
    sentences: np.ndarray
    first: np.ndarray
    last: np.ndarray


def ngrams(tokens: Tokens, words: np.ndarray) -> Grams:
    """The n-grams of a doc's tokens.

    Parameters
    ----------
    tokens
        The tokens.
    words
        The sorted hashes of words met in small letters: any other capitalised word is a name.
    """
    kept = np.flatnonzero(~tokens.are(Kind.SILENT))
    if not len(kept):
        none = np.empty(0, np.int64)
        return Grams(np.empty(0, np.uint64), none, none, none)
    sentence, keys, kinds = tokens.sentences[kept], tokens.norm[kept], tokens.kinds[kept]
    begins = np.flatnonzero(np.diff(sentence, prepend=-1))
    ends = np.append(begins[1:], len(kept)) - 1
    names = (kinds & int(Kind.CAPITAL)) != 0
    names[begins] &= ~is_among(keys[begins], words)
    names &= (kinds & _MASKED) == 0
    more = names & np.append(False, names[:-1]) & (np.diff(sentence, prepend=-1) == 0)
    if more.any():  # of a name
        kept, sentence, keys, kinds, names = (
            column[~more] for column in (kept, sentence, keys, kinds, names)
        )
        begins = np.flatnonzero(np.diff(sentence, prepend=-1))
        ends = np.append(begins[1:], len(kept)) - 1
    keys[names] = _NAME
    if np.any(kinds & _MASKED):
        for kind, mask in _MASKS:
            keys[(kinds & int(kind)) != 0] = mask
    parts = [Grams(keys, sentence, kept, kept)]
    with np.errstate(over="ignore"):
        for edge, mark in ((begins, _BEGIN), (ends, _END)):
            parts.append(Grams(mark * _PAIR + keys[edge], sentence[edge], kept[edge], kept[edge]))
        for apart, mix in ((1, _PAIR), (2, _SKIP)):
            left = np.flatnonzero(sentence[apart:] == sentence[:-apart])
            mixed = (keys[left] * mix) ^ (keys[left + apart] + mix)
            parts.append(Grams(mixed, sentence[left], kept[left], kept[left + apart]))
    return Grams(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def places_among(keys: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where keys stand among sorted known ones, and which of them do; both of the shape of ``keys``."""
    if not len(known):
        return np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
    places = np.searchsorted(known, keys)
    places[places == len(known)] = 0
    found: np.ndarray = known[places] == keys
    return places, found


def is_among(keys: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Which keys stand among sorted known ones; a boolean of the shape of ``keys``."""
    return places_among(keys, known)[1]


CARRIED, MIN_RUN = 2 / 3, 3
"""A run of tokens stands for a sum when it carries so much of it; it is so many tokens long at least, for one word alone tells a reader little."""


def carrier(weights: np.ndarray, first: np.ndarray, last: np.ndarray) -> tuple[int, int]:
    """The shortest run of tokens, its end excluded, that carries `CARRIED` of some n-grams' sum, which is positive.

    Each n-gram's weight is shared by its first and last token. Of runs equally short the heaviest is taken; it is found in one pass with
    a queue of starts.
    """
    base = int(first.min())
    length = int(last.max()) - base + 1
    spoken = np.bincount(first - base, weights / 2, length) + np.bincount(last - base, weights / 2, length)
    total = [0.0, *np.cumsum(spoken).tolist()]
    enough, least = CARRIED * total[-1] - 1e-12, min(MIN_RUN, length)
    starts: deque[int] = deque()  # places from which a run may yet be the shortest, their totals rising
    best = (length + 1, 0.0, 0, length)
    for end in range(least, length + 1):
        while starts and total[starts[-1]] >= total[end - least]:
            starts.pop()
        starts.append(end - least)
        while starts and total[end] - total[starts[0]] >= enough:
            start = starts.popleft()
            best = min(best, (end - start, total[start] - total[end], start, end))
    return base + best[2], base + best[3]
