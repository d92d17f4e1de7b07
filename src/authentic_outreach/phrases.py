"""The notation of phrases in rule files, and the automaton that finds all of them in one walk.

``(a|b c)`` is a choice, ``[a]`` may be left out, ``{day}`` is any of a list of
``rules/lists.toml``, ``_`` is any one word, and ``0`` any number from two up, as tokens are after
folding (`authentic_outreach.folding`). Everything else is a word or a mark, as spaCy's tokenizer splits it.

The phrases of all rules make one nondeterministic automaton (Thompson 1968); its deterministic states
are made when a text first reaches them and then kept, so that a token costs one look-up a phrase begun.
spaCy's ``PhraseMatcher`` would need every combination of choices written out as a doc of its own.

>>> automaton = PhraseAutomaton(str.split)
>>> automaton.add("urgency", "reply [very] (soon|by {day})", {"day": ["friday", "the end of may"]})
>>> list(automaton.find("please reply by the end of may".split()))
[('urgency', 1, 7)]
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

ANY_WORD = "_"
_CLOSING = {"(": ")", "[": "]", "{": "}"}

Words = Callable[[str], Sequence[Hashable]]
"""Splits a piece of literal text into the symbols that texts are made of."""


class PhraseAutomaton:
    """Finds every phrase that was added, longest match for each label and start.

    ``words`` splits literal text into symbols; `find` expects the same symbols.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._edges: list[dict[Hashable, list[int]]] = [defaultdict(list)]
        self._silent: list[list[int]] = [[]]
        self._labels: list[str | None] = [None]
        self._states: dict[frozenset[int], _State] = {}
        self._start: _State | None = None

    def add(self, label: str, phrase: str, lists: Mapping[str, Sequence[str]]) -> None:
        """Add a phrase in the notation above.

        Raises
        ------
        ValueError
            For a bracket that is never closed or opened, an unknown list, or a phrase that may be empty.
        """
        end = self._build(phrase, 0, phrase, lists)
        if end in self._closure({0}):
            raise ValueError(f"{phrase!r} may be empty: at least one word must stand outside of brackets")
        accept = self._node(label)
        self._silent[end].append(accept)
        self._states.clear()
        self._start = None

    def find(self, symbols: Sequence[Hashable]) -> Iterator[tuple[str, int, int]]:
        """Yield (label, start, end) of every phrase found, in the order of their starts."""
        if self._start is None:
            self._start = self._state(frozenset(self._closure({0})))
        first = self._start
        starts = first.steps
        anywhere = first.other is not None
        for start, symbol in enumerate(symbols):
            if not anywhere and symbol not in starts:
                continue
            state, position = first, start
            longest: dict[str, int] = {}
            while position < len(symbols):
                following = state.steps.get(symbols[position], state.other)
                if following is None:
                    break
                state = self._state(following)
                position += 1
                for label in state.labels:
                    longest[label] = position
            for label, end in longest.items():
                yield label, start, end

    def _state(self, nodes: frozenset[int]) -> _State:
        state = self._states.get(nodes)
        if state is None:
            state = self._states[nodes] = self._make_state(nodes)
        return state

    def _make_state(self, nodes: frozenset[int]) -> _State:
        any_word = {to for node in nodes for to in self._edges[node].get(ANY_WORD, ())}
        steps: dict[Hashable, set[int]] = defaultdict(set)
        for node in nodes:
            for symbol, targets in self._edges[node].items():
                if symbol != ANY_WORD:
                    steps[symbol].update(targets)
        labels = {label for node in nodes if (label := self._labels[node]) is not None}
        return _State(
            {symbol: frozenset(self._closure(targets | any_word)) for symbol, targets in steps.items()},
            frozenset(self._closure(any_word)) if any_word else None,
            tuple(sorted(labels)),
        )

    def _closure(self, nodes: set[int]) -> set[int]:
        reached, waiting = set(nodes), list(nodes)
        while waiting:
            for target in self._silent[waiting.pop()]:
                if target not in reached:
                    reached.add(target)
                    waiting.append(target)
        return reached

    def _node(self, label: str | None = None) -> int:
        self._edges.append(defaultdict(list))
        self._silent.append([])
        self._labels.append(label)
        return len(self._edges) - 1

    def _build(self, text: str, start: int, whole: str, lists: Mapping[str, Sequence[str]]) -> int:
        """Add the nodes for ``text`` after node ``start``; return the node at its end."""
        here, i = start, 0
        while i < len(text):
            opening = text[i]
            if opening in _CLOSING:
                end = _closing(text, i, whole)
                inner = text[i + 1 : end]
                if opening == "{" and inner not in lists:
                    raise ValueError(f"{whole!r}: no list {inner!r} in lists.toml; there are {sorted(lists)}")
                join = self._node()
                for option in lists[inner] if opening == "{" else _split(inner):
                    self._silent[self._build(option, here, whole, lists)].append(join)
                if opening == "[":
                    self._silent[here].append(join)
                here, i = join, end + 1
            else:
                stop = min((text.find(c, i) for c in "([{" if c in text[i:]), default=len(text))
                if any(c in ")]}|" for c in text[i:stop]):
                    raise ValueError(f"{whole!r}: a closing bracket or bar without its opening bracket")
                for symbol in self._symbols(text[i:stop]):
                    following = self._node()
                    self._edges[here][symbol].append(following)
                    here = following
                i = stop
        return here

    def _symbols(self, text: str) -> Iterator[Hashable]:
        for word in text.split():
            if word == ANY_WORD:
                yield ANY_WORD
            else:
                yield from self._words(word)


class _State:
    """A deterministic state: where each symbol leads, where any other does, and what ends here."""

    __slots__ = ("labels", "other", "steps")

    def __init__(
        self, steps: dict[Hashable, frozenset[int]], other: frozenset[int] | None, labels: tuple[str, ...]
    ) -> None:
        self.steps = steps
        self.other = other
        self.labels = labels


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
