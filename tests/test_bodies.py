"""The sender's own words: tables of bodies as clients write them, and what must be left."""

import pytest

from authentic_outreach.bodies import html_to_text, own_ranges
from authentic_outreach.messages import Message
from authentic_outreach.texts import own_text

BODIES = {
    "nothing to cut": ("Hello Ana,\n\nhow are the boats?\n", "Hello Ana,\n\nhow are the boats?"),
    "Gmail": ("Yes.\n\nOn Mon, 2 Mar 2026 at 09:14, Ana <a@example.com> wrote:\n> No?\n", "Yes."),
    "Gmail, wrapped": (
        "Yes.\n\nOn Mon, 2 Mar 2026 at 09:14, Ana Ferreira\n<a@example.com> wrote:\n> No?\n",
        "Yes.",
    ),
    "Apple forward": ("See below.\n\nBegin forwarded message:\n\nFrom: X\n", "See below."),
    "Outlook": ("Yes.\n\nFrom: Ana\nSent: Monday\nTo: Bo\n\nNo?", "Yes."),
    "Outlook, line": ("Yes.\n-----Original Message-----\nNo?", "Yes."),
    "German": ("Ja.\n\nAm 2. März 2026 um 09:14 schrieb Ana <a@example.com>:\n> Nein?", "Ja."),
    "French": ("Oui.\n\nLe 2 mars 2026 à 09:14, Ana a écrit :\n> Non?", "Oui."),
    "signature": ("Hello.\n-- \nTom\nHead of Sales\n", "Hello."),
    "phone": ("Hello.\n\nSent from my iPhone", "Hello."),
    "unsubscribe": ("Hello.\n\nUnsubscribe here: https://example.com/u", "Hello."),
    "legal": ("Hello.\n\nThis e-mail is confidential and may be privileged.", "Hello."),
    "an answer under the quote": ("> No?\n\nYes, on Monday.", "Yes, on Monday."),
    "a dash is no signature": ("Two things:\n--\n" + "a line that is long enough\n" * 40, None),
    "only a forward": ("---------- Forwarded message ---------\nFrom: X\n\nHello", None),
    "wrote in a sentence": ("On Monday you wrote about larch, and I kept it.", None),
}


@pytest.mark.parametrize("name", BODIES)
def test_own_words(name):
    body, own = BODIES[name]
    pieces = [body[start:end] for start, end in own_ranges(body)]
    assert "\n".join(pieces) == (body.strip() if own is None else own)


def test_html_is_read_as_its_reader_saw_it():
    html = "<html><head><title>t</title></head><body><p>Dear&nbsp;Ana,</p><ul><li>one</li></ul><p style='display:none'>x</p>"
    text = html_to_text(html)
    assert "Dear" in text
    assert "one" in text
    assert "x" not in text
    assert "<" not in text


@pytest.mark.parametrize(
    "html", ["", "<", "<?xml version='1.0' encoding='utf-8'?><p>hello</p>", "<p>" * 5000 + "hello"]
)
def test_odd_html_is_no_crash(html):
    assert isinstance(html_to_text(html), str)


def test_offsets_lead_back_to_the_message():
    message = Message("Hello Ana,\n> quoted\nact now please\n-- \nTom", subject="act now")
    text = own_text(message)
    assert text.text == "act now\n\nHello Ana,\n\nact now please"
    start = text.text.rindex("act now")
    part, begin, end = text.locate(start, start + 7)
    assert part == "body"
    assert message.body[begin:end] == "act now"
    assert text.locate(0, 7) == ("subject", 0, 7)
