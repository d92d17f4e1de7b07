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
    "a contact of the phone": ({"x-known-contact": "Ben"}, None, "+15550143", "warm"),
    "Gmail, sent": ({"x-gmail-labels": "Sent,Opened"}, "larch", "ana@example.com", "reply"),
    "Gmail, spam": ({"x-gmail-labels": "Spam,Unread"}, "larch", "ana@example.com", "spam"),
    "Gmail, inbox": ({"x-gmail-labels": "Inbox,Unread"}, "larch", "ana@example.com", "cold"),
    "deleted in Thunderbird": ({"x-mozilla-status": "0009"}, "larch", "ana@example.com", "bulk"),
    "read in Thunderbird": ({"x-mozilla-status": "0001"}, "larch", "ana@example.com", "cold"),
    "a status that is no number": ({"x-mozilla-status": "zz"}, "larch", "ana@example.com", "cold"),
    "a calendar": (
        {"content-type": "text/calendar; method=REQUEST"},
        "Meeting",
        "ana@example.com",
        "transactional",
    ),
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
