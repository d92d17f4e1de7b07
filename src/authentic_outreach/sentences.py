"""Sentences as mail has them: mail breaks lines inside sentences, and ends lines without a full stop."""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.attrs import IS_SPACE, ORTH, SENT_START
from spacy.language import Language
from spacy.tokens import Doc

_SENTENCE_ENDS = (".", "!", "?", "…", "?!", "!!", "??", "!!!", "???", "...")


class SentenceSplitter:
    """Starts a sentence after ``. ! ? …`` and after every line break that ends a paragraph or item.

    Mail breaks lines in the middle of sentences; a single break starts a sentence only where the
    line before ended in punctuation or was short (a greeting, a heading, an item of a list).
    """

    SHORT_LINE = 45
    """Characters under which a line's end is taken for the sentence's end (wrapped mail runs to 60 and more)."""

    def __init__(self, nlp: Language) -> None:
        strings = nlp.vocab.strings
        self._ends = frozenset(strings.add(s) for s in _SENTENCE_ENDS)

    def __call__(self, doc: Doc) -> Doc:
        """Set the sentence starts of ``doc``."""
        if not len(doc):
            return doc
        orth, space = doc.to_array([ORTH, IS_SPACE]).T
        ends = np.fromiter(map(self._ends.__contains__, orth.tolist()), dtype=bool, count=len(doc))
        starts = np.zeros(len(doc), dtype=bool)
        starts[1:] = ends[:-1] & ~ends[1:]
        line_start = 0
        for i in np.flatnonzero(space).tolist():
            token = doc[i]
            breaks = token.text.count("\n")
            if not breaks:
                continue
            if i + 1 < len(doc) and (breaks > 1 or token.idx - line_start < self.SHORT_LINE):
                starts[i], starts[i + 1] = False, True
            line_start = token.idx + len(token.text)
        starts[0] = True
        values: Any = np.where(starts, 1, -1).astype(np.int64).view(np.uint64)[:, None]
        return doc.from_array([SENT_START], values)
