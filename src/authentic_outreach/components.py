"""spaCy components: sentences as mail has them, and cues as named span groups.

Both are registered as entry points, so ``spacy.blank("en").add_pipe("outreach_cues")`` works
wherever this package is installed. This module stays light (no scikit-learn, no pandas): spaCy
imports it at its first ``spacy.blank``.

Extensions set: ``Doc._.outreach``, a plain dictionary that says where the subject ends
(``subject_end``, in characters), whether the message answers another (``in_thread``), and, where it
is at hand, the doc's ``text``.
Precision and recall of the cues on the corpus stand in ``docs/evaluation.md``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import numpy as np
from spacy.attrs import IS_SPACE, NORM
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span
from spacy.util import registry

from authentic_outreach.conditions import Conditions, Marks
from authentic_outreach.evidence import CUE_NAMES, Rule, load_rules
from authentic_outreach.folding import fold_vocab
from authentic_outreach.phrases import PhraseAutomaton
from authentic_outreach.sentences import SentenceSplitter

if not Doc.has_extension("outreach"):
    Doc.set_extension("outreach", default=None)


PARAGRAPH = "\n\n"
# Letters on both sides of a digit or sign: "sl0t", whose "t" spaCy takes for tonnes, and splits off.
_DISGUISED = re.compile(r"[^\W\d_]+(?:[\d@$]+[^\W\d_]+)+")
_UNLESS = "unless "


class CueFinder:
    """Writes ``doc.spans[cue]`` for all eighteen cues; a span's label is its cue, its id its rule.

    Overlapping matches of one cue are merged into the longest; different cues may share words.
    """

    def __init__(self, nlp: Language, rules: Iterable[Rule] | None = None) -> None:
        book = load_rules()
        self._rules = {rule.id: rule for rule in (book.rules if rules is None else rules)}
        fold_vocab(nlp.vocab, frozenset(_words(self._rules.values(), book.lists)))
        self._tokens = Matcher(nlp.vocab)
        self._regexes: list[tuple[Rule, list[re.Pattern[str]]]] = []
        strings = nlp.vocab.strings
        self._paragraph = strings.add(PARAGRAPH)
        self._emphasis = np.array([strings.add(mark) for mark in ("*", "**", "_", "__", "~")], np.uint64)
        self._marks = Marks.of(strings)
        self._phrases = PhraseAutomaton(lambda word: [token.norm for token in nlp.tokenizer(word)])
        for rule in self._rules.values():
            for phrase in rule.phrases:
                self._phrases.add(rule.id, phrase, book.lists)
            for phrase in rule.unless:
                self._phrases.add(_UNLESS + rule.id, phrase, book.lists)
            if rule.patterns:
                self._tokens.add(rule.id, list(rule.patterns), greedy="LONGEST")
            if rule.regexes:
                self._regexes.append((rule, [re.compile(regex) for regex in rule.regexes]))

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
        conditions = Conditions(doc, self._marks)
        for rule, start, end in found:
            if any(s < end and start < e for s, e in exceptions.get(rule.id, ())):
                continue
            if (bounds := conditions.check(rule, start, end)) is not None:
                groups[rule.cue].append(Span(doc, *bounds, label=rule.cue, span_id=rule.id))
        for name, spans in groups.items():
            doc.spans[name] = _longest(spans)
        return doc

    def _phrase_matches(self, doc: Doc) -> Iterator[tuple[str, int, int]]:
        """Phrases read over line breaks and marks of emphasis (**last** chance), but not over the end of a paragraph."""
        norms, space = doc.to_array([NORM, IS_SPACE]).T
        skipped = (space == 1) | np.isin(norms, self._emphasis)
        for i in np.flatnonzero(space).tolist():
            if doc[i].text.count("\n") > 1:
                norms[i], skipped[i] = self._paragraph, False
        places = np.flatnonzero(~skipped).tolist()
        for label, start, end in self._phrases.find(norms[places].tolist()):
            yield label, places[start], places[end - 1] + 1

    def _regex_matches(self, doc: Doc) -> Iterator[tuple[Rule, int, int]]:
        text = (doc._.outreach or {}).get("text") or doc.text  # which spaCy joins anew at every access
        for rule, regexes in self._regexes:
            if rule.signs and not any(sign in text for sign in rule.signs):
                continue
            for match in chain.from_iterable(regex.finditer(text) for regex in regexes):
                span = doc.char_span(*match.span(), alignment_mode="expand")
                if span is not None and len(span):
                    yield rule, span.start, span.end


def _words(rules: Iterable[Rule], lists: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """The words of three letters and more that phrases of rules and their lists hold."""
    phrases = [phrase for rule in rules for phrase in rule.phrases]
    for text in chain(phrases, *lists.values()):
        yield from re.findall(r"[a-z]{3,}", text)


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
    nlp.tokenizer.token_match = _DISGUISED.fullmatch  # type: ignore[union-attr]  # a Tokenizer, in any blank pipeline
    for factory in ("outreach_sentences", "outreach_cues"):
        if factory not in nlp.factory_names:
            registry.ensure_populated()
        nlp.add_pipe(factory)
    return nlp
