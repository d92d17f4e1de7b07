"""The lexicon: what kinds of word a word is, worked out once a distinct word and kept as bits.

A message then costs one look-up a token, for its measures as for its n-grams.
"""

from __future__ import annotations

import re
from enum import IntFlag
from functools import cache, reduce
from operator import or_

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.lexeme import Lexeme
from spacy.vocab import Vocab

from authentic_outreach.evidence import load_rules
from authentic_outreach.folding import fold


class Kind(IntFlag):
    """Kinds of a word; a word may be of several."""

    WORD = 1
    I = 2  # noqa: E741 - the pronoun itself
    WE = 4
    YOU = 8
    HEDGE = 16
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
    LETTERS = 1 << 18
    FUNCTION = 1 << 19
    """A function word of English."""
    ASCII = 1 << 20
    SILENT = 1 << 21
    """White space, and punctuation that says nothing."""
    PARAGRAPH = 1 << 22
    """White space that ends a paragraph."""
    CAPITAL = 1 << 23
    """Looks like a name: a capital and small letters (Ana, DeShawn, O'Neal), and no function word."""
    NUMBER = 1 << 24
    MONEY = 1 << 25
    URL = 1 << 26
    ADDRESS = 1 << 27
    TRADE = 1 << 28
    """A trade's people or place of work: which trade a message speaks of must not count."""


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


@cache
def _trades() -> tuple[frozenset[str], frozenset[str]]:
    """The words of ``rules/lists.toml`` for a trade's people and places of work: many, and many or one of them."""
    many = load_rules().lists["trades"]
    one = [re.sub(r"(?<=[cs]h)es$|s$", "", re.sub("ies$", "ys", word)) for word in many]
    return frozenset(many), frozenset([*many, *one])


_ENDINGS = frozenset(
    ["n't", "'s", "'re", "'ve", "'ll", "'d", "'m", "n’t", "’s", "’re", "’ve", "’ll", "’d", "’m"]
)
LETTERS_AT = 32
"""From this bit on, a word's entry in `WordKinds` holds how many letters and digits count for readability."""


class WordKinds(dict[int, int]):
    """Word hash → its kinds and, above them, its letters.

    Letters of capitalised words, trades and links are left out: how long a name or a trade is must not count.
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
        left_out = word[0].isupper() or bool(found & (Kind.LINK | Kind.TRADE))
        letters = 0 if left_out else sum(map(str.isalnum, word))
        kinds = self[key] = int(found | _flags(lexeme)) | letters << LETTERS_AT
        return kinds


_SPEAKING = frozenset("?!%")
"""Punctuation that is a word among others; the rest is silent."""
_FOLDED_NUMBER = "0"
"""As `authentic_outreach.folding` writes numbers, also disguised ones."""


def _flags(lexeme: Lexeme) -> Kind:
    """The kinds that spaCy's own flags tell."""
    text = lexeme.orth_
    mixed = not (
        lexeme.is_title
        or lexeme.is_lower
        or lexeme.is_upper
        or lexeme.is_punct
        or lexeme.is_space
        or lexeme.is_digit
    ) and any(map(str.isalpha, text))
    told = {
        Kind.LETTERS: lexeme.is_alpha,
        Kind.FUNCTION: lexeme.is_stop,
        Kind.ASCII: lexeme.is_ascii,
        Kind.SILENT: lexeme.is_space or (lexeme.is_punct and lexeme.norm_ not in _SPEAKING),
        Kind.PARAGRAPH: lexeme.is_space and text.count("\n") > 1,
        Kind.CAPITAL: mixed or (lexeme.is_title and not lexeme.is_stop),
        Kind.NUMBER: lexeme.like_num or lexeme.norm_ == _FOLDED_NUMBER,
        Kind.MONEY: lexeme.is_currency,
        Kind.URL: lexeme.like_url,
        Kind.ADDRESS: lexeme.like_email,
    }
    return reduce(or_, (kind for kind, holds in told.items() if holds), Kind(0))


def word_kinds(text: str) -> Kind:
    """The kinds of one word as it is written.

    >>> word_kinds("I") == Kind.WORD | Kind.I
    True
    >>> [Kind.TRADE in word_kinds(word) for word in ("bakery", "churches", "Garages", "Baker", "bread")]
    [True, True, True, False, False]
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
    folded = fold(text)
    many, many_or_one = _trades()
    if folded in (many if text[0].isupper() else many_or_one):  # Baker is a name
        return kinds | Kind.TRADE
    if not text[0].isupper() and text not in _ENDINGS:
        kinds |= Kind.PLAIN
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
