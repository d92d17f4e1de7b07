"""A whole export: every item rated, set aside with a reason, or failed with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from os import PathLike
from pathlib import Path

from authentic_outreach.coldness import judge_coldness
from authentic_outreach.mailboxes import Item, detect, open_item, read_items
from authentic_outreach.mailboxes.eml import RawMail
from authentic_outreach.messages import Channel, Failure, Message
from authentic_outreach.persistence import load_model
from authentic_outreach.rating import Rating, failed, rate_or_fail, set_aside
from authentic_outreach.scoring import AdditiveModel
from authentic_outreach.workers import map_in_workers

CHOSEN_FORMATS = frozenset({"csv", "draft", "excel", "jsonl", "parquet"})
"""Formats whose messages somebody chose: they are rated whole, without asking whether they are cold."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which messages of an export are wanted; without a date a message is not left out by date.

    ``since`` and ``until`` are days, both included; ``sender`` is a part of the sender's name or address.
    """

    since: date | None = None
    until: date | None = None
    sender: str = ""
    channel: Channel | None = None

    def keeps(self, message: Message) -> bool:
        """True for a message that is wanted."""
        day = message.date.date() if message.date else None
        if day and ((self.since and day < self.since) or (self.until and day > self.until)):
            return False
        if self.channel and message.channel != self.channel:
            return False
        return not self.sender or self.sender.casefold() in str(message.sender or "").casefold()


@dataclass(frozen=True, slots=True)
class RateMail:
    """Parses, judges and rates one item of an export; what a worker does."""

    model: AdditiveModel
    ask: bool
    owner: tuple[str, ...] = ()
    advice: bool = False
    selection: Selection = Selection()

    def __call__(self, item: Item) -> Rating | None:
        """The rating of an item, None where it is not wanted; ``ask`` sets aside what is plainly no cold outreach."""
        message = open_item(item)
        if isinstance(message, Message) and not self.selection.keeps(message):
            return None
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
    selection: Selection | None = None,
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
    selection
        Which messages are wanted; the others give no rating.

    Raises
    ------
    FileNotFoundError, ValueError
        As `read_messages` does, at the call; ``ValueError`` also for ``workers`` under 1.
    """
    items = read_items(path, format)
    task = mail_task(Path(path), format, everything, owner, advice, model, selection)
    return _numbered(rating for rating in run_task(task, items, workers) if rating is not None)


def mail_task(
    path: Path,
    format: str | None,
    everything: bool,
    owner: Collection[str],
    advice: bool,
    model: AdditiveModel | None,
    selection: Selection | None,
) -> RateMail:
    """What is done for each item of a file or folder, by the settings of `rate_inbox`."""
    ask = not everything and (format or detect(path)) not in CHOSEN_FORMATS
    return RateMail(model or load_model(), ask, tuple(owner), advice, selection or Selection())


def run_task(task: RateMail, items: Iterable[Item], workers: int) -> Iterator[Rating | None]:
    """Do a task for each item, in order, here or in several processes."""
    return map(task, items) if workers == 1 else map_in_workers(task, items, workers, size=_size)


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
