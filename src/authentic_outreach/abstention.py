"""What cannot be rated: too short, not English, not outreach. Each with its reason in words."""

from __future__ import annotations

from authentic_outreach.lexicon import Kind
from authentic_outreach.reading import Reading

MIN_WORDS = 5
"""Fewer words than this are not rated."""
MIN_ENGLISH = 0.16
"""Share of English function words under which a text of 12 words or more is taken for another language.
English mail holds about half; German, Dutch, French, Spanish and Italian under a tenth (tests/test_abstention.py)."""


def abstention(reading: Reading) -> str | None:
    """Why a message cannot be rated, or None if it can."""
    measures = reading.measures
    if not reading.text.text.strip():
        return "the message is empty; there are no words to rate"
    if measures.words < MIN_WORDS:
        return f"too short: {measures.words} words, at least {MIN_WORDS} are needed"
    english, latin = measures.english
    if (measures.words >= 12 and english < MIN_ENGLISH) or latin < 0.5:
        return f"not English: {english:.0%} of its words are English function words, {MIN_ENGLISH:.0%} are needed"
    addressed = measures.count(Kind.I | Kind.WE | Kind.YOU) or "please" in reading.text.text.lower()
    if not addressed and not any(reading.doc.spans.values()):
        return "not outreach: it speaks of no I, we or you, and asks for nothing"
    return None
