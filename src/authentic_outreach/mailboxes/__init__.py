"""From a file to messages: one module a format, told apart by content first and name second.

A format is a module with ``read_<format>(path)``, which yields items: messages, raw mails still to be
parsed, and a `Failure` in the place of what cannot be read. Every reader is lazy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from os import PathLike
from pathlib import Path

from authentic_outreach.mailboxes.detection import BY_SUFFIX
from authentic_outreach.mailboxes.detection import detect as detect
from authentic_outreach.mailboxes.detection import is_other_table as is_other_table
from authentic_outreach.mailboxes.detection import is_readable as is_readable
from authentic_outreach.mailboxes.eml import RawMail, parse_mail
from authentic_outreach.messages import Failure, Message

FORMATS = (
    "archive", "chat", "csv", "draft", "eml", "emlx", "excel", "folder", "jsonl", "maildir", "mbox", "msg", "parquet",
    "pst", "sms",
)  # fmt: skip
"""The names that ``format=`` takes."""

Item = Message | Failure | RawMail
"""What a reader yields: a message, a mail whose parsing is still to be done, or a failure."""
Reader = Callable[[Path], Iterator[Item]]

_MODULES = {
    "archive": "archives", "chat": "phone", "csv": "tables", "jsonl": "tables", "msg": "outlook", "pst": "outlook",
    "sms": "phone",
}  # fmt: skip


def read_messages(path: str | PathLike[str], format: str | None = None) -> Iterator[Message | Failure]:
    """Yield the messages of a file or folder, lazily and in order.

    Parameters
    ----------
    path
        A draft (``.txt``, ``.md``); mail in ``.eml``, ``.emlx``, ``.msg``, mbox, Maildir or ``.pst``; a table in CSV, TSV,
        JSON Lines, Parquet or Excel, also as LinkedIn, Outlook and sales tools export them; an Android SMS backup, a
        WhatsApp chat; an archive (zip, tar, gzip, bzip2, xz) or a folder of any of these.
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
    sign = {"mbox": b"\nFrom ", "csv": b"\n", "jsonl": b"\n"}.get(BY_SUFFIX.get(path.suffix.lower(), ""))
    if sign is None:
        return 1
    with path.open("rb") as file:
        return max(1, sum(chunk.count(sign) for chunk in iter(lambda: file.read(1 << 20), b"")))


def reader(format: str) -> Reader:
    """The reading function of a format's module."""
    module = _MODULES.get(format, format)
    read: Reader = getattr(import_module(f"{__name__}.{module}"), f"read_{format}")
    return read
