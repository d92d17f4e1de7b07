"""Maildir and Maildir++: one file a mail under ``cur`` and ``new``, subfolders in ``.Name`` (maildir(5), Courier)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from authentic_outreach.mailboxes.eml import RawMail, read_eml
from authentic_outreach.messages import Failure


def is_maildir(path: Path) -> bool:
    """True for a folder that holds ``cur`` and ``new``."""
    return (path / "cur").is_dir() and (path / "new").is_dir()


def read_maildir(path: Path) -> Iterator[RawMail | Failure]:
    """Yield the mails of a Maildir and its subfolders, in the order of their names; drafts in ``tmp`` are no mail."""
    folders = [path, *sorted(p for p in path.glob(".*") if is_maildir(p))]
    return (
        item
        for folder in folders
        for part in ("cur", "new")
        for file in sorted((folder / part).iterdir())
        if file.is_file() and not file.name.startswith(".")
        for item in read_eml(file)
    )
