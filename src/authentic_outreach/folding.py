"""One spelling for each word: what a token's ``NORM`` is while cues are sought.

Rules match on ``NORM``. Folding happens once per distinct word, when spaCy makes its lexeme, and
so costs nothing per token. It undoes compatibility forms and look-alike letters, drops marks over and
through letters and characters that do not show, lowers case, and writes ``0`` for a number of two or more, in digits or words.
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
INVISIBLE = re.compile(
    "[\u00ad\u0332-\u0338\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
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
        parts = unicodedata.normalize("NFKD", INVISIBLE.sub("", word))
        plain = "".join(char for char in parts if not unicodedata.combining(char))
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


MAX_WORD = 30
"""Letters of the longest word that is sought in spaced letters."""
SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_] ){3,}[^\W\d_](?![^\W_])")
"""Four letters and more with a space between each: 'u r g e n t'."""


def spaces_within(spaced: str, known: Set[str]) -> list[int]:
    """The offsets of spaces that part the letters of one word in a run that `SPACED` found.

    A run may hold several words ('a c t n o w'); where it can be cut into words of ``known`` it is, so that the squares of
    their lengths sum to the most, and it is one word otherwise.

    >>> spaces_within("a c t n o w", {"act", "now"})
    [1, 3, 7, 9]
    """
    letters = fold(spaced[::2])
    best = {len(letters): (0, 0)}  # from where letters can be cut → how well, and where the first word ends
    for start in range(len(letters) - 1, -1, -1):
        choices = [
            ((end - start) ** 2 + best[end][0], end)
            for end in range(start + 1, min(len(letters), start + MAX_WORD) + 1)
            if end in best and ((word := letters[start:end]) in known or word in _NUMBER_WORDS)
        ]
        if choices:
            best[start] = max(choices)
    ends, position = {len(letters)}, 0
    while 0 in best and position < len(letters):
        position = best[position][1]
        ends.add(position)
    return [2 * n - 1 for n in range(1, len(letters)) if n not in ends]


class _Folder:
    """Folds words for one vocabulary; the words that rules speak of are recognised in disguise."""

    def __init__(self, known: Set[str]) -> None:
        self.known = known
        self._spelt = known | _NUMBER_WORDS

    def __call__(self, word: str) -> str:
        plain = undisguise(fold(word), self._spelt)
        return "0" if plain in _NUMBER_WORDS else plain


def fold_vocab(vocab: Vocab, known: Set[str] = frozenset()) -> None:
    """Make ``vocab`` fold every word it meets, and those it has met; ``known`` words also in disguise."""
    getters: dict[int, Any] = vocab.lex_attr_getters  # type: ignore[attr-defined]  # missing in spaCy's stub
    folder = getters.get(NORM)
    if isinstance(folder, _Folder) and folder.known == known:
        return
    getters[NORM] = folder = _Folder(known)
    for lexeme in vocab:
        lexeme.norm_ = folder(lexeme.orth_)
