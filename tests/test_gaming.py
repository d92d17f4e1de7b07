"""A disguise, a repeated kindness and matter pasted before a pitch gain little; the changes stand in `robustness`."""

from dataclasses import replace

import numpy as np
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


def test_thanks_said_three_ways_gain_little_over_once(corpus):
    gains = []
    for example in corpus[::13]:
        once, often = (
            ao.rate(replace(example.message, body=f"{example.message.body}\n\n{thanks}"), advice=False).score
            for thanks in (
                "Thanks.",
                "Thanks. Thank you. Many thanks.",
            )
        )
        gains.append(often - once)
    assert len(gains) >= 100
    assert float(np.mean(gains)) <= 2.0
    assert max(gains) <= 10.0


def test_a_word_of_thanks_makes_no_pitch_authentic():
    pitch = "Hi Ana,\n\nWe make pumps for bakeries in Leith and I would like to sell you one. Our offer ends tonight."
    assert ao.rate(f"{pitch}\n\nThanks.", advice=False).label != "authentic"
