"""One sender's messages over time: who is one sender, what a sequence is, and why."""

from datetime import UTC, datetime, timedelta

import pytest

import authentic_outreach as ao

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
FIRST = "Hi Ana, your table of drying times saved us two planks. How long do you let larch stand before you glue it?"
PRESS = "Act now Ana, only 3 spots are left and the offer ends tonight. Last chance to book a call before your competitors do."
BUMP = "Just bumping this to the top of your inbox, any thoughts?"
FRESH = (
    "I tried what you wrote about larch: at twelve per cent the glue held, at twenty the joint opened within nine days. "
    "The photographs are at https://example.org/joints and you may use them wherever they help, no need to answer."
)


def follow(*touches, by="person"):
    """Cadences of (days after the start, body, name, address, channel); the last three may be left out."""
    default = ("Ben Oake", "ben@oake.example.com", "email")
    messages = []
    for days, body, *rest in touches:
        name, address, channel = (*rest, *default[len(rest) :])
        date = None if days is None else START + timedelta(days=days)
        messages.append(
            ao.Message(body, sender=ao.Person(name=name, address=address), channel=channel, date=date)
        )
    return ao.follow_senders(ao.rate_messages(messages), by)


def test_touches_gaps_and_order():
    (found,) = follow((30, FRESH), (0, FIRST))
    assert [t.rating.message.body for t in found.touches] == [FIRST, FRESH]
    assert found.gaps == (30.0,)
    assert found.in_a_year == 2
    assert follow((0, FIRST), (364, FRESH), (366, FRESH))[0].in_a_year == 2
    assert follow((None, FIRST), (None, FRESH))[0].gaps == ()


def test_one_sender_under_many_names_of_the_same():
    same = [
        (0, FIRST, "Ben Oake", "ben@oake.example.com"),
        (9, FRESH, "Ben Oake", "Ben+sales@OAKE.example.com"),
        (12, FRESH, "Ben Oake", "https://www.linkedin.example/in/ben", "linkedin"),
        (20, FRESH, "Ben", "b.oake@oake.example.com"),
    ]
    (found,) = follow(*same)
    assert len(found.touches) == 4
    assert set(found.channels) == {"email", "linkedin"}
    assert len(follow(*same, (30, FIRST, "Ben Ash", "ben@ash.example.org"))) == 2
    assert len(follow((0, FIRST, "Ann Lee", "x@gmail.com"), (3, FRESH, "Ann", "y@gmail.com"))) == 2


def test_a_company_is_all_of_its_people():
    team = [
        (0, FIRST, "Ben Oake", "ben@oake.co.uk"),
        (9, FRESH, "Ada Lund", "ada@mail.oake.co.uk"),
        (12, FIRST, "Ben Ash", "ben@ash.co.uk"),
        (15, FRESH, "Cy Moss", "cy@gmail.com"),
        (16, FRESH, "Di Moss", "di@gmail.com"),
    ]
    assert [len(found.touches) for found in follow(*team)] == [1] * 5
    assert sorted(len(found.touches) for found in follow(*team, by="company")) == [1, 1, 1, 2]
    with pytest.raises(ValueError, match="neither 'person' nor 'company'"):
        ao.follow_senders([], "team")


def test_aliases_that_meet_later_become_one():
    (found,) = follow(
        (0, FIRST, "", "a@oake.example.com"),
        (3, FRESH, "Ben Oake", "b@other.example.net"),
        (9, FRESH, "Ben Oake", "a@oake.example.com"),
    )
    assert len(found.touches) == 3


def test_a_bump_is_told_from_a_follow_up_that_brings_something():
    (bumped,) = follow((0, FIRST), (60, BUMP), (120, FIRST))
    (fresh,) = follow((0, FIRST), (60, FRESH))
    assert bumped.bumps == 2
    assert "2 follow-ups with nothing new (-0.8)" in bumped.reasons
    assert fresh.bumps == 0
    assert "a follow-up that brings something (+0.2)" in fresh.reasons


def test_pressure_that_rises_and_last_chances_that_return_lower_the_sequence():
    (rising,) = follow((0, FIRST), (90, FRESH), (180, PRESS), (200, PRESS + " Really the last call."))
    assert rising.trend == "rising"
    assert rising.last_chances == 2
    assert {"a last chance 2 times (-0.8)", "pressure rising (-0.5)"} <= set(rising.reasons)
    (easing,) = follow((0, PRESS), (90, FRESH))
    assert easing.trend == "easing"


def test_a_few_touches_a_year_cost_nothing_and_many_do():
    few = follow(*((120 * n, f"{FRESH} {n}") for n in range(3)))[0]
    many = follow(*((3 * n, f"{FRESH} {n}") for n in range(12)))[0]
    assert not any("touches in a year" in reason for reason in few.reasons)
    assert any("touches in a year, where 4 are a few" in reason for reason in many.reasons)
    assert many.score < few.score


def test_messages_that_are_not_rated_or_have_no_sender_are_left_out():
    assert (
        ao.follow_senders(
            ao.rate_messages([ao.Message(FIRST), ao.Message("ok", sender=ao.Person(name="A B"))])
        )
        == []
    )


def test_a_senders_year_is_drawn(tmp_path):
    pytest.importorskip("matplotlib")
    (found,) = follow((0, FIRST), (30, BUMP), (45, PRESS), (46, PRESS), (47, PRESS))
    axes = ao.plot_year(found)
    axes.figure.savefig(tmp_path / "year.svg")
    drawn = (tmp_path / "year.svg").read_text(encoding="utf-8")
    assert "<svg" in drawn
    assert axes.get_title(loc="left").startswith("Ben Oake <ben@oake.example.com>: 5 touches, 5 in a year")
    assert len(axes.collections) >= len(found.touches)
    assert axes.get_ylim() == (0, 100)


def test_without_dates_nothing_is_drawn():
    pytest.importorskip("matplotlib")
    (found,) = follow((None, FIRST), (None, FRESH))
    with pytest.raises(ValueError, match="no touch has a date"):
        ao.plot_year(found)
