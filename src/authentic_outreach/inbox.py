"""A whole export: every item rated, set aside with a reason, or failed with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from os import PathLike
from pathlib import Path

from authentic_outreach.coldness import judge_coldness
from authentic_outreach.mailboxes import FORMATS, detect, read_messages
from authentic_outreach.messages import Failure, Message
from authentic_outreach.persistence import load_model
from authentic_outreach.rating import Rating, failed, rate_messages, set_aside
from authentic_outreach.scoring import AdditiveModel

CHOSEN_FORMATS = frozenset({"csv", "jsonl", "draft"})
"""Formats whose messages somebody chose: they are rated whole, without asking whether they are cold."""


def rate_inbox(
    path: str | PathLike[str],
    *,
    format: str | None = None,
    everything: bool = False,
    owner: Collection[str] = (),
    advice: bool = False,
    model: AdditiveModel | None = None,
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

    Raises
    ------
    FileNotFoundError, ValueError
        As `read_messages` does, at the call.
    """
    path = Path(path)
    items = read_messages(path, format)
    if format is None:
        format = detect(path)
    assert format in FORMATS
    ask = not everything and format not in CHOSEN_FORMATS
    return _rate_items(items, ask, owner, advice, model or load_model())


def _rate_items(
    items: Iterator[Message | Failure], ask: bool, owner: Collection[str], advice: bool, model: AdditiveModel
) -> Iterator[Rating]:
    seen: dict[str, int] = {}
    for item in items:
        number = seen[item.id] = seen.get(item.id, 0) + 1
        if number > 1:
            item = replace(item, id=f"{item.id}#{number}")
        if isinstance(item, Failure):
            yield failed(item, model)
        elif ask and not (coldness := judge_coldness(item, owner)).is_cold:
            yield set_aside(item, coldness.reason, model)
        else:
            yield from rate_messages([item], advice=advice, model=model)
