"""A whole export: every item rated, set aside with a reason, or failed with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from authentic_outreach.coldness import judge_coldness
from authentic_outreach.correspondence import Correspondence, survey
from authentic_outreach.mailboxes import Item, detect, open_item, read_items
from authentic_outreach.mailboxes.eml import RawMail
from authentic_outreach.messages import Channel, Failure, Message
from authentic_outreach.persistence import load_model
from authentic_outreach.purposes import guess_purpose
from authentic_outreach.rating import Rating, failed, rate_or_fail, set_aside
from authentic_outreach.scoring import AdditiveModel
from authentic_outreach.templates import copied_shares, recover_templates
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
    history: Correspondence = field(default_factory=Correspondence)
    copied: dict[str, float] = field(default_factory=dict)

    def __call__(self, item: Item) -> Rating | None:
        """The rating of an item, None where it is not wanted; ``ask`` sets aside what is plainly no cold outreach."""
        message = open_item(item)
        if isinstance(message, Message) and not self.selection.keeps(message):
            return None
        if isinstance(message, Failure):
            return rate_or_fail(message, self.model, self.advice)
        kind: str | None = None
        if self.ask:
            coldness = judge_coldness(message, self.owner, self.history)
            kind = coldness.kind
            if not coldness.is_cold:
                return set_aside(message, coldness.reason, self.model, kind)
        if self.copied and (share := self.copied.get(body_print(message))) is not None:
            message = replace(message, copied=share)
        rating = rate_or_fail(message, self.model, self.advice)
        return replace(
            rating, kind=kind, purpose=guess_purpose(message) if rating.status == "rated" else None
        )

    def lost(self, item: Item, reason: str) -> Rating:
        """The rating of an item that killed its worker."""
        identity = item.fallback_id if isinstance(item, RawMail) else item.id
        return failed(Failure(identity, f"not rated: {reason}", item.source), self.model)


def rate_export(
    path: Path,
    *,
    format: str | None = None,
    everything: bool = False,
    owner: Collection[str] = (),
    advice: bool = False,
    model: AdditiveModel | None = None,
    workers: int = 1,
    selection: Selection | None = None,
    templates: bool = False,
    limit: int | None = None,
) -> Iterator[Rating]:
    """Rate what is cold outreach in a file or folder, lazily and in order; takes and raises what `rate_inbox` does."""
    items = islice(read_items(path, format), limit)
    task = mail_task(path, format, everything, owner, advice, model, selection, templates)
    return _numbered(rating for rating in run_task(task, items, workers) if rating is not None)


def mail_task(
    path: Path,
    format: str | None,
    everything: bool,
    owner: Collection[str],
    advice: bool,
    model: AdditiveModel | None,
    selection: Selection | None,
    templates: bool = False,
) -> RateMail:
    """What is done for each item of a file or folder, by the settings of `rate_export`."""
    ask = not everything and (format or detect(path)) not in CHOSEN_FORMATS
    history = survey(_raw_mails(path, format), owner) if ask else Correspondence()
    task = RateMail(model or load_model(), ask, tuple(owner), advice, selection or Selection(), history)
    return replace(task, copied=copied_words(cold_messages(path, format, task))) if templates else task


def cold_messages(path: Path, format: str | None, task: RateMail) -> Iterator[Message]:
    """The messages of an export that a task would rate."""
    for item in read_items(path, format):
        message = open_item(item)
        if isinstance(message, Message) and (
            not task.ask or judge_coldness(message, task.owner, task.history).is_cold
        ):
            yield message


def copied_words(messages: Iterable[Message]) -> dict[str, float]:
    """For each message of a template, by `body_print`, the share of its words that are the template's."""
    named = (replace(message, id=body_print(message)) for message in messages)
    return copied_shares(recover_templates(named))


def body_print(message: Message) -> str:
    """A short name of a message's body."""
    return blake2b(message.body.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _raw_mails(path: Path, format: str | None) -> Iterator[tuple[bytes, str]]:
    """The mails of an export, and where each lies in it."""
    for item in read_items(path, format):
        if isinstance(item, RawMail):
            yield item.raw, item.source


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
