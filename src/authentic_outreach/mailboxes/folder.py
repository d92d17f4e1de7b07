"""A folder of mail files and drafts, read in the order of their names, folders within included."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from authentic_outreach.mailboxes.eml import RawMail
from authentic_outreach.messages import Failure, Message

SUFFIXES = frozenset({".eml", ".mbox", ".txt", ".md", ".csv", ".tsv", ".jsonl", ".ndjson", ".parquet"})


def read_folder(path: Path) -> Iterator[Message | Failure | RawMail]:
    """Yield the messages of all files of a folder whose name tells a format read here.

    Raises
    ------
    ValueError
        If no file of the folder has such a name.
    """
    files = sorted(
        p for p in path.rglob("*") if p.is_file() and (p.suffix.lower() in SUFFIXES or _is_mail(p))
    )
    if not files:
        raise ValueError(
            f"{path}: no mail in this folder; looked for files ending in {', '.join(sorted(SUFFIXES))}, "
            "and for mail by its headers"
        )
    return chain.from_iterable(_read_file(file, path) for file in files)


def _is_mail(file: Path) -> bool:
    """True if a file of another name holds a mail or an mbox by its content (a Maildir's members, say)."""
    from authentic_outreach.mailboxes import detect

    try:
        return detect(file) in ("eml", "mbox")
    except (ValueError, OSError):
        return False


def _read_file(file: Path, folder: Path) -> Iterator[Message | Failure | RawMail]:
    from authentic_outreach.mailboxes import detect, reader

    try:
        yield from reader(detect(file))(file)
    except (ValueError, OSError) as error:
        yield Failure(file.relative_to(folder).as_posix(), str(error), str(file))
