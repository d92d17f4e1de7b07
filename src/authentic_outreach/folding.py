"""One spelling for each word: what a token's ``NORM`` is while cues are sought.

Rules match on ``NORM``. Folding happens once per distinct word, when spaCy makes its lexeme, and
so costs nothing per token. It undoes compatibility forms and look-alike letters, drops characters
that do not show, lowers case, and writes ``0`` for a number of two or more, in digits or words.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from spacy.attrs import NORM
from spacy.vocab import Vocab

# Letters of other scripts that look like a Latin one (a selection of Unicode's confusables.txt, UTS #39).
_LOOKALIKES = str.maketrans(
    "аеорсухіїјѕԁһԛԝьвкмнтгзαοενρτυικχуАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ’‘`´‐‑–—",
    "aeopcyxiijsdhqwbvkmhtrzaoevptuikxyABEKMHOPCTYXIJSABEZHIKMNOPTYX''''----",
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\u034f\u180e]")
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
        plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", word))
        folded = plain.translate(_LOOKALIKES).lower()
    if folded in _NUMBER_WORDS or (_NUMBER.fullmatch(folded) and folded != "1"):
        return "0"
    return folded or word


def fold_vocab(vocab: Vocab) -> None:
    """Make ``vocab`` fold every word it meets, and those it has met."""
    getters: dict[int, Any] = vocab.lex_attr_getters  # type: ignore[attr-defined]  # missing in spaCy's stub
    if getters.get(NORM) is fold:
        return
    getters[NORM] = fold
    for lexeme in vocab:
        lexeme.norm_ = fold(lexeme.orth_)
