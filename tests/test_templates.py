"""Templates come back from copies with noise, and what was filled in for each reader."""

import random

import pytest

import authentic_outreach as ao
from authentic_outreach.templates import SLOT, copied_shares, recover_templates

PITCH = (
    "Hi {name},\n\nI loved your post on {post}. We help firms like yours win more customers every month, and our clients "
    "save nine hours a week. Would you be open to a quick call {day}?\n\nThanks,\nTom"
)
FILLS = [
    {"name": "Ana", "post": "drying larch", "day": "on Monday"},
    {"name": "Bo", "post": "glue", "day": "next week"},
    {"name": "Chidi", "post": "your third kiln and its roof", "day": "on Friday"},
    {"name": "Dewi", "post": "oak", "day": "tomorrow"},
]


def campaign():
    return [
        ao.Message(
            PITCH.format(**fill),
            id=fill["name"],
            sender=ao.Person(address="tom@tool.example"),
            recipient=ao.Person(name=fill["name"]),
        )
        for fill in FILLS
    ]


def test_a_template_comes_back_with_its_slots():
    (template,) = recover_templates(campaign())
    assert template.text == (
        f"Hi {SLOT} I loved your post on {SLOT} We help firms like yours win more customers every month, and our clients "
        f"save nine hours a week. Would you be open to a quick call {SLOT} Thanks, Tom"
    )
    assert template.senders == ("tom@tool.example",)
    chidi = next(copy for copy in template.copies if copy.id == "Chidi")
    assert chidi.fills == ("Chidi,", "your third kiln and its roof.", "on Friday?")
    assert chidi.own_words == 9
    assert "4 copies" in template.summary()


def test_other_messages_are_left_alone(corpus):
    others = [example.message for example in corpus[::9]]
    found = recover_templates([*others, *campaign()])
    assert [{copy.id for copy in template.copies} for template in found] == [{"Ana", "Bo", "Chidi", "Dewi"}]


def test_order_does_not_matter(corpus):
    messages = [*campaign(), *(example.message for example in corpus[::40])]
    shuffled = random.Random(1).sample(messages, len(messages))
    assert copied_shares(recover_templates(messages)) == pytest.approx(
        copied_shares(recover_templates(shuffled)), abs=0.05
    )


def test_short_and_odd_texts_make_no_template():
    assert recover_templates([ao.Message("Thanks, all fine."), ao.Message("Thanks, all fine.")]) == []
    assert recover_templates([]) == []
    assert recover_templates([ao.Message("\ud800 " * 20), ao.Message("")]) == []


def test_words_that_went_to_others_count_against_a_message():
    message = ao.Message(
        "I read your note on larch twice and wondered how long you let it stand. Could you tell me?"
    )
    scores = [ao.rate(message).score]
    for copied in (0.0, 0.3, 0.9):
        from dataclasses import replace

        scores.append(ao.rate(replace(message, copied=copied)).score)
    assert scores[0] == scores[1]  # nothing known is the same as nothing copied
    assert scores[1] > scores[2] > scores[3]


def test_a_share_is_a_share():
    with pytest.raises(ValueError, match=r"copied must be a share from 0 to 1, not 1\.5"):
        ao.Message("hello", copied=1.5)


def test_an_inbox_tells_which_words_were_copied(tmp_path):
    path = tmp_path / "inbox.mbox"
    mails = "".join(
        f"From x Mon Jan  5 09:00:00 2026\nFrom: tom@tool.example\nTo: {m.recipient.name}@joinery.example\nMessage-ID: <{m.id}@tool.example>\n\n{m.body}\n\n"
        for m in campaign()
    )
    path.write_text(mails, encoding="utf-8")
    plain = list(ao.rate_inbox(path, advice=False))
    told = list(ao.rate_inbox(path, advice=False, templates=True))
    assert all(rating.features["copied"] == 0 for rating in plain)
    assert all(0.6 < rating.features["copied"] < 1 for rating in told)
    assert all(a.score > b.score for a, b in zip(plain, told, strict=True))
    assert {rating.kind for rating in told} <= {"cold", "unsure"}
