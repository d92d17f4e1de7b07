"""Ratings: one record a message, with every point traced to words, and advice that is measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from authentic_outreach.abstention import abstention
from authentic_outreach.advice import Advice, advise, gain_of_all
from authentic_outreach.evidence import Evidence
from authentic_outreach.explanation import explain_reading, reason_for
from authentic_outreach.features import FEATURE_NAMES
from authentic_outreach.messages import Failure, Message, Person
from authentic_outreach.persistence import load_model
from authentic_outreach.reading import Reader, default_reader
from authentic_outreach.scoring import AdditiveModel, Label

SCHEMA = 2
"""Version of the rows that `Rating.to_row` gives; see ``docs/schema.md``."""

Status = Literal["rated", "set_aside", "failed"]


@dataclass(frozen=True, slots=True)
class Rating:
    """How authentic one message reads, and why.

    ``score`` is 0 to 100, None where the message was set aside or failed; ``reason`` says why in
    one line either way. ``baseline`` and ``contributions`` are log-odds: their sum is the logit
    of ``score / 100``, to 1e-9. Evidence stands in reading order, advice by falling gain;
    ``advice_gain`` is the gain if all of it is followed, measured by rating again.
    ``kind`` is the kind of mail that a mailbox's message is (`authentic_outreach.coldness.KINDS`), ``purpose`` what it
    seems to want (`authentic_outreach.purposes`); both are None where nobody asked.
    """

    message: Message
    status: Status
    reason: str
    score: float | None = None
    label: Label = "unsure"
    baseline: float = 0.0
    contributions: dict[str, float] = field(default_factory=dict)
    features: dict[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    advice: tuple[Advice, ...] = ()
    advice_gain: float = 0.0
    model: str = ""
    kind: str | None = None
    purpose: str | None = None

    @property
    def id(self) -> str:
        """The message's id."""
        return self.message.id

    def to_row(self) -> dict[str, Any]:
        """The rating as one row of output: plain values, schema in ``docs/schema.md``."""
        message = self.message
        return {
            "id": message.id,
            "status": self.status,
            "reason": self.reason,
            "score": self.score,
            "label": self.label,
            "subject": message.subject,
            "sender": str(message.sender) if message.sender else None,
            "date": message.date.isoformat() if message.date else None,
            "channel": message.channel,
            "kind": self.kind,
            "purpose": self.purpose,
            "features": dict(self.features),
            "evidence": [e.to_dict() for e in self.evidence],
            "advice": [a.to_dict() for a in self.advice],
            "model": self.model,
            "schema": SCHEMA,
        }


def rate(
    body: str | Message,
    subject: str | None = None,
    *,
    sender: Person | None = None,
    recipient: Person | None = None,
    advice: bool = True,
    model: AdditiveModel | None = None,
) -> Rating:
    """Rate one message.

    Parameters
    ----------
    body
        The text, or a `Message` (the other facts are then taken from it).
    subject, sender, recipient
        What else is known; the recipient's company and facts are sought in the text, for the feature ``personalization``, to which
        the shipped model gives no weight beside the cues it is made of.
    advice
        Whether to work out advice, which rates the message again without each faulted wording.
    model
        Another model than the one that came with this package (`load_model`).

    Raises
    ------
    TypeError
        If ``body`` is neither a ``str`` nor a `Message`.

    Examples
    --------
    >>> rating = rate("LAST CHANCE! Only 3 spots left, so book a call today and 10x your revenue.")
    >>> rating.label
    'clumsy'
    """
    if isinstance(body, Message):
        message = body
    else:
        message = Message(body=body, subject=subject, sender=sender, recipient=recipient)
    return _rate(message, default_reader(), model or load_model(), advice)


def rate_or_fail(item: Message | Failure, model: AdditiveModel, advice: bool) -> Rating:
    """Rate a message of an export: a `Failure`, and whatever raises, becomes a rating with status "failed"."""
    if isinstance(item, Failure):
        return failed(item, model)
    try:
        return _rate(item, default_reader(), model, advice)
    except Exception as error:  # nothing of an export may be lost, whatever is in it
        return failed(Failure(item.id, f"not rated: {type(error).__name__}: {error}", item.source), model)


def failed(failure: Failure, model: AdditiveModel | None = None) -> Rating:
    """The rating that stands in the place of an item that could not be read or rated."""
    message = Message(body="", id=failure.id, source=failure.source)
    return Rating(message, "failed", failure.reason, model=(model or load_model()).name)


def set_aside(
    message: Message, reason: str, model: AdditiveModel | None = None, kind: str | None = None
) -> Rating:
    """The rating of a message that is not rated, with the reason."""
    return Rating(message, "set_aside", reason, model=(model or load_model()).name, kind=kind)


def _rate(message: Message, reader: Reader, model: AdditiveModel, advice: bool) -> Rating:
    reading = reader.read(message, model.wording)
    if reason := abstention(reading):
        return set_aside(message, reason, model)
    parts = model.contributions(reading.values)
    score = model.score(reading.values)
    label = model.label(score)
    contributions = dict(zip(FEATURE_NAMES, parts, strict=True))
    evidence = explain_reading(reading, contributions, model)
    reason = reason_for(label, evidence)
    advised = advise(reading, score, evidence, reader, model) if advice else ()
    if reading.text.truncated:
        reason += f" (rated on the first {len(reading.text.text):,} characters)"
    return Rating(
        message=message,
        status="rated",
        reason=reason,
        score=score,
        label=label,
        baseline=model.intercept,
        contributions=contributions,
        features=dict(zip(FEATURE_NAMES, reading.values, strict=True)),
        evidence=evidence,
        advice=advised,
        advice_gain=gain_of_all(message, advised, reader, model, score),
        model=model.name,
    )
