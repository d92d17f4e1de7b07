"""Apple Mail's ``.emlx``: the mail's length in bytes on a line of its own, the mail, then a property list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from authentic_outreach.mailboxes.eml import MAX_MAIL_BYTES, RawMail
from authentic_outreach.messages import Failure


def read_emlx(path: Path) -> Iterator[RawMail | Failure]:
    """Yield the one mail of a file; attachments that Apple Mail keeps elsewhere (``.partial.emlx``) are not read."""
    with path.open("rb") as file:
        first = file.readline(100)
        if not first.strip().isdigit():
            yield Failure(path.name, "no .emlx file: its first line is no number of bytes", str(path))
            return
        length = int(first)
        if length > MAX_MAIL_BYTES:
            yield Failure(
                path.name, f"the mail has {length:,} bytes, over the limit of {MAX_MAIL_BYTES:,}", str(path)
            )
            return
        yield RawMail(file.read(length), path.name, str(path))
