"""Mailboxes in mbox form, read as a stream: one mail in memory at a time.

A mail begins at a line ``From `` at the file's start or after an empty line (RFC 4155). The dialects
(qmail's mbox(5), and Jamie Zawinski's note on Content-Length):

- *mboxo* and *mboxrd* write ``>From `` for a line of the text that begins so; mboxo only where no ``>`` stood, so
  that one ``>`` is taken away from both.
- *mboxcl* adds ``Content-Length`` to that, *mboxcl2* has it instead: its texts hold bare ``From `` lines. The length is
  believed where a new mail, or the file's end, stands at its end, and not otherwise (edited mailboxes lie).

Broken separators: a ``From `` line after text counts where it carries a full date, and one after an empty line
only where it does or where a header follows, for people begin sentences with "From".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from authentic_outreach.mailboxes.eml import MAX_MAIL_BYTES, RawMail
from authentic_outreach.messages import Failure

_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_DATED = re.compile(
    rb"From \S.*\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*\d{1,2}:\d\d(?::\d\d)?.*\b(?:19|20)\d\d\b"
    rb"|From \S.*\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*\b(?:19|20)\d\d\b.*\d{1,2}:\d\d"
)
_HEADER = re.compile(rb"[!-9;-~]+:|>From ")
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,15})[ \t]*\r?$")


def read_mbox(path: Path) -> Iterator[RawMail | Failure]:
    """Yield the mails of an mbox file."""
    for number, (raw, size) in enumerate(_split(path), 1):
        name = f"{path.name}#{number}"
        if size > MAX_MAIL_BYTES:
            yield Failure(
                name, f"the mail has {size:,} bytes, over the limit of {MAX_MAIL_BYTES:,}", str(path)
            )
        else:
            yield RawMail(raw, name, str(path))


def _split(path: Path) -> Iterator[tuple[bytes, int]]:
    """Yield each mail's bytes and size; of one over the limit, only the size."""
    lines: list[bytes] = []
    size = 0
    begun, in_headers, after_empty = False, True, True
    with path.open("rb") as file:
        while line := file.readline(MAX_MAIL_BYTES):
            if line.startswith(b"From ") and _separates(line, after_empty, file):
                if begun:
                    yield _unquoted(lines), size
                lines, size = [], 0
                begun, in_headers, after_empty = True, True, False
                continue
            begun = begun or bool(line.strip())
            size += len(line)
            if size <= MAX_MAIL_BYTES:
                lines.append(line)
            else:
                lines.clear()
            after_empty = not line.strip()
            if in_headers and after_empty and lines:
                in_headers = False
                if (body := _measured_body(lines, file)) is not None:
                    yield b"".join(lines) + body, size + len(body)
                    lines, size, begun, in_headers, after_empty = [], 0, False, True, True
    if begun:
        yield _unquoted(lines), size


def _separates(line: bytes, after_empty: bool, file: BinaryIO) -> bool:
    """True if a line that begins with ``From `` begins a mail."""
    if _DATED.match(line):
        return True
    if not after_empty:
        return False
    here = file.tell()
    following = file.readline(1000)
    file.seek(here)
    return bool(_HEADER.match(following))


def _measured_body(lines: list[bytes], file: BinaryIO) -> bytes | None:
    """The body by its Content-Length, if a mail or the end of the file follows it; else None, nothing read."""
    found = _LENGTH.search(b"".join(lines))
    if found is None or not 0 < (length := int(found[1])) <= MAX_MAIL_BYTES:
        return None
    here = file.tell()
    body = file.read(length)
    after = file.tell()
    following = file.read(200).lstrip(b"\r\n")
    if len(body) == length and (not following or _DATED.match(following.partition(b"\n")[0])):
        file.seek(after)
        # Only mboxcl2 leaves bare lines; where there are none the writer quoted them.
        return body if body.startswith(b"From ") or b"\nFrom " in body else _QUOTED_FROM.sub(rb"\1", body)
    file.seek(here)
    return None


def _unquoted(lines: list[bytes]) -> bytes:
    return _QUOTED_FROM.sub(rb"\1", b"".join(lines))
