"""What is counted in a message once, for all features: kinds of words, sentences, lines.

The kinds of a word are worked out once per distinct word and kept as bits, so that a message
costs one look-up a token.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from copy import copy
from enum import IntFlag
from functools import cached_property
from itertools import pairwise
from typing import Self

import numpy as np
from spacy.attrs import IS_ALPHA, IS_ASCII, IS_STOP, ORTH, SENT_START
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.tokens import Doc
from spacy.vocab import Vocab

from authentic_outreach.evidence import CUES
from authentic_outreach.folding import fold
from authentic_outreach.wording import Weighed, Wording


class Kind(IntFlag):
    """Kinds of a word; a word may be of several."""

    WORD = 1
    I = 2  # noqa: E741 - the pronoun itself
    WE = 4
    YOU = 8
    HEDGE = 16
    QUESTION_WORD = 32
    PAST = 64
    TECHNICAL = 128
    EMOJI = 256
    QUESTION = 1024
    SHOUT = 2048
    THANKS = 4096
    LINK = 8192
    ASK_WORD = 32768
    CONTRAST = 65536
    PLAIN = 131072
    """A word that counts for readability: it begins with a small letter, and is no ending such as 'n't'."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LISTS: dict[Kind, frozenset[str]] = {
    Kind.I: _words("i me my mine myself i'm i've i'd i'll"),
    Kind.WE: _words("we us our ours ourselves"),
    Kind.YOU: _words("you your yours yourself u ur"),
    Kind.HEDGE: _words(
        "maybe perhaps probably possibly might guess suppose think wonder wondering unsure seems seem roughly "
        "apparently somewhat rather fairly afraid doubt hopefully honestly actually anyway"
    ),
    Kind.QUESTION_WORD: _words("how what why which who where when whether"),
    Kind.PAST: _words(
        "was were had did got went saw read found bought wrote heard came took made tried ran gave told said sat "
        "lost kept left met spent built sold paid grew broke felt knew thought began sent taught ate drove"
    ),
    Kind.THANKS: _words("thanks thank thx cheers grateful appreciate sorry apologies apologise apologize"),
    Kind.CONTRAST: _words(
        "but though although however because since unless except instead otherwise yet still"
    ),
    Kind.ASK_WORD: _words(
        "interested interest opportunity opportunities explore discuss connect chat call meeting schedule "
        "collaborate collaboration partner partnership quick brief demo solution solutions offer services"
    ),
}
_NOT_PAST = _words(
    "need needed indeed feed speed seed exceed proceed succeed hundred sacred red bed breed excited interested dedicated experienced based limited"
)
# Capitals shout where the word is an ordinary one; USRP and VHDL are names. These are shouted in offers.
_SHOUTED = _words(
    "act amazing attention best big biggest book bonus chance click deal demand discount exclusive exciting extra "
    "fast final free great guarantee guaranteed help huge hurry important inside invitation limited live miss missed "
    "money must need new offer order perfect profit ready reminder reply sale save secret special start stop success "
    "time today tomorrow tonight top ultimate unique urgent vip warning win world"
)
# DeShawn, McCall, O'Neal: capitals inside that make a name, no term of any trade.
_NAME = re.compile(r"(?:Ma?c|[A-Z][a-z]?)['’]?[A-ZÀ-Þ][^\W\d_A-Z]+(?:['’]s)?")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2b50]")
_LINK = re.compile(r"(?i)^<?(?:https?://|www\.)|^[\w.-]+\.(?:com|org|net|io|co|de|uk|ai|dev|app)(?:/|$)")
_ITEM = re.compile(r"(?m)^[ \t]*(?:[-*•▪✓✅👉➡◦‣]|\d{1,2}[.)]|[a-z]\))[ \t]+\S")
_MARKUP = re.compile(r"\*\*[^*\n]{1,80}\*\*|__[^_\n]{1,80}__|(?m:^#{1,4} \S)")


_ENDINGS = frozenset(
    ["n't", "'s", "'re", "'ve", "'ll", "'d", "'m", "n’t", "’s", "’re", "’ve", "’ll", "’d", "’m"]
)
_LETTERS_AT = 32
"""From this bit on, a word's entry in `WordKinds` holds how many letters and digits count for readability."""


class WordKinds(dict[int, int]):
    """Word hash → its kinds and, above them, its letters.

    Letters of capitalised words and links are left out: how long somebody's name is must not count.
    """

    def __init__(self, vocab: Vocab) -> None:
        super().__init__()
        self._vocab = vocab

    def __missing__(self, key: int) -> int:
        lexeme = self._vocab[key]
        disguised = (
            lexeme.norm_.isalpha() and not lexeme.orth_.isalpha() and any(map(str.isdigit, lexeme.orth_))
        )
        word = lexeme.norm_ if disguised else lexeme.orth_
        found = word_kinds(word)
        left_out = word[0].isupper() or bool(found & Kind.LINK)
        letters = 0 if left_out else sum(map(str.isalnum, word))
        kinds = self[key] = int(found) | letters << _LETTERS_AT
        return kinds


def word_kinds(text: str) -> Kind:
    """The kinds of one word as it is written.

    >>> word_kinds("I") == Kind.WORD | Kind.I
    True
    >>> Kind.TECHNICAL in word_kinds("v1.7.1"), Kind.SHOUT in word_kinds("FREE"), Kind.PAST in word_kinds("tried")
    (True, True, True)
    """
    kinds = Kind(0)
    if text.isspace():
        return kinds
    if not any(c.isalnum() for c in text):
        if "?" in text:
            kinds |= Kind.QUESTION
        return kinds | Kind.EMOJI if _EMOJI.search(text) else kinds
    kinds |= Kind.WORD
    if not text[0].isupper() and text not in _ENDINGS:
        kinds |= Kind.PLAIN
    folded = fold(text)
    for kind, words in _LISTS.items():
        if folded in words:
            kinds |= kind
    if folded.endswith("ed") and len(folded) > 4 and text[0].islower() and folded not in _NOT_PAST:
        kinds |= Kind.PAST
    if _LINK.search(text):
        return (kinds | Kind.LINK) & ~Kind.PLAIN
    digit, alpha = any(c.isdigit() for c in text), any(c.isalpha() for c in text)
    inner_capital = text[1:] != text[1:].lower() and not text.isupper() and not _NAME.fullmatch(text)
    if (
        (digit and alpha and len(text) > 2)
        or "_" in text.strip("_")
        or "/" in text.strip("/")
        or inner_capital
    ):
        kinds |= Kind.TECHNICAL
    if len(text) >= 3 and text.isupper() and (folded in STOP_WORDS or folded in _SHOUTED):
        kinds |= Kind.SHOUT
    return kinds


class Measures:
    """Counts of one doc, each worked out when first asked. Rates are shares of words or sentences.

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
        orth, starts = doc.to_array([ORTH, SENT_START]).T
        self.kinds = np.fromiter(map(kinds.__getitem__, orth.tolist()), dtype=np.int64, count=len(doc))
        for span in doc.spans.get(
            "merge_error", ()
        ):  # [CITY/STATE] is no term of anybody's trade, and no shout
            self.kinds[span.start : span.end] &= ~int(Kind.TECHNICAL | Kind.SHOUT)
        self.starts = np.flatnonzero(starts == 1)
        self.body = text[self.subject_end :]
        self._forget_repeats(orth)
        self.words = self.count(Kind.WORD)

    def _forget_repeats(self, orth: np.ndarray) -> None:
        """Leave out every sentence that stood in the message before, word for word."""
        places = np.flatnonzero(self.kinds & int(Kind.WORD))
        words = orth[places].tobytes()
        seen: set[bytes] = set()
        repeats: list[tuple[int, int]] = []
        bounds = [*self.starts.tolist(), len(orth)]
        in_bytes = (np.searchsorted(places, bounds) * orth.itemsize).tolist()
        for sentence, run in zip(pairwise(bounds), pairwise(in_bytes), strict=True):
            key = words[slice(*run)]
            if key in seen:
                repeats.append(sentence)
            elif key:
                seen.add(key)
        for start, end in reversed(repeats):
            self.kinds[start:end] = 0
            first = self.doc[start].idx - self.subject_end
            if first >= 0:
                last = self.doc[end - 1]
                after = last.idx + len(last.text_with_ws) - self.subject_end
                self.body = self.body[:first] + self.body[after:]

    def count(self, kind: Kind) -> int:
        """How many tokens are of a kind."""
        return int(np.count_nonzero(self.kinds & int(kind)))

    def rate(self, kind: Kind) -> float:
        """Tokens of a kind a word, 0 to 1."""
        return min(1.0, self.count(kind) / max(1, self.words))

    @cached_property
    def english(self) -> tuple[float, float]:
        """Shares of the words of letters that are English function words, and that are of ASCII letters."""
        alpha, stop, ascii_ = self.doc.to_array([IS_ALPHA, IS_STOP, IS_ASCII]).T.astype(bool)
        letters = max(1, int(alpha.sum()))
        return float((alpha & stop & ascii_).sum() / letters), float((alpha & ascii_).sum() / letters)

    @cached_property
    def by_sentence(self) -> list[int]:
        """Kinds that occur in each sentence that has a word, as bit sets."""
        if not len(self.starts):
            return []
        kinds: list[int] = np.bitwise_or.reduceat(self.kinds, self.starts).tolist()
        return [kind for kind in kinds if kind & Kind.WORD.value]

    def sentence_share(self, kinds: Kind) -> float:
        """Share of sentences in which all of ``kinds`` occur, 0 to 1."""
        wanted = kinds.value
        shown = [kind & wanted == wanted for kind in self.by_sentence]
        return sum(shown) / len(shown) if shown else 0.0

    @cached_property
    def readability(self) -> tuple[float, float]:
        """Letters a word, and words a sentence, of the words that are not capitalised.

        Grades from these lie within 1.5 of textstat's in the median, at an eighth of the time (tests/test_readability.py).
        """
        words = self.count(Kind.PLAIN)
        if not words:
            return 0.0, 0.0
        letters = int((self.kinds >> _LETTERS_AT).sum())
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
            wording = fold(text)
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
            name: Counter([fold(span.text) for span in group]) for name, group in spans.items() if len(group)
        }

    @cached_property
    def weighed(self) -> Weighed | None:
        """The wording as the model weighs it, None where there is no model."""
        return self._wording.weigh(self.doc) if self._wording else None

    @property
    def wording(self) -> float:
        """The log-odds of the wording, 0 where no model weighs it."""
        return self.weighed.value if self.weighed else 0.0

    @cached_property
    def facts_used(self) -> int:
        """How many of the recipient's known facts (company, role words, facts) the body takes up."""
        body = self.body.lower()
        return sum(fact.lower() in body for fact in self.facts if len(fact) > 2)


GROUPS: dict[str, tuple[str, ...]] = {
    group: tuple(cue.name for cue in CUES if cue.group == group)
    for group in dict.fromkeys(c.group for c in CUES)
}
"""Cue group → its cues, in the guide's order."""
