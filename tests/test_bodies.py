"""The sender's own words: tables of bodies as clients write them, and what must be left."""

import base64
import struct

import pytest

from authentic_outreach.bodies import own_ranges, pieces
from authentic_outreach.bodies.markup import html_to_text, read_html
from authentic_outreach.bodies.repair import mend, unflow
from authentic_outreach.mailboxes.eml import RawMail, parse_mail
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
    "only a forward": ("---------- Forwarded message ---------\nFrom: X\n\nHello", "Hello"),
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


CLIENTS = {
    "Gmail, Spanish": "El lun, 2 mar 2026 a las 9:14, Ana (<a@example.com>) escribió:",
    "Gmail, Portuguese": "Em seg., 2 de mar. de 2026 às 09:14, Ana <a@example.com> escreveu:",
    "Gmail, Italian": "Il giorno lun 2 mar 2026 alle ore 09:14 Ana <a@example.com> ha scritto:",
    "Gmail, Dutch": "Op ma 2 mrt 2026 om 09:14 schreef Ana <a@example.com>:",
    "Gmail, Swedish": "Den mån 2 mars 2026 kl 09:14 skrev Ana <a@example.com>:",
    "Gmail, Finnish": "ma 2. maalisk. 2026 klo 9.14 Ana (a@example.com) kirjoitti:",
    "Gmail, Polish": "pon., 2 mar 2026 o 09:14 Ana <a@example.com> napisał(a):",
    "Gmail, Turkish": "Ana <a@example.com>, 2 Mar 2026 Pzt, 09:14 tarihinde şunu yazdı:",
    "Gmail, Russian": "пн, 2 мар. 2026 г. в 09:14, Ana <a@example.com>:",
    "Gmail, Japanese": "2026年3月2日(月) 9:14 Ana <a@example.com>:",
    "Apple Mail, Dutch": "Op 2 mrt. 2026, om 09:14 heeft Ana <a@example.com> het volgende geschreven:",
    "Apple Mail, Chinese": "在 2026年3月2日，上午9:14，Ana <a@example.com> 写道：",
    "mutt": "On Mon, Mar 02, 2026 at 09:14:00AM +0000, Ana wrote:",
    "wrapped over three lines": "On Mon, 2 Mar 2026 at 09:14, Ana Ferreira de Souza e Silva\n<ana.ferreira@example.com>\nwrote:",
    "Outlook, German": "Von: Ana\nGesendet: Montag, 2. März 2026 09:14\nAn: Bo\nBetreff: Lärche",
    "Outlook, French": "De : Ana\nEnvoyé : lundi 2 mars 2026 09:14\nÀ : Bo\nObjet : mélèze",
    "Outlook on the web": "________________________________\nFrom: Ana <a@example.com>\nSent: 2 March\nTo: Bo\nSubject: x",
    "Outlook, old": "-----Ursprüngliche Nachricht-----\nVon: Ana",
    "Apple, German forward": "Anfang der weitergeleiteten Nachricht:\n\nVon: Ana\nDatum: 2. März 2026",
    "helpdesk": "##- Please type your reply above this line -##",
}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_quote_begins_where_the_client_says_so(client):
    body = f"Tuesday suits me.\n\n{CLIENTS[client]}\n\nWhich day?\nAna"
    assert [body[start:end] for start, end in own_ranges(body)] == ["Tuesday suits me."]


def test_answers_between_quoted_lines_stay():
    body = "On 2 Mar 2026, at 9:14, Ana wrote:\n> Which day?\nTuesday.\n> And where?\nAt the yard."
    assert [body[start:end] for start, end in own_ranges(body)] == ["Tuesday.", "At the yard."]


SIGNED = "Shall I send the drawing?\n\nKind regards,\nTom Hale\nHead of Sales | Hale Ltd\n+44 20 555 0142\n"


def test_a_contact_block_under_a_closing_is_a_signature():
    assert [(kind, SIGNED[start:end].split("\n")[0]) for start, end, kind in pieces(SIGNED)] == [
        ("own", "Shall I send the drawing?"),
        ("signature", "Kind regards,"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "Shall I come on Monday?\n\nKind regards,\nTom",
        "From: the harbour to the mill it is a mile.\n\nShall we walk?",
        "He says\n\nOn Monday Ana wrote: no. That was it.",
        "Este mensaje es para preguntarle por su taller.",
        "Best\n\nBook a time with me: https://example.com/tom",
        "Three of them:\n\nOak 40\nAsh 55\nElm 60",
    ],
)
def test_what_only_looks_like_a_part_stays(body):
    assert [body[start:end] for start, end in own_ranges(body)] == [body]


def test_a_postscript_under_a_signature_stays():
    body = f"{SIGNED}\nP.S. The larch is dry."
    assert [body[start:end] for start, end in own_ranges(body)] == [
        "Shall I send the drawing?",
        "P.S. The larch is dry.",
    ]


def test_a_disclaimer_is_cut_with_its_paragraph():
    body = "Shall I?\n\nThis message is for you only.\nIt is confidential and\nmust not be shared.\n\nNot a footer."
    assert [body[start:end] for start, end in own_ranges(body)] == ["Shall I?", "Not a footer."]


@pytest.mark.parametrize(
    "html",
    [
        "<div style='display:none'>secret</div>",
        "<span style='font-size:0'>secret</span>",
        "<font color='#FFFFFF'>secret</font>",
        "<table bgcolor='#102030'><tr><td style='color:#102030'>secret</td></tr></table>",
        "<p style='color:white'>secret</p>",
        "<div style='max-height:0px;overflow:hidden'>secret</div>",
        "<div style='position:absolute;left:-9999px'>secret</div>",
        "<style>.pre{display:none}</style><div class='pre'>secret</div>",
        "<p hidden>secret</p>",
        "<p style='opacity:0'>secret</p>",
        "<p style='color:transparent'>secret</p>",
        "<p style='color: rgb(255 255 255)'>secret</p>",
        "<style>.a, .b{display:none}</style><p class='b'>secret</p>",
        "<style>h6{display:none}</style><h6>secret</h6>",
        "<style>/* before the letter */ .pre{display:none}</style><p class=pre>secret</p>",
        "<style>p.pre{display:none}</style><p class=pre>secret</p>",
    ],
)
def test_hidden_words_are_kept_apart(html):
    page = read_html(f"<html><body>{html}<p>Hello Ana</p></body></html>")
    assert page.text == "Hello Ana"
    assert page.markup.hidden == "secret"


@pytest.mark.parametrize(
    "html",
    [
        "<td style='font-size:0'><div style='font-size:13px'>shown</div></td>",
        "<td bgcolor='#003366'><a style='color:#fff'>shown</a></td>",
        "<style>@media (max-width:600px){.wide{display:none}}</style><p class='wide'>shown</p>",
        "<p style='opacity:0.8'>shown</p>",
        "<p style='background:url(x.png);color:white'>shown</p>",
        "<style>.x{display:none}</style><p class='x' style='display:block'>shown</p>",
        "<style>.x .y{display:none}</style><p class='y'>shown</p>",
        "<style>body{background:#111;color:#eee}</style><p style='color:#fff'>shown</p>",
        "<p style='color:white'>shown</p>",
        "<p style='color:rgba(0, 0, 0)'>shown</p>",
        "<style>@supports (x:y){p{display:none}}</style><p>shown</p>",
        "<style>h1{color:#fff} .top td{background:#123456}</style><div class=top><td><h1>shown</h1></td></div>",
        "<style>.b{color:#fff}.b.c{background:#06c}</style><a class='b c'>shown</a>",
        "<div background='x.png'><h1 style='color:#fff'>shown</h1></div>",
    ],
)
def test_what_can_be_seen_is_not_hidden(html):
    page = read_html(f"<html><body><table><tr>{html}</tr></table></body></html>")
    assert page.text.strip() == "shown"
    assert page.markup.hidden == ""


def test_links_and_pixels_are_told():
    page = read_html(
        '<p>Hello <a href="https://example.com/?a=1&amp;b=2">here</a></p>'
        '<img src="https://example.com/o.gif" width="1" height="1"><img src="logo.png" width="120" height="40">'
    )
    assert page.markup.links == ("https://example.com/?a=1&b=2",)
    assert page.markup.tracking_pixels == 1
    assert page.text == "Hello here"


def test_a_quote_of_html_mail_is_marked_as_one():
    page = read_html(
        "<p>Tuesday.</p><blockquote type='cite'><p>Which day?</p><p>Ana</p></blockquote><p>Bo</p>"
    )
    assert [page.text[start:end] for start, end in own_ranges(page.text)] == ["Tuesday.", "Bo"]


FLOWED = "One line \nthat flows.\n> quoted \n> on\n-- \nTom"


def test_flowed_lines_are_joined():
    assert unflow(FLOWED) == "One line that flows.\n> quoted on\n-- \nTom"
    assert unflow("ab \ncd", delete_space=True) == "abcd"


def test_damaged_text_is_mended_and_other_text_left():
    assert mend("A cafÃ© in MÃ¼nchen â€“ not a bar") == "A café in München – not a bar"
    assert (
        mend("Price =3D 40=20\nand a long line that=\n goes on=20\n")
        == "Price = 40 \nand a long line that goes on \n"
    )
    assert mend("x = 20\ny =\nÃ la carte, 5 = 5") == "x = 20\ny =\nÃ la carte, 5 = 5"


def mail(*lines, body=b""):
    return parse_mail(RawMail("\n".join([*lines, "", ""]).encode() + body, "x", "x"))


def test_a_lie_about_the_charset_is_forgiven():
    message = mail(
        "From: a@example.com", "Content-Type: text/plain; charset=iso-8859-1", body="It’s a café".encode()
    )
    assert message.body == "It’s a café"
    message = mail(
        "From: a@example.com", "Content-Type: text/plain; charset=us-ascii", body="It’s".encode("cp1252")
    )
    assert message.body == "It’s"


def test_flowed_mail_is_unflowed():
    message = mail("From: a@example.com", "Content-Type: text/plain; format=flowed", body=FLOWED.encode())
    assert message.body.startswith("One line that flows.")


def tnef(body):
    """A winmail.dat with nothing but a body: [MS-OXTNEF] 2.1.3, attribute attBody (0x0002800C)."""
    data = body.encode("cp1252") + b"\0"
    attribute = struct.pack("<BII", 1, 0x0002800C, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
    return struct.pack("<IH", 0x223E9F78, 1) + attribute


def test_a_body_inside_a_winmail_dat_is_read():
    pytest.importorskip("tnefparse")
    packet = base64.b64encode(tnef("Hello Ana, how are the boats?"))
    message = mail(
        "From: a@example.com",
        "Content-Type: application/ms-tnef; name=winmail.dat",
        "Content-Disposition: attachment; filename=winmail.dat",
        "Content-Transfer-Encoding: base64",
        body=packet,
    )
    assert message.body == "Hello Ana, how are the boats?"


def test_raw_utf8_in_headers_is_read():
    message = mail("From: Åsa Öberg <a@example.com>", "Subject: Kök på prov", body=b"x")
    assert message.subject == "Kök på prov"
    assert message.sender.name == "Åsa Öberg"


def test_light_words_on_a_dark_page_are_read():
    html = '<body bgcolor="#000000" text="#ffffff"><p>Hello Ana, <span style="font-size:0">secret</span>the pears came.</p></body>'
    assert read_html(html).text == "Hello Ana, the pears came."
