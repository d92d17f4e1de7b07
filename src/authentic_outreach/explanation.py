"""Why a message is rated as it is: every cue span and run of words with its share of the log-odds, and the label in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from authentic_outreach import wording
from authentic_outreach.evidence import CUES, LEARNED, Evidence, load_rules
from authentic_outreach.features import FEATURE_NAMES, FEATURES
from authentic_outreach.heads import cue_heads
from authentic_outreach.reading import Reading
from authentic_outreach.scoring import AdditiveModel, Label
from authentic_outreach.sentence_grams import WordPieces, sentence_grams

if TYPE_CHECKING:
    from spacy.tokens import Span

MIN_WORDING = 0.05
"""The wording of a sentence that moves the log-odds by less is not shown as evidence."""


def explain_reading(
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
_PIECES = WordPieces()
_COUNTS = {cue.name: cue.counts for cue in CUES}


def _wording_evidence(reading: Reading, model: AdditiveModel) -> list[Evidence]:
    """The words whose manner weighs, a run a sentence, under the cue they read like; those of no weight are left out."""
    weight = model.coefficients[FEATURE_NAMES.index(wording.CUE)]
    weighed = reading.measures.weighed
    if weighed is None or not weight:
        return []
    parts, found = weighed.parts(MIN_WORDING / weight), []
    names = _names(reading, weighed.worded, parts) if parts else []
    for part, named in zip(parts, names, strict=True):
        cue, rule = wording.CUE, wording.RULE
        message = _WORDING_FOR if part.value > 0 else _WORDING_AGAINST
        if named and not _has_cue(reading, named, part.sentence):
            cue, rule, message = (
                named,
                f"{LEARNED}{named}",
                f"Reads like {named.replace('_', ' ')}: {_COUNTS[named]}.",
            )
        words = reading.doc[part.start : part.end]
        found.append(_located(reading, words, cue, rule, message, weight * part.value))
    return found


def _names(reading: Reading, worded: wording.Worded, parts: list[wording.Part]) -> list[str | None]:
    """The cue that the sentence of each part reads like, None where no head is sure."""
    asked = np.array([part.sentence for part in parts])
    grams = sentence_grams(reading.doc, worded.tokens, worded.grams, asked, _PIECES)
    return cue_heads().names(grams, asked, np.array([part.value for part in parts]))


def _has_cue(reading: Reading, cue: str, sentence: int) -> bool:
    """True where a rule found the cue in a sentence, which is then not said twice."""
    number = reading.measures.tokens.sentences
    return any(
        number[span.start] <= sentence <= number[span.end - 1] for span in reading.doc.spans.get(cue, ())
    )


_LABEL_WORDS = {
    "authentic": "Reads as written to this reader",
    "mixed": "Could go either way",
    "clumsy": "Reads as a pitch that landed on this reader",
}


def reason_for(label: Label, evidence: tuple[Evidence, ...]) -> str:
    """The label in words, with the wordings that weigh most on each side."""
    against = sorted((e for e in evidence if e.contribution < -0.02), key=lambda e: e.contribution)
    speaking_for = sorted((e for e in evidence if e.contribution > 0.02), key=lambda e: -e.contribution)
    sides = []
    for heading, items in (("for it", speaking_for[:2]), ("against it", against[:2])):
        if items:
            named = " and ".join(map(_named, items))
            sides.append(f"{heading}: {named}")
    if label == "clumsy":
        sides.reverse()
    return (
        "; ".join([_LABEL_WORDS[label], *sides])
        if sides
        else f"{_LABEL_WORDS[label]}, by its manner as a whole"
    )


def _named(item: Evidence) -> str:
    """The cue with its words; words that are no cue's stand for themselves."""
    words = repr(_short(item.text))
    return words if item.cue == wording.CUE else f"{item.cue.replace('_', ' ')} ({words})"


def _short(text: str, width: int = 50) -> str:
    words = " ".join(text.split())
    return words if len(words) <= width else words[: width - 1] + "…"
