"""Advice: which words to change, and by how many points the score rises without them, measured by rating again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from authentic_outreach import wording
from authentic_outreach.abstention import abstention
from authentic_outreach.evidence import Evidence, Part
from authentic_outreach.features import FEATURE_NAMES, FEATURES
from authentic_outreach.measures import one_spelling
from authentic_outreach.messages import Message
from authentic_outreach.reading import Reader, Reading
from authentic_outreach.scoring import AdditiveModel, logit

MIN_GAIN = 0.05
"""Advice that gains less than this in log-odds is not given (1.2 points at a score of 50)."""
MIN_WORDING_GAIN = 0.2
"""The same for words that no rule names (5 points at a score of 50), which are harder to say otherwise. Both are choices of ours."""
MAX_WORDING_ADVICE = 3
"""Of these so many may be such as no rule names, found by the model of wording."""
MAX_ADVICE = 12
"""The message is rated again for at most this many faulted wordings, those that weigh most."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to change: the words, and by how many points the score rises without them.

    ``again`` are the other places where the same words stand, which go with them.
    """

    text: str
    part: Part
    span: tuple[int, int]
    words: str
    cue: str
    gain: float
    again: tuple[tuple[Part, int, int], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The advice as it stands in the output rows."""
        start, end = self.span
        again = [{"part": part, "start": start, "end": end} for part, start, end in self.again]
        return {"text": self.text, "part": self.part, "start": start, "end": end, "words": self.words,
                "cue": self.cue, "gain": self.gain, "again": again}  # fmt: skip


def advise(
    reading: Reading, score: float, evidence: tuple[Evidence, ...], reader: Reader, model: AdditiveModel
) -> tuple[Advice, ...]:
    """Wordings whose loss would gain, by the model's own sum; each then measured by rating again without it."""
    found: list[Advice] = []
    faulted = sorted((e for e in evidence if e.contribution < 0), key=lambda e: e.contribution)
    worded = [e for e in faulted if e.is_learned]
    faulted = [e for e in faulted if e not in worded[MAX_WORDING_ADVICE:]]
    places: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for item in faulted:
        places[item.cue, one_spelling(item.text)].append(item)
    for item, *others in list(places.values())[:MAX_ADVICE]:
        if estimated_gain(reading, (item, *others), evidence, model) <= 0:
            continue
        again = tuple((e.part, e.start, e.end) for e in others)
        advice = Advice(item.message, item.part, (item.start, item.end), item.text, item.cue, 0.0, again)
        changed = _score_without(reading.message, (advice,), reader, model, score)
        if logit(changed) - logit(score) >= (MIN_WORDING_GAIN if item.is_learned else MIN_GAIN):
            found.append(replace(advice, gain=changed - score))
    return tuple(_apart(sorted(found, key=lambda a: -a.gain)))


def _apart(found: list[Advice]) -> list[Advice]:
    """Advice without such as asks for words that other advice of more gain asks for, too."""
    kept: list[Advice] = []
    taken: list[tuple[Part, int, int]] = []
    for item in found:
        places = ((item.part, *item.span), *item.again)
        if all(p != part or e <= start or end <= s for p, s, e in places for part, start, end in taken):
            kept.append(item)
            taken += places
    return kept


def estimated_gain(
    reading: Reading, items: Sequence[Evidence], evidence: tuple[Evidence, ...], model: AdditiveModel
) -> float:
    """What the log-odds gain if the words of some items go, as far as cues and wording tell: no text is read again.

    Evidence of other cues in the same words goes with them. What it leaves out is the other features
    (shares of words and sentences, readability), which move a little with every cut.
    """
    gone = [
        e for e in evidence if any(e.part == i.part and e.start < i.end and i.start < e.end for i in items)
    ]
    changed = reading.measures.without((e.cue, e.text) for e in gone if not e.is_learned)
    values = [feature.measure(changed) for feature in FEATURES]
    if model.wording and (weighed := reading.measures.weighed):
        left = weighed.worded
        for item in items:
            start, end = (reading.text.find(item.part, offset) for offset in (item.start, item.end))
            words = reading.doc.char_span(start, end, alignment_mode="expand")
            if words is not None:
                left = left.without(words.start, words.end)
        values[FEATURE_NAMES.index(wording.CUE)] = model.wording.value(left.distinct())
    return sum(model.contributions(values)) - sum(model.contributions(reading.values))


def gain_of_all(
    message: Message, advised: tuple[Advice, ...], reader: Reader, model: AdditiveModel, score: float
) -> float:
    """What is gained if all advice is followed."""
    if len(advised) < 2:
        return advised[0].gain if advised else 0.0
    return _score_without(message, advised, reader, model, score) - score


def _score_without(
    message: Message, advice: tuple[Advice, ...], reader: Reader, model: AdditiveModel, score: float
) -> float:
    """The score when the words of some advice are gone; ``score`` where too little would be left to rate."""
    texts = {"subject": message.subject or "", "body": message.body}
    cuts = {place for item in advice for place in ((item.part, *item.span), *item.again)}
    for part, start, end in sorted(cuts, key=lambda cut: -cut[1]):
        texts[part] = texts[part][:start] + texts[part][end:]
    subject = texts["subject"] if message.subject is not None else None
    changed = reader.read(replace(message, subject=subject, body=texts["body"]), model.wording)
    return score if abstention(changed) else model.score(changed.values)
