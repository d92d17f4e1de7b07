"""Outlook's own files (extra ``[outlook]``): one mail in ``.msg``, whole mailboxes in ``.pst`` and ``.ost``.

``.msg`` is read with python-oxmsg (MIT, 0.2 MB with olefile); extract-msg, which reads more of it, is GPL and brings
seven packages. ``.pst`` is read with libpff-python (LGPL, 6.5 MB of compiled code); Debian has the same library as
``pff-tools`` and another as ``pst-utils``, whose ``readpst`` writes an mbox, which needs no extra here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from authentic_outreach.bodies.markup import read_html
from authentic_outreach.mailboxes.eml import RawMail, decode, parse_mail
from authentic_outreach.messages import Failure, Markup, Message, Person

_INSTALL = "pip install 'authentic-outreach[outlook]'"


def read_msg(path: Path) -> Iterator[Message | Failure]:
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


def _msg(reader: Any, path: Path) -> Iterator[Message | Failure]:
    try:
        mail = reader.load(str(path))
        headers = "".join(
            f"{name}: {' '.join(str(value).split())}\n" for name, value in mail.message_headers.items()
        )
        body, markup = mail.body or "", None
        if not body and mail.html_body:
            body, markup = read_html(mail.html_body)
        yield _message(headers, body, markup, mail.subject, mail.sender, mail.sent_date, path.name, path)
    except Exception as error:  # damaged files fail in many ways; each is one row
        yield Failure(
            path.name, f"the .msg file could not be read: {type(error).__name__}: {error}", str(path)
        )


def read_pst(path: Path) -> Iterator[Message | Failure]:
    """Yield the mails of all folders of a ``.pst`` or ``.ost`` file.

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


def _folder(folder: Any, path: Path, name: str) -> Iterator[Message | Failure]:
    for number in range(folder.get_number_of_sub_messages()):
        identity = f"{path.name}{name}#{number + 1}"
        try:
            mail = folder.get_sub_message(number)
            plain, html = mail.get_plain_text_body(), mail.get_html_body()
            body, markup = (decode(plain, None), None) if plain else read_html(decode(html or b"", None))
            sender, subject, date = mail.get_sender_name(), mail.get_subject(), mail.get_delivery_time()
            yield _message(
                mail.get_transport_headers() or "", body, markup, subject, sender, date, identity, path
            )
        except Exception as error:  # damaged items fail in many ways; each is one row
            yield Failure(identity, f"the item could not be read: {type(error).__name__}: {error}", str(path))
    for number in range(folder.get_number_of_sub_folders()):
        inner = folder.get_sub_folder(number)
        yield from _folder(inner, path, f"{name}/{inner.get_name() or number}")


def _message(
    headers: str,
    body: str,
    markup: Markup | None,
    subject: str | None,
    sender: str | None,
    date: Any,
    identity: str,
    path: Path,
) -> Message:
    """A message of Outlook's properties, and of the mail's headers where Outlook kept them."""
    from dataclasses import replace

    body = body.replace("\r\n", "\n")
    if headers.strip():
        text = headers.replace("\r\n", "\n").strip("\n") + "\n\n"
        kept = parse_mail(RawMail(text.encode("utf-8", "replace"), identity, str(path)))
        if isinstance(kept, Message):
            return replace(
                kept, body=body, markup=markup, subject=kept.subject or subject, date=kept.date or date
            )
    person = Person(name=sender) if sender else None
    return Message(body, subject or None, identity, sender=person, date=date, source=str(path), markup=markup)
