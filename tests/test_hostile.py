"""Hostile and broken text: bounded, never a crash, offsets intact."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import authentic_outreach as ao

PLAIN = "Hello Marek, how long do you let your larch stand before you glue it? I lost two planks."

HOSTILE = {
    "NUL": f"a\0b {PLAIN}",
    "lone surrogate": f"\ud83d {PLAIN} \udc00",
    "bidi": f"\u202e{PLAIN}\u202c\u2066",
    "control codes": f"\x1b[31m{PLAIN}\x07\x9b",
    "one endless word": "a" * 1_000_000,
    "a million equal words": "act now " * 500_000,
    "5 MB on one line": "I would like to know how you do it, and why. " * 110_000,
    "nested quotes": "\n".join(">" * n + " hello" for n in range(1, 3000)) + "\n" + PLAIN,
    "base64 wall": "QUJD" * 500_000,
    "open brackets": "{" * 50_000 + "[" * 50_000,
    "angle brackets": "<" * 100_000 + PLAIN,
    "underscores": "_" * 100_000 + "\n" + PLAIN,
    "dollars": "$ {" * 50_000,
    "blank lines": "\n" * 200_000 + PLAIN,
    "On lines": "On " * 60_000,
    "From lines": "From: a\n" * 40_000,
    "dots": ". " * 100_000 + PLAIN,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_in_a_rating(name):
    ao.rate(PLAIN)  # the pipeline is built outside the bound
    begun = time.process_time()
    rating = ao.rate(HOSTILE[name])
    assert time.process_time() - begun < 10  # a bound against quadratic time, far over what it takes
    assert rating.status in ("rated", "set_aside")
    for item in rating.evidence:
        assert HOSTILE[name][item.start : item.end] == item.text


def test_what_was_left_out_is_said():
    rating = ao.rate(HOSTILE["5 MB on one line"])
    assert "rated on the first 20,000 characters" in rating.reason


HTML = b"From: a@example.com\nSubject: hello\nContent-Type: text/html\n\n"
PARTS = b"From: a@example.com\nSubject: hello\nContent-Type: multipart/mixed; boundary=x\n\n"
HOSTILE_MAILS = {
    "nested elements": HTML + b"<div>" * 100_000 + PLAIN.encode(),
    "nested lists": HTML + b"<ul><li>" * 50_000 + PLAIN.encode(),
    "endless attributes": HTML + b"<p " + b'a="b" ' * 500_000 + b">" + PLAIN.encode(),
    "open comments": HTML + b"<!--" * 500_000,
    "half a million headers": b"From: a@example.com\n" + b"X-A: b\n" * 500_000 + b"\n" + PLAIN.encode(),
    "encoded words without end": b"From: a@b\nSubject: "
    + b"=?utf-8?q?a?= " * 100_000
    + b"\n\n"
    + PLAIN.encode(),
    "a header of a megabyte": b"From: " + b"a@example.com, " * 70_000 + b"\n\n" + PLAIN.encode(),
    "many parts": PARTS + b"--x\nContent-Type: text/plain\n\nhi\n" * 20_000,
    "nested parts": b"From: a@example.com\nSubject: hello\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
    "a wall in base64": PARTS.replace(
        b"multipart/mixed; boundary=x", b"text/plain\nContent-Transfer-Encoding: base64"
    )
    + b"QUJD" * 4_000_000,
}


@pytest.mark.parametrize("name", HOSTILE_MAILS)
def test_hostile_mail_ends_in_a_row(name, tmp_path):
    path = tmp_path / "hostile.eml"
    path.write_bytes(HOSTILE_MAILS[name])
    begun = time.process_time()
    rows = list(ao.rate_inbox(path, everything=True))
    assert time.process_time() - begun < 10  # against quadratic time, as above
    assert len(rows) == 1
    assert rows[0].reason


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec=None), max_size=400), st.one_of(st.none(), st.text(max_size=60)))
def test_any_text_ends_in_a_rating_whose_evidence_can_be_found(body, subject):
    rating = ao.rate(body, subject)
    assert rating.status in ("rated", "set_aside")
    for item in rating.evidence:
        part = subject if item.part == "subject" else body
        assert part[item.start : item.end] == item.text
    assert rating.reason
