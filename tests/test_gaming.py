"""A disguise gains nothing: pressing words misspelt on purpose score at most two points above the plain ones."""

import re

import pytest

import authentic_outreach as ao
from authentic_outreach.evidence import CUES

PRESSING = {cue.name for cue in CUES if cue.direction < 0}
DISGUISES = {
    "Cyrillic letters": str.maketrans("aeopcxy", "аеорсху"),
    "zero-width characters": {ord(c): f"{c}\u200b" for c in "aeiou"},
    "soft hyphens": {ord(c): f"{c}\u00ad" for c in "aeiou"},
    "full-width letters": {ord(c): chr(ord(c) + 0xFEE0) for c in "aeiou"},
    "digits for letters": str.maketrans("oiea", "013@"),
}


def disguise(words, table):
    """Words of four letters and more, disguised; shorter ones are left, as spammers leave them."""
    return re.sub(r"[^\W\d_]{4,}", lambda word: word.group().translate(table), words)


@pytest.fixture(scope="module")
def pressed(corpus):
    """Messages with pressing words of letters only, and where these stand."""
    found = []
    for example in corpus:
        rating = ao.rate(example.message, advice=False)
        spans = [
            (e.start, e.end)
            for e in rating.evidence
            if e.cue in PRESSING and e.part == "body" and e.text.replace(" ", "").isalpha()
        ]
        if spans:
            found.append((example.message, rating.score, spans))
    return found[:100]


KNOWN = {
    "digits for letters": "8 messages of 100: spaCy's tokenizer takes the end of 'fr0m' and 'bl0g' for units and splits",
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(n, marks=pytest.mark.xfail(strict=True, reason=KNOWN[n])) if n in KNOWN else n
        for n in DISGUISES
    ],
)
def test_disguised_pressing_words_gain_at_most_two_points(pressed, name):
    assert len(pressed) == 100
    gains = []
    for message, score, spans in pressed:
        body = message.body
        for start, end in sorted(spans, reverse=True):
            body = body[:start] + disguise(body[start:end], DISGUISES[name]) + body[end:]
        gains.append(ao.rate(body, message.subject, recipient=message.recipient, advice=False).score - score)
    assert max(gains) <= 2.0


@pytest.mark.parametrize(
    "kind",
    ["No rush at all.", "Feel free to say no.", "I should say that I sell pumps.", "Is there a reason?"],
)
def test_saying_a_kind_thing_ten_times_gains_little_over_once(corpus, kind):
    for example in corpus[::13]:
        message = example.message
        once = ao.rate(f"{message.body}\n\n{kind}", message.subject, advice=False).score
        often = ao.rate(f"{message.body}\n\n{' '.join([kind] * 10)}", message.subject, advice=False).score
        assert often <= once + 2.0, message.id
