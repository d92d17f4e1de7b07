"""How a message is worded, beside its cues: a linear model over the n-grams of its sentences, learned from readings.

Its value is the log-odds that readers would give the words alone. Every distinct n-gram counts once, so that a text
pasted twice stays what it was. A sentence with a cue that speaks against a message can only lower the value, one with a
cue that speaks for it only raise it, and neither makes the others count for less. So one more pressing sentence never
raises the value. A paragraph in which neither the writer nor the reader occurs (a news item, a quotation) does not count.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from spacy.strings import hash_string  # type: ignore[attr-defined]  # missing in spaCy's stub
from spacy.tokens import Doc

from authentic_outreach.arrays import pack, unpack
from authentic_outreach.evidence import CUES
from authentic_outreach.lexicon import Kind
from authentic_outreach.ngrams import Grams, Tokens, carrier, is_among, ngrams, places_among

CUE = "wording"
"""What evidence of this model has in the place of a cue's name."""
RULE = "learned:wording"
PASTED = 15
"""Words from which a paragraph without any first or second person is taken for pasted matter."""
_PERSONS = np.array(
    sorted(
        hash_string(word)
        for word in [
            "i",
            "me",
            "my",
            "mine",
            "myself",
            "we",
            "us",
            "our",
            "ours",
            "ourselves",
            "you",
            "your",
            "yours",
            "yourself",
            "yourselves",
            "u",
            "ur",
        ]
    ),
    dtype=np.uint64,
)
LIMIT = 3.0
"""The value lies between minus this and this, in log-odds."""
FEW = 60
"""Fewer distinct n-grams (of some twenty words) count as so many: a few words prove little."""
_APART = np.uint64(0x9E3779B97F4A7C15)  # odd: the golden ratio; tells the same n-gram of two sentences apart
_DIRECTIONS = {cue.name: cue.direction for cue in CUES}


class WordingGrams(NamedTuple):
    """What the model sees of a doc: n-grams as `Worded.distinct` gives them, shapes (n,), and of each sentence, shapes (m,), whether it has cues, or is pasted."""

    keys: np.ndarray
    sentences: np.ndarray
    first: np.ndarray
    last: np.ndarray
    against: np.ndarray
    speaks_for: np.ndarray
    pasted: np.ndarray

    @property
    def plain(self) -> np.ndarray:
        """Which sentences count and hold no cue; shape (m,)."""
        free: np.ndarray = ~self.against & ~self.speaks_for & ~self.pasted
        return free


class Weighed(NamedTuple):
    """A doc's wording, weighed: the doc as it was read, its n-grams, the sum of each sentence, shape (m,), the weight of each n-gram, shape (n,)."""

    worded: Worded
    grams: WordingGrams
    sums: np.ndarray
    weights: np.ndarray

    @property
    def value(self) -> float:
        """The log-odds of the wording, -3 to 3."""
        return _bounded(self.sums)

    def parts(self, least: float = 0.0) -> list[Part]:
        """The value's parts of this size and more, one a sentence, in order; the sum of all is the value."""
        total = float(self.sums.sum())
        scale = abs(self.value / total) if total else 0.0
        found = []
        speak = np.flatnonzero(self.weights)
        sentences = self.grams.sentences[speak]
        for number in np.flatnonzero(np.abs(self.sums * scale) >= max(least, 1e-12)).tolist():
            here = speak[sentences == number]
            sign = 1.0 if self.sums[number] > 0 else -1.0
            start, end = carrier(sign * self.weights[here], self.grams.first[here], self.grams.last[here])
            found.append(Part(start, end, float(self.sums[number]) * scale, number))
        return found


def _bounded(sums: np.ndarray) -> float:
    return min(LIMIT, max(-LIMIT, float(sums.sum())))


class Part(NamedTuple):
    """The part of the value that the words of one sentence make: tokens ``start`` to ``end`` carried it."""

    start: int
    end: int
    value: float
    sentence: int


class Worded(NamedTuple):
    """A doc as this model reads it: n-grams, tokens, its cue spans as (direction, first token, end)."""

    grams: Grams
    tokens: Tokens
    cues: tuple[tuple[int, int, int], ...]

    @classmethod
    def of(cls, doc: Doc, tokens: Tokens, words: np.ndarray) -> Self:
        """Read a doc with cue spans; ``words`` as `authentic_outreach.ngrams.ngrams` takes them."""
        cues = [
            (_DIRECTIONS[cue], span.start, span.end)
            for cue, group in doc.spans.items()
            if len(group) and _DIRECTIONS.get(cue)
            for span in group
        ]
        return cls(ngrams(tokens, words), tokens, tuple(cues))

    def without(self, start: int, end: int) -> Worded:
        """The same as if some tokens were absent, with every cue that holds one of them."""
        left = (self.grams.last < start) | (self.grams.first >= end)
        grams = Grams(*(column[left] for column in self.grams))
        return Worded(
            grams, self.tokens, tuple(cue for cue in self.cues if not (cue[1] < end and start < cue[2]))
        )

    def distinct(self) -> WordingGrams:
        """The distinct n-grams of the sentences without a cue, and of each sentence with one those that are its own.

        What stands in both counts in the former. A sentence with a cue takes nothing from another, so that one more of
        them leaves the value of all others as it was.
        """
        grams = self.grams
        sentences = self.tokens.sentences
        number = int(sentences[-1]) + 1 if len(sentences) else 1
        same = _same_words(grams, number)
        against, speaks_for = np.zeros(number, bool), np.zeros(number, bool)
        for direction, start, end in self.cues:
            marked = against if direction < 0 else speaks_for
            marked[same[sentences[start:end]]] = True
        against, speaks_for = against[same], speaks_for[same]
        pasted = pasted_sentences(self.tokens, same != np.arange(number), against)[same]
        plain = ~(against | speaks_for | pasted)[grams.sentences]
        keys, once = np.unique(grams.keys[plain], return_index=True)
        apart = np.flatnonzero(~plain & (same == np.arange(number))[grams.sentences])
        apart = apart[~is_among(grams.keys[apart], keys)]
        with np.errstate(over="ignore"):
            by_sentence = grams.keys[apart] ^ (grams.sentences[apart].astype(np.uint64) * _APART)
        once = np.append(np.flatnonzero(plain)[once], apart[np.unique(by_sentence, return_index=True)[1]])
        return WordingGrams(
            grams.keys[once],
            grams.sentences[once],
            grams.first[once],
            grams.last[once],
            against,
            speaks_for,
            pasted,
        )


def pasted_sentences(tokens: Tokens, again: np.ndarray, against: np.ndarray) -> np.ndarray:
    """Which sentences stand in a long paragraph without any first or second person; shape (n_sentences,).

    ``again`` tells the sentences that were said before, which add no length, and ``against`` those with a cue against the message,
    which neither add length nor speak for the paragraph: one more of them must not make the others count.
    """
    sentences = tokens.sentences
    ends = tokens.are(Kind.PARAGRAPH)
    paragraph = np.cumsum(ends) - ends
    last = int(paragraph[-1]) + 1 if len(paragraph) else 1
    told = ~against[sentences]
    persons = np.bincount(paragraph, is_among(tokens.norm, _PERSONS) & told, minlength=last)
    words = np.bincount(paragraph, tokens.are(Kind.WORD) & told & ~again[sentences], minlength=last)
    pasted = np.zeros(len(again), bool)
    pasted[sentences[((persons == 0) & (words >= PASTED))[paragraph]]] = True
    return pasted


def _same_words(grams: Grams, number: int) -> np.ndarray:
    """For each of a number of sentences the first one of the same words; a cue of one is a cue of all."""
    total = np.zeros(number, np.uint64)
    with np.errstate(over="ignore"):
        np.add.at(total, grams.sentences, grams.keys)
    _, first, which = np.unique(total, return_index=True, return_inverse=True)
    found: np.ndarray = first[which]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """A weight for each known n-gram, in log-odds: ``keys`` (n,), sorted, ``weights`` (n,), ``words`` (k,), sorted.

    ``words`` are the words met in small letters (see `authentic_outreach.ngrams`).
    """

    keys: np.ndarray
    weights: np.ndarray
    words: np.ndarray

    def weigh(self, worded: Worded) -> Weighed:
        """Weigh a doc's wording."""
        grams = worded.distinct()
        return Weighed(worded, grams, *self._sums(grams))

    def value(self, grams: WordingGrams) -> float:
        """The log-odds of a doc's wording, -3 to 3; 0 where nothing is known of it."""
        return _bounded(self._sums(grams)[0])

    def _sums(self, grams: WordingGrams) -> tuple[np.ndarray, np.ndarray]:
        """The part of each sentence, shape (m,), and the weight of each n-gram, shape (n,)."""
        places, known = places_among(grams.keys, self.keys)
        weights = np.where(known, self.weights[places] if len(self.weights) else 0.0, 0.0)
        number = len(grams.against)
        sums = np.bincount(grams.sentences, weights, minlength=number)
        counts = np.bincount(grams.sentences, minlength=number)
        sums = np.where(grams.against, np.minimum(sums, 0.0), sums)
        sums = np.where(grams.speaks_for, np.maximum(sums, 0.0), sums)
        sums = np.where(grams.pasted, 0.0, sums)
        plain = int(counts[grams.plain].sum())
        counted = np.where(grams.plain, plain, plain + counts)
        return sums / np.sqrt(np.maximum(FEW, counted)), weights

    @property
    def digest(self) -> str:
        """SHA-256 of the arrays, which the model's JSON holds."""
        arrays = (self.keys, self.weights.astype(np.float32), self.words)
        return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()

    def to_bytes(self) -> bytes:
        """A NumPy archive without pickle; the same model gives the same bytes."""
        return pack(keys=self.keys, weights=self.weights.astype(np.float32), words=self.words)

    @classmethod
    def from_bytes(cls, raw: bytes, where: str) -> Wording:
        """Read what `to_bytes` wrote.

        Raises
        ------
        ValueError
            If the bytes are no such model, or its arrays do not fit each other.
        """
        keys, weights, words = unpack(raw, where, "keys", "weights", "words")
        is_sorted = keys.dtype == np.uint64 == words.dtype and bool(np.all(keys[1:] > keys[:-1]))
        if not is_sorted or weights.shape != keys.shape:
            raise ValueError(
                f"{where}: {keys.shape} keys of {keys.dtype} and {weights.shape} weights do not fit; reinstall authentic-outreach"
            )
        return cls(keys, weights, words)
