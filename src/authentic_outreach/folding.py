"""One spelling for each word: what a token's ``NORM`` is while cues are sought.

Rules match on ``NORM``. Folding happens once per distinct word, when spaCy makes its lexeme, and
so costs nothing per token. It undoes compatibility forms and look-alike letters, drops characters
that do not show, lowers case, and writes ``0`` for a number of two or more, in digits or words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from typing import Any

from spacy.attrs import NORM
from spacy.vocab import Vocab

# Letters of other scripts that look like a Latin one (a selection of Unicode's confusables.txt, UTS #39).
_LOOKALIKES = str.maketrans(
    "аеорсухіїјѕԁһԛԝьвкмнтгзαοενρτυικχуАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ’‘`´‐‑–—",
    "aeopcyxiijsdhqwbvkmhtrzaoevptuikxyABEKMHOPCTYXIJSABEZHIKMNOPTYX''''----",
)
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\u034f\u180e]")
_NUMBER = re.compile(r"[0-9][0-9.,]*")
_NUMBER_WORDS = frozenset(
    [
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "fifteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "hundred",
    ]
)


def fold(word: str) -> str:
    """The one spelling under which ``word`` is matched.

    >>> [fold(w) for w in ("URGENT", "urg\\u00adent", "\\u0430ct", "\\uff2eow", "Three", "1,500", "3rd")]
    ['urgent', 'urgent', 'act', 'now', '0', '0', '3rd']
    """
    if word.isascii():
        folded = word.lower()
    else:
        plain = unicodedata.normalize("NFKC", INVISIBLE.sub("", word))
        folded = plain.translate(_LOOKALIKES).lower()
    if folded in _NUMBER_WORDS or (_NUMBER.fullmatch(folded) and folded != "1"):
        return "0"
    return folded or word


# Digits and signs that stand for letters in "fr33", "l1mited", "gu@rant33d"; 1 and ! may be either.
_SIGNS = [str.maketrans("013457@$!|", "oieastasil"), str.maketrans("013457@$!|", "oleastasll")]


def undisguise(word: str, known: Set[str]) -> str:
    """The word of ``known`` that ``word`` spells with digits and signs for letters, else ``word`` itself.

    >>> [undisguise(w, {"limited", "free", "last"}) for w in ("l1mited", "fr33", "1ast", "b2b", "4.50")]
    ['limited', 'free', 'last', 'b2b', '4.50']
    """
    if word.isalpha() or not any(char.isalpha() for char in word):
        return word
    return next((plain for signs in _SIGNS if (plain := word.translate(signs)) in known), word)


class _Folder:
    """Folds words for one vocabulary; the words that rules speak of are recognised in disguise."""

    def __init__(self, known: Set[str]) -> None:
        self.known = known

    def __call__(self, word: str) -> str:
        return undisguise(fold(word), self.known)


def fold_vocab(vocab: Vocab, known: Set[str] = frozenset()) -> None:
    """Make ``vocab`` fold every word it meets, and those it has met; ``known`` words also in disguise."""
    getters: dict[int, Any] = vocab.lex_attr_getters  # type: ignore[attr-defined]  # missing in spaCy's stub
    folder = getters.get(NORM)
    if isinstance(folder, _Folder) and folder.known == known:
        return
    getters[NORM] = folder = _Folder(known)
    for lexeme in vocab:
        lexeme.norm_ = folder(lexeme.orth_)
