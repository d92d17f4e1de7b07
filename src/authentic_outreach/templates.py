"""Templates recovered from an inbox alone: near-copies grouped, aligned, and what was filled in for each reader.

Near-copies share shingles of three words. Candidates come from MinHash signatures in bands (Broder 1997; the
library is datasketch), kept in a SQLite file, so that memory stays flat over a million messages; each candidate
pair is then compared by its shingles themselves.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from zlib import crc32

from authentic_outreach.messages import Message
from authentic_outreach.texts import own_text

if TYPE_CHECKING:
    from datasketch import MinHash

SHINGLE = 3
NEAR = 0.3
"""Jaccard index of shingles from which two texts are copies of one template; chosen on invented campaigns with
noise (``benchmarks/templates.py``): one slot of two words breaks four shingles of three."""
PERMUTATIONS, ROWS = 128, 3
"""Numbers of a signature, and of a band: two texts with a Jaccard index of .3 share a band with a probability of .69, with .5 of .996."""
FIXED = 0.7
"""Words that stand in this share of the copies belong to the template."""
MIN_WORDS = 8
"""Shorter texts are too alike by chance."""
MAX_WORDS = 1_500
MAX_SIGNED = 300
"""Words that a signature reads: where two letters are one template, their beginnings are."""
MAX_COMPARED = 4
"""Groups that share a band and are compared with a newcomer; the latest."""
MAX_ALIGNED = 200
"""Copies by which a template's words are told; of more, the first."""
SLOT = "[…]"

_WORD = re.compile(r"\S+")
_PLAIN = re.compile(r"\w+(?:['’]\w+)?")


@dataclass(frozen=True, slots=True)
class Copy:
    """One message of a template: what filled its slots, in order, and how many of its words are its own."""

    id: str
    sender: str
    recipient: str
    fills: tuple[str, ...]
    own_words: int
    words: int

    @property
    def own_share(self) -> float:
        """The share of its words that are not the template's, 0 to 1."""
        return self.own_words / self.words if self.words else 0.0


@dataclass(frozen=True, slots=True)
class Template:
    """A text that went out more than once; ``text`` shows `SLOT` where copies differ."""

    text: str
    copies: tuple[Copy, ...]

    @property
    def senders(self) -> tuple[str, ...]:
        """Who sent it, most copies first."""
        return tuple(name for name, _ in Counter(copy.sender for copy in self.copies).most_common())

    def summary(self) -> str:
        """The template in one line of words."""
        words = sum(copy.own_words for copy in self.copies) / len(self.copies)
        whom = (
            f"{len(self.senders)} senders"
            if len(self.senders) > 1
            else (self.senders[0] or "an unknown sender")
        )
        return f"{len(self.copies)} copies by {whom}; on average {words:.0f} words were for their reader"


class TemplateIndex:
    """Collects messages and groups near-copies; a context manager, for it keeps a temporary file.

    Memory is a signature, a page cache and four bytes a message.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="templates-", dir=folder)
        self._database = sqlite3.connect(Path(self._folder.name) / "templates.sqlite", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "PRAGMA cache_size = -32000",
            "CREATE TABLE texts (number INTEGER PRIMARY KEY, id TEXT, sender TEXT, recipient TEXT, text TEXT)",
            "CREATE TABLE bands (band INTEGER, number INTEGER)",
            "BEGIN",
        ):
            self._database.execute(statement)
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
        self._folder.cleanup()

    def add(self, message: Message) -> None:
        """Take a message; its own words count, not what it quotes, nor its signature and footers."""
        text = own_text(message).text
        words = _plain(text)
        if len(words) < MIN_WORDS:
            return
        signature = _empty_signature().copy()
        signature.update_batch(list(_shingles(words[:MAX_SIGNED])))
        numbers = signature.hashvalues.astype("uint32")
        starts = range(0, PERMUTATIONS - ROWS + 1, ROWS)
        bands = [n << 32 | crc32(numbers[n : n + ROWS].tobytes()) for n in starts]
        person = message.recipient
        self._database.execute(
            "INSERT INTO texts VALUES (?, ?, ?, ?, ?)",
            (self._count, message.id, str(message.sender or ""), str(person or ""), _storable(text)),
        )
        self._database.executemany("INSERT INTO bands VALUES (?, ?)", ((band, self._count) for band in bands))
        self._count += 1

    def groups(self) -> Iterator[list[int]]:
        """The numbers of texts that are copies of each other, largest groups first."""
        self._database.execute("CREATE INDEX IF NOT EXISTS by_band ON bands (band, number)")
        parents = array("l", range(self._count))

        def find(n: int) -> int:
            while parents[n] != n:
                parents[n] = parents[parents[n]]
                n = parents[n]
            return n

        current, leaders = -1, deque[int](maxlen=MAX_COMPARED)
        for band, number in self._database.execute("SELECT band, number FROM bands ORDER BY band, number"):
            if band != current:
                current = band
                leaders.clear()
            mine = find(number)
            for leader in leaders:
                if (other := find(leader)) != mine and self._is_near(leader, number):
                    parents[max(mine, other)] = mine = min(mine, other)
            if all(find(leader) != mine for leader in leaders):
                leaders.append(number)
        members: dict[int, list[int]] = defaultdict(list)
        for number in range(self._count):
            if (leader := find(number)) != number:
                members[leader].append(number)
        yield from sorted(([leader, *rest] for leader, rest in members.items()), key=lambda g: (-len(g), g))

    def templates(self, min_copies: int = 2) -> Iterator[Template]:
        """The templates with at least so many copies, those with most copies first."""
        for group in self.groups():
            if len(group) >= min_copies:
                yield self._template(group)

    def _is_near(self, one: int, other: int) -> bool:
        a, b = (set(_shingles(_plain(self._text(number)))) for number in (one, other))
        return len(a & b) >= NEAR * len(a | b)

    def _text(self, number: int) -> str:
        (text,) = self._database.execute("SELECT text FROM texts WHERE number = ?", (number,)).fetchone()
        return str(text)

    def _template(self, group: Sequence[int]) -> Template:
        fixed = _fixed_words([self._text(number) for number in group[:MAX_ALIGNED]])
        copies = []
        for number in group:
            identity, sender, recipient, text = self._database.execute(
                "SELECT id, sender, recipient, text FROM texts WHERE number = ?", (number,)
            ).fetchone()
            fills, own, words = _fills(fixed, text)
            copies.append(Copy(identity, sender, recipient, fills, own, words))
        return Template(_shown(fixed), tuple(copies))


def recover_templates(messages: Iterable[Message], min_copies: int = 2) -> list[Template]:
    """The templates of some messages, those with most copies first.

    >>> pitch = "Hi {}, I loved your post on {}. We help firms like yours win more customers every month."
    >>> messages = [Message(pitch.format(*filled)) for filled in (("Ana", "boats"), ("Bo", "oak"), ("Cy", "glue"))]
    >>> recover_templates(messages)[0].text
    'Hi […] I loved your post on […] We help firms like yours win more customers every month.'
    """
    with TemplateIndex() as index:
        for message in messages:
            index.add(message)
        return list(index.templates(min_copies))


def copied_shares(templates: Iterable[Template]) -> dict[str, float]:
    """Message id → the share of its words that are its template's, 0 to 1."""
    return {copy.id: 1.0 - copy.own_share for template in templates for copy in template.copies}


@cache
def _empty_signature() -> MinHash:
    from datasketch import MinHash

    return MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=crc32)


def _plain(text: str) -> list[str]:
    return [word.casefold() for word in _PLAIN.findall(text)][:MAX_WORDS]


def _shingles(words: Sequence[str]) -> Iterator[bytes]:
    for n in range(max(1, len(words) - SHINGLE + 1)):
        yield " ".join(words[n : n + SHINGLE]).encode("utf-8", "surrogatepass")


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _same(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    """Runs of words that stand in both texts, in the same order: start in each, and length."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return [(a, b, size) for a, b, size in matcher.get_matching_blocks() if size]


def _fixed_words(texts: Sequence[str]) -> list[str | None]:
    """The words of a template in order, None for a slot.

    The copies are aligned to the one of middle length (a star alignment); its words that stand in enough of
    the others are the template's.
    """
    split = sorted((_WORD.findall(text)[:MAX_WORDS] for text in texts), key=len)
    base = split.pop(len(split) // 2)
    times = [1] * len(base)
    gaps = [0] * (len(base) + 1)  # copies that have words of their own before this one
    for words in split:
        position = 0
        for a, b, size in [*_same(base, words), (len(base), len(words), 0)]:
            gaps[a] += b > position
            position = b + size
            for n in range(a, a + size):
                times[n] += 1
    fixed: list[str | None] = []
    total = len(split) + 1
    for n, word in enumerate(base):
        if gaps[n] > (1 - FIXED) * total and (not fixed or fixed[-1] is not None):
            fixed.append(None)
        if times[n] >= FIXED * total:
            fixed.append(word)
        elif not fixed or fixed[-1] is not None:
            fixed.append(None)
    return fixed


def _fills(fixed: Sequence[str | None], text: str) -> tuple[tuple[str, ...], int, int]:
    """What a copy has in the template's slots, how many of its words are its own, and how many it has."""
    words = _WORD.findall(text)[:MAX_WORDS]
    known = [word for word in fixed if word is not None]
    slot_of = {}  # the number of the slot before each fixed word
    slots = 0
    position = 0
    for word in fixed:
        if word is None:
            slots += 1
        else:
            slot_of[position] = slots
            position += 1
    fills: list[list[str]] = [[] for _ in range(slots)]
    own = last = 0
    for a, b, size in [*_same(known, words), (len(known), len(words), 0)]:
        added = words[last:b]
        own += len(added)
        if added and slots:
            fills[max(0, slot_of.get(a, slots) - 1)] += added
        last = b + size
    return tuple(" ".join(fill) for fill in fills), own, len(words)


def _shown(fixed: Sequence[str | None]) -> str:
    return " ".join(SLOT if word is None else word for word in fixed)
