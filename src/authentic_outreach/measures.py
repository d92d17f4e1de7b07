"""What is counted in a message once, for all features: kinds of words, sentences, lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from copy import copy
from functools import cached_property
from itertools import pairwise
from typing import Self

import numpy as np
from spacy.tokens import Doc

from authentic_outreach.evidence import CUES
from authentic_outreach.folding import fold
from authentic_outreach.lexicon import LETTERS_AT, Kind, WordKinds
from authentic_outreach.ngrams import Tokens
from authentic_outreach.wording import Weighed, Worded, Wording, pasted_sentences

_ITEM = re.compile(r"(?m)^[ \t]*(?:[-*•▪✓✅👉➡◦‣]|\d{1,2}[.)]|[a-z]\))[ \t]+\S")
_MARKUP = re.compile(r"\*\*[^*\n]{1,80}\*\*|__[^_\n]{1,80}__|(?m:^#{1,4} \S)")

MIN_WORDS, MIN_SENTENCES = 40, 5
"""Shares of fewer words or sentences than these are worked out as if there were so many: a short note proves little by its manner.

Some twenty to thirty words a paragraph, two of them; 60 and 8 did as well on the corpus' folds (docs/state.md)."""
_DIRECTED = frozenset(cue.name for cue in CUES if cue.direction)
_AGAINST = frozenset(cue.name for cue in CUES if cue.direction < 0)


class Measures:
    """Counts of one doc, each worked out when first asked. Rates are shares of words or sentences.

    Cues count by their wordings. Everything else, the manner, is counted in the sentences that hold no cue for or against
    the message, were not said before and are not pasted matter; so one more pressing or kind sentence moves a score by its cue alone.
    ``text`` is the text of ``doc``, which spaCy would join anew; ``wording`` the model by which words are weighed.
    """

    def __init__(self, doc: Doc, kinds: WordKinds, text: str, wording: Wording | None = None) -> None:
        self.doc = doc
        self._wording = wording
        info = doc._.outreach or {}
        self.subject_end: int = info.get("subject_end", 0)
        self.in_thread: bool = info.get("in_thread", False)
        self.facts: list[str] = info.get("facts", [])
        self.copied: float = info.get("copied", 0.0)
        self._text = text
        self.body = text[self.subject_end :]
        self.tokens = Tokens.of(doc, kinds)
        bounds = [*np.flatnonzero(self.tokens.starts).tolist(), len(doc)]
        self._sentences = list(pairwise(bounds))
        is_word = self.tokens.are(Kind.WORD)
        repeats = self._repeats(is_word)
        self.words = int(is_word.sum()) - sum(int(is_word[start:end].sum()) for start, end in repeats)
        self.kinds = self.tokens.kinds.copy()
        self._leave_out(sorted({*repeats, *self._cued(_DIRECTED), *self._pasted(repeats)}))

    def _repeats(self, is_word: np.ndarray) -> list[tuple[int, int]]:
        """Sentences, by first token and end, that stood in the message before, word for word."""
        places = np.flatnonzero(is_word)
        words = self.tokens.orth[places].tobytes()
        seen: set[bytes] = set()
        repeats: list[tuple[int, int]] = []
        bounds = [start for start, _ in self._sentences] + [len(self.tokens.orth)]
        in_bytes = (np.searchsorted(places, bounds) * self.tokens.orth.itemsize).tolist()
        for sentence, run in zip(self._sentences, pairwise(in_bytes), strict=True):
            key = words[slice(*run)]
            if key in seen:
                repeats.append(sentence)
            elif key:
                seen.add(key)
        return repeats

    def _cued(self, cues: frozenset[str]) -> list[tuple[int, int]]:
        """Sentences, by first token and end, with one of some cues."""
        groups = [group for cue, group in self.doc.spans.items() if len(group) and cue in cues]
        if not groups:
            return []
        number = self.tokens.sentences.tolist()
        found = {n for group in groups for span in group for n in number[span.start : span.end]}
        return [self._sentences[n] for n in found]

    def _pasted(self, repeats: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Sentences, by first token and end, of long paragraphs in which neither the writer nor the reader occurs."""
        if not self._sentences:
            return []
        again, against = set(repeats), set(self._cued(_AGAINST))
        pasted = pasted_sentences(
            self.tokens,
            np.array([sentence in again for sentence in self._sentences]),
            np.array([sentence in against for sentence in self._sentences]),
        )
        return [self._sentences[n] for n in np.flatnonzero(pasted).tolist()]

    def _leave_out(self, sentences: list[tuple[int, int]]) -> None:
        """Count nothing of some sentences, which stand in order."""
        for start, end in reversed(sentences):
            self.kinds[start:end] = 0
            first = self.doc[start].idx - self.subject_end
            if first >= 0:
                last = self.doc[end - 1]
                after = last.idx + len(last.text_with_ws) - self.subject_end
                cut = self.body[first:after]
                self.body = self.body[:first] + cut[len(cut.rstrip()) :] + self.body[after:]

    def count(self, kind: Kind) -> int:
        """How many tokens of the sentences that count are of a kind."""
        return int(np.count_nonzero(self.kinds & int(kind)))

    @cached_property
    def _counted(self) -> int:
        return self.count(Kind.WORD)

    def rate(self, kind: Kind) -> float:
        """Tokens of a kind a word, 0 to 1."""
        return min(1.0, self.count(kind) / max(MIN_WORDS, self._counted))

    @cached_property
    def english(self) -> tuple[float, float]:
        """Shares of the words of letters that are English function words, and that are of ASCII letters."""
        kinds = self.tokens.kinds
        letters, latin, function = (
            int(np.count_nonzero(kinds & wanted == wanted))
            for wanted in map(
                int, (Kind.LETTERS, Kind.LETTERS | Kind.ASCII, Kind.LETTERS | Kind.ASCII | Kind.FUNCTION)
            )
        )
        return function / max(1, letters), latin / max(1, letters)

    @cached_property
    def by_sentence(self) -> list[int]:
        """Kinds that occur in each sentence that counts, as bit sets."""
        if not self._sentences:
            return []
        kinds: list[int] = np.bitwise_or.reduceat(
            self.kinds, [start for start, _ in self._sentences]
        ).tolist()
        return [kind for kind in kinds if kind & Kind.WORD.value]

    def sentence_share(self, kinds: Kind) -> float:
        """Share of sentences in which all of ``kinds`` occur, 0 to 1."""
        wanted = kinds.value
        shown = [kind & wanted == wanted for kind in self.by_sentence]
        return sum(shown) / max(MIN_SENTENCES, len(shown))

    @cached_property
    def readability(self) -> tuple[float, float]:
        """Letters a word, and words a sentence, of the words that are not capitalised.

        Grades from these lie within 1.5 of textstat's in the median, at an eighth of the time (tests/test_readability.py).
        """
        words = self.count(Kind.PLAIN)
        if not words:
            return 0.0, 0.0
        letters = int((self.kinds >> LETTERS_AT).sum())
        return letters / words, words / max(1, len(self.by_sentence))

    @cached_property
    def lines(self) -> list[str]:
        """Lines of the body that are not empty."""
        return [line for line in self.body.split("\n") if line.strip()]

    @cached_property
    def items(self) -> float:
        """Share of the body's lines that are items of a list or hold bold or heading marks, 0 to 1."""
        marked = len(_ITEM.findall(self.body))
        if "**" in self.body or "__" in self.body or "# " in self.body:
            marked += len(_MARKUP.findall(self.body))
        return min(1.0, marked / max(1, len(self.lines)))

    def distinct(self, *cues: str) -> int:
        """How many different wordings the cues were found in; a text pasted twice counts once."""
        return sum([len(self._wordings.get(name, ())) for name in cues]) if self._wordings else 0

    def without(self, wordings: Iterable[tuple[str, str]]) -> Self:
        """These measures as if some wordings, told as (cue, text), had not been found; all else stays."""
        left = {name: counts.copy() for name, counts in self._wordings.items()}
        for cue, text in wordings:
            counts = left.get(cue, Counter())
            wording = one_spelling(text)
            counts[wording] -= 1
            if counts[wording] <= 0:
                del counts[wording]
        changed = copy(self)
        changed.__dict__["_wordings"] = left
        return changed

    @cached_property
    def _wordings(self) -> dict[str, Counter[str]]:
        """Cue → how often each of its wordings was found."""
        spans = self.doc.spans
        return {
            name: Counter([one_spelling(span.text) for span in group])
            for name, group in spans.items()
            if len(group)
        }

    @cached_property
    def weighed(self) -> Weighed | None:
        """The wording as the model weighs it, None where there is no model."""
        return (
            self._wording.weigh(Worded.of(self.doc, self.tokens, self._wording.words))
            if self._wording
            else None
        )

    @property
    def wording(self) -> float:
        """The log-odds of the wording, 0 where no model weighs it."""
        return self.weighed.value if self.weighed else 0.0

    @cached_property
    def facts_used(self) -> int:
        """How many of the recipient's known facts (company, role words, facts) the body takes up."""
        body = self._text[self.subject_end :].lower()
        return sum(fact.lower() in body for fact in self.facts if len(fact) > 2)


def one_spelling(text: str) -> str:
    """One spelling of a wording, however it was spaced and broken over lines."""
    return " ".join(fold(text).split())


GROUPS: dict[str, tuple[str, ...]] = {
    group: tuple(cue.name for cue in CUES if cue.group == group)
    for group in dict.fromkeys(c.group for c in CUES)
}
"""Cue group → its cues, in the guide's order."""
