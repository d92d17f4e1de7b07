"""Plainly something else is set aside, each kind by its own sign; no sign means cold."""

import pytest

from authentic_outreach import Message, Person, judge_coldness

CASES = {
    "cold": ({}, "a question about larch", "ana@example.com", "cold"),
    "tools add a way out": ({"list-unsubscribe": "<mailto:x@example.com>"}, "hi", "b@example.com", "cold"),
    "newsletter": ({"list-id": "<news.example.org>"}, "Spring", "news@example.org", "bulk"),
    "precedence": ({"precedence": "Bulk"}, "Spring", "x@example.org", "bulk"),
    "robot": ({"auto-submitted": "auto-replied"}, "Away", "x@example.org", "transactional"),
    "person, said so": ({"auto-submitted": "no"}, "hello", "x@example.org", "cold"),
    "bounce": ({"return-path": "<>"}, "hello", "x@example.org", "transactional"),
    "report": ({"content-type": "multipart/report; boundary=x"}, "x", "x@example.org", "transactional"),
    "no-reply": ({}, "hello", "no-reply@example.org", "transactional"),
    "noreen is a person": ({}, "hello", "noreen@example.org", "cold"),
    "receipt": ({}, "Your receipt for February", "billing@example.org", "transactional"),
    "reply": ({"in-reply-to": "<1@example.com>"}, "Re: larch", "ana@example.com", "reply"),
    "Re: alone proves nothing": ({}, "Re: quick question", "ana@example.com", "cold"),
    "the owner's own": ({}, "larch", "me@example.com", "reply"),
}


@pytest.mark.parametrize("name", CASES)
def test_kinds(name):
    headers, subject, address, kind = CASES[name]
    message = Message("...", subject, sender=Person(address=address), headers=headers)
    judged = judge_coldness(message, owner=["Me@example.com"])
    assert judged.kind == kind
    assert judged.is_cold == (kind == "cold")
    assert judged.reason
