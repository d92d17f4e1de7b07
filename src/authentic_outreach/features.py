"""The ordered table of features: what the classifier sees of a message.

Each feature is 0 where a message shows nothing of it, is bounded, and does not grow when a text
is pasted twice: cues count by distinct wordings and saturate, everything else is a share.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

from authentic_outreach.evidence import CUES
from authentic_outreach.lexicon import Kind
from authentic_outreach.measures import GROUPS, Measures

Direction = Literal[-1, 0, 1]


class Feature(NamedTuple):
    """One number about a message.

    ``direction`` is the sign the classifier may give it: +1 never lowers the score, -1 never
    raises it, 0 is free. ``cues`` are the cues whose evidence makes the number.
    """

    name: str
    measure: Callable[[Measures], float]
    unit: str
    low: float
    high: float
    direction: Direction
    source: str
    cues: tuple[str, ...] = ()


def saturate(count: float, half: float = 1.0) -> float:
    """A count's presence in [0, 1): 0 → 0, ``half`` → 0.5, and ever less for more.

    >>> [round(saturate(n), 3) for n in (0, 1, 2, 10)]
    [0.0, 0.5, 0.75, 0.999]
    """
    return 1.0 - math.pow(0.5, count / half)


def presence(*cues: str) -> Callable[[Measures], float]:
    """The saturating presence of some cues."""
    return lambda m: saturate(m.distinct(*cues))


def _unglued_reference(m: Measures) -> float:
    """A specific reference counts in full only where no pitch is glued to it."""
    pitch = saturate(m.distinct("heavy_ask", "self_focus", "hype", "buzzword"))
    return saturate(m.distinct("specific_reference", "shared_context")) * (1.0 - pitch)


def _earned_question(m: Measures) -> float:
    """A small or curious question counts in full only where no heavy ask stands beside it."""
    return saturate(m.distinct("light_ask", "curiosity")) * (1.0 - saturate(m.distinct("heavy_ask")))


def _we_over_i(m: Measures) -> float:
    """'We' among the first persons, drawn to 0 where there are few."""
    we, i = m.count(Kind.WE), m.count(Kind.I)
    return we / (we + i) if we + i else 0.0


def _clip(value: float, low: float, high: float) -> float:
    return min(high, max(low, value)) if math.isfinite(value) else 0.0


def _coleman_liau(m: Measures) -> float:
    """0.0588 L - 0.296 S - 15.8, with letters and sentences a hundred words; grade 9 under 8 such words."""
    letters, words = m.readability
    grade = 5.88 * letters - 29.6 / words - 15.8 if m.count(Kind.PLAIN) >= 8 else 9.0
    return _clip((grade - 9.0) / 4.0, -2.0, 2.0)


def _ari(m: Measures) -> float:
    """4.71 letters a word + 0.5 words a sentence - 21.43; grade 8 under 8 such words."""
    letters, words = m.readability
    grade = 4.71 * letters + 0.5 * words - 21.43 if m.count(Kind.PLAIN) >= 8 else 8.0
    return _clip((grade - 8.0) / 4.0, -2.0, 2.0)


_GUIDE = "annotation guide"
_HOUSE = "this project: differs between welcome and unwelcome mail in the corpus"

FEATURES: tuple[Feature, ...] = (
    *(
        Feature(cue.name, presence(cue.name), "presence", 0, 1, cue.direction, f"{_GUIDE}, cue {cue.name}", (cue.name,))
        for cue in CUES
    ),
    Feature("pressure", presence(*GROUPS["pressure"]), "presence", 0, 1, -1, f"{_GUIDE}, group pressure", GROUPS["pressure"]),
    Feature("automation", presence(*GROUPS["automation"]), "presence", 0, 1, -1, f"{_GUIDE}, group automation", GROUPS["automation"]),
    Feature(
        "personalization",
        lambda m: saturate(m.distinct(*GROUPS["personal"]) + m.facts_used),
        "presence", 0, 1, 1, f"{_GUIDE}, group personal, and the recipient's known facts", GROUPS["personal"],
    ),
    Feature("respect", presence(*GROUPS["respect"]), "presence", 0, 1, 1, f"{_GUIDE}, group respect", GROUPS["respect"]),
    Feature(
        "unglued_reference", _unglued_reference, "presence", 0, 1, 1,
        f"{_GUIDE}: a reference glued to a pitch is clumsier than none", ("specific_reference", "shared_context"),
    ),
    Feature("earned_question", _earned_question, "presence", 0, 1, 1, f"{_GUIDE}, group ask", ("light_ask", "curiosity")),
    Feature("we_over_i", _we_over_i, "share of first persons", 0, 1, -1, _HOUSE),
    Feature("i_rate", lambda m: min(1.0, m.rate(Kind.I) * 10), "per 10 words", 0, 1, 0, _HOUSE),
    Feature("you_rate", lambda m: min(1.0, m.rate(Kind.YOU) * 10), "per 10 words", 0, 1, 0, _HOUSE),
    Feature("story", lambda m: m.sentence_share(Kind.I | Kind.PAST), "share of sentences", 0, 1, 1, _HOUSE),
    Feature("past", lambda m: min(1.0, m.rate(Kind.PAST) * 10), "per 10 words", 0, 1, 1, _HOUSE),
    Feature("hedges", lambda m: min(1.0, m.rate(Kind.HEDGE) * 20), "per 20 words", 0, 1, 1, _HOUSE),
    Feature("contrast", lambda m: min(1.0, m.rate(Kind.CONTRAST) * 20), "per 20 words", 0, 1, 1, _HOUSE),
    Feature("thanks", lambda m: float(m.count(Kind.THANKS) > 0), "1 where there are any", 0, 1, 0, _HOUSE),
    Feature("technical", lambda m: min(1.0, m.rate(Kind.TECHNICAL) * 10), "per 10 words", 0, 1, 1, _HOUSE),
    Feature("pitch_words", lambda m: min(1.0, m.rate(Kind.ASK_WORD) * 10), "per 10 words", 0, 1, -1, _HOUSE),
    Feature("questions", lambda m: m.sentence_share(Kind.QUESTION), "share of sentences", 0, 1, 0, _HOUSE),
    Feature("emoji", lambda m: min(1.0, m.rate(Kind.EMOJI) * 20), "per 20 words", 0, 1, -1, _HOUSE),
    Feature("shouting", lambda m: min(1.0, m.rate(Kind.SHOUT) * 20), "per 20 words", 0, 1, -1, _HOUSE),
    Feature("list_layout", lambda m: m.items, "share of lines", 0, 1, -1, _HOUSE),
    Feature("wording", lambda m: m.wording, "log-odds", -3, 3, 1, "readings of the corpus, by n-grams of words"),
    Feature("copied", lambda m: m.copied, "share of words", 0, 1, -1, "templates recovered from an inbox; 0 where none tells"),
    Feature("coleman_liau", _coleman_liau, "(grade - 9) / 4", -2, 2, 0, "Coleman and Liau 1975"),
    Feature("ari", _ari, "(grade - 8) / 4", -2, 2, 0, "Senter and Smith 1967"),
)  # fmt: skip
FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
DIRECTIONS: tuple[Direction, ...] = tuple(feature.direction for feature in FEATURES)
