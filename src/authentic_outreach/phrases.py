"""The notation of phrases in rule files, expanded into plain phrases.

``(a|b c)`` is a choice, ``[a]`` may be left out, ``{day}`` names a list of ``rules/lists.toml``,
and ``0`` stands for any number, as tokens do after folding (`authentic_outreach.folding`).

>>> sorted(expand("reply (today|by {day})", {"day": ("friday", "monday")}))
['reply by friday', 'reply by monday', 'reply today']
>>> expand("[very] urgent", {})
['very urgent', 'urgent']
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

MAX_EXPANSIONS = 600
"""The most plain phrases one phrase may stand for; keeps the matcher quick to build."""

_CLOSING = {"(": ")", "[": "]", "{": "}"}


def expand(phrase: str, lists: Mapping[str, Sequence[str]]) -> list[str]:
    """All plain phrases that ``phrase`` stands for.

    Raises
    ------
    ValueError
        For an unclosed bracket, an unknown list, or more than `MAX_EXPANSIONS` results.
    """
    out = [" ".join(words.split()) for words in _expand(phrase, phrase, lists)]
    unique = list(dict.fromkeys(out))
    if len(unique) > MAX_EXPANSIONS:
        raise ValueError(f"{phrase!r} stands for {len(unique)} phrases, more than {MAX_EXPANSIONS}: split it")
    return unique


def _expand(text: str, whole: str, lists: Mapping[str, Sequence[str]]) -> list[str]:
    pieces: list[list[str]] = []
    i = 0
    while i < len(text):
        opening = text[i]
        if opening in _CLOSING:
            end = _closing(text, i, whole)
            inner = text[i + 1 : end]
            if opening == "{":
                if inner not in lists:
                    raise ValueError(f"{whole!r}: no list {inner!r} in lists.toml ({sorted(lists)})")
                pieces.append(list(lists[inner]))
            else:
                choices = [w for option in _split(inner) for w in _expand(option, whole, lists)]
                pieces.append([*choices, ""] if opening == "[" else choices)
            i = end + 1
        else:
            stop = min((text.find(c, i) for c in _CLOSING if c in text[i:]), default=len(text))
            pieces.append([text[i:stop]])
            i = stop
    return ["".join(combination) for combination in product(*pieces)]


def _closing(text: str, start: int, whole: str) -> int:
    closing = _CLOSING[text[start]]
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] == text[start]) - (text[i] == closing)
        if depth == 0:
            return i
    raise ValueError(f"{whole!r}: {text[start]!r} is never closed; add {closing!r}")


def _split(text: str) -> list[str]:
    """Split a choice at its own bars, not at those of choices inside it."""
    options, depth, last = [], 0, 0
    for i, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char == "|" and depth == 0:
            options.append(text[last:i])
            last = i + 1
    return [*options, text[last:]]
