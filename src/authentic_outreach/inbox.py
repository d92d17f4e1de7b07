"""A whole export: every item rated, set aside with a reason, or failed with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

from authentic_outreach.coldness import judge_coldness
from authentic_outreach.mailboxes import FORMATS, Item, detect, open_item, read_items
from authentic_outreach.mailboxes.eml import RawMail
from authentic_outreach.messages import Failure, Message
from authentic_outreach.persistence import load_model
from authentic_outreach.rating import Rating, failed, rate_or_fail, set_aside
from authentic_outreach.scoring import AdditiveModel
from authentic_outreach.workers import map_in_workers

CHOSEN_FORMATS = frozenset({"csv", "draft", "excel", "jsonl", "parquet"})
"""Formats whose messages somebody chose: they are rated whole, without asking whether they are cold."""


@dataclass(frozen=True, slots=True)
class RateMail:
    """Parses, judges and rates one item of an export; what a worker does."""

    model: AdditiveModel
    ask: bool
    owner: tuple[str, ...] = ()
    advice: bool = False

    def __call__(self, item: Item) -> Rating:
        """The rating of an item; ``ask`` sets aside what is plainly no cold outreach."""
        message = open_item(item)
        if isinstance(message, Message) and self.ask:
            coldness = judge_coldness(message, self.owner)
            if not coldness.is_cold:
                return set_aside(message, coldness.reason, self.model)
        return rate_or_fail(message, self.model, self.advice)

    def lost(self, item: Item, reason: str) -> Rating:
        """The rating of an item that killed its worker."""
        identity = item.fallback_id if isinstance(item, RawMail) else item.id
        return failed(Failure(identity, f"not rated: {reason}", item.source), self.model)


def rate_inbox(
    path: str | PathLike[str],
    *,
    format: str | None = None,
    everything: bool = False,
    owner: Collection[str] = (),
    advice: bool = False,
    model: AdditiveModel | None = None,
    workers: int = 1,
) -> Iterator[Rating]:
    """Rate what is cold outreach in a file or folder, lazily and in order; one rating an item.

    Parameters
    ----------
    path, format
        As `read_messages` takes them.
    everything
        Rate mail that is plainly no cold outreach, too.
    owner
        Addresses of the mailbox's owner.
    advice
        Work out advice for each message.
    workers
        Processes that parse and rate, as `rate_messages` has them.

    Raises
    ------
    FileNotFoundError, ValueError
        As `read_messages` does, at the call; ``ValueError`` also for ``workers`` under 1.
    """
    path = Path(path)
    items = read_items(path, format)
    if format is None:
        format = detect(path)
    assert format in FORMATS
    ask = not everything and format not in CHOSEN_FORMATS
    task = RateMail(model or load_model(), ask, tuple(owner), advice)
    if workers == 1:
        return _numbered(map(task, items))
    return _numbered(map_in_workers(task, items, workers, size=_size))


def _numbered(ratings: Iterable[Rating]) -> Iterator[Rating]:
    """Number the ids that were there before, so that every row has its own."""
    seen: dict[str, int] = {}
    for rating in ratings:
        identity = rating.message.id
        number = seen[identity] = seen.get(identity, 0) + 1
        if number > 1:
            rating = replace(rating, message=replace(rating.message, id=f"{identity}#{number}"))
        yield rating


def _size(item: Item) -> int:
    if isinstance(item, RawMail):
        return len(item.raw)
    return len(item.body) if isinstance(item, Message) else 0
