"""The n-grams of a doc's sentences, for the learned models: words, pairs of neighbours, pairs with one word between.

A number, a sign of money, a link, an address, and a name are one word each, whatever they are, so that who writes to whom says
nothing. A name is a capitalised word inside a sentence, and at its beginning one that was never met in small letters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from spacy.attrs import (
    IS_CURRENCY,
    IS_DIGIT,
    IS_LOWER,
    IS_PUNCT,
    IS_SPACE,
    IS_STOP,
    IS_TITLE,
    IS_UPPER,
    LIKE_EMAIL,
    LIKE_NUM,
    LIKE_URL,
    NORM,
    SENT_START,
)
from spacy.strings import hash_string  # type: ignore[attr-defined]  # missing in spaCy's stub
from spacy.tokens import Doc

_NUMBER, _MONEY, _LINK, _ADDRESS, _NAME, _BEGIN, _END = (
    np.uint64(hash_string(f"<{word}>"))
    for word in ("number", "money", "link", "address", "name", "begin", "end")
)
_PAIR, _SKIP = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)  # odd: golden ratio, xxHash's
_FOLDED_NUMBER = np.uint64(
    hash_string("0")
)  # as `authentic_outreach.folding` writes numbers, also disguised ones
_SPEAKING = frozenset(hash_string(sign) for sign in "?!%")
"""Signs that are words here; other punctuation is left out."""


class Grams(NamedTuple):
    """The n-grams of a doc, all of shape (n,): a key each, its sentence's number, its first and its last token."""

    keys: np.ndarray
    sentences: np.ndarray
    first: np.ndarray
    last: np.ndarray


def sentence_numbers(doc: Doc) -> np.ndarray:
    """The number of the sentence each token stands in, from 0; shape (n_tokens,)."""
    numbers: np.ndarray = np.maximum(np.cumsum(doc.to_array([SENT_START]).ravel() == 1) - 1, 0)
    return numbers


def doc_grams(doc: Doc, words: np.ndarray) -> Grams:
    """The n-grams of a doc.

    Parameters
    ----------
    doc
        A doc with sentence starts.
    words
        The sorted hashes of words met in small letters: any other capitalised word is a name.
    """
    norm, *flags = doc.to_array([NORM, IS_SPACE, IS_PUNCT, IS_CURRENCY, LIKE_NUM, LIKE_URL, LIKE_EMAIL]).T
    space, punctuation, money, number, link, address = (flag.astype(bool) for flag in flags)
    speaks = np.fromiter(map(_SPEAKING.__contains__, norm.tolist()), bool, len(norm))
    kept = np.flatnonzero(~space & (~punctuation | speaks))
    if not len(kept):
        none = np.empty(0, np.int64)
        return Grams(np.empty(0, np.uint64), none, none, none)
    sentence = sentence_numbers(doc)[kept]
    begins = np.flatnonzero(np.diff(sentence, prepend=-1))
    ends = np.append(begins[1:], len(kept)) - 1
    inside = np.ones(len(norm), bool)
    inside[kept[begins]] = False
    keys = norm.copy()
    keys[_capitalised(doc) & (inside | ~is_among(norm, words))] = _NAME
    keys[money], keys[number | (norm == _FOLDED_NUMBER)], keys[link], keys[address] = (
        _MONEY,
        _NUMBER,
        _LINK,
        _ADDRESS,
    )
    keys = keys[kept]
    parts = [Grams(keys, sentence, kept, kept)]
    with np.errstate(over="ignore"):
        for edge, mark in ((begins, _BEGIN), (ends, _END)):
            parts.append(Grams(mark * _PAIR + keys[edge], sentence[edge], kept[edge], kept[edge]))
        for apart, mix in ((1, _PAIR), (2, _SKIP)):
            left = np.flatnonzero(sentence[apart:] == sentence[:-apart])
            mixed = (keys[left] * mix) ^ (keys[left + apart] + mix)
            parts.append(Grams(mixed, sentence[left], kept[left], kept[left + apart]))
    return Grams(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def small_words(doc: Doc) -> np.ndarray:
    """The hashes of a doc's words that stand there in small letters."""
    norm = doc.to_array([NORM]).ravel()
    found: np.ndarray = np.unique(norm[~_capitalised(doc)])
    return found


def _capitalised(doc: Doc) -> np.ndarray:
    """Which tokens look like names: a capital and small letters (Ana, DeShawn, O'Neal), and no function word."""
    flags = doc.to_array([IS_TITLE, IS_STOP, IS_LOWER, IS_UPPER, IS_PUNCT, IS_SPACE, IS_DIGIT]).T.astype(bool)
    title, stop, *others = flags
    found: np.ndarray = title & ~stop
    for n in np.flatnonzero(~(title | np.any(others, axis=0))).tolist():
        found[n] = any(map(str.isalpha, doc[n].text))
    return found


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


def carrier(weights: np.ndarray, first: np.ndarray, last: np.ndarray) -> tuple[int, int]:
    """The run of tokens that carried some n-grams' sum, its end excluded: the largest sum above the mean.

    Each n-gram's weight is shared by its first and last token; the run is found in one pass (Kadane's algorithm).
    """
    base = int(first.min())
    spoken = np.zeros(int(last.max()) - base + 1)
    np.add.at(spoken, first - base, weights / 2)
    np.add.at(spoken, last - base, weights / 2)
    spoken -= max(0.0, float(spoken.mean()))
    best, total, begun, span = -np.inf, 0.0, 0, (0, 1)
    for n, value in enumerate(spoken.tolist()):
        if total <= 0:
            total, begun = 0.0, n
        total += value
        if total > best:
            best, span = total, (begun, n + 1)
    return base + span[0], base + span[1]
