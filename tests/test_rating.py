"""What every rating promises (docs/promises in the design): sums, offsets, monotone, private, and never lost."""

import dataclasses
import itertools
import math

import numpy as np
import pytest

import authentic_outreach as ao
from authentic_outreach.advice import MIN_GAIN, estimated_gain
from authentic_outreach.evidence import CUES
from authentic_outreach.explanation import MIN_WORDING
from authentic_outreach.reading import default_reader
from authentic_outreach.scoring import logit

CLUMSY = (
    "Hi {{first_name}},\n\nI hope this email finds you well. We are a leading provider of synergy.\n"
    "Only 3 spots left, so act now and book a 15-minute call!"
)
PLAIN = (
    "Hello Marek,\n\nyour table of drying times for larch saved us two planks last winter. "
    "Above 20 per cent the glue joint took nine days with us. How long do you let yours stand? No need to answer.\n\nInês"
)


@pytest.fixture(scope="module")
def ratings(corpus):
    return list(ao.rate_messages(e.message for e in corpus))


def test_every_message_of_the_corpus_is_rated(ratings):
    assert [r.reason for r in ratings if r.status != "rated"] == []


def test_contributions_sum_to_the_logit_of_the_score(ratings):
    for rating in ratings:
        share = rating.score / 100
        assert rating.baseline + sum(rating.contributions.values()) == pytest.approx(
            math.log(share / (1 - share)), abs=1e-9
        )


def test_evidence_stands_where_it_says(ratings):
    for rating in ratings:
        for item in rating.evidence:
            part = rating.message.subject if item.part == "subject" else rating.message.body
            assert part[item.start : item.end] == item.text != ""


def test_evidence_carries_the_contribution_of_the_features_it_feeds(ratings):
    from authentic_outreach.features import FEATURES

    for rating in ratings:
        cued = {f.name for f in FEATURES if f.cues and any(e.cue in f.cues for e in rating.evidence)}
        by_cues = [e.contribution for e in rating.evidence if not e.is_learned]
        assert sum(by_cues) == pytest.approx(sum(rating.contributions[name] for name in cued), abs=1e-9)


def test_the_wording_is_shown_sentence_by_sentence(corpus):
    """What is not shown weighs under a twentieth of log-odds a sentence."""
    for example in corpus[::11]:
        rating = ao.rate(example.message, advice=False)
        shown = [e for e in rating.evidence if e.is_learned]
        assert all(abs(e.contribution) >= MIN_WORDING and e.rule == f"learned:{e.cue}" for e in shown)
        sentences = len(list(default_reader().read(example.message).doc.sents))
        left_out = rating.contributions["wording"] - sum(e.contribution for e in shown)
        assert abs(left_out) <= MIN_WORDING * (sentences - len(shown)) + 1e-9, example.message.id
        assert "wording (" not in rating.reason, "words that are no cue's stand for themselves"


def test_advice_promises_what_rating_again_gives():
    rating = ao.rate(CLUMSY)
    assert rating.advice
    assert [a.gain for a in rating.advice] == sorted((a.gain for a in rating.advice), reverse=True)
    for advice in rating.advice:
        start, end = advice.span
        again = ao.rate(CLUMSY[:start] + CLUMSY[end:])
        assert again.score - rating.score == pytest.approx(advice.gain, abs=1e-9)
        assert CLUMSY[start:end] == advice.words


def test_the_clumsy_one_is_under_the_plain_one():
    assert ao.rate(CLUMSY).score + 30 < ao.rate(PLAIN).score
    assert ao.rate(CLUMSY).label == "clumsy"
    assert ao.rate(PLAIN).label == "authentic"


def test_pasting_a_text_twice_does_not_move_the_score(corpus):
    for example in corpus[::7]:
        message = example.message
        once = ao.rate(message.body, message.subject, advice=False).score
        twice = ao.rate(f"{message.body}\n\n{message.body}", message.subject, advice=False).score
        assert twice == pytest.approx(once, abs=1.0), message.id


@pytest.mark.parametrize(
    "tail",
    [
        "\n   \n\n",
        "\n\nUnsubscribe: https://example.com/u",
        "\n\nThis email and its attachments are confidential and intended only for the addressee.",
        "\n\nOn Mon, 2 Mar 2026 at 09:14, Ana Ferreira <ana@example.com> wrote:\n> act now, last chance\n> only 3 spots",
        "\n-- \nTom Hale\nHead of Sales\n+1 555 0100",
    ],
)
def test_footers_quotes_and_signatures_do_not_move_the_score(corpus, tail):
    for example in corpus[::23]:
        message = example.message
        before = ao.rate(message, advice=False).score
        after = ao.rate(message.body + tail, message.subject, recipient=message.recipient, advice=False).score
        assert after == pytest.approx(before, abs=1e-6), message.id


PRESSING = {
    "urgency": "Act now, this is your last chance.",
    "scarcity": "There are only 3 spots left.",
    "guilt": "I haven't heard back from you.",
    "merge_error": "{{first_name}}",
    "boilerplate": "I hope this email finds you well.",
    "hype": "Results are guaranteed or your money back.",
}


@pytest.mark.parametrize("cue", PRESSING)
def test_one_more_pressing_sentence_never_raises_a_cue_contribution(corpus, cue):
    """Cue by cue: the features that the cue feeds never go up."""
    from authentic_outreach.features import FEATURES

    fed = [f.name for f in FEATURES if cue in f.cues]
    for example in corpus[::29]:
        message = example.message
        before = ao.rate(message, advice=False)
        after = ao.rate(f"{message.body}\n\n{PRESSING[cue]}", message.subject, advice=False)
        for name in fed:
            assert after.contributions[name] <= before.contributions[name] + 1e-12, (message.id, name)
        assert any(e.cue == cue for e in after.evidence)


def test_known_facts_of_the_recipient_count_where_they_are_taken_up():
    body = "Hello, we fit pumps and I read that the Leith food bank floods every March. Could I have a look?"
    stranger = ao.rate(body, advice=False)
    known = ao.rate(body, recipient=ao.Person(name="Ana", facts=("Leith food bank",)), advice=False)
    assert known.features["personalization"] > stranger.features["personalization"]
    assert known.score >= stranger.score


def test_rate_messages_is_lazy_and_in_order():
    def endless():
        number = 0
        while True:
            number += 1
            yield ao.Message(PLAIN, id=str(number))

    ratings = ao.rate_messages(endless())
    assert [next(ratings).id for _ in range(5)] == ["1", "2", "3", "4", "5"]


def test_one_bad_item_never_ends_a_run():
    items = [PLAIN, ao.Failure("broken", "it was broken"), 7, "", PLAIN]
    ratings = list(ao.rate_messages(items))
    assert [r.status for r in ratings] == ["rated", "failed", "failed", "set_aside", "rated"]
    assert ratings[1].reason == "it was broken"
    assert "int" in ratings[2].reason


def test_a_single_text_is_no_collection():
    with pytest.raises(TypeError, match="use rate"):
        ao.rate_messages(PLAIN)


def test_a_message_needs_text():
    with pytest.raises(TypeError, match="bytes"):
        ao.rate(b"hello")
    with pytest.raises(ValueError, match="'fax'"):
        ao.Message("hello", channel="fax")


def test_to_frame_has_a_row_a_message():
    frame = ao.to_frame(ao.rate_messages([PLAIN, "", CLUMSY]))
    assert list(frame["status"]) == ["rated", "set_aside", "rated"]
    assert frame["score"].isna().tolist() == [False, True, False]
    assert frame.loc[2, "feature.merge_error"] > 0


def test_every_cue_has_a_direction_the_model_keeps():
    model = ao.load_model()
    coefficients = dict(zip(model.feature_names, model.coefficients, strict=True))
    for cue in CUES:
        assert coefficients[cue.name] * cue.direction >= 0, cue.name


def test_all_advice_together_gains_what_is_promised():
    rating = ao.rate(CLUMSY)
    rest = CLUMSY
    for advice in sorted(rating.advice, key=lambda a: -a.span[0]):
        start, end = advice.span
        rest = rest[:start] + rest[end:]
    assert ao.rate(rest).score - rating.score == pytest.approx(rating.advice_gain, abs=1e-9)
    assert rating.advice_gain > max(a.gain for a in rating.advice)


def test_the_quick_estimate_of_advice_agrees_with_rating_again(corpus):
    """What the additive model knows of a wording's loss, against the text rated again without it."""
    reader, model = default_reader(), ao.load_model()
    estimated, measured = [], []
    for example in corpus:
        rated = ao.rate(example.message, advice=False)
        reading = reader.read(example.message, model.wording)
        for item in rated.evidence:
            if item.contribution >= 0:
                continue
            texts = {"subject": example.message.subject, "body": example.message.body}
            texts[item.part] = texts[item.part][: item.start] + texts[item.part][item.end :]
            changed = ao.rate(dataclasses.replace(example.message, **texts), advice=False)
            if changed.score is not None:
                estimated.append(estimated_gain(reading, [item], rated.evidence, model))
                measured.append(logit(changed.score) - logit(rated.score))
    estimated, measured = np.array(estimated), np.array(measured)
    assert len(estimated) > 300
    assert np.corrcoef(estimated, measured)[0, 1] > 0.85
    worthwhile = measured >= MIN_GAIN
    assert np.mean(estimated[worthwhile] > 0) > 0.98, "advice is missed"


def test_a_wording_said_twice_has_one_piece_of_advice_for_both_places():
    body = "Hi Ana,\n\nThis is your last chance to buy our pumps. We make them in Leith from old brass."
    advice = ao.rate(f"{body}\n\n{body}").advice
    assert [(a.words, len(a.again)) for a in advice if a.cue == "urgency"] == [("last chance", 1)]
    assert advice[0].gain > 10


def test_advice_asks_for_no_words_twice(corpus):
    for example in corpus[::20]:
        places = sorted(p for a in ao.rate(example.message).advice for p in ((a.part, *a.span), *a.again))
        assert all(a[0] != b[0] or a[2] <= b[1] for a, b in itertools.pairwise(places)), example.message.id


@pytest.mark.parametrize(
    ("sentence", "cue", "found"),
    [
        ("You don't need to act now.", "urgency", False),
        ("No joke: last chance to see it!", "urgency", True),
        ("Why not act now?", "urgency", True),
        ("It costs nothing to register today.", "urgency", True),
        ("Thanks for your immediate attention to this.", "urgency", True),
        ("Get back to me within 24 hours.", "urgency", True),
        ("My last email to you went unanswered.", "guilt", True),
        ("In my last email to the club I drew the hinge.", "guilt", False),
        ("If you do not reply by Friday we give your spot to a competitor.", "urgency", True),
        ("If you do not reply by Friday we give your spot to a competitor.", "low_pressure", False),
        ("Whatever you decide, do it before midnight.", "low_pressure", False),
        ("We cannot promise this price after Friday.", "candour", False),
        ("How long can you afford to lose customers?", "curiosity", False),
        ("We got your number from ZoomInfo.", "shared_context", False),
        ("Thank you for your quick answer on the forum about the M4 thread.", "urgency", False),
        ("Germination within two days surprised me; your packet says nine.", "urgency", False),
    ],
)
def test_what_denies_and_what_only_seems_kind(sentence, cue, found):
    evidence = ao.rate(f"Hi Ana,\n\nWe make pumps for bakeries in Leith. {sentence}", advice=False).evidence
    assert any(e.cue == cue and not e.is_learned for e in evidence) is found
