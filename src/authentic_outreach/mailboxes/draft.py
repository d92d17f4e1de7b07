"""One draft in a text file: the whole file is the body, but for a first line ``Subject: ...``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from authentic_outreach.mailboxes.eml import decode
from authentic_outreach.messages import Failure, Message

MAX_DRAFT_BYTES = 50_000_000


def read_draft(path: Path) -> Iterator[Message | Failure]:
    """Yield the draft of a text file."""
    size = path.stat().st_size
    if size > MAX_DRAFT_BYTES:
        yield Failure(
            path.name, f"the draft has {size:,} bytes, over the limit of {MAX_DRAFT_BYTES:,}", str(path)
        )
        return
    raw = path.read_bytes()
    if b"\0" in raw[:8192] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield Failure(path.name, "the file is binary, not text; save the draft as plain text", str(path))
        return
    yield draft_message(decode_text(raw), identity=path.name, source=str(path))


def draft_message(text: str, identity: str, source: str) -> Message:
    """Make a message of a draft's text; a first line ``Subject: ...`` becomes the subject."""
    first, _, rest = text.lstrip("\n").partition("\n")
    if first.lower().startswith("subject:"):
        return Message(body=rest.lstrip("\n"), subject=first[8:].strip(), id=identity, source=source)
    return Message(body=text, id=identity, source=source)


def decode_text(raw: bytes) -> str:
    """Decode a text file: by its byte order mark, as UTF-8, or as what it looks like."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    return decode(raw.removeprefix(b"\xef\xbb\xbf"), None).replace("\r\n", "\n")
