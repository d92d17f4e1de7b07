"""Plainly something else is set aside, each kind by its own sign; then the mailbox's history, then the words."""

import re
from datetime import UTC, datetime

import pytest

from authentic_outreach import Message, Person, judge_coldness
from authentic_outreach.correspondence import survey
from authentic_outreach.kinds import load_single_mails

PITCH = (
    "Hi Ana,\n\nI came across your workshop and wanted to reach out. We help joineries win more projects, and our "
    "platform would save you hours each week. Would you be open to a quick call next week?\n\nBest,\nTom"
)
CASES = {
    "cold": ({}, "a question about larch", "ana@example.com", "cold"),
    "tools add a way out": ({"list-unsubscribe": "<mailto:x@example.com>"}, "hi", "b@example.com", "cold"),
    "newsletter": ({"list-id": "<news.example.org>"}, "Spring", "news@example.org", "bulk"),
    "precedence": ({"precedence": "Bulk"}, "Spring", "x@example.org", "bulk"),
    "robot": ({"auto-submitted": "auto-replied"}, "Away", "x@example.org", "transactional"),
    "person, said so": ({"auto-submitted": "no"}, "hello", "x@example.org", "cold"),
    "bounce": ({"return-path": "<>"}, "hello", "x@example.org", "transactional"),
    "report": ({"content-type": "multipart/report; boundary=x"}, "x", "x@example.org", "transactional"),
    "noreen is a person": ({}, "hello", "noreen@example.org", "cold"),
    "Re: alone proves nothing": ({}, "Re: quick question", "ana@example.com", "cold"),
    "a contact of the phone": ({"x-known-contact": "Ben"}, None, "+15550143", "warm"),
    "Gmail, sent": ({"x-gmail-labels": "Sent,Opened"}, "larch", "ana@example.com", "sent"),
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
    "the owner's own": ({}, "larch", "me+shop@example.com", "sent"),
}


@pytest.mark.parametrize("name", CASES)
def test_headers_come_first(name):
    headers, subject, address, kind = CASES[name]
    message = Message(PITCH, subject, sender=Person(address=address), headers=headers)
    judged = judge_coldness(message, owner=["Me@example.com"])
    assert judged.kind == kind
    assert judged.is_cold == (kind == "cold")
    assert judged.reason
    assert 0.5 <= judged.confidence <= 1


@pytest.mark.parametrize(
    ("seen_before", "forged"),
    [("", True), ("i=1; mx.example.net; dkim=fail", True), ("i=1; mx.example.net; dkim=pass", False)],
)
def test_a_sender_that_only_the_forwarder_could_prove_is_no_forger(seen_before, forged):
    headers = {
        "authentication-results": "mx.example.org; dkim=fail",
        "arc-authentication-results": seen_before,
    }
    body = "Your account was locked. Confirm your bank details within a day or lose the inheritance of 4 million dollars."
    judged = judge_coldness(Message(body, "Urgent", sender=Person(address="x@example.com"), headers=headers))
    assert judged.kind == "spam"
    assert ("not proven (dkim=fail)" in judged.reason) == forged


TEXTS = {
    "receipt": (
        "Your receipt for February",
        "billing@example.org",
        "Thank you for your payment. Order 20114: 3 boxes of screws, total 41.20. This is an automated message.",
        "transactional",
    ),
    "code": (
        "Your code",
        "no-reply@example.org",
        "Your verification code is 482913. It expires in ten minutes.",
        "transactional",
    ),
    "a reply among people": (
        "Re: Saturday",
        "ben@example.net",
        "Saturday is fine with me, I bring the ladder. Did mum call you about the boat?\n\n> shall we meet at ten",
        "warm",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_words_speak_where_headers_do_not(name):
    subject, address, body, kind = TEXTS[name]
    headers = {"in-reply-to": "<1@example.net>"} if kind == "warm" else {}
    judged = judge_coldness(Message(body, subject, sender=Person(address=address), headers=headers))
    assert judged.kind == kind, judged


def mail(sender, to, identity, date="Mon, 02 Mar 2026 09:00:00 +0000", **headers):
    lines = [f"From: {sender}", f"To: {to}", f"Message-ID: <{identity}>", f"Date: {date}"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return "\n".join([*lines, "", "body"]).encode(), "inbox.mbox"


OWNER, BEN, EVE = "Me <me@joinery.example>", "Ben <ben@example.net>", "eve@tool.example"
MAILS = [
    mail(EVE, OWNER, "e1@tool.example", "Sun, 01 Mar 2026 09:00:00 +0000"),
    mail(OWNER, BEN, "m1@joinery.example"),
    mail(BEN, OWNER, "b1@example.net", in_reply_to="<m1@joinery.example>"),
    mail(EVE, OWNER, "e2@tool.example", references="<e1@tool.example>"),
    mail("ann@joinery.example", "me@joinery.example", "a1@joinery.example"),
    mail("x@example.org", "me@joinery.example", "x1@example.org"),
]


@pytest.fixture(scope="module")
def history():
    return survey(MAILS)


def message(address, headers=None, date=None):
    return Message(PITCH, "Re: hello", sender=Person(address=address), headers=headers or {}, date=date)


def test_the_owner_is_who_most_mail_is_for(history):
    assert history.owner == {"me@joinery.example"}
    assert history.how == "most mail is addressed there"


def test_who_lies_in_the_sent_folder_is_the_owner():
    mails = [*MAILS, (mail(BEN, EVE, "b2@example.net")[0], "Mail/Sent Items.mbox")]
    assert survey(mails).owner == {"ben@example.net"}


def test_delivered_to_beats_to():
    mails = [
        mail(EVE, "list@example.org", f"{n}@tool.example", delivered_to="me@joinery.example")
        for n in range(5)
    ]
    assert survey(mails).owner == {"me@joinery.example"}


def test_too_little_mail_tells_no_owner():
    assert survey(MAILS[:2]).owner == frozenset()


def test_a_given_owner_stands():
    assert survey(MAILS, ["Ben@example.net"]).owner == {"ben@example.net"}


def test_a_reply_to_the_owner_is_warm(history):
    judged = judge_coldness(
        message("zoe@example.net", {"in-reply-to": "<m1@joinery.example>"}), history=history
    )
    assert judged.kind == "warm"
    assert "the owner sent" in judged.reason


def test_who_the_owner_wrote_to_is_warm_from_then_on(history):
    later, before = datetime(2026, 5, 1, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)
    assert judge_coldness(message("ben@example.net", date=later), history=history).kind == "warm"
    assert judge_coldness(message("ben@example.net", date=before), history=history).kind == "cold"


def test_a_follow_up_in_its_senders_own_thread_stays_cold(history):
    judged = judge_coldness(message("eve@tool.example", {"references": "<e1@tool.example>"}), history=history)
    assert judged.kind == "cold"


def test_a_colleague_is_warm(history):
    assert judge_coldness(message("ann@joinery.example"), history=history).kind == "warm"


def test_a_provider_makes_no_colleagues():
    mails = [mail(EVE, "me@gmail.com", f"{n}@tool.example") for n in range(5)]
    assert judge_coldness(message("ann@gmail.com"), history=survey(mails)).kind == "cold"


def test_single_mails_are_labelled_whole_and_invented(root):
    """None of them is cold; the text model learns from them what outreach is not."""
    mails = list(load_single_mails(root / "data"))
    assert len(mails) >= 300
    assert (
        len({mail.message.id for mail in mails}) == len({mail.message.body for mail in mails}) == len(mails)
    )
    assert {mail.kind for mail in mails} == {"personal", "transactional", "bulk"}
    for mail in mails:
        text = f"{mail.message.sender} {mail.message.body}"
        for host in re.findall(r"(?i)(?:https?://|\w@)([\w.-]+)", text):
            assert re.search(r"(?:^|\.)example(?:\.\w+)*\.?$", host), (mail.message.id, host)
