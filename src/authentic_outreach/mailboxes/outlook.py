"""Outlook's own files (extra ``[outlook]``): one mail in ``.msg``, whole mailboxes in ``.pst`` and ``.ost``.

``.msg`` is read with python-oxmsg (MIT, 0.2 MB with olefile); extract-msg, which reads more of it, is GPL and brings
seven packages. ``.pst`` is read with libpff-python (LGPL, 6.5 MB of compiled code); Debian has the same library as
``pff-tools`` and another as ``pst-utils``, whose ``readpst`` writes an mbox, which needs no extra here.

Either way a mail is written as one again: the headers that Outlook kept, those it keeps as properties where they
are missing, and the text, so that it is parsed and judged as every other mail.
"""

from __future__ import annotations

import email
from collections.abc import Iterator, Mapping
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any

from authentic_outreach.mailboxes.eml import RawMail, decode
from authentic_outreach.messages import Failure

_INSTALL = "pip install 'authentic-outreach[outlook]'"
# Property ids of [MS-OXPROPS].
_CLASS, _MESSAGE_ID, _DISPLAY_TO, _DISPLAY_CC = 0x001A, 0x1035, 0x0E04, 0x0E03
_SMTP_ADDRESSES = (0x5D01, 0x0C1F, 0x0065)  # PidTagSenderSmtpAddress; the others may be Exchange's own names
_STRINGS = (0x001E, 0x001F)  # PtypString8, PtypString
# Classes of [MS-OXCMSG] and [MS-OXOCAL] that came by mail; appointments, contacts, tasks and notes did not.
_MAIL, _MEETING, _REPORT = "ipm.note", "ipm.schedule.meeting", "report."


def read_msg(path: Path) -> Iterator[RawMail | Failure]:
    """Yield the one mail of a ``.msg`` file.

    Raises
    ------
    ValueError
        If python-oxmsg is not installed.
    """
    try:
        from oxmsg import Message as Msg
    except ImportError as error:
        raise ValueError(f"{path}: reading .msg needs python-oxmsg; {_INSTALL}") from error
    return _msg(Msg, path)


def _msg(reader: Any, path: Path) -> Iterator[RawMail | Failure]:
    try:
        mail = reader.load(str(path))
        kept = "".join(
            f"{name}: {' '.join(str(value).split())}\n" for name, value in mail.message_headers.items()
        )
        told = {"Subject": mail.subject, "From": mail.sender, "Date": _written(mail.sent_date)}
        yield RawMail(_mail(kept, told, mail.body, mail.html_body), path.name, str(path))
    except Exception as error:  # damaged files fail in many ways; each is one row
        yield Failure(
            path.name, f"the .msg file could not be read: {type(error).__name__}: {error}", str(path)
        )


def read_pst(path: Path) -> Iterator[RawMail | Failure]:
    """Yield the mails of all folders of a ``.pst`` or ``.ost`` file; each one's source ends in its folder's name.

    Meeting requests and delivery reports come, too, marked by their Content-Type; appointments, contacts, tasks and
    notes are no messages and are left out.

    Raises
    ------
    ValueError
        If libpff-python is not installed, or the file is no Outlook mailbox.
    """
    try:
        import pypff
    except ImportError as error:
        raise ValueError(
            f"{path}: reading .pst needs libpff-python; {_INSTALL}, or make an mbox of it with readpst (pst-utils)"
        ) from error
    file = pypff.file()
    try:
        file.open(str(path))
        root = file.get_root_folder()
    except OSError as error:
        raise ValueError(
            f"{path}: not an Outlook mailbox ({str(error).splitlines()[0]}); export it as mbox"
        ) from error
    return _folder(root, path, "")


def _folder(folder: Any, path: Path, name: str) -> Iterator[RawMail | Failure]:
    for number in range(folder.get_number_of_sub_messages()):
        identity, source = f"{path.name}{name}#{number + 1}", f"{path}{name}"
        try:
            mail = folder.get_sub_message(number)
            properties = _properties(mail)
            kind = properties.get(_CLASS, _MAIL).lower()
            if kind.startswith((_MAIL, _MEETING, _REPORT)):
                yield RawMail(_item(mail, properties, kind), identity, source)
        except Exception as error:  # damaged items fail in many ways; each is one row
            yield Failure(identity, f"the item could not be read: {type(error).__name__}: {error}", source)
    for number in range(folder.get_number_of_sub_folders()):
        inner = folder.get_sub_folder(number)
        yield from _folder(inner, path, f"{name}/{inner.get_name() or number}")


def _properties(mail: Any) -> dict[int, str]:
    """The texts among a mail's properties, by property id."""
    wanted = {_CLASS, _MESSAGE_ID, _DISPLAY_TO, _DISPLAY_CC, *_SMTP_ADDRESSES}
    return {
        entry.entry_type: entry.get_data_as_string()
        for record_set in mail.record_sets
        for entry in record_set.entries
        if entry.entry_type in wanted and entry.value_type in _STRINGS
    }


def _item(mail: Any, properties: Mapping[int, str], kind: str) -> bytes:
    address = next((a for n in _SMTP_ADDRESSES if "@" in (a := properties.get(n, ""))), "")
    name = mail.get_sender_name() or ""
    told = {
        "Subject": mail.get_subject(),
        "From": formataddr((name, address)) if address else name,
        "To": properties.get(_DISPLAY_TO),
        "Cc": properties.get(_DISPLAY_CC),
        "Date": _written(mail.get_delivery_time()),
        "Message-ID": properties.get(_MESSAGE_ID),
    }
    plain, html = mail.get_plain_text_body(), mail.get_html_body()
    text = decode(plain, None) if plain else None
    subtype = "plain"
    if kind.startswith(_MEETING):
        subtype = "calendar"
    elif kind.startswith(_REPORT):
        told["Return-Path"] = "<>"
    return _mail(
        mail.get_transport_headers() or "", told, text, decode(html, None) if html else None, subtype
    )


def _mail(
    kept: str, told: Mapping[str, str | None], plain: str | None, html: str | None, subtype: str = "plain"
) -> bytes:
    """A mail's bytes: the headers that were kept, those told beside them that are missing, and one text."""
    mail = email.message_from_string(kept.replace("\r\n", "\n").strip("\n") + "\n\n")
    for name in ("Content-Type", "Content-Transfer-Encoding", "MIME-Version"):
        del mail[name]
    for name, value in told.items():
        if name not in mail and value and value.strip("\0 \r\n"):
            mail[name] = " ".join(value.replace("\0", "").split())
    body = plain or html or ""
    mail["Content-Type"] = (
        f"text/{subtype if plain or not html or subtype != 'plain' else 'html'}; charset=utf-8"
    )
    mail["Content-Transfer-Encoding"] = "8bit"
    lines = [f"{name}: {value}" for name, value in mail.raw_items()]
    return "\n".join([*lines, "", body.replace("\r\n", "\n")]).encode("utf-8", "replace")


def _written(date: Any) -> str | None:
    return format_datetime(date) if date else None
