"""Linear models over hashed n-grams: small, quick, and able to say which words spoke.

Words are hashed with CRC-32, pairs of neighbours by mixing two hashes, as feature hashing has it (Weinberger et
al. 2009); each text is a set of n-grams of length one. NumPy only; fitting lives in `authentic_outreach.training`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from authentic_outreach.arrays import pack, unpack

TOKEN = re.compile(
    r"(?P<url>https?://\S+|www\.\S+)|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]+)|(?P<number>\d[\d.,:]*)|[^\W\d_]+(?:['’][^\W\d_]+)?|[!?$€£%]"
)
_PAIR, _SKIP = (
    np.uint32(0x9E3779B1),
    np.uint32(0x85EBCA6B),
)  # odd numbers that mix well (Knuth's, and Murmur3's)
_BEGIN = np.uint32(0x7F4A7C15)


@dataclass(frozen=True, slots=True)
class Grams:
    """The n-grams of a text: where each falls among the buckets, and the characters each covers."""

    buckets: np.ndarray
    spans: np.ndarray


@dataclass(frozen=True, slots=True)
class HashedNgrams:
    """Turns texts into sets of hashed n-grams: words, pairs of neighbours, pairs with one word between.

    ``bits`` is the binary logarithm of the number of buckets. Case is folded, numbers, links and addresses are
    one word each.
    """

    bits: int = 15
    pairs: bool = True
    skips: bool = False
    _known: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def grams(self, text: str) -> Grams:
        """The n-grams of a text, each as often as it stands there."""
        hashes, spans = [], []
        known = self._known
        if len(known) > 200_000:
            known.clear()
        for match in TOKEN.finditer(text):
            word = match.lastgroup or match.group().casefold().replace("’", "'")
            number = known.get(word)
            if number is None:
                number = known[word] = crc32(word.encode("utf-8", "surrogatepass"))
            hashes.append(number)
            spans.append(match.span())
        if not hashes:
            return Grams(np.empty(0, np.int64), np.empty((0, 2), np.int64))
        words = np.array(hashes, np.uint32)
        where = np.array(spans, np.int64)
        parts, places = [words], [where]
        with np.errstate(over="ignore"):
            if self.pairs:
                before = np.concatenate([[_BEGIN], words[:-1]]).astype(np.uint32)
                parts.append(before * _PAIR + words)
                places.append(np.column_stack([np.concatenate([where[:1, 0], where[:-1, 0]]), where[:, 1]]))
            if self.skips and len(words) > 2:
                parts.append(words[:-2] * _SKIP ^ words[2:])
                places.append(np.column_stack([where[:-2, 0], where[2:, 1]]))
        mixed = np.concatenate(parts)
        return Grams(
            ((mixed ^ (mixed >> np.uint32(15))) & np.uint32((1 << self.bits) - 1)).astype(np.int64),
            np.concatenate(places),
        )

    def matrix(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Data, column numbers and row pointers of the texts' sparse matrix: each row a unit vector."""
        columns, pointers, data = [], [0], []
        for text in texts:
            buckets = np.unique(self.grams(text).buckets)
            columns.append(buckets)
            data.append(np.full(len(buckets), 1.0 / np.sqrt(max(1, len(buckets)))))
            pointers.append(pointers[-1] + len(buckets))
        return np.concatenate(data), np.concatenate(columns), np.array(pointers)


@dataclass(frozen=True, slots=True)
class HashedLinear:
    """One weight a class and bucket, one intercept a class: log-odds of a text for each class.

    ``weights`` has the shape (n_classes, 2 ** bits), ``intercepts`` (n_classes,).
    """

    ngrams: HashedNgrams
    classes: tuple[str, ...]
    weights: np.ndarray
    intercepts: np.ndarray

    def decision(self, text: str) -> np.ndarray:
        """Log-odds (unnormalised for several classes); shape (n_classes,)."""
        buckets = np.unique(self.ngrams.grams(text).buckets)
        if not len(buckets):
            return self.intercepts.astype(float)
        total: np.ndarray = self.weights[:, buckets].sum(axis=1, dtype=float) / np.sqrt(len(buckets))
        total += self.intercepts
        return total

    def shares(self, text: str) -> np.ndarray:
        """Probabilities of the classes, which exclude each other; shape (n_classes,), sum 1."""
        odds = self.decision(text)
        raised = np.exp(odds - odds.max())
        result: np.ndarray = raised / raised.sum()
        return result

    def speaking(self, text: str, chosen: int, most: int = 3) -> list[tuple[int, int]]:
        """The spans of the n-grams that spoke most for a class against the others, in order, without overlap."""
        grams = self.ngrams.grams(text)
        if not len(grams.buckets):
            return []
        others = self.weights[:, grams.buckets].astype(float)
        mine = others[chosen] - (
            np.delete(others, chosen, axis=0).max(axis=0) if len(self.classes) > 1 else 0.0
        )
        found: list[tuple[int, int]] = []
        for n in np.argsort(-mine, kind="stable"):
            start, end = (int(x) for x in grams.spans[n])
            if mine[n] <= 0 or len(found) == most:
                break
            if all(end <= a or start >= b for a, b in found):
                found.append((start, end))
        return sorted(found)

    def to_bytes(self) -> bytes:
        """A NumPy archive without pickle; the same model gives the same bytes."""
        about = {
            "classes": self.classes,
            "bits": self.ngrams.bits,
            "pairs": self.ngrams.pairs,
            "skips": self.ngrams.skips,
        }
        return pack(
            about=np.frombuffer(json.dumps(about).encode(), np.uint8),
            weights=self.weights.astype(np.float16),
            intercepts=self.intercepts.astype(np.float64),
        )

    @classmethod
    def from_bytes(cls, raw: bytes, where: str) -> HashedLinear:
        """Read what `to_bytes` wrote.

        Raises
        ------
        ValueError
            If the bytes are no such model, or its arrays do not fit each other.
        """
        packed, weights, intercepts = unpack(raw, where, "about", "weights", "intercepts")
        try:
            about = json.loads(bytes(packed))
        except ValueError as error:
            raise ValueError(
                f"{where}: not a model of hashed n-grams ({error}); reinstall authentic-outreach"
            ) from error
        weights = weights.astype(np.float32)
        ngrams = HashedNgrams(int(about["bits"]), bool(about["pairs"]), bool(about["skips"]))
        shape = (len(about["classes"]), 1 << ngrams.bits)
        if weights.shape != shape or intercepts.shape != shape[:1]:
            raise ValueError(
                f"{where}: weights of shape {weights.shape}, {shape} wanted; reinstall authentic-outreach"
            )
        return cls(ngrams, tuple(about["classes"]), weights, intercepts)
