"""The conditions under which a rule's match counts: place, negation, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, Self

import numpy as np
from spacy.attrs import IS_ALPHA, IS_PUNCT, IS_SPACE, IS_TITLE, LENGTH, LIKE_URL, NORM, ORTH, SENT_START
from spacy.strings import StringStore
from spacy.tokens import Doc

from authentic_outreach.evidence import Rule

CONCRETE_WITHIN = 8
"""How many words after a phrase a concrete word may stand to be what the phrase refers to."""
NEGATION_WITHIN = 3
"""How many words before a phrase a negation reaches."""
_NEGATIONS = ("no", "not", "never", "without", "neither", "nor", "hardly", "nothing", "none", "don't")
_QUOTES = ('"', "“", "”", "«", "»", "`", "‘")
_OPENING = ("[", "{", "{{", "${", "<<")
_CLOSING = ("]", "}", "}}", ">>")
_PLACEHOLDER_WORD = re.compile(r"[A-Z][A-Z_]{3,}$")


class Marks(NamedTuple):
    """Hashes of the marks and words that conditions look for, in one vocabulary."""

    quotes: np.ndarray
    brackets: np.ndarray
    negations: frozenset[int]

    @classmethod
    def of(cls, strings: StringStore) -> Self:
        """The marks as hashes of ``strings``."""
        return cls(
            np.array([strings.add(mark) for mark in _QUOTES], dtype=np.uint64),
            np.array([strings.add(mark) for mark in (*_OPENING, *_CLOSING)], dtype=np.uint64),
            frozenset(strings.add(word) for word in _NEGATIONS),
        )


class Conditions:
    """What the conditions of rules ask of one doc, worked out when first asked."""

    def __init__(self, doc: Doc, marks: Marks) -> None:
        self.doc = doc
        self._marks = marks
        info = doc._.outreach or {}
        self.subject_end: int = info.get("subject_end", 0)
        self.in_thread: bool = info.get("in_thread", False)
        self._concrete: np.ndarray | None = None
        self._norms: Any = None

    def check(self, rule: Rule, start: int, end: int) -> tuple[int, int] | None:
        """The bounds of the evidence in tokens, or None where a condition is not met."""
        if rule.negatable and self._negated(start):
            return None
        if rule.place != "any" and not self._in_place(rule.place, start):
            return None
        for need in rule.needs:
            if need == "question":
                if "?" not in self.doc[start].sent.text.rstrip()[-4:]:
                    return None
            elif need == "no_thread":
                if self.in_thread:
                    return None
            elif need == "sentence":
                sentence = self.doc[start].sent
                start, end = sentence.start, max(end, sentence.end)
            else:
                last = self._last_concrete(end)
                if (last is not None) != (need == "concrete"):
                    return None
                end = last + 1 if last is not None else end
        return start, end

    def _negated(self, start: int) -> bool:
        if self._norms is None:
            self._norms = self.doc.to_array(NORM).tolist()
            starts, punctuation = self.doc.to_array([SENT_START, IS_PUNCT]).T
            self._clause_starts = ((starts.astype(np.int64) == 1) | (punctuation == 1)).tolist()
        for i in range(start - 1, max(-1, start - 1 - NEGATION_WITHIN), -1):
            if self._clause_starts[i + 1]:
                return False
            if self._norms[i] in self._marks.negations:
                return True
        return False

    def _in_place(self, place: str, start: int) -> bool:
        in_subject = self.doc[start].idx < self.subject_end
        return in_subject == (place == "subject")

    def _last_concrete(self, end: int) -> int | None:
        """The last word of the first run of concrete words that follows in the sentence."""
        if self._concrete is None:
            self._concrete = concrete_words(self.doc, self._marks)
        stop = min(len(self.doc), end + CONCRETE_WITHIN)
        last = None
        for i in range(end, stop):
            if self.doc[i].is_sent_start or "\n\n" in self.doc[i].text:
                break
            if self._concrete[i]:
                last = i
            elif last is not None and i - last > 1:
                break
        return last


def concrete_words(doc: Doc, marks: Marks) -> np.ndarray:
    """Which tokens name something: a boolean array, one a token.

    Concrete is a capitalised word inside a sentence, a number that counts nothing, a word with a digit, a capital or an
    underscore inside, a link, and whatever stands in quotation marks. A placeholder is not.
    """
    orth, title, alpha, length, url, space = doc.to_array(
        [ORTH, IS_TITLE, IS_ALPHA, LENGTH, LIKE_URL, IS_SPACE]
    ).T
    starts = doc.to_array(SENT_START).astype(np.int64) == 1
    concrete: np.ndarray = ((title == 1) & ~starts & (length > 1)) | (url == 1)
    for i in np.flatnonzero((alpha == 0) | ((title == 0) & (length > 1))).tolist():
        text = doc[i].text
        if text.isdigit():
            concrete[i] = not _counts_something(doc, i)
            continue
        if not text.islower() and any(c.isalnum() for c in text):
            concrete[i] |= any(c.isdigit() or c == "_" or c.isupper() for c in text[1:])
            concrete[i] &= not _PLACEHOLDER_WORD.match(text)
    for opening, closing in _quoted(doc, np.isin(orth, marks.quotes), space == 1):
        if closing - opening <= 12:
            concrete[opening + 1 : closing] = True
    inside, opened = False, -1  # of a placeholder's brackets, and the sentence in which they opened
    sentences = np.cumsum(starts)
    for i in np.flatnonzero(concrete | np.isin(orth, marks.brackets)).tolist():
        text = doc[i].text
        number = sentences[i]
        inside = text in _OPENING or (inside and number == opened and text not in _CLOSING)
        opened = number if text in _OPENING else opened
        if inside or text in _NOT_NAMES:
            concrete[i] = False
    return concrete


def _quoted(doc: Doc, quotes: np.ndarray, space: np.ndarray) -> Iterator[tuple[int, int]]:
    """Where a quotation opens and closes: marks pair within a paragraph; one after a digit is an inch."""
    open_: int | None = None
    for i in np.flatnonzero(quotes | space).tolist():
        if space[i]:
            open_ = None if doc[i].text.count("\n") > 1 else open_
        elif i and doc[i - 1].text[-1].isdigit() and not doc[i - 1].whitespace_ and open_ is None:
            continue
        elif open_ is None:
            open_ = i
        else:
            yield open_, i
            open_ = None


def _counts_something(doc: Doc, i: int) -> bool:
    """True where a number says how many there are ("40 pupils"), and does not name one of them ("issue 40")."""
    return i + 1 < len(doc) and doc[i + 1].is_lower and doc[i + 1].is_alpha and not doc[i + 1].is_stop


_NOT_NAMES = frozenset(
    [
        "I",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Hi",
        "Hello",
        "Dear",
        "Thanks",
        "Best",
        "Regards",
        "CEO",
        "CTO",
        "CFO",
        "CMO",
        "VP",
        "HR",
        "LinkedIn",
        "Linkedin",
        "AI",
        "ROI",
        "SEO",
        "URL",
        "FYI",
        "PS",
        "P.S.",
        "English",
    ]
)
