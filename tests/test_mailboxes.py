"""Readers: every item comes out, as a message or as a failure that says why."""

import itertools
import json

import pytest

import authentic_outreach as ao
from authentic_outreach.mailboxes import FORMATS, detect

MAIL = b"From: Ana <ana@example.com>\nTo: bo@example.com\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n"


def read(path, format=None):
    return list(ao.read_messages(path, format))


@pytest.fixture
def put(tmp_path):
    def put(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


def test_the_sample_mailbox(samples):
    messages = read(samples / "inbox.mbox")
    assert len(messages) == 16
    assert {type(m) for m in messages} == {ao.Message}
    assert len({m.id for m in messages}) == 16
    by_sender = {m.sender.name: m for m in messages}
    assert by_sender["João Cabral"].body.rstrip().endswith("João Cabral")
    html = by_sender["Elena from SiteRise"].body
    assert "23 errors" in html
    assert "Limited offer" not in html  # it was hidden from the reader
    assert "<p>" not in html


def test_mbox_undoes_the_quoting_of_from_lines(put):
    path = put("box", b"From a@example.com Mon Mar  2 15:37:00 2026\n" + MAIL + b"\n>From here on\n\n")
    assert detect(path) == "mbox"
    (message,) = read(path)
    assert message.body.strip() == "From here on"
    assert message.subject == "Grüße"


def test_mbox_is_read_as_a_stream(put):
    one = b"From a@example.com Mon Mar  2 15:37:00 2026\n" + MAIL + b"\nHello there\n\n"
    path = put("big.mbox", one * 1000)
    assert [m.body.strip() for m in itertools.islice(ao.read_messages(path), 2)] == ["Hello there"] * 2
    assert sum(1 for _ in ao.read_messages(path)) == 1000


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        (
            b"Content-Type: text/plain; charset=iso-8859-1\n",
            "Grüße aus Köln\n".encode("latin-1"),
            "Grüße aus Köln",
        ),
        (
            b"Content-Type: text/plain; charset=utf-8\n",
            "Grüße aus Köln und Münster\n".encode("cp1252"),
            "Grüße aus Köln",
        ),
        (b"Content-Type: text/plain; charset=no-such-charset\n", "Grüße\n".encode(), "Grüße"),
        (b"Content-Transfer-Encoding: base64\n", b"SGVsbG8gQW5h\n", "Hello Ana"),
        (b"Content-Type: text/html\n", b"<p>One<br>two</p><script>x()</script>", "One\ntwo"),
        (b"Content-Type: multipart/mixed; boundary=x\n", b"--x\n\nfirst\n--x\n\nsecond\n--x--\n", "first"),
        (b"Content-Type: multipart/mixed; boundary=x\n", b"no boundary at all", ""),
        (b"", b"", ""),
    ],
)
def test_bodies_of_mails(put, headers, body, expected):
    (message,) = read(put("one.eml", MAIL + headers + b"\n" + body))
    assert expected in message.body


def test_an_html_mail_whose_plain_part_is_empty(put):
    body = b"--x\nContent-Type: text/plain\n\n\n--x\nContent-Type: text/html\n\n<p>The words</p>\n--x--\n"
    (message,) = read(put("one.eml", MAIL + b"Content-Type: multipart/alternative; boundary=x\n\n" + body))
    assert message.body == "The words"


def test_an_eml_without_headers_is_a_failure(put):
    (failure,) = read(put("one.eml", b"\njust some text\n"))
    assert isinstance(failure, ao.Failure)
    assert "no mail headers" in failure.reason


def test_a_folder_is_read_in_order_and_its_broken_files_are_failures(put, tmp_path):
    put("b.eml", MAIL + b"\nB")
    put("a.txt", "A draft that is long enough")
    put("c.csv", "name,phone\nx,y\n")
    put("d.txt", b"\0\1\2\0")
    put("1772468220.M1P7.host:2,S", MAIL + b"\nE")
    put("ignored.png", b"\x89PNG")
    put("LICENSE", "Permission is hereby granted to everybody to rate this.")
    named, first, second, third, fourth = read(tmp_path)
    assert named.body == "E"
    assert first.body.startswith("A draft")
    assert second.body == "B"
    assert "no column holds the body" in third.reason
    assert "binary" in fourth.reason


def test_tables_with_synonyms_delimiters_encodings_and_long_cells(put):
    long = "word " * 100_000
    table = f"Message ID;Subject Line;E-Mail Body;Email Body;From\n7;Hi;no;{long};Ana\n".encode("utf-16")
    (message,) = read(put("t.csv", table))
    assert (message.id, message.subject, message.sender.name) == ("7", "Hi", "Ana")
    assert message.body == long
    (message,) = read(put("u.csv", "\ufeffbody\tdate\nGrüße\t2026-03-02\n".encode()))
    assert message.body == "Grüße"
    assert message.date.year == 2026
    (message,) = read(put("v.csv", "text,channel\nGrüße aus München,SMS\n".encode("cp1252")))
    assert (message.body, message.channel) == ("Grüße aus München", "sms")
    (message,) = read(put("w.csv", 'id,body\n1,"two\nlines, one cell"\n'))
    assert message.body == "two\nlines, one cell"


def test_jsonl_rows_fail_one_by_one(put):
    lines = [
        json.dumps({"id": 1, "body": "Hello Ana"}),
        "{broken",
        json.dumps({"id": 3, "text": None}),
        "[1]",
    ]
    good, broken, empty, array = read(put("t.jsonl", "\n".join(lines)))
    assert (good.id, good.body) == ("1", "Hello Ana")
    assert "line 2 is not JSON" in broken.reason
    assert (empty.id, "missing" in empty.reason) == ("3", True)
    assert "list" in array.reason


def test_a_table_without_a_body_column_is_named_before_any_row(put):
    with pytest.raises(ValueError, match=r"no column holds the body; found \['name', 'phone'\]"):
        ao.read_messages(put("t.csv", "name,phone\nx,y\n"))


@pytest.mark.parametrize(
    ("name", "content", "error", "words"),
    [
        ("empty.mbox", b"", ValueError, "the file is empty"),
        ("noise.bin", bytes(range(256)) * 40, ValueError, "binary file"),
        ("missing.eml", None, FileNotFoundError, "no such file"),
    ],
)
def test_what_is_no_mailbox_is_refused_at_the_call(tmp_path, name, content, error, words):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=words):
        ao.read_messages(path)


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(ValueError, match="no mail in this folder"):
        ao.read_messages(tmp_path)


def test_an_unknown_format_is_named_with_those_there_are(samples):
    with pytest.raises(ValueError, match=f"'fax' is not one of {', '.join(FORMATS)}"):
        ao.read_messages(samples / "inbox.mbox", "fax")


def test_a_draft_has_its_subject_in_the_first_line(samples):
    (message,) = read(samples / "drafts" / "authentic.txt")
    assert message.subject == "The rota post, and a question about night bank staff"
    assert message.body.startswith("Hi Tomasz,")
