"""What was rated before: a SQLite file beside the output, so that a run goes on where the last one ended.

Rows are kept under a fingerprint of the item they came from, in transactions of a few hundred: a process that
is killed at any moment loses at most the last of these, and rates them again. A row counts only for the model,
rules and settings it was made with (``version``).
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROWS_AT_ONCE = 200
SECONDS_AT_ONCE = 2.0
"""A transaction ends after so many rows or seconds."""


def fingerprint(content: bytes) -> str:
    """A short name of some content, the same wherever and whenever it is read."""
    return blake2b(content, digest_size=12).hexdigest()


class Ledger:
    """Rows by fingerprint, and the order in which this run met them.

    Raises
    ------
    OSError
        If the file cannot be written (a full disk, a folder without permission): it names the file and what to do.
    """

    def __init__(self, path: Path, version: str) -> None:
        self._path = path
        self._version = version
        self._sequence = 0
        self._pending = 0
        self._committed = time.monotonic()
        try:
            self._database = sqlite3.connect(path, isolation_level=None)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS rows (key TEXT PRIMARY KEY, version TEXT, row TEXT) WITHOUT ROWID"
            )
            self._database.execute("DROP TABLE IF EXISTS run")
            self._database.execute("CREATE TABLE run (sequence INTEGER PRIMARY KEY, key TEXT)")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS met (print TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID"
            )
            self._database.execute("DELETE FROM met")
            self._database.execute("BEGIN")
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._commit()
        finally:
            self._database.close()

    def enter(self, print_: str) -> tuple[str, bool]:
        """Note that this run met an item; its key, and whether its row is there already.

        A second item of the same content has a key of its own.
        """
        try:
            times = self._database.execute(
                "INSERT INTO met VALUES (?, 1) ON CONFLICT (print) DO UPDATE SET times = times + 1 RETURNING times",
                (print_,),
            ).fetchone()[0]
            key = f"{print_}#{times}"
            self._sequence += 1
            self._database.execute("INSERT INTO run VALUES (?, ?)", (self._sequence, key))
            found = self._database.execute(
                "SELECT 1 FROM rows WHERE key = ? AND version = ?", (key, self._version)
            )
            return key, found.fetchone() is not None
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def put(self, key: str, row: dict[str, Any] | None) -> None:
        """Keep the row of an item; None for an item that is no part of the output."""
        try:
            self._database.execute(
                "INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", (key, self._version, json.dumps(row))
            )
            self._pending += 1
            if self._pending >= ROWS_AT_ONCE or time.monotonic() - self._committed > SECONDS_AT_ONCE:
                self._commit()
                self._database.execute("BEGIN")
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def met(self) -> int:
        """How many items of this run have a row, or are known to be no part of the output."""
        query = "SELECT COUNT(*) FROM run JOIN rows ON rows.key = run.key AND rows.version = ?"
        number: int = self._database.execute(query, (self._version,)).fetchone()[0]
        return number

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows of this run, in the order of its items; items without one are left out."""
        query = "SELECT rows.row FROM run JOIN rows ON rows.key = run.key AND rows.version = ? ORDER BY run.sequence"
        for (text,) in self._database.execute(query, (self._version,)):
            row = json.loads(text)
            if row is not None:
                yield row

    def _commit(self) -> None:
        if self._database.in_transaction:
            try:
                self._database.execute("COMMIT")
            except sqlite3.Error as error:
                raise self._failure(error) from error
        self._pending = 0
        self._committed = time.monotonic()

    def _failure(self, error: sqlite3.Error) -> OSError:
        return OSError(
            f"{self._path}: {error}; rows rated so far are kept, so make room or choose another place, "
            "and run the same command again"
        )
