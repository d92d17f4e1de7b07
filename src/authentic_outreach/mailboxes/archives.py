"""Archives: zip, tar and what gzip, bzip2 or xz made of one file; members are read as files of their own.

Each member is unpacked alone into a temporary folder, with bounds on number, size, ratio and depth, and removed
before the next. What goes over a bound becomes a `Failure`.
"""

from __future__ import annotations

import bz2
import gzip
import logging
import lzma
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from authentic_outreach.messages import Failure, Message

if TYPE_CHECKING:
    from authentic_outreach.mailboxes import Item

_LOG = logging.getLogger(__name__)
MAX_MEMBERS = 1_000_000
MAX_MEMBER_BYTES = 20_000_000_000
MAX_RATIO = 1000
"""A member that grows beyond this many times the archive's own size is a bomb."""
MAX_DEPTH = 4
"""Archives within archives, beyond which no further one is opened."""

_UNPACKED = "authentic-outreach-unpacked-"  # stands once in a path for each archive around it
SIGNATURES = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_ERRORS = (
    OSError,
    ValueError,
    EOFError,
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    RuntimeError,
    NotImplementedError,
)


def read_archive(path: Path) -> Iterator[Item]:
    """Yield the items of an archive's members, in its order.

    Raises
    ------
    ValueError
        If the archive cannot be opened at all.
    """
    try:
        members = _members(path)
        first = next(members, None)
    except _ERRORS as error:
        raise ValueError(f"{path}: the archive cannot be opened: {error}; pack it anew") from error
    return _items(path, first, members)


def _items(
    path: Path, first: tuple[str, IO[bytes]] | None, members: Iterator[tuple[str, IO[bytes]]]
) -> Iterator[Item]:
    number, member = 0, first
    limit = min(MAX_MEMBER_BYTES, MAX_RATIO * max(10_000, path.stat().st_size))
    while member is not None:
        number += 1
        name, content = member
        if number > MAX_MEMBERS:
            yield Failure(
                path.name,
                f"more than {MAX_MEMBERS:,} members; unpack the archive and name its folder",
                str(path),
            )
            return
        yield from _member(path, name, content, limit)
        try:
            member = next(members, None)
        except _ERRORS as error:
            yield Failure(path.name, f"the archive is damaged after {name}: {error}", str(path))
            return


def _member(path: Path, name: str, content: IO[bytes], limit: int) -> Iterator[Item]:
    """The items of one member, by way of a file that lives as long as they are read."""
    from authentic_outreach.mailboxes import detect, is_other_table, is_readable, reader

    where = f"{path}!/{name}"
    depth = str(path).count(_UNPACKED)
    with tempfile.TemporaryDirectory(prefix=_UNPACKED, dir=path.parent if depth else None) as folder:
        file = Path(folder) / (PurePosixPath(name.replace("\\", "/")).name or "member")
        try:
            _unpack(content, file, limit)
            if not is_readable(file) or is_other_table(file):
                _LOG.info("passed over, for it holds no message: %s", where)
                return
            format = detect(file)
            if format == "archive" and depth + 1 >= MAX_DEPTH:
                yield Failure(name, f"an archive in an archive, {MAX_DEPTH} deep; unpack it first", where)
                return
            for item in reader(format)(file):
                yield _placed(item, str(file), where)
        except _ERRORS as error:
            yield Failure(
                name, f"the member could not be read: {str(error).replace(str(file), where)}", where
            )


def _placed(item: Item, file: str, where: str) -> Item:
    """The item with its place in the archive instead of a temporary file's name."""
    from dataclasses import replace

    source = item.source.replace(file, where)
    if isinstance(item, Message | Failure):
        return replace(item, source=source)
    return item._replace(source=source)


def _unpack(content: IO[bytes], file: Path, limit: int) -> None:
    size = 0
    with file.open("wb") as target:
        while chunk := content.read(1 << 20):
            size += len(chunk)
            if size > limit:
                raise ValueError(f"it grows over {limit:,} bytes; unpack it yourself if you trust it")
            target.write(chunk)


def _members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The name and content of each file in an archive, opened one after the other."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    with archive.open(info) as content:
                        yield info.filename, content
        return
    if tarfile.is_tarfile(path):
        with tarfile.open(path, "r|*") as tar:
            for entry in tar:
                if entry.isfile() and (extracted := tar.extractfile(entry)) is not None:
                    yield entry.name, extracted
        return
    with _decompressed(path, head) as content:
        yield path.stem, content


def _decompressed(path: Path, head: bytes) -> Any:
    """The one file that gzip, bzip2 or xz made smaller, open to be read."""
    if head.startswith(b"\x1f\x8b"):
        return gzip.open(path, "rb")
    if head.startswith(b"BZh"):
        return bz2.open(path, "rb")
    if head.startswith(b"\xfd7zXZ\x00"):
        return lzma.open(path, "rb")
    raise ValueError("no archive of a kind known here (zip, tar, gzip, bzip2, xz)")
