"""What a cold message wants: the thirteen purposes of the annotation guide, told by words; for summaries only."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from authentic_outreach.messages import Message

STRONG, WEAK = 2.0, 0.7
"""What a phrase weighs: strong ones hardly stand in messages of another purpose."""
ENOUGH, AHEAD = 3.0, 1.6
"""The purpose that leads is named where it has this weight, and this many times that of the second.

Chosen among 2 to 5 and 1.3 to 3 on the project's corpus: a quarter of its messages are named, three of four of
these rightly, and on real outreach two of three (docs/state.md). In doubt nothing is said.
"""
MAX_TEXT = 4_000
_WORD = re.compile(r"[\w'-]+")

PURPOSES = (
    "sales", "recruiting", "fundraising", "partnership", "pr", "linkbuilding", "podcast", "academic", "networking",
    "job_seeking", "nonprofit", "event", "freelance",
)  # fmt: skip


def guess_purpose(message: Message) -> str | None:
    """One of `PURPOSES`, or None where the words do not tell.

    >>> guess_purpose(Message("Would you accept a guest post on your blog, with a dofollow link?"))
    'linkbuilding'
    """
    weights = purpose_weights(message)
    (first, most), (_, second) = sorted(weights.items(), key=lambda item: -item[1])[:2]
    return first if most >= ENOUGH and most >= AHEAD * second else None


def purpose_weights(message: Message) -> dict[str, float]:
    """How much the words of a message speak for each purpose; each phrase counts once, in the subject twice."""
    subject = _words(message.subject or "")
    weights = dict.fromkeys(PURPOSES, 0.0)
    for words, times in ((subject, 1.0), (subject + _words(message.body[:MAX_TEXT]), 1.0)):
        for phrase in _found(words):
            weights[phrase.purpose] += phrase.weight * times
    return weights


class _Phrase(NamedTuple):
    """Words in a row; one that ends in ``*`` stands for all that begin so."""

    words: tuple[str, ...]
    purpose: str
    weight: float

    def stands_at(self, words: list[str], position: int) -> bool:
        here = words[position : position + len(self.words)]
        return len(here) == len(self.words) and all(
            said.startswith(wanted[:-1]) if wanted.endswith("*") else said == wanted
            for said, wanted in zip(here, self.words, strict=True)
        )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("’", "'"))


def _found(words: list[str]) -> set[_Phrase]:
    phrases = _phrases()
    return {
        phrase
        for position, word in enumerate(words)
        for key in (word, f"{word[:4]}*", f"{word[:3]}*")
        if key in phrases
        for phrase in phrases[key]
        if phrase.stands_at(words, position)
    }


@cache
def _phrases() -> dict[str, list[_Phrase]]:
    """The phrases by their first word, those whose first word stays open by its first three or four letters."""
    table = tomllib.loads(files(__package__).joinpath("purposes.toml").read_text(encoding="utf-8"))
    found: dict[str, list[_Phrase]] = defaultdict(list)
    for purpose in PURPOSES:
        for kind, weight in (("strong", STRONG), ("weak", WEAK)):
            for text in table[purpose][kind]:
                words = tuple(re.findall(r"[\w'-]+\*?", text.casefold()))
                key = f"{words[0][: min(4, len(words[0]) - 1)]}*" if words[0].endswith("*") else words[0]
                found[key].append(_Phrase(words, purpose, weight))
    return dict(found)
