"""The words of mail clients, from ``clients.toml``, and how lines are held against them."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def clients() -> dict[str, Any]:
    """The tables of ``clients.toml``."""
    return tomllib.loads(files(__package__).joinpath("clients.toml").read_text(encoding="utf-8"))


def literal(words: Iterable[str]) -> str:
    """A regular expression that matches any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


class Starts:
    """Phrases with which a line may start; a look at its first two characters rules nearly every line out."""

    def __init__(self, phrases: Iterable[str]) -> None:
        found: dict[str, list[str]] = defaultdict(list)
        for phrase in phrases:
            found[phrase[:2]].append(phrase)
        self._by_first = {first: tuple(phrases) for first, phrases in found.items()}

    def match(self, line: str) -> bool:
        """True where a line, in lower case, starts with one of the phrases."""
        phrases = self._by_first.get(line[:2])
        return phrases is not None and line.startswith(phrases)


def line_at(text: str, position: int) -> tuple[int, int]:
    """Where the line that holds a position starts and ends, its line feed left out."""
    end = text.find("\n", position)
    return text.rfind("\n", 0, position) + 1, len(text) if end < 0 else end
