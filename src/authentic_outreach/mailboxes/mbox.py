"""Mailboxes in mbox form, read as a stream: one mail in memory at a time.

A mail begins at a line ``From `` at the file's start or after an empty line (RFC 4155). Lines
``>From `` lose one ``>``, as mboxrd writers add it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from authentic_outreach.mailboxes.eml import MAX_MAIL_BYTES, RawMail
from authentic_outreach.messages import Failure

_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_mbox(path: Path) -> Iterator[RawMail | Failure]:
    """Yield the mails of an mbox file."""
    for number, (raw, size) in enumerate(_split(path), 1):
        name = f"{path.name}#{number}"
        if size > MAX_MAIL_BYTES:
            yield Failure(
                name, f"the mail has {size:,} bytes, over the limit of {MAX_MAIL_BYTES:,}", str(path)
            )
        else:
            yield RawMail(_QUOTED_FROM.sub(rb"\1", raw), name, str(path))


def _split(path: Path) -> Iterator[tuple[bytes, int]]:
    """Yield each mail's bytes and size; of one over the limit, only the size."""
    lines: list[bytes] = []
    size = 0
    begun, after_empty = False, True
    with path.open("rb") as file:
        for line in file:
            if after_empty and line.startswith(b"From "):
                if begun:
                    yield b"".join(lines), size
                lines, size, begun = [], 0, True
                after_empty = False
                continue
            begun = begun or bool(line.strip())
            size += len(line)
            if size <= MAX_MAIL_BYTES:
                lines.append(line)
            else:
                lines.clear()
            after_empty = not line.strip()
    if begun:
        yield b"".join(lines), size
