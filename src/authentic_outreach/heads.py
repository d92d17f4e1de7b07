"""Which cue a sentence reads like where no rule finds one: a linear head a cue over what `authentic_outreach.sentence_grams` sees of it.

A head moves no score, and so never counts twice what a rule or the wording counts: it names the cue under which the
wording's part of a sentence is shown (rule `LEARNED` and the cue). Fitting lives in `authentic_outreach.learned_cues`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from authentic_outreach.arrays import pack, unpack
from authentic_outreach.evidence import CUES
from authentic_outreach.ngrams import places_among
from authentic_outreach.sentence_grams import FIRST_BUCKET, N_BUCKETS, N_KINDS, SentenceGrams
from authentic_outreach.shipped import shipped_bytes

FILE_NAME = "cues.npz"
_DIRECTIONS = np.array([cue.direction for cue in CUES])


@dataclass(frozen=True, slots=True, eq=False)
class CueHeads:
    """``keys`` (n,), sorted; ``weights`` (n, n_cues), ``intercepts`` and ``bounds`` (n_cues,), in log-odds, cues as in the guide."""

    keys: np.ndarray
    weights: np.ndarray
    intercepts: np.ndarray
    bounds: np.ndarray
    _buckets: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Note where the key of each bucket stands, -1 where it is not known, for most n-grams are skeletons and pieces: they need no search."""
        numbers, hashed = _bucket_numbers(self.keys)
        buckets = np.full(N_BUCKETS, -1, np.int64)
        buckets[numbers[hashed]] = np.flatnonzero(hashed)
        object.__setattr__(self, "_buckets", buckets)

    def _places(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As `authentic_outreach.ngrams.places_among` among the heads' keys."""
        numbers, hashed = _bucket_numbers(keys)
        places = self._buckets[numbers]
        words = np.flatnonzero(~hashed)
        found, known = places_among(keys[words], self.keys)
        places[words] = np.where(known, found, -1)
        return places, places >= 0

    def log_odds(self, grams: SentenceGrams, asked: np.ndarray) -> np.ndarray:
        """Of the asked sentences, sorted, by their n-grams (`sentence_grams` of just these); shape (n_asked, n_cues)."""
        places, known = self._places(grams.keys)
        rows = np.searchsorted(asked, grams.sentences)
        cells = rows * N_KINDS + grams.kinds
        share = 1.0 / np.sqrt(np.bincount(cells, minlength=len(asked) * N_KINDS))[cells[known]]
        pick = np.zeros((len(asked), int(known.sum())), np.float32)
        pick[rows[known], np.arange(pick.shape[1])] = share
        odds: np.ndarray = pick @ self.weights[places[known]] + self.intercepts
        return odds

    def names(self, grams: SentenceGrams, asked: np.ndarray, signs: np.ndarray) -> list[str | None]:
        """For each asked sentence the cue of one direction that it reads like most, None where no head is sure."""
        over = self.log_odds(grams, asked) - self.bounds
        over[_DIRECTIONS * signs[:, None] <= 0] = -np.inf
        best = over.argmax(axis=1)
        return [CUES[n].name if odds[n] >= 0 else None for n, odds in zip(best.tolist(), over, strict=True)]

    @property
    def digest(self) -> str:
        """A short name of the arrays: heads that share it name alike."""
        return hashlib.sha256(self.to_bytes()).hexdigest()[:16]

    def to_bytes(self) -> bytes:
        """A NumPy archive without pickle."""
        return pack(
            keys=self.keys,
            weights=self.weights.astype(np.float16),
            intercepts=self.intercepts,
            bounds=self.bounds,
        )

    @classmethod
    def from_bytes(cls, raw: bytes, where: str) -> CueHeads:
        """Read what `to_bytes` wrote.

        Raises
        ------
        ValueError
            If the bytes are no such heads, or the arrays do not fit each other and the guide's cues.
        """
        keys, weights, intercepts, bounds = unpack(raw, where, "keys", "weights", "intercepts", "bounds")
        fits = weights.shape == (len(keys), len(CUES)) and intercepts.shape == bounds.shape == (len(CUES),)
        if not fits or not np.all(keys[1:] > keys[:-1]):
            raise ValueError(
                f"{where}: weights of shape {weights.shape} do not fit {len(keys)} sorted keys and {len(CUES)} cues; "
                "reinstall authentic-outreach"
            )
        return cls(keys, weights.astype(np.float32), intercepts, bounds)


def _bucket_numbers(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which bucket each key is, 0 where it is none, and which are one; both of the shape of ``keys``."""
    with np.errstate(over="ignore"):
        numbers = keys - np.uint64(FIRST_BUCKET)
    hashed = numbers < N_BUCKETS
    return np.where(hashed, numbers, 0).astype(np.int64), hashed


@cache
def cue_heads() -> CueHeads:
    """The heads that came with this package."""
    return CueHeads.from_bytes(shipped_bytes(FILE_NAME), FILE_NAME)
