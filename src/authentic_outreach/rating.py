"""Ratings: one record a message, with every point traced to words, and advice that is measured."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from authentic_outreach import wording
from authentic_outreach.abstention import abstention
from authentic_outreach.evidence import Evidence, Part, load_rules
from authentic_outreach.features import FEATURE_NAMES, FEATURES
from authentic_outreach.messages import Failure, Message, Person
from authentic_outreach.persistence import load_model
from authentic_outreach.reading import Reader, Reading, default_reader
from authentic_outreach.scoring import AdditiveModel, Label, logit

if TYPE_CHECKING:
    from spacy.tokens import Span

MIN_GAIN = 0.05
"""Advice that gains less than this in log-odds is not given (1.2 points at a score of 50)."""
MAX_WORDING_ADVICE = 3
"""Of these so many may be such as no rule names, found by the model of wording."""
MIN_WORDING = 0.05
"""The wording of a sentence that moves the log-odds by less is not shown as evidence."""
MAX_ADVICE = 12
"""The message is rated again for at most this many faulted wordings, those that weigh most."""
SCHEMA = 2
"""Version of the rows that `Rating.to_row` gives; see ``docs/schema.md``."""

Status = Literal["rated", "set_aside", "failed"]


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to change: the words, and by how many points the score rises without them."""

    text: str
    part: Part
    span: tuple[int, int]
    words: str
    cue: str
    gain: float

    def to_dict(self) -> dict[str, Any]:
        """The advice as it stands in the output rows."""
        start, end = self.span
        return {"text": self.text, "part": self.part, "start": start, "end": end, "words": self.words,
                "cue": self.cue, "gain": self.gain}  # fmt: skip


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
        What else is known; the recipient's company and facts count where the text takes them up.
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
    evidence = _evidence(reading, contributions, model)
    reason = _reason(label, evidence)
    advised = _advice(reading, score, evidence, reader, model) if advice else ()
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
        advice_gain=_score_without(message, advised, reader, model, score) - score if advised else 0.0,
        model=model.name,
    )


def _evidence(
    reading: Reading, contributions: dict[str, float], model: AdditiveModel
) -> tuple[Evidence, ...]:
    """Every cue span of the message, each with its share of the features that it feeds, and what the wording says."""
    book = load_rules()
    spans = {name: list(group) for name, group in reading.doc.spans.items() if len(group)}
    shares: dict[str, float] = dict.fromkeys(spans, 0.0)
    for feature in FEATURES:
        fed = sum(len(spans.get(cue, ())) for cue in feature.cues)
        for cue in feature.cues:
            if cue in spans:
                shares[cue] += contributions[feature.name] / fed
    found = [
        _located(reading, span, cue, span.id_, book.by_id[span.id_].message, shares[cue])
        for cue, group in spans.items()
        for span in group
    ]
    found += _wording_evidence(reading, model)
    return tuple(sorted(found, key=lambda e: (e.part != "subject", e.start, e.end, e.cue)))


def _located(
    reading: Reading, span: Span, cue: str, rule: str, message: str, contribution: float
) -> Evidence:
    """Evidence for the words of a span, with their place in the message as it was given."""
    part, start, end = reading.text.locate(span.start_char, span.end_char)
    source = (reading.message.subject or "") if part == "subject" else reading.message.body
    return Evidence(cue, rule, part, start, end, source[start:end], message, contribution)


_WORDING_FOR = "Readers met such words mostly in messages that were written to them."
_WORDING_AGAINST = (
    "Readers met such words mostly in pitches; say it in words of your own for this reader, or leave it out."
)


def _wording_evidence(reading: Reading, model: AdditiveModel) -> list[Evidence]:
    """The words whose manner weighs, a run a sentence; those of no weight are left out."""
    weight = model.coefficients[FEATURE_NAMES.index(wording.CUE)]
    if reading.measures.weighed is None or not weight:
        return []
    return [
        _located(
            reading, reading.doc[part.start : part.end], wording.CUE, wording.RULE,
            _WORDING_FOR if part.value > 0 else _WORDING_AGAINST, weight * part.value,
        )
        for part in reading.measures.weighed.parts(MIN_WORDING / weight)
    ]  # fmt: skip


_LABEL_WORDS = {
    "authentic": "Reads as written to this reader",
    "mixed": "Could go either way",
    "clumsy": "Reads as a pitch that landed on this reader",
}


def _reason(label: Label, evidence: tuple[Evidence, ...]) -> str:
    """The label in words, with the wordings that weigh most on each side."""
    against = sorted((e for e in evidence if e.contribution < -0.02), key=lambda e: e.contribution)
    speaking_for = sorted((e for e in evidence if e.contribution > 0.02), key=lambda e: -e.contribution)
    sides = []
    for heading, items in (("for it", speaking_for[:2]), ("against it", against[:2])):
        if items:
            named = " and ".join(f"{e.cue.replace('_', ' ')} ({_short(e.text)!r})" for e in items)
            sides.append(f"{heading}: {named}")
    if label == "clumsy":
        sides.reverse()
    return (
        "; ".join([_LABEL_WORDS[label], *sides])
        if sides
        else f"{_LABEL_WORDS[label]}, by its manner as a whole"
    )


def _short(text: str, width: int = 50) -> str:
    words = " ".join(text.split())
    return words if len(words) <= width else words[: width - 1] + "…"


def _advice(
    reading: Reading, score: float, evidence: tuple[Evidence, ...], reader: Reader, model: AdditiveModel
) -> tuple[Advice, ...]:
    """Wordings whose loss would gain, by the model's own sum; each then measured by rating again without it."""
    found: list[Advice] = []
    faulted = sorted((e for e in evidence if e.contribution < 0), key=lambda e: e.contribution)
    worded = [e for e in faulted if e.cue == wording.CUE]
    faulted = [e for e in faulted if e not in worded[MAX_WORDING_ADVICE:]]
    for item in faulted[:MAX_ADVICE]:
        if estimated_gain(reading, item, evidence, model) <= 0:
            continue
        advice = Advice(item.message, item.part, (item.start, item.end), item.text, item.cue, 0.0)
        changed = _score_without(reading.message, (advice,), reader, model, score)
        if logit(changed) - logit(score) >= MIN_GAIN:
            found.append(replace(advice, gain=changed - score))
    return tuple(sorted(found, key=lambda a: -a.gain))


def estimated_gain(
    reading: Reading, item: Evidence, evidence: tuple[Evidence, ...], model: AdditiveModel
) -> float:
    """What the log-odds gain if an item's words go, as far as cues and wording tell: no text is read again.

    Evidence of other cues in the same words goes with them. What it leaves out is the other features
    (shares of words and sentences, readability), which move a little with every cut.
    """
    gone = [e for e in evidence if e.part == item.part and e.start < item.end and item.start < e.end]
    changed = reading.measures.without((e.cue, e.text) for e in gone)
    values = [feature.measure(changed) for feature in FEATURES]
    if model.wording:
        start, end = (reading.text.find(item.part, offset) for offset in (item.start, item.end))
        words = reading.doc.char_span(start, end, alignment_mode="expand")
        if words is not None:
            values[FEATURE_NAMES.index(wording.CUE)] = model.wording.value(
                reading.doc, (words.start, words.end)
            )
    return sum(model.contributions(values)) - sum(model.contributions(reading.values))


def _score_without(
    message: Message, advice: tuple[Advice, ...], reader: Reader, model: AdditiveModel, score: float
) -> float:
    """The score when the words of some advice are gone; ``score`` where too little would be left to rate."""
    texts = {"subject": message.subject or "", "body": message.body}
    for item in sorted(advice, key=lambda a: -a.span[0]):
        start, end = item.span
        texts[item.part] = texts[item.part][:start] + texts[item.part][end:]
    subject = texts["subject"] if message.subject is not None else None
    changed = reader.read(replace(message, subject=subject, body=texts["body"]), model.wording)
    return score if abstention(changed) else model.score(changed.values)
