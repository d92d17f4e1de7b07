"""Which format a file is in: told by its first bytes, then by its name."""

from __future__ import annotations

import csv
from pathlib import Path

from authentic_outreach.mailboxes.archives import SIGNATURES
from authentic_outreach.mailboxes.columns import find_columns
from authentic_outreach.mailboxes.draft import decode_text
from authentic_outreach.mailboxes.maildir import is_maildir
from authentic_outreach.mailboxes.phone import is_chat

BY_SUFFIX = {
    ".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".eml": "eml", ".emlx": "emlx", ".mbox": "mbox", ".mbx": "mbox", ".txt": "draft", ".md": "draft",
    ".parquet": "parquet", ".xlsx": "excel", ".msg": "msg", ".pst": "pst", ".ost": "pst",
}  # fmt: skip
_HEADER_NAMES = (
    b"received", b"return-path", b"delivered-to", b"from", b"to", b"subject", b"date",
    b"message-id", b"mime-version", b"content-type", b"x-", b"reply-to", b"dkim-signature", b"arc-",
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] header signature
_PST = b"!BDN"  # [MS-PST] dwMagic


def detect(path: Path) -> str:
    """The format of a file or folder.

    Raises
    ------
    ValueError
        If the file is empty, or binary in no format that is known here.
    """
    if path.is_dir():
        return "maildir" if is_maildir(path) else "folder"
    with path.open("rb") as file:
        head = file.read(8192)
    if not head.strip():
        raise ValueError(f"{path}: the file is empty; there is no message to rate")
    by_name = BY_SUFFIX.get(path.suffix.lower())
    if found := _by_content(head, by_name):
        return found
    if by_name:
        return by_name
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError(
            f"{path}: a binary file in a format not known here; export it as mbox, .eml, CSV or JSONL"
        )
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return "jsonl"
    return "eml" if _looks_like_mail(text) else "draft"


def _by_content(head: bytes, by_name: str | None) -> str | None:
    """The format that the first bytes prove."""
    if head.startswith(b"PK\x03\x04"):
        return "excel" if by_name == "excel" else "archive"
    if head.startswith(SIGNATURES) or head[257:262] == b"ustar":
        return "archive"
    if head.startswith(_PST):
        return "pst"
    if head.startswith(_OLE) and by_name != "excel":
        return "msg"
    if head.startswith(b"PAR1"):
        return "parquet"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"From ") and _looks_like_mail(text.partition(b"\n")[2]):
        return "mbox"
    if b"<smses" in head[:2000]:
        return "sms"
    length, _, mail = text.partition(b"\n")
    if length.strip().isdigit() and _looks_like_mail(mail):
        return "emlx"
    if by_name in (None, "draft") and is_chat(decode_text(head)):
        return "chat"
    return None


def is_readable(path: Path) -> bool:
    """True if a file found in a folder or archive holds messages: by its name, or proven by its content."""
    try:
        found = detect(path)
    except (ValueError, OSError):
        return path.suffix.lower() in BY_SUFFIX
    return found != "draft" or path.suffix.lower() in BY_SUFFIX


def is_other_table(path: Path) -> bool:
    """True for a CSV without a body: exports hold many besides the messages (contacts, settings)."""
    if detect(path) != "csv":
        return False
    with path.open("rb") as file:
        lines = decode_text(file.read(65_536)).splitlines()
    header = lines[0] if lines else ""
    try:
        find_columns(next(csv.reader([header], delimiter=max(",;\t|", key=header.count)), []), path)
    except ValueError:
        return True
    return False


def _looks_like_mail(head: bytes) -> bool:
    """True if the first lines are headers, at least one of them a mail's."""
    known = 0
    for line in head.splitlines()[:40]:
        if not line.strip():
            break
        if line[:1] in b" \t>":
            continue
        name, colon, _ = line.partition(b":")
        if not colon or b" " in name:
            return False
        known += name.lower().startswith(_HEADER_NAMES)
    return known >= 2
