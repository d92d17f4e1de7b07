"""A disguise, a repeated kindness and matter pasted before a pitch gain little; the changes stand in `robustness`."""

from dataclasses import replace

import pytest

import authentic_outreach as ao
from authentic_outreach.robustness import (
    BEFORE_A_PITCH,
    DISGUISES,
    KIND_WORDS,
    gains_of_disguise,
    gains_of_pasting,
    gains_of_repeating,
)


@pytest.mark.parametrize("name", DISGUISES)
def test_disguised_pressing_words_gain_at_most_two_points(corpus, name):
    gains = gains_of_disguise([example.message for example in corpus], name)
    assert len(gains.points) == 100
    assert max(gains.points) <= 2.0


@pytest.mark.parametrize("cue", KIND_WORDS)
def test_saying_a_kind_thing_ten_times_gains_little_over_once(corpus, cue):
    gains = gains_of_repeating([example.message for example in corpus[::13]], cue)
    assert max(gains.points) <= 2.0


@pytest.mark.parametrize("name", BEFORE_A_PITCH)
def test_matter_pasted_before_a_pitch_gains_at_most_three_points(corpus, name):
    pitches = [example.message for example in corpus if example.rating < 2.5][::3][:100]
    gains = gains_of_pasting(pitches, name)
    assert len(gains.points) == 100
    assert max(gains.points) <= 3.0


MANY_THANKS = "Thanks. Many thanks. Thank you. Thanks again. Sorry. Cheers. Grateful. Thanks so much."


@pytest.mark.parametrize(
    "often",
    [
        " ".join(["Thanks."] * 10),
        pytest.param(
            MANY_THANKS,
            marks=pytest.mark.xfail(
                strict=True,
                reason="the wording weighs each of the words: 7 points in the mean, 44 at most seen",
            ),
        ),
    ],
)
def test_more_thanks_gain_little_over_one(corpus, often):
    gains = [
        _score_with(example.message, often) - _score_with(example.message, "Thanks.")
        for example in corpus[::13]
    ]
    assert len(gains) >= 100
    assert max(gains) <= 2.0


def _score_with(message, thanks):
    return ao.rate(replace(message, body=f"{message.body}\n\n{thanks}"), advice=False).score


def test_a_word_of_thanks_does_not_outweigh_a_pressing_sentence():
    pitch = "Hi Ana,\n\nWe make pumps for bakeries in Leith and I would like to sell you one."
    pressing = "Our offer ends tonight."
    assert _score_with(ao.Message(f"{pitch} {pressing}"), "Thanks.") < ao.rate(pitch, advice=False).score
