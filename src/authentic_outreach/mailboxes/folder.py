"""A folder of mail files and drafts, read in the order of their names, folders within included.

A Thunderbird profile is such a folder: its mailboxes are mbox files without a suffix, beside ``.msf`` indexes.
Files that hold no message are passed over, each with a line in this module's log.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from authentic_outreach.mailboxes.maildir import is_maildir
from authentic_outreach.messages import Failure

if TYPE_CHECKING:
    from authentic_outreach.mailboxes import Item


_LOG = logging.getLogger(__name__)


def read_folder(path: Path) -> Iterator[Item]:
    """Yield the messages of all files of a folder that hold a format read here.

    Raises
    ------
    ValueError
        If there is no such file.
    """
    files = list(_files(path))
    if not files:
        raise ValueError(
            f"{path}: no mail in this folder; looked for mail by its headers, and for files with the names of "
            "drafts, tables, archives and mailboxes"
        )
    return chain.from_iterable(_read_file(file, path) for file in files)


def _files(path: Path) -> Iterator[Path]:
    """Files, and Maildirs as a whole."""
    from authentic_outreach.mailboxes import is_readable

    for entry in sorted(path.iterdir()):
        if entry.is_dir():
            if is_maildir(entry):
                yield entry
            else:
                yield from _files(entry)
        elif entry.is_file():
            if is_readable(entry):
                yield entry
            else:
                _LOG.info("passed over, for it holds no message: %s", entry)


def _read_file(file: Path, folder: Path) -> Iterator[Item]:
    from authentic_outreach.mailboxes import detect, reader

    try:
        yield from reader(detect(file))(file)
    except (ValueError, OSError) as error:
        yield Failure(file.relative_to(folder).as_posix(), str(error), str(file))
