"""Words that no rule lists are shown under the cue they read like; that moves no score, and says nothing twice."""

from dataclasses import replace

import numpy as np
import pytest

import authentic_outreach as ao
from authentic_outreach.evidence import CUES
from authentic_outreach.heads import CueHeads, cue_heads
from authentic_outreach.ngrams import ngrams
from authentic_outreach.persistence import load_model
from authentic_outreach.reading import default_reader
from authentic_outreach.sentence_grams import WordPieces, kinds_of, sentence_grams

DIRECTIONS = {cue.name: cue.direction for cue in CUES}


def named(rating):
    return [e for e in rating.evidence if e.is_learned and e.cue != "wording"]


@pytest.mark.parametrize(
    ("body", "cue"),
    [
        ("We press apple juice for farm shops. There is a discount of 10% for orders placed before Christmas.", "urgency"),
        ("Our rota tool saves managers time. Please give me a ring on 555 0180 or reply to this email and I will send the list.", "heavy_ask"),
    ],
)  # fmt: skip
def test_an_unlisted_wording_is_named(body, cue):
    found = [e for e in named(ao.rate(body, advice=False)) if e.cue == cue]
    assert found
    assert all(e.rule == f"learned:{cue}" and body[e.start : e.end] == e.text for e in found)


def test_names_speak_as_their_words_do_and_repeat_no_rule(corpus):
    several = set()
    for example in corpus[::5]:
        rating = ao.rate(example.message, advice=False)
        by_rule = [e for e in rating.evidence if not e.is_learned]
        for evidence in named(rating):
            several.add(evidence.cue)
            assert evidence.contribution * DIRECTIONS[evidence.cue] > 0, example.message.id
            again = [e for e in by_rule if (e.cue, e.part) == (evidence.cue, evidence.part)]
            assert not any(e.start < evidence.end and evidence.start < e.end for e in again), (
                example.message.id
            )
    assert len(several) >= 5


def test_log_odds_are_the_weights_of_what_a_sentence_has(corpus):
    """Found by search among the keys, one by one: of each kind the sum of the weights over the root of how many there are."""
    reader, heads, words = default_reader(), cue_heads(), load_model().wording.words
    for example in corpus[::150]:
        reading = reader.read(example.message)
        tokens = reading.measures.tokens
        asked = np.unique(tokens.sentences)[:2]
        grams = sentence_grams(reading.doc, tokens, ngrams(tokens, words), asked, WordPieces())
        place = {key: n for n, key in enumerate(heads.keys.tolist())}
        wanted = np.tile(heads.intercepts, (len(asked), 1))
        for row, sentence in enumerate(asked):
            for kind in range(3):
                keys = grams.keys[(grams.sentences == sentence) & (grams.kinds == kind)].tolist()
                for key in keys:
                    if key in place:
                        wanted[row] += heads.weights[place[key]] / np.sqrt(len(keys))
        assert heads.log_odds(grams, asked) == pytest.approx(wanted, abs=1e-4)
        assert np.array_equal(kinds_of(grams.keys), grams.kinds)


def test_bytes_hold_the_heads():
    heads = cue_heads()
    again = CueHeads.from_bytes(heads.to_bytes(), "cues.npz")
    assert again.digest == heads.digest
    assert np.array_equal(again.weights, heads.weights)


@pytest.mark.parametrize(
    "change",
    [
        lambda h: replace(h, weights=h.weights[:, :3]),
        lambda h: replace(h, keys=h.keys[::-1].copy()),
        lambda h: replace(h, bounds=h.bounds[:4]),
        lambda h: replace(h, intercepts=np.full_like(h.intercepts, np.nan)),
    ],
    ids=["too few cues", "unsorted", "too few bounds", "not finite"],
)
def test_heads_that_do_not_fit_are_refused(change):
    with pytest.raises(ValueError, match=r"cues\.npz: .*reinstall authentic-outreach"):
        CueHeads.from_bytes(change(cue_heads()).to_bytes(), "cues.npz")


def test_what_is_no_archive_is_refused():
    with pytest.raises(ValueError, match=r"cues\.npz: no model's arrays"):
        CueHeads.from_bytes(b"PK nonsense", "cues.npz")
