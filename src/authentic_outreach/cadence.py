"""The long game: what one sender's messages are together, over time and across addresses and channels.

The rating of a sequence is a rule of ours, not a trained figure: no set of sequences with readers' verdicts is
known. It starts from the mean of the messages' log-odds and moves by the amounts below, each with its reason.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import log2
from statistics import fmean
from typing import Literal

from authentic_outreach.correspondence import PROVIDERS
from authentic_outreach.messages import Person
from authentic_outreach.rating import Rating
from authentic_outreach.scoring import logistic, logit

FEW_TOUCHES = 4
"""Touches a year that are "a few honest touches a year"; beyond them each doubling weighs `TOO_OFTEN`."""
TOO_OFTEN = -0.5
REPEATED_LAST_CHANCE = -0.8
"""For each time "last chance" and its like return after they were said once."""
BUMP = -0.4
"""For each follow-up with next to nothing new in it."""
SUBSTANCE = 0.2
"""For each follow-up that brings something."""
RISING = -0.5
EASING = 0.2
NEW_SHARE = 0.4
"""A follow-up is a bump where under this share of its words is new to the sequence, or it has under 25 words."""
YEAR = timedelta(days=365)

Trend = Literal["rising", "flat", "easing"]
By = Literal["person", "company"]
_WORD = re.compile(r"[^\W\d_]{3,}")
_LAST_CHANCE = re.compile(
    r"(?i)\b(?:last|final) (?:chance|call|time|reminder|attempt|e-?mail|message|note|invitation|follow[- ]?up)\b|\bclosing your file\b"
)


@dataclass(frozen=True, slots=True)
class Touch:
    """One message of a sequence: its rating, and what it adds to those before it.

    ``new_share`` is the share of its distinct words that no earlier message of the sequence had, 0 to 1.
    """

    rating: Rating
    date: datetime | None
    new_share: float
    words: int
    last_chance: bool

    @property
    def is_bump(self) -> bool:
        """True where it says next to nothing that was not said before."""
        return self.new_share < NEW_SHARE or self.words < 25

    @property
    def pressure(self) -> float:
        """The feature ``pressure``, 0 to 1."""
        return self.rating.features.get("pressure", 0.0)


@dataclass(frozen=True, slots=True)
class Cadence:
    """One sender's messages in order, and what they are together.

    ``score`` is 0 to 100, beside the scores of the messages; ``reasons`` say what moved it from their mean.
    ``gaps`` are days between dated messages; ``in_a_year`` is the most that came within any 365 days.
    """

    sender: str
    addresses: tuple[str, ...]
    channels: tuple[str, ...]
    touches: tuple[Touch, ...]
    gaps: tuple[float, ...]
    in_a_year: int
    trend: Trend
    last_chances: int
    bumps: int
    score: float
    reasons: tuple[str, ...]


def follow_senders(ratings: Iterable[Rating], by: By = "person") -> list[Cadence]:
    """Group rated messages by sender and follow each over time; most touches first.

    One person is: the same address (capitals and ``+tags`` apart); the same name of two words and more, on any
    channel; or the same first name at the same domain that is no mail provider's. One company is, besides, all that
    came from its domain, its subdomains included, or under its name; whoever shows no company stays a person.

    Raises
    ------
    ValueError
        If ``by`` is neither ``"person"`` nor ``"company"``.
    """
    if by not in ("person", "company"):
        raise ValueError(f"by={by!r} is neither 'person' nor 'company'")
    groups: dict[int, list[Rating]] = defaultdict(list)
    leaders: dict[str, int] = {}
    parents: list[int] = []

    def find(group: int) -> int:
        while parents[group] != group:
            group = parents[group]
        return group

    for rating in ratings:
        if rating.score is None or rating.message.sender is None:
            continue
        keys = _keys(rating.message.sender)
        if by == "company":
            keys += _company_keys(rating.message.sender)
        if not keys:
            continue
        known = sorted({find(leaders[key]) for key in keys if key in leaders})
        if not known:
            known = [len(parents)]
            parents.append(known[0])
        for other in known[1:]:
            parents[other] = known[0]
            groups[known[0]] += groups.pop(other, [])
        for key in keys:
            leaders[key] = known[0]
        groups[known[0]].append(rating)
    return sorted((_cadence(group) for group in groups.values()), key=lambda c: (-len(c.touches), c.sender))


def _keys(person: Person) -> list[str]:
    """What tells a sender: address, full name, first name at a firm's domain."""
    name = " ".join(person.name.split()).casefold()
    local, at, domain = person.address.strip().casefold().partition("@")
    keys = [f"address:{local.partition('+')[0]}@{domain}"] if at else []
    if person.address and not at:
        keys.append(f"address:{person.address.strip().casefold()}")
    if len(name.split()) >= 2:
        keys.append(f"name:{name}")
    firm = person.company.casefold() or (domain if domain not in PROVIDERS else "")
    if name and firm:
        keys.append(f"firm:{name.split()[0]}@{firm}")
    return keys


def _company_keys(person: Person) -> list[str]:
    """What tells a sender's company: its name, and its domain without the names before the last but one.

    The last two labels stand for the registered domain, three where the last but one is short as in ``co.uk``; a list of
    public suffixes would be exact and would have to be kept up to date.
    """
    keys = [f"company:{person.company.casefold()}"] if person.company else []
    domain = person.address.strip().casefold().rpartition("@")[2] if "@" in person.address else ""
    if domain and domain not in PROVIDERS:
        labels = domain.split(".")
        registered = 3 if len(labels[-1]) == 2 and len(labels) > 2 and len(labels[-2]) <= 3 else 2
        keys.append(f"domain:{'.'.join(labels[-registered:])}")
    return keys


def _cadence(ratings: Sequence[Rating]) -> Cadence:
    ordered = sorted(ratings, key=lambda r: _moment(r.message.date))
    touches = _touches(ordered)
    dates = [_moment(t.date) for t in touches if t.date]
    gaps = tuple((b - a).total_seconds() / 86400 for a, b in pairwise(dates))
    in_a_year = max((bisect_left(dates, first + YEAR) - n for n, first in enumerate(dates)), default=0)
    trend = _trend([t.pressure for t in touches])
    last_chances = sum(t.last_chance for t in touches)
    follow_ups = touches[1:]
    bumps = sum(t.is_bump for t in follow_ups)
    log_odds = fmean(logit(t.rating.score or 0.0) for t in touches)
    reasons: list[str] = []

    def move(amount: float, reason: str) -> None:
        nonlocal log_odds
        if amount:
            log_odds += amount
            reasons.append(f"{reason} ({amount:+.1f})")

    if in_a_year > FEW_TOUCHES:
        move(
            TOO_OFTEN * log2(in_a_year / FEW_TOUCHES),
            f"{in_a_year} touches in a year, where {FEW_TOUCHES} are a few",
        )
    if last_chances > 1:
        move(REPEATED_LAST_CHANCE * (last_chances - 1), f"a last chance {last_chances} times")
    move(
        BUMP * bumps, f"{bumps} follow-ups with nothing new" if bumps != 1 else "a follow-up with nothing new"
    )
    brought = len(follow_ups) - bumps
    move(
        SUBSTANCE * min(brought, 3),
        f"{brought} follow-ups that bring something" if brought != 1 else "a follow-up that brings something",
    )
    move({"rising": RISING, "easing": EASING, "flat": 0.0}[trend], f"pressure {trend}")
    senders = [r.message.sender for r in ordered if r.message.sender]
    return Cadence(
        sender=max((str(s) for s in senders), key=len),
        addresses=tuple(dict.fromkeys(s.address for s in senders if s.address)),
        channels=tuple(dict.fromkeys(r.message.channel for r in ordered)),
        touches=touches,
        gaps=gaps,
        in_a_year=in_a_year,
        trend=trend,
        last_chances=last_chances,
        bumps=bumps,
        score=100.0 * logistic(log_odds),
        reasons=tuple(reasons),
    )  # fmt: skip


def _moment(date: datetime | None) -> datetime:
    """A date that can be compared: without a zone it is taken for UTC, without a date it comes first."""
    if date is None:
        return datetime.min.replace(tzinfo=UTC)
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _touches(ratings: Sequence[Rating]) -> tuple[Touch, ...]:
    seen: set[str] = set()
    touches = []
    for rating in ratings:
        text = f"{rating.message.subject or ''} {rating.message.body}"
        words = {word.casefold() for word in _WORD.findall(text)}
        new = len(words - seen) / len(words) if words else 0.0
        last = bool(_LAST_CHANCE.search(text))
        touches.append(Touch(rating, rating.message.date, new, len(rating.message.body.split()), last))
        seen |= words
    return tuple(touches)


def _trend(pressure: Sequence[float]) -> Trend:
    """Whether the later half presses more than the earlier one, by more than a tenth."""
    if len(pressure) < 2:
        return "flat"
    half = len(pressure) // 2
    change = fmean(pressure[-half:]) - fmean(pressure[:half])
    return "rising" if change > 0.1 else "easing" if change < -0.1 else "flat"
