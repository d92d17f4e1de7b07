"""Exports as the programs write them: each fixture is made here, byte for byte, in its program's way."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

import authentic_outreach as ao

TEXT = "Hello Marek, how long do you let your larch stand before you glue it? I lost two planks."
MAIL = f"From: Ana Ruiz <ana@example.com>\nTo: marek@example.org\nSubject: larch\nDate: Mon, 2 Mar 2026 09:14:00 +0100\nMessage-ID: <1@example.com>\n\n{TEXT}\n"
SEPARATOR = "From ana@example.com Mon Mar  2 09:14:00 2026\n"


@pytest.fixture
def put(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def read(path, format=None):
    return list(ao.read_messages(path, format))


# mbox dialects: qmail's mbox(5), and Jamie Zawinski's note on Content-Length.


def test_mboxo_and_mboxrd_lose_one_sign(put):
    mails = SEPARATOR + MAIL + ">From here on it rains.\n>>From Bob: yes.\n\n" + SEPARATOR + MAIL
    first, second = read(put("a.mbox", mails))
    assert "\nFrom here on it rains.\n>From Bob: yes." in first.body
    assert second.body.strip() == TEXT


@pytest.mark.parametrize("length_is_right", [True, False])
def test_mboxcl2_holds_bare_lines_that_only_its_length_tells_from_mails(put, length_is_right):
    body = f"{TEXT}\n\nFrom ben@example.org Tue Mar  3 10:00:00 2026\nX-Old: this is a quoted mail\n\nHis words.\n"
    length = len(body) if length_is_right else len(body) - 20
    head = MAIL.partition("\n\n")[0]
    mails = f"{SEPARATOR}{head}\nContent-Length: {length}\n\n{body}\n{SEPARATOR}{MAIL}"
    found = read(put("a.mbox", mails))
    assert len(found) == (2 if length_is_right else 3)
    assert found[-1].body.strip() == TEXT
    if length_is_right:
        assert "His words." in found[0].body


def test_a_sentence_that_begins_with_from_is_no_mail(put):
    body = f"{TEXT}\n\nFrom the look of it you cut in winter.\nAnd From: no.\n"
    (message,) = read(put("a.mbox", SEPARATOR + MAIL.replace(TEXT + "\n", body)))
    assert "From the look of it" in message.body


def test_a_separator_without_an_empty_line_before_it_counts_by_its_date(put):
    assert len(read(put("a.mbox", SEPARATOR + MAIL + SEPARATOR + MAIL))) == 2


def test_gmail_takeout_keeps_labels_and_thread(put):
    # Takeout, "All mail Including Spam and Trash.mbox": the From line has a number for the address.
    mail = "From 1789012345678901234@xxx Mon Mar 02 08:14:00 +0000 2026\nX-GM-THRID: 1789012345678901234\nX-Gmail-Labels: Inbox,Unread\n"
    first, _ = read(put("takeout.mbox", (mail + MAIL.replace("\n", "\r\n") + "\r\n") * 2))
    assert first.headers["x-gm-thrid"] == "1789012345678901234"
    assert first.headers["x-gmail-labels"] == "Inbox,Unread"


def test_thunderbird_profile_is_a_folder_of_mailboxes_without_suffix(put, tmp_path):
    put("Mail/Local Folders/Inbox", f"From - Mon Mar  2 09:14:00 2026\nX-Mozilla-Status: 0001\n{MAIL}")
    put(
        "Mail/Local Folders/Inbox.msf",
        '// <!-- <mdb:mork:z v="1.4"/> -->\n< <(a=c)> (80=ns:msg:db:row:scope:msgs:all)>\n',
    )
    put("prefs.js", 'user_pref("mail.server.server1.type", "none");\n')
    (message,) = read(tmp_path)
    assert message.subject == "larch"


def test_maildir_and_its_subfolders(put, tmp_path):
    put("m/cur/1772439240.M1P2.host:2,S", MAIL)
    put("m/new/1772439250.M3P4.host", MAIL.replace("larch", "oak"))
    put("m/tmp/1772439260.M5P6.host", MAIL.replace("larch", "unfinished"))
    put("m/.Archive.2026/cur/1772439270.M7P8.host:2,RS", MAIL.replace("larch", "elm"))
    (tmp_path / "m/.Archive.2026/new").mkdir()
    assert [m.subject for m in read(tmp_path / "m")] == ["larch", "oak", "elm"]


def test_apple_mail(put):
    tail = '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict><key>flags</key><integer>8590195713</integer></dict></plist>\n'
    (message,) = read(put("12345.emlx", f"{len(MAIL):<11}\n{MAIL}{tail}"))
    assert message.body.strip() == TEXT
    (failure,) = read(put("broken.emlx", "no number\n"))
    assert "first line is no number" in failure.reason


MSG = Path(__file__).parents[2] / "shared" / "datasets" / "mail" / "mail_parser" / "mail_outlook_1"


@pytest.mark.skipif(not MSG.exists(), reason="the measuring sets are not beside the checkout")
def test_a_real_outlook_message_is_read():
    (message,) = read(MSG)
    assert message.subject
    assert message.sender.address
    assert message.body.strip()


def test_files_of_outlook_that_are_none_are_refused_or_failures(put):
    with pytest.raises(ValueError, match="not an Outlook mailbox"):
        read(put("a.pst", b"!BDN" + b"\0" * 600))
    (failure,) = read(put("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600))
    assert "could not be read" in failure.reason


TABLES = {
    "messages.csv": (
        '"CONVERSATION ID","CONVERSATION TITLE","FROM","SENDER PROFILE URL","TO","RECIPIENT PROFILE URLS","DATE","SUBJECT","CONTENT","FOLDER","ATTACHMENTS"\n'
        f'"2-NTg3","","Ana Ruiz","https://www.linkedin.example/in/ana","Marek Vos","https://www.linkedin.example/in/marek","2026-03-02 09:14:00 UTC","larch","{TEXT}","INBOX",""\n',
        "linkedin", "Ana Ruiz", datetime(2026, 3, 2, 9, 14),
    ),
    "Invitations.csv": (
        "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
        f'Ana Ruiz,Marek Vos,"3/2/26, 9:14 AM","{TEXT}",INCOMING,https://a.example,https://m.example\n',
        "linkedin", "Ana Ruiz", datetime(2026, 3, 2, 9, 14),
    ),
    "outlook.csv": (
        '"Subject","Body","From: (Name)","From: (Address)","From: (Type)","To: (Name)","To: (Address)","To: (Type)","CC: (Name)","Importance"\r\n'
        f'"larch","{TEXT}\r\n","Ana Ruiz","ana@example.com","SMTP","Marek","marek@example.org","SMTP",,"Normal"\r\n',
        "email", "Ana Ruiz", None,
    ),
    "hubspot.csv": (
        "Hs Object Id,Hs Timestamp,Hs Email Direction,Hs Email Subject,Hs Email Text,Hs Email Html,Hs Email From Email,Hs Email To Email\n"
        f'91,2026-03-02T09:14:00Z,EMAIL,larch,"{TEXT}",,ana@example.com,marek@example.org\n',
        "email", "", datetime(2026, 3, 2, 9, 14),
    ),
    "salesforce.csv": (
        '"Id","Subject","TextBody","HtmlBody","FromName","FromAddress","ToAddress","Incoming","MessageDate"\n'
        f'"02s5","larch","","<p>{TEXT}</p>","Ana Ruiz","ana@example.com","marek@example.org","true","2026-03-02T09:14:00.000+0000"\n',
        "email", "Ana Ruiz", datetime(2026, 3, 2, 9, 14),
    ),
    "instantly.jsonl": (
        json.dumps({"id": "0195", "timestamp_email": "2026-03-02T09:14:00.000Z", "message_id": "<1@example.com>", "subject": "larch",
                    "from_address_email": "ana@example.com", "to_address_email_list": "marek@example.org", "body": {"text": TEXT, "html": None}}) + "\n",
        "email", "", datetime(2026, 3, 2, 9, 14),
    ),
    "lemlist.csv": (
        "_id,type,createdAt,leadEmail,sendUserEmail,subject,text,messageId\n"
        f'act_1,emailsSent,2026-03-02T09:14:00.000Z,marek@example.org,ana@example.com,larch,"{TEXT}",<1@example.com>\n',
        "email", "", datetime(2026, 3, 2, 9, 14),
    ),
    "smartlead.csv": (
        "stats_id,type,message_id,time,from,to,subject,email_body\n"
        f'7f,SENT,<1@example.com>,2026-03-02T09:14:00.000Z,ana@example.com,marek@example.org,larch,"<div>{TEXT}</div>"\n',
        "email", "", datetime(2026, 3, 2, 9, 14),
    ),
    "apollo.csv": (
        "id,completed_at,from_name,from_email,to_email,subject,body_text,body_html\n"
        f'66a,2026-03-02T09:14:00.000+00:00,Ana Ruiz,ana@example.com,marek@example.org,larch,"{TEXT}",\n',
        "email", "Ana Ruiz", datetime(2026, 3, 2, 9, 14),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_exports_of_tools_are_known_by_their_columns(put, name):
    content, channel, sender, date = TABLES[name]
    (message,) = read(put(name, content))
    assert message.body.strip() == TEXT
    assert message.channel == channel
    assert message.sender.name == sender
    assert message.sender.address
    assert (message.date.replace(tzinfo=None) if message.date else None) == date


def test_excel(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Subject", "Message", "From Email", "Sent At"])
    book.active.append(["larch", TEXT, "ana@example.com", datetime(2026, 3, 2, 9, 14)])
    book.active.append([None, 17, None, None])
    book.save(tmp_path / "a.xlsx")
    message, failure = read(tmp_path / "a.xlsx")
    assert (message.subject, message.body, message.date) == ("larch", TEXT, datetime(2026, 3, 2, 9, 14))
    assert "is a int" in failure.reason


def test_android_backup(put):
    # SMS Backup & Restore: one element a line, dates in milliseconds, emoji as two references of surrogates.
    xml = (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count=\"3\" backup_date=\"1772439240000\">\n"
        f'  <sms protocol="0" address="+15550142" date="1772439240000" type="1" subject="null" body="{TEXT} &#55357;&#56832;&#10;Ana" read="1" contact_name="(Unknown)" />\n'
        '  <sms protocol="0" address="+15550143" date="1772439250000" type="2" body="yes" contact_name="Ben" />\n'
        '  <sms protocol="0" address="+15550143" date="1772439260000" type="1" body="see you" contact_name="Ben" />\n'
        '  <sms protocol="0" address="+1" type="1" body="broken & torn />\n</smses>\n'
    )
    stranger, friend, failure = read(put("sms-20260302.xml", xml))
    assert stranger.body == f"{TEXT} \U0001f600\nAna"
    assert (stranger.channel, stranger.sender.address, stranger.date.year) == ("sms", "+15550142", 2026)
    assert friend.headers["x-known-contact"] == "Ben"
    assert "no sms element" in failure.reason


@pytest.mark.parametrize(
    "form",
    ["[02/03/2026, 09:14:33] {}: {}", "02/03/2026, 09:14 - {}: {}", "\u200e[02.03.26, 09:14:33] {}: {}", "3/2/26, 9:14\u202fAM - {}: {}"],
)  # fmt: skip
def test_whatsapp(put, form):
    system = form.replace("{}: {}", "{}").format("Messages and calls are end-to-end encrypted.")
    lines = [system, form.format("Ana Ruiz", TEXT), "", "second paragraph", form.format("Marek", "20 weeks")]
    first, second = read(put("WhatsApp Chat with Ana Ruiz.txt", "\n".join(lines) + "\n"))
    assert first.body == f"{TEXT}\n\nsecond paragraph"
    assert (first.sender.name, first.channel, second.body) == ("Ana Ruiz", "chat", "20 weeks")
    assert (first.date.day, first.date.month, first.date.year) == (2, 3, 2026)


def zipped(members):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_a_linkedin_archive_gives_its_messages_and_leaves_its_other_tables(put):
    members = {name: TABLES[name][0] for name in ("messages.csv", "Invitations.csv")}
    members["Connections.csv"] = "Notes:\n\nFirst Name,Last Name,URL\nAna,Ruiz,https://a.example\n"
    found = read(put("Basic_LinkedInDataExport_03-02-2026.zip", zipped(members)))
    assert [m.body for m in found] == [TEXT, TEXT]
    assert found[0].source.endswith("03-02-2026.zip!/messages.csv")


def test_tar_gzip_bzip2_xz_and_archives_within(put, tmp_path):
    with tarfile.open(tmp_path / "t.tar.gz", "w:gz") as tar:
        for name, content in (
            ("inbox/1.eml", MAIL.encode()),
            ("inner.zip", zipped({"2.eml": MAIL})),
            ("x.png", b"\x89PNG"),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    assert [m.subject for m in read(tmp_path / "t.tar.gz")] == ["larch", "larch"]
    for name, pack in (
        ("a.mbox.gz", gzip.compress),
        ("a.mbox.bz2", bz2.compress),
        ("a.mbox.xz", lzma.compress),
    ):
        assert [m.subject for m in read(put(name, pack((SEPARATOR + MAIL).encode())))] == ["larch"]


def test_a_bomb_a_damaged_archive_and_a_nest_are_failures(put):
    (bomb,) = read(put("bomb.zip", zipped({"a.txt": b"a" * 30_000_000})))
    assert "grows over" in bomb.reason
    with pytest.raises(ValueError, match="cannot be opened"):
        read(put("b.zip", b"PK\x03\x04" + b"\0" * 100))
    nest = zipped({"a.eml": MAIL})
    for _ in range(6):
        nest = zipped({"inner.zip": nest})
    (deep,) = read(put("nest.zip", nest))
    assert "unpack it first" in deep.reason
    cut = gzip.compress((SEPARATOR + MAIL).encode() * 100)[:-20]
    assert "could not be read" in read(put("cut.mbox.gz", cut))[-1].reason


def test_a_name_that_climbs_out_of_the_archive_goes_nowhere(put, tmp_path):
    (message,) = read(put("z.zip", zipped({"../../evil.eml": MAIL})))
    assert message.subject == "larch"
    assert not (tmp_path.parent / "evil.eml").exists()


def test_ratings_of_an_archive_come_from_workers_too(put):
    path = put("many.zip", zipped({f"{n}.eml": MAIL.replace("<1@", f"<{n}@") for n in range(8)}))
    one, two = list(ao.rate_inbox(path)), list(ao.rate_inbox(path, workers=2))
    assert [r.score for r in one] == [r.score for r in two]
    assert {r.status for r in one} == {"rated"}
