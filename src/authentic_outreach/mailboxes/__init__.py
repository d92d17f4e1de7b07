"""From a file to messages: one module a format, told apart by content first and name second.

A format is a module with ``read_<format>(path)``, which yields items: messages, raw mails still to be
parsed, and a `Failure` in the place of what cannot be read. Every reader is lazy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from os import PathLike
from pathlib import Path

from authentic_outreach.mailboxes.eml import RawMail, parse_mail
from authentic_outreach.messages import Failure, Message

FORMATS = ("csv", "draft", "eml", "folder", "jsonl", "mbox", "parquet")
"""The names that ``format=`` takes."""

Item = Message | Failure | RawMail
"""What a reader yields: a message, a mail whose parsing is still to be done, or a failure."""
Reader = Callable[[Path], Iterator[Item]]

_BY_SUFFIX = {
    ".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".eml": "eml", ".mbox": "mbox", ".mbx": "mbox", ".txt": "draft", ".md": "draft",
    ".parquet": "parquet",
}  # fmt: skip
_HEADER_NAMES = (
    b"received", b"return-path", b"delivered-to", b"from", b"to", b"subject", b"date",
    b"message-id", b"mime-version", b"content-type", b"x-", b"reply-to", b"dkim-signature", b"arc-",
)  # fmt: skip


def read_messages(path: str | PathLike[str], format: str | None = None) -> Iterator[Message | Failure]:
    """Yield the messages of a file or folder, lazily and in order.

    Parameters
    ----------
    path
        A draft (``.txt``, ``.md``), ``.eml``, mbox, CSV, TSV or JSONL file, or a folder of these.
    format
        One of `FORMATS`; by default told by the content, then by the name.

    Yields
    ------
    Message or Failure
        A `Failure` stands in the place of an item that could not be read.

    Raises
    ------
    FileNotFoundError
        If there is nothing at ``path``.
    ValueError
        If ``format`` is unknown, the file is empty or binary, a table has no body column, or a
        folder holds no mail. Raised at the call, not at the first message.
    """
    return map(open_item, read_items(path, format))


def open_item(item: Item) -> Message | Failure:
    """The message of an item: a raw mail is parsed, everything else is what it is."""
    return parse_mail(item) if isinstance(item, RawMail) else item


def read_items(path: str | PathLike[str], format: str | None = None) -> Iterator[Item]:
    """Yield the items of a file or folder, mails unparsed; takes and raises what `read_messages` does."""
    path = Path(path)
    if format is not None and format not in FORMATS:
        raise ValueError(f"format {format!r} is not one of {', '.join(FORMATS)}")
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such file or folder; check the path")
    return reader(format or detect(path))(path)


def estimate_count(path: Path) -> int:
    """About how many items a file or folder holds: what a progress bar needs, told without parsing."""
    if path.is_dir():
        return sum(estimate_count(file) for file in path.rglob("*") if file.is_file())
    sign = {"mbox": b"\nFrom ", "csv": b"\n", "jsonl": b"\n"}.get(_BY_SUFFIX.get(path.suffix.lower(), ""))
    if sign is None:
        return 1
    with path.open("rb") as file:
        return max(1, sum(chunk.count(sign) for chunk in iter(lambda: file.read(1 << 20), b"")))


def reader(format: str) -> Reader:
    """The reading function of a format's module."""
    module = {"csv": "tables", "jsonl": "tables"}.get(format, format)
    read: Reader = getattr(import_module(f"{__name__}.{module}"), f"read_{format}")
    return read


def detect(path: Path) -> str:
    """The format of a file, from its first 8 KiB, then from its name.

    Raises
    ------
    ValueError
        If the file is empty, or binary in no format that is known here.
    """
    if path.is_dir():
        return "folder"
    with path.open("rb") as file:
        head = file.read(8192)
    if not head.strip():
        raise ValueError(f"{path}: the file is empty; there is no message to rate")
    by_name = _BY_SUFFIX.get(path.suffix.lower())
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"From ") and _looks_like_mail(text.partition(b"\n")[2]):
        return "mbox"
    if head.startswith(b"PAR1"):
        return "parquet"
    if by_name:
        return by_name
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError(
            f"{path}: a binary file in a format not known here; export it as mbox, .eml, CSV or JSONL"
        )
    if text.startswith(b"{"):
        return "jsonl"
    return "eml" if _looks_like_mail(text) else "draft"


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
