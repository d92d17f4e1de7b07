"""What must not gain, and what must not move: whole messages changed in known ways, rated before and after.

The changes are data, so that tests, the evaluation page and users measure the same thing.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from authentic_outreach.datasets import CLUMSY_UNDER, Example
from authentic_outreach.evidence import CUES
from authentic_outreach.messages import Message
from authentic_outreach.rating import Rating, rate
from authentic_outreach.scoring import AdditiveModel

PRESSING = frozenset(cue.name for cue in CUES if cue.direction < 0)

_VOWELS = "aeiou"
DISGUISES: dict[str, Callable[[str], str]] = {
    "Cyrillic letters": lambda word: word.translate(str.maketrans("aeopcxy", "аеорсху")),
    "zero-width characters": lambda word: re.sub(f"([{_VOWELS}])", "\\1\u200b", word),
    "soft hyphens": lambda word: re.sub(f"([{_VOWELS}])", "\\1\u00ad", word),
    "full-width letters": lambda word: re.sub(f"[{_VOWELS}]", lambda m: chr(ord(m[0]) + 0xFEE0), word),
    "digits for letters": lambda word: word.translate(str.maketrans("oiea", "013@")),
    "spaced letters": " ".join,
    "struck through": lambda word: "".join(f"{char}\u0336" for char in word),
    "accents": lambda word: word.translate(str.maketrans("aeiou", "àéîöü")),
    "variation selectors": lambda word: re.sub(f"([{_VOWELS}])", "\\1\ufe0f", word),
    "bold type of Markdown": lambda word: f"**{word}**",
}
"""Ways to write a word of four letters and more so that a reader still reads it."""

KIND_WORDS: dict[str, str] = {
    "low_pressure": "No rush at all.",
    "candour": "I should say that I sell pumps.",
    "curiosity": "How do you do it at present?",
    "light_ask": "Is there a reason?",
    "value_first": "The table is yours to keep, no strings attached.",
    "shared_context": "We met at the Harbour meeting in Leith.",
    "specific_reference": "Your note on larch of 3 March helped us.",
}
"""For each cue that raises a score a sentence that says it; said ten times it may gain little over once."""

BEFORE_A_PITCH: dict[str, str] = {
    "praise": "What you have built is remarkable, and I have nothing but respect for the way you and your team work.\n\n",
    "a quotation": "\u201cThe best time to plant a tree was twenty years ago. The second best time is now.\u201d\n\n",
    "a news item": (
        "The council approved the new harbour wall on Tuesday by nine votes to four. Work begins in March and is expected "
        "to take two winters; the fish market will move to the old rope works until then.\n\n"
    ),
}
"""What may be pasted before a pitch in the hope of looking like somebody who cares."""


@dataclass(frozen=True, slots=True)
class Gains:
    """Points gained by a change over some messages."""

    name: str
    points: tuple[float, ...]

    def row(self, most: float) -> dict[str, str]:
        """The change in figures; ``most`` is the gain it may have."""
        points = np.array(self.points)
        return {
            "messages": str(len(points)),
            "mean": f"{points.mean():+.2f}",
            "95 of 100 under": f"{np.quantile(points, 0.95):+.2f}",
            "most": f"{points.max():+.2f}",
            "allowed": f"{most:.0f}",
            "over that": str(int((points > most).sum())),
        }


def pressed_spans(rating: Rating) -> list[tuple[int, int]]:
    """Where pressing, pretending and mass-mailing words of letters alone stand in the body."""
    return [
        (e.start, e.end)
        for e in rating.evidence
        if e.cue in PRESSING and not e.is_learned and e.part == "body" and e.text.replace(" ", "").isalpha()
    ]


def disguised(body: str, spans: Sequence[tuple[int, int]], change: Callable[[str], str]) -> str:
    """A body whose words of four letters and more within some spans are written otherwise."""
    for start, end in sorted(spans, reverse=True):
        words = re.sub(r"[^\W\d_]{4,}", lambda word: change(word.group()), body[start:end])
        body = body[:start] + words + body[end:]
    return body


def gains_of_disguise(
    messages: Sequence[Message], name: str, model: AdditiveModel | None = None, most: int = 100
) -> Gains:
    """Points gained by disguising the pressing words of so many messages that have some."""
    points: list[float] = []
    for message in messages:
        before = rate(message, advice=False, model=model)
        spans = pressed_spans(before)
        if before.score is None or not spans:
            continue
        points.append(_score(message, disguised(message.body, spans, DISGUISES[name]), model) - before.score)
        if len(points) == most:
            break
    return Gains(name, tuple(points))


def gains_of_repeating(messages: Sequence[Message], cue: str, model: AdditiveModel | None = None) -> Gains:
    """Points gained by saying a kind thing ten times over saying it once."""
    said = KIND_WORDS[cue]
    points = [
        _score(m, f"{m.body}\n\n{' '.join([said] * 10)}", model) - _score(m, f"{m.body}\n\n{said}", model)
        for m in messages
    ]
    return Gains(cue, tuple(points))


def gains_of_pasting(messages: Sequence[Message], name: str, model: AdditiveModel | None = None) -> Gains:
    """Points gained by pasting something before each message."""
    points = [_score(m, BEFORE_A_PITCH[name] + m.body, model) - _score(m, m.body, model) for m in messages]
    return Gains(name, tuple(points))


def _score(message: Message, body: str, model: AdditiveModel | None) -> float:
    rated = rate(replace(message, body=body), advice=False, model=model)
    return float("nan") if rated.score is None else rated.score


def disguises_table(examples: Sequence[Example], model: AdditiveModel) -> dict[str, dict[str, str]]:
    """Change → figures in points: disguises, repeated kindness, and matter pasted before pitches, a hundred messages each."""
    messages = [example.message for example in examples]
    pitches = [example.message for example in examples if example.rating < CLUMSY_UNDER][::3][:100]
    some = messages[::10][:100]
    table = {f"pressing words: {n}": gains_of_disguise(messages, n, model).row(2) for n in DISGUISES}
    table |= {
        f"{cue}, ten times over once": gains_of_repeating(some, cue, model).row(2) for cue in KIND_WORDS
    }
    table |= {f"{n} before a pitch": gains_of_pasting(pitches, n, model).row(3) for n in BEFORE_A_PITCH}
    return table


def load_slips(folder: Path, examples: Sequence[Example]) -> list[tuple[Message, str]]:
    """Messages of the corpus with their body as a non-native writer might have put it, from ``register/slips.jsonl``."""
    by_id = {example.message.id: example.message for example in examples}
    lines = (folder / "register" / "slips.jsonl").read_text(encoding="utf-8").splitlines()
    return [(by_id[row["id"]], row["body"]) for row in map(json.loads, lines)]


def load_failures(folder: Path) -> list[tuple[str, str]]:
    """What is known to fail, and why, with an invented example where there is one."""
    classes = tomllib.loads((folder / "error_classes.toml").read_text(encoding="utf-8"))["class"]
    return [
        (item["name"], f"{item['why'].rstrip('.')}. Example: \u201c{' '.join(item['example'].split())}\u201d")
        for item in classes
        if item["known"]
    ]


def shift_of_slips(pairs: Sequence[tuple[Message, str]], model: AdditiveModel) -> Mapping[str, float | int]:
    """What slips of non-native English do: mean shift in points, and how many authentic messages turn clumsy.

    ``pairs`` are messages with their body as a non-native writer might have written it.
    """
    before = [rate(message, advice=False, model=model) for message, _ in pairs]
    after = [rate(replace(message, body=body), advice=False, model=model) for message, body in pairs]
    shifts = [(b.score or 0.0) - (a.score or 0.0) for a, b in zip(before, after, strict=True)]
    turned = sum(a.label == "authentic" and b.label == "clumsy" for a, b in zip(before, after, strict=True))
    return {
        "messages": len(shifts),
        "mean shift": float(np.mean(shifts)),
        "mean size of shift": float(np.mean(np.abs(shifts))),
        "authentic before": sum(a.label == "authentic" for a in before),
        "of these clumsy after": turned,
    }
