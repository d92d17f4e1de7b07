"""One message, whoever sent it and however it came: the records that enter the pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Channel = Literal["email", "linkedin", "sms", "chat"]
CHANNELS: tuple[Channel, ...] = ("email", "linkedin", "sms", "chat")

MASS_HEADERS = (
    "x-mc-user", "x-campaign", "x-campaignid", "x-campaign-id", "x-mailchimp-campaign-id", "x-hs-cid", "x-cm-message-id",
    "feedback-id", "x-sg-eid", "x-mailgun-sid", "x-ses-outgoing", "x-report-abuse",
)  # fmt: skip
"""Headers of programs that send in bulk: newsletters, but cold campaigns, too."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who sends or receives; every field may stay empty.

    ``facts`` are short texts the writer knows of a recipient ("runs the Leith food bank"); names,
    company and facts that the message takes up are counted in the feature ``personalization``.
    """

    name: str = ""
    address: str = ""
    role: str = ""
    company: str = ""
    facts: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name and self.address else self.name or self.address


@dataclass(frozen=True, slots=True)
class Markup:
    """What an HTML mail holds besides the words its reader sees; none of it is rated.

    ``hidden`` are words that were kept from the reader's eyes (a preheader, words for filters), ``links`` the
    addresses that its links lead to, ``tracking_pixels`` the number of images of one pixel or none.
    """

    hidden: str = ""
    links: tuple[str, ...] = ()
    tracking_pixels: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One message. Only ``body`` is needed.

    ``body`` is plain text as its reader saw it (readers of mail files convert HTML). ``headers``
    holds the mail headers that tell what kind of mail this is, names in lower case. ``id`` is
    the Message-ID, a table's id column, or whatever the caller wants to find again in the rows.
    ``markup`` is known of mail that has an HTML part, ``copied`` where an inbox showed it: the share of the words
    that other messages of the same template have, too, 0 to 1.

    Raises
    ------
    TypeError
        If body or subject is no ``str``: decode bytes first, or use `read_messages`.
    ValueError
        If ``channel`` is not one of `CHANNELS`, or ``copied`` is no share.
    """

    body: str
    subject: str | None = None
    id: str = ""
    sender: Person | None = None
    recipient: Person | None = None
    channel: Channel = "email"
    date: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    markup: Markup | None = None
    copied: float | None = None

    def __post_init__(self) -> None:
        for name, value in (("body", self.body), ("subject", self.subject)):
            if not isinstance(value, str) and not (name == "subject" and value is None):
                raise TypeError(
                    f"{name} must be a str, not {type(value).__name__}; "
                    "decode bytes first, or read the file with read_messages(path)"
                )
        if self.copied is not None and not 0 <= self.copied <= 1:
            raise ValueError(f"copied must be a share from 0 to 1, not {self.copied!r}")
        if self.channel not in CHANNELS:
            raise ValueError(f"channel {self.channel!r} is not one of {', '.join(CHANNELS)}")

    @property
    def in_thread(self) -> bool:
        """True where the headers say that this answers an earlier message."""
        return bool(self.headers.get("in-reply-to") or self.headers.get("references"))


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that could not be read: it takes its message's place, so that nothing is lost."""

    id: str
    reason: str
    source: str = ""
