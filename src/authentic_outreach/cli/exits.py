"""How a command ends: exit codes, and words for people on standard error."""

from __future__ import annotations

from enum import IntEnum
from typing import NoReturn

import typer
from rich.console import Console

from authentic_outreach.reports import terminal


class Exit(IntEnum):
    """What the exit code says."""

    DONE = 0
    SOME_FAILED = 1
    WRONG_USE = 2
    INTERRUPTED = 130


def stderr() -> Console:
    """A console on standard error, made anew so that a redirection made since is seen."""
    return Console(stderr=True, soft_wrap=True)


def stop(text: str) -> NoReturn:
    """End with an error for wrong use."""
    terminal.print_error(stderr(), text)
    raise typer.Exit(Exit.WRONG_USE)
