"""What the heads see of single sentences: n-grams of words, runs of function words, and pieces of words.

A skeleton is a run of two to four tokens in which every word but the function words and marks is the same blank: how a sentence is
built, whatever it is about. A piece is a run of three to five characters inside one word, as it begins, goes on and ends. Skeletons and
pieces are hashed into buckets (feature hashing, Weinberger et al. 2009).
"""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

import numpy as np
from spacy.strings import StringStore, hash_string  # type: ignore[attr-defined]  # missing in spaCy's stub
from spacy.tokens import Doc

from authentic_outreach.lexicon import Kind
from authentic_outreach.ngrams import Grams, Tokens

WORDS, SKELETONS, PIECES = range(3)
"""The kinds of a sentence's n-grams."""
N_KINDS = 3
_LENGTHS, _CHARACTERS = (2, 3, 4), (3, 4, 5)
MAX_LETTERS = 40
"""Of a longer word only the beginning has pieces."""
_BUCKETS = 1 << 14
FIRST_BUCKET, N_BUCKETS = 1 << 20, 2 * _BUCKETS
"""The keys of skeletons and pieces; spaCy's symbols, which are words with numbers of their own, lie below, hashes of words far above."""
_BLANK, _OPEN = (np.uint64(hash_string(f"<{word}>")) for word in ("blank", "open"))
_MIX = np.uint64(0x9E3779B97F4A7C15)  # odd: the golden ratio
_SKELETON, _PIECE = np.uint64(FIRST_BUCKET), np.uint64(FIRST_BUCKET + _BUCKETS)
"""The first key of each."""


class SentenceGrams(NamedTuple):
    """A key each, its sentence's number, and its kind; all of shape (n,)."""

    keys: np.ndarray
    sentences: np.ndarray
    kinds: np.ndarray


class WordPieces:
    """The keys of words' pieces, kept for the next time; bounded in memory."""

    MAX_WORDS = 50_000

    def __init__(self) -> None:
        self._known: dict[int, np.ndarray] = {}

    def of(self, norms: list[int], strings: StringStore) -> list[np.ndarray]:
        """The keys of the pieces of each word, given by its hash."""
        if len(self._known) > self.MAX_WORDS:
            self._known.clear()
        return [self._known[n] if n in self._known else self._learn(n, strings[n]) for n in norms]

    def _learn(self, norm: int, word: str) -> np.ndarray:
        word = f" {word[:MAX_LETTERS]} "
        found = {word[n : n + size] for size in _CHARACTERS for n in range(max(1, len(word) - size + 1))}
        hashed = np.array(sorted(crc32(piece.encode("utf-8", "surrogatepass")) for piece in found), np.uint64)
        keys = self._known[norm] = _bucketed(hashed, _PIECE)
        return keys


def sentence_grams(
    doc: Doc, tokens: Tokens, grams: Grams, asked: np.ndarray, pieces: WordPieces
) -> SentenceGrams:
    """The n-grams of the asked sentences of a doc. Names, trades and numbers have no pieces.

    Parameters
    ----------
    doc, tokens, grams
        The doc, its tokens and its n-grams of words.
    asked
        Sentences' numbers, shape (n_asked,).
    pieces
        What is known of words' pieces; it learns what it did not know.
    """
    wanted = np.zeros(int(tokens.sentences[-1]) + 1 if len(tokens.sentences) else 1, bool)
    wanted[asked] = True
    here = wanted[grams.sentences]
    kept = np.flatnonzero(wanted[tokens.sentences] & tokens.are(Kind.WORD | Kind.SILENT))
    parts = [(grams.keys[here], grams.sentences[here], WORDS)]
    parts += [(*found, SKELETONS) for found in _skeletons(tokens, kept)]
    plain = kept[~tokens.are(Kind.CAPITAL | Kind.NUMBER | Kind.TRADE)[kept]]
    spelled = pieces.of(tokens.norm[plain].tolist(), doc.vocab.strings)
    if spelled:
        numbers = np.repeat(tokens.sentences[plain], [len(keys) for keys in spelled])
        parts.append((np.concatenate(spelled), numbers, PIECES))
    keys, sentences, kinds = zip(*parts, strict=True)
    return SentenceGrams(
        np.concatenate(keys), np.concatenate(sentences), np.repeat(kinds, [len(part) for part in keys])
    )


def kinds_of(keys: np.ndarray) -> np.ndarray:
    """The kind of each key; integers of the shape of ``keys``."""
    with np.errstate(over="ignore"):
        numbers = keys - np.uint64(FIRST_BUCKET)
    kinds: np.ndarray = np.where(numbers < _BUCKETS, SKELETONS, np.where(numbers < N_BUCKETS, PIECES, WORDS))
    return kinds


def _skeletons(tokens: Tokens, kept: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """The keys and sentences of the skeletons, a pair for each length."""
    sentences = tokens.sentences[kept]
    spoken = tokens.are(Kind.FUNCTION)[kept] | tokens.are(Kind.SILENT)[kept]
    words = np.where(spoken, tokens.norm[kept], _BLANK)
    found, mixed = [], words
    with np.errstate(over="ignore"):
        for length in _LENGTHS:
            mixed = (mixed[:-1] * _MIX) ^ (words[length - 1 :] + _OPEN)
            whole = sentences[length - 1 :] == sentences[: len(mixed)]
            found.append((_bucketed(mixed[whole], _SKELETON), sentences[: len(mixed)][whole]))
    return found


def _bucketed(hashes: np.ndarray, first: np.uint64) -> np.ndarray:
    """Hashes of one kind, each as the key of its bucket."""
    with np.errstate(over="ignore"):
        mixed = hashes * _MIX
    keys: np.ndarray = ((mixed ^ (mixed >> np.uint64(31))) & np.uint64(_BUCKETS - 1)) + first
    return keys
