"""spaCy components: sentences as mail has them, and cues as named span groups.

Both are registered as entry points, so ``spacy.blank("en").add_pipe("outreach_cues")`` works
wherever this package is installed. This module stays light (no scikit-learn, no pandas): spaCy
imports it at its first ``spacy.blank``.

Extensions set: ``Doc._.outreach``, a plain dictionary that says where the subject ends
(``subject_end``, in characters) and whether the message answers another (``in_thread``).
Precision and recall of the cues on the corpus stand in ``docs/evaluation.md``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from spacy.attrs import IS_ALPHA, IS_SPACE, IS_TITLE, LENGTH, LIKE_URL, NORM, ORTH, SENT_START
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span
from spacy.util import registry

from authentic_outreach.evidence import CUE_NAMES, Rule, load_rules
from authentic_outreach.folding import fold_vocab
from authentic_outreach.phrases import PhraseAutomaton

if not Doc.has_extension("outreach"):
    Doc.set_extension("outreach", default=None)

CONCRETE_WITHIN = 8
"""How many words after a phrase a concrete word may stand to be what the phrase refers to."""
NEGATION_WITHIN = 3
"""How many words before a phrase a negation reaches."""

PARAGRAPH = "\n\n"
_UNLESS = "unless "
_SENTENCE_ENDS = (".", "!", "?", "…", "?!", "!!", "??", "!!!", "???", "...")
_NEGATIONS = ("no", "not", "never", "without", "neither", "nor", "hardly", "nothing", "none", "don't")
_QUOTES = ('"', "“", "”", "«", "»", "`", "‘")
_OPENING = ("[", "{", "{{", "${", "<<", "%")
_CLOSING = ("]", "}", "}}", ">>")
_PLACEHOLDER_WORD = re.compile(r"[A-Z][A-Z_]{3,}$")


class SentenceSplitter:
    """Starts a sentence after ``. ! ? …`` and after every line break that ends a paragraph or item.

    Mail breaks lines in the middle of sentences; a single break starts a sentence only where the
    line before ended in punctuation or was short (a greeting, a heading, an item of a list).
    """

    SHORT_LINE = 45
    """Characters under which a line's end is taken for the sentence's end (wrapped mail runs to 60 and more)."""

    def __init__(self, nlp: Language) -> None:
        strings = nlp.vocab.strings
        self._ends = np.array([strings.add(s) for s in _SENTENCE_ENDS], dtype=np.uint64)

    def __call__(self, doc: Doc) -> Doc:
        """Set the sentence starts of ``doc``."""
        if not len(doc):
            return doc
        orth, space = doc.to_array([ORTH, IS_SPACE]).T
        ends = np.isin(orth, self._ends)
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


class CueFinder:
    """Writes ``doc.spans[cue]`` for all eighteen cues; a span's label is its cue, its id its rule.

    Overlapping matches of one cue are merged into the longest; different cues may share words.
    """

    def __init__(self, nlp: Language, rules: Iterable[Rule] | None = None) -> None:
        fold_vocab(nlp.vocab)
        book = load_rules()
        self._rules = {rule.id: rule for rule in (book.rules if rules is None else rules)}
        self._tokens = Matcher(nlp.vocab)
        self._regexes: list[tuple[Rule, re.Pattern[str]]] = []
        strings = nlp.vocab.strings
        self._paragraph = strings.add(PARAGRAPH)
        self._negations = frozenset(strings.add(word) for word in _NEGATIONS)
        quotes = np.array([strings.add(mark) for mark in _QUOTES], dtype=np.uint64)
        brackets = np.array([strings.add(mark) for mark in (*_OPENING, *_CLOSING)], dtype=np.uint64)
        self._marks = quotes, brackets
        self._phrases = PhraseAutomaton(lambda word: [token.norm for token in nlp.tokenizer(word)])
        for rule in self._rules.values():
            for phrase in rule.phrases:
                self._phrases.add(rule.id, phrase, book.lists)
            for phrase in rule.unless:
                self._phrases.add(_UNLESS + rule.id, phrase, book.lists)
            if rule.patterns:
                self._tokens.add(rule.id, list(rule.patterns), greedy="LONGEST")
            self._regexes += [(rule, re.compile(regex)) for regex in rule.regexes]

    def __call__(self, doc: Doc) -> Doc:
        """Write the span groups of ``doc``."""
        exceptions: dict[str, list[tuple[int, int]]] = defaultdict(list)
        found: list[tuple[Rule, int, int]] = []
        for label, start, end in self._phrase_matches(doc):
            if label.startswith(_UNLESS):
                exceptions[label.removeprefix(_UNLESS)].append((start, end))
            else:
                found.append((self._rules[label], start, end))
        if len(self._tokens):
            names = doc.vocab.strings
            found += [(self._rules[names[key]], start, end) for key, start, end in self._tokens(doc)]
        found += self._regex_matches(doc)
        groups: dict[str, list[Span]] = {name: [] for name in CUE_NAMES}
        facts = _Facts(doc, self._marks, self._negations)
        for rule, start, end in found:
            if any(s < end and start < e for s, e in exceptions.get(rule.id, ())):
                continue
            if (bounds := facts.check(rule, start, end)) is not None:
                groups[rule.cue].append(Span(doc, *bounds, label=rule.cue, span_id=rule.id))
        for name, spans in groups.items():
            doc.spans[name] = _longest(spans)
        return doc

    def _phrase_matches(self, doc: Doc) -> Iterator[tuple[str, int, int]]:
        """Phrases read over line breaks, but not over the end of a paragraph."""
        norms, space = doc.to_array([NORM, IS_SPACE]).T
        for i in np.flatnonzero(space).tolist():
            if doc[i].text.count("\n") > 1:
                norms[i], space[i] = self._paragraph, 0
        places = np.flatnonzero(space == 0).tolist()
        for label, start, end in self._phrases.find(norms[places].tolist()):
            yield label, places[start], places[end - 1] + 1

    def _regex_matches(self, doc: Doc) -> Iterator[tuple[Rule, int, int]]:
        text = doc.text  # joined anew by spaCy at every access
        for rule, regex in self._regexes:
            for match in regex.finditer(text):
                span = doc.char_span(*match.span(), alignment_mode="expand")
                if span is not None and len(span):
                    yield rule, span.start, span.end


class _Facts:
    """What the conditions of rules ask of one doc, worked out when first asked."""

    def __init__(self, doc: Doc, marks: tuple[np.ndarray, np.ndarray], negations: frozenset[int]) -> None:
        self.doc = doc
        self._marks = marks
        self._negations = negations
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
                if "?" not in self.doc[start].sent.text[-4:]:
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
            self._sentence_starts = self.doc.to_array(SENT_START).astype(np.int64).tolist()
        for i in range(start - 1, max(-1, start - 1 - NEGATION_WITHIN), -1):
            if self._norms[i] in self._negations:
                return True
            if self._sentence_starts[i + 1] == 1:
                return False
        return False

    def _in_place(self, place: str, start: int) -> bool:
        token = self.doc[start]
        in_subject = token.idx < self.subject_end
        if place == "subject":
            return in_subject
        if in_subject:
            return False
        if place == "body":
            return True
        end = self.doc[-1]
        length = end.idx + len(end) - self.subject_end
        position = token.idx - self.subject_end
        return position < max(160, 0.3 * length) if place == "opening" else position > 0.6 * length

    def _last_concrete(self, end: int) -> int | None:
        """The last word of the first run of concrete words that follows in the sentence."""
        if self._concrete is None:
            self._concrete = concrete_words(self.doc, *self._marks)
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


def concrete_words(doc: Doc, quotes: np.ndarray, brackets: np.ndarray) -> np.ndarray:
    """Which tokens name something: a boolean array, one a token.

    Concrete is a capitalised word inside a sentence, a word with a digit, a capital or an
    underscore inside, a link, and whatever stands in quotation marks. A placeholder is not.
    """
    orth, title, alpha, length, url = doc.to_array([ORTH, IS_TITLE, IS_ALPHA, LENGTH, LIKE_URL]).T
    starts = doc.to_array(SENT_START).astype(np.int64) == 1
    concrete: np.ndarray = ((title == 1) & ~starts & (length > 1)) | (url == 1)
    for i in np.flatnonzero((alpha == 0) & (length > 1) | ((title == 0) & (length > 1))).tolist():
        text = doc[i].text
        if not text.islower() and any(c.isalnum() for c in text):
            concrete[i] |= any(c.isdigit() or c == "_" or c.isupper() for c in text[1:])
            concrete[i] &= not _PLACEHOLDER_WORD.match(text)
    marks = np.flatnonzero(np.isin(orth, quotes))
    for opening, closing in zip(marks[::2], marks[1::2], strict=False):
        if closing - opening <= 12:
            concrete[opening + 1 : closing] = True
    inside = False  # of a placeholder's brackets
    for i in np.flatnonzero(concrete | np.isin(orth, brackets)).tolist():
        text = doc[i].text
        inside = text in _OPENING or (inside and text not in _CLOSING)
        if inside or text in _NOT_NAMES:
            concrete[i] = False
    return concrete


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


def _longest(spans: list[Span]) -> list[Span]:
    """Drop a span that another of the group overlaps and outgrows; reading order."""
    kept: list[Span] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start, s.id_)):
        words = range(span.start, span.end)
        if taken.isdisjoint(words):
            kept.append(span)
            taken.update(words)
    return sorted(kept, key=lambda s: s.start)


@Language.factory("outreach_sentences", assigns=["token.is_sent_start", "doc.sents"])
def make_sentences(nlp: Language, name: str) -> SentenceSplitter:
    """Make the sentence splitter for mail."""
    return SentenceSplitter(nlp)


@Language.factory("outreach_cues", requires=["doc.sents"], assigns=["doc.spans"])
def make_cues(nlp: Language, name: str) -> CueFinder:
    """Make the cue finder with the rules of this package."""
    return CueFinder(nlp)


def make_pipeline() -> Language:
    """A blank English pipeline with both components; nothing is downloaded.

    >>> doc = make_pipeline()("Only three seats left, so reply by tonight.")
    >>> [(span.label_, span.text) for group in ("urgency", "scarcity") for span in doc.spans[group]]
    [('urgency', 'reply by tonight'), ('scarcity', 'Only three seats left')]
    """
    import spacy

    nlp = spacy.blank("en")
    for factory in ("outreach_sentences", "outreach_cues"):
        if factory not in nlp.factory_names:
            registry.ensure_populated()
        nlp.add_pipe(factory)
    return nlp
