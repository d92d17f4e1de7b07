"""The commands that rate: ``rate`` for many messages, ``explain`` for one draft."""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from itertools import chain
from pathlib import Path, PurePath
from typing import Annotated, Any

import typer
from rich.console import Console

from authentic_outreach.cli.exits import Exit, stderr, stop
from authentic_outreach.mailboxes import FORMATS
from authentic_outreach.mailboxes.draft import decode_text, draft_message
from authentic_outreach.messages import CHANNELS
from authentic_outreach.rating import Rating, rate
from authentic_outreach.reports import terminal

MAX_STDIN_CHARS = 5_000_000
MAX_SHOWN = 1000
"""Rows of the table in the terminal; all of them go to ``--output``."""


def rate_command(
    paths: Annotated[
        list[Path], typer.Argument(help="Drafts, mailboxes, tables, archives, or folders of these.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write rows to a .jsonl, .csv, .parquet or .sqlite file; - is standard output.",
        ),
    ] = None,
    format: Annotated[str | None, typer.Option(help=f"One of {', '.join(FORMATS)}; told by content.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Rate mail that is no cold outreach, too.")
    ] = False,
    owner: Annotated[list[str] | None, typer.Option(help="An address of the mailbox's owner.")] = None,
    advice: Annotated[bool, typer.Option(help="Work out advice for the rows of --output.")] = True,
    workers: Annotated[int, typer.Option(min=1, help="Processes that parse and rate.")] = 1,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day wanted.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day wanted.")] = None,
    sender: Annotated[str, typer.Option(help="A part of the sender's name or address.")] = "",
    channel: Annotated[str | None, typer.Option(help=f"One of {', '.join(CHANNELS)}.")] = None,
    templates: Annotated[
        bool,
        typer.Option(
            help="Look for templates first; words that went to others, too, count against a message."
        ),
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Read at most so many items of each path.")] = None,
) -> None:
    """Rate every cold message of mailboxes, tables and drafts.

    With --output, a run that was stopped goes on where it was when the same command is given again.
    """
    from authentic_outreach.accounts import rate_inbox
    from authentic_outreach.inbox import Selection

    if channel is not None and channel not in CHANNELS:
        stop(f"--channel {channel!r} is not one of {', '.join(CHANNELS)}")
    days = [day.date() if day else None for day in (since, until)]
    selection = Selection(days[0], days[1], sender, next((c for c in CHANNELS if c == channel), None))
    settings: dict[str, Any] = {
        "format": format, "everything": everything, "owner": owner or (), "workers": workers, "selection": selection,
        "templates": templates, "limit": limit,
    }  # fmt: skip
    others: dict[str, None] = {}
    try:
        if output is not None and str(output) != "-":
            with _progress(paths) as advance, _passed_over(others):
                account = rate_inbox(paths, output, advice=advice, progress=advance, **settings)
            more = f"{account.new} of them new; rows in {output}"
            _summarise(account.counts, more, account.left_out, account.interrupted, others)
            terminal.print_summary(
                stderr(), account.by_sender, account.by_purpose, account.by_month, account.by_kind
            )
            _end(account.counts, account.interrupted)
            return
        with _passed_over(others):
            runs = [rate_inbox(p, advice=advice and output is not None, **settings) for p in paths]
    except (OSError, ValueError) as error:
        stop(str(error))
    counts: Counter[str] = Counter()
    shown: list[Rating] = []
    interrupted = False
    try:
        with _progress(paths) as advance, _passed_over(others):
            for rating in chain.from_iterable(runs):
                counts[rating.status] += 1
                if output:
                    print(json.dumps(rating.to_row()))
                elif len(shown) < MAX_SHOWN:
                    shown.append(rating)
                advance()
    except KeyboardInterrupt:
        interrupted = True
    if not output:
        Console(width=None if sys.stdout.isatty() else 160).print(terminal.ratings_table(shown))
    hidden = sum(counts.values()) - len(shown)
    more = f"{hidden} more are not shown, see --output" if hidden and not output else ""
    _summarise(counts, more, 0, interrupted, others)
    _end(counts, interrupted)


def _summarise(
    counts: Mapping[str, int], more: str, left_out: int, interrupted: bool, others: Collection[str]
) -> None:
    """Say how many items there were and what became of them."""
    parts = [
        f"{counts.get(status, 0)} {status.replace('_', ' ')}" for status in ("rated", "set_aside", "failed")
    ]
    said = [f"{sum(counts.values())} messages: {', '.join(parts)}", more]
    if left_out:
        said.append(f"{left_out} not selected")
    if others:
        named = ", ".join(sorted(PurePath(other).name for other in others)[:3])
        hold = "file holds no message and was" if len(others) == 1 else "files hold no message and were"
        said.append(f"{len(others)} {hold} passed over ({named}{', ...' if len(others) > 3 else ''})")
    if interrupted:
        said.append("stopped by Ctrl-C")
    stderr().print("; ".join(filter(None, said)), highlight=False)


def _end(counts: Mapping[str, int], interrupted: bool) -> None:
    if interrupted:
        raise typer.Exit(Exit.INTERRUPTED)
    if counts.get("failed"):
        raise typer.Exit(Exit.SOME_FAILED)


@contextmanager
def _passed_over(found: dict[str, None]) -> Iterator[None]:
    """Put into ``found`` the files of folders and archives that hold no message, as the readers log them."""

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.update(dict.fromkeys(map(str, record.args or ())))

    log, keeper = logging.getLogger("authentic_outreach.mailboxes"), Keeper()
    before = log.level
    log.addHandler(keeper)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(keeper)
        log.setLevel(before)


@contextmanager
def _progress(paths: list[Path]) -> Iterator[Callable[[], object]]:
    """A progress bar on standard error where that is a terminal, moved by each call; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from authentic_outreach.mailboxes import estimate_count

    columns = (
        TextColumn("{task.completed:.0f} of about {task.total:.0f} messages"), BarColumn(),
        TextColumn("{task.fields[rate]:.0f}/s"), TimeElapsedColumn(), TextColumn("left:"), TimeRemainingColumn(),
    )  # fmt: skip
    total = sum(estimate_count(path) for path in paths if path.exists())
    with Progress(*columns, console=stderr(), transient=True) as progress:
        task = progress.add_task("rating", total=total, rate=0.0)
        yield lambda: progress.update(task, advance=1, rate=progress.tasks[0].speed or 0.0)


def explain(
    file: Annotated[str, typer.Argument(help="A draft: a text file, or - for standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the row as JSON instead.")] = False,
    subject: Annotated[
        str | None, typer.Option(help="The subject; else a first line 'Subject: ...'.")
    ] = None,
    svg: Annotated[Path | None, typer.Option(help="Also draw what is shown as an SVG picture.")] = None,
) -> None:
    """Explain the rating of one draft: its words underlined, contributions, and advice."""
    from dataclasses import replace

    if svg is not None and svg.suffix.lower() != ".svg":
        stop(f"--svg {svg}: the picture is SVG; end its name in .svg")
    if svg is not None and not svg.parent.is_dir():
        stop(f"--svg {svg}: there is no folder {svg.parent}; make it first")
    if file == "-":
        text = decode_text(sys.stdin.buffer.read(MAX_STDIN_CHARS))
        message = draft_message(text, identity="-", source="standard input")
    else:
        from authentic_outreach.mailboxes import read_messages
        from authentic_outreach.messages import Failure

        try:
            messages = iter(read_messages(file))
            first, second = next(messages, None), next(messages, None)
        except (OSError, ValueError) as error:
            stop(str(error))
        if first is None or isinstance(first, Failure):
            stop(f"{file}: {first.reason if first else 'no message in this file'}")
        message = first
        if second is not None:
            stderr().print(
                f"{file} holds more messages; this is the first. 'authentic-outreach rate' rates them all",
                highlight=False,
            )
    if subject is not None:
        message = replace(message, subject=subject)
    rating = rate(message)
    if as_json:
        print(json.dumps(rating.to_row(), indent=1))
    if svg or not as_json:
        out = Console(
            record=svg is not None, width=100 if svg else None, file=StringIO() if as_json else None
        )
        out.print(terminal.explanation(rating))
    if svg:
        out.save_svg(str(svg), title="authentic-outreach explain")
