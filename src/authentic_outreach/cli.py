"""The command line: results on standard output, words for people on standard error.

Exit codes: 0 done, 1 some messages failed, 2 wrong use, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from enum import IntEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from authentic_outreach.evidence import CUES
from authentic_outreach.mailboxes import FORMATS
from authentic_outreach.mailboxes.draft import decode_text, draft_message
from authentic_outreach.persistence import ModelError, load_model, package_version, save_model
from authentic_outreach.rating import Rating, rate
from authentic_outreach.reports import terminal
from authentic_outreach.reports.tables import Sink, open_sink

MAX_STDIN_CHARS = 5_000_000

app = typer.Typer(
    name="authentic-outreach",
    help="Rate how authentic or clumsy cold outreach reads, and see the words that made it so.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Exit(IntEnum):
    """What the exit code says."""

    DONE = 0
    SOME_FAILED = 1
    WRONG_USE = 2
    INTERRUPTED = 130


def _stderr() -> Console:
    return Console(stderr=True, soft_wrap=True)


def _stop(text: str) -> NoReturn:
    terminal.print_error(_stderr(), text)
    raise typer.Exit(Exit.WRONG_USE)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(package_version())
        raise typer.Exit(Exit.DONE)


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Rate how authentic or clumsy cold outreach reads, and see the words that made it so."""


@app.command("rate")
def rate_command(
    paths: Annotated[list[Path], typer.Argument(help="Drafts, mailboxes, tables, or folders of these.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write rows to a .jsonl, .csv or .parquet file.")
    ] = None,
    format: Annotated[str | None, typer.Option(help=f"One of {', '.join(FORMATS)}; told by content.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Rate mail that is no cold outreach, too.")
    ] = False,
    owner: Annotated[list[str] | None, typer.Option(help="An address of the mailbox's owner.")] = None,
    advice: Annotated[bool, typer.Option(help="Work out advice for the rows of --output.")] = True,
    workers: Annotated[int, typer.Option(min=1, help="Processes that parse and rate.")] = 1,
) -> None:
    """Rate every cold message of mailboxes, tables and drafts."""
    from authentic_outreach.inbox import rate_inbox

    try:
        runs = [
            rate_inbox(
                p,
                format=format,
                everything=everything,
                owner=owner or (),
                advice=advice and output is not None,
                workers=workers,
            )
            for p in paths
        ]
    except (OSError, ValueError) as error:
        _stop(str(error))
    counts: Counter[str] = Counter()
    shown: list[Rating] = []
    interrupted = False
    try:
        with ExitStack() as stack:
            sink: Sink | None = stack.enter_context(open_sink(output)) if output else None
            for rating in _with_progress((r for run in runs for r in run), paths):
                counts[rating.status] += 1
                if sink:
                    sink.write(rating)
                else:
                    shown.append(rating)
    except KeyboardInterrupt:
        interrupted = True
    except (OSError, ValueError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        _stop(str(error))
    if not output:
        out = Console(width=None if sys.stdout.isatty() else 160)
        out.print(terminal.ratings_table(shown))
    total = sum(counts.values())
    _stderr().print(
        f"{total} messages: {counts['rated']} rated, {counts['set_aside']} set aside, {counts['failed']} failed"
        + (f"; rows in {output}" if output else "")
        + ("; stopped by Ctrl-C" if interrupted else ""),
        highlight=False,
    )
    if interrupted:
        raise typer.Exit(Exit.INTERRUPTED)
    if counts["failed"]:
        raise typer.Exit(Exit.SOME_FAILED)


def _with_progress(ratings: Iterator[Rating], paths: list[Path]) -> Iterator[Rating]:
    """A progress bar on standard error where that is a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield from ratings
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from authentic_outreach.mailboxes import estimate_count

    columns = (
        TextColumn("{task.completed:.0f} of about {task.total:.0f} messages"), BarColumn(),
        TextColumn("{task.fields[rate]:.0f}/s"), TimeElapsedColumn(), TextColumn("left:"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=_stderr(), transient=True) as progress:
        task = progress.add_task("rating", total=sum(map(estimate_count, paths)), rate=0.0)
        for rating in ratings:
            progress.update(task, advance=1, rate=progress.tasks[0].speed or 0.0)
            yield rating


@app.command()
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

    if file == "-":
        text = decode_text(sys.stdin.buffer.read(MAX_STDIN_CHARS))
        message = draft_message(text, identity="-", source="standard input")
    else:
        from authentic_outreach.mailboxes import read_messages
        from authentic_outreach.messages import Failure

        try:
            first = next(iter(read_messages(file)), None)
        except (OSError, ValueError) as error:
            _stop(str(error))
        if first is None or isinstance(first, Failure):
            _stop(f"{file}: {first.reason if first else 'no message in this file'}")
        message = first
    if subject is not None:
        message = replace(message, subject=subject)
    rating = rate(message)
    if as_json:
        print(json.dumps(rating.to_row(), indent=1))
    else:
        out = Console(record=svg is not None, width=100 if svg else None)
        out.print(terminal.explanation(rating))
        if svg:
            out.save_svg(str(svg), title="authentic-outreach explain")


@app.command()
def train(
    data: Annotated[Path | None, typer.Option(help="The data folder; by default the checkout's.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where the model goes; by default models/.")] = None,
) -> None:
    """Fit the model from the data folder; the same data give the same file."""
    from authentic_outreach.datasets import data_dir
    from authentic_outreach.persistence import FILE_NAME
    from authentic_outreach.training import train as fit

    try:
        folder = data or data_dir()
        path = output or folder.parent / "models" / FILE_NAME
        save_model(fit(folder), path)
    except (OSError, ValueError) as error:
        _stop(str(error))
    typer.echo(str(path))


@app.command()
def evaluate(
    data: Annotated[Path | None, typer.Option(help="The data folder; by default the checkout's.")] = None,
    real: Annotated[
        Path | None, typer.Option(help="A JSONL of read messages: body, and readings or label.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON instead.")] = False,
    write: Annotated[
        Path | None, typer.Option(help="Write evaluation.md into this folder, and the card beside the model.")
    ] = None,
) -> None:
    """Measure the rating on held-out groups of the corpus, or on read messages of your own."""
    from rich.table import Table

    from authentic_outreach.datasets import data_dir, load_corpus, load_read_messages
    from authentic_outreach.evaluation import (
        agreement,
        error_classes,
        evaluate_corpus,
        evaluate_real,
        learning_curve,
    )
    from authentic_outreach.reports.pages import evaluation_page, model_card

    try:
        folder = data or data_dir()
        corpus = load_corpus(folder)
        read = load_read_messages(real) if real else []
        on_real = evaluate_real(read, corpus, load_model()) if real else {}
        size = f"{len(corpus)} messages in {len({e.scenario for e in corpus})} scenarios"
        on_corpus = evaluate_corpus(corpus) if write or not real else {}
        if write:
            page = evaluation_page(
                on_corpus, size, on_real, agreement(folder),
                learning_curve(corpus, read) if read else {}, error_classes(read, load_model(), folder) if read else [],
            )  # fmt: skip
            (write / "evaluation.md").write_text(page, encoding="utf-8")
            card = model_card(load_model(), on_corpus, on_real.get("all"))
            (folder.parent / "models" / "CARD.md").write_text(card, encoding="utf-8")
        tables = {f"corpus: {size}, grouped folds": on_corpus} if on_corpus else {}
        tables |= {f"{real}: {title}": table for title, table in on_real.items()}
    except (OSError, ValueError) as error:
        _stop(str(error))
    if as_json:
        print(json.dumps(tables, indent=1))
        return
    out = Console(width=None if sys.stdout.isatty() else 160)
    for title, raters in tables.items():
        names = list(next(iter(raters.values())))
        table = Table("rater", *names, title=title, box=None, title_justify="left")
        for name, figures in raters.items():
            table.add_row(name, *(str(figures[metric]) for metric in names))
        out.print(table)


@app.command()
def cues(
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON instead.")] = False,
) -> None:
    """List the eighteen cues: what counts, and what does not."""
    if as_json:
        print(json.dumps([cue._asdict() for cue in CUES], indent=1))
        return
    from rich.table import Table

    table = Table("cue", "group", "counts", "does not count", box=None)
    for cue in CUES:
        table.add_row(cue.name, cue.group, cue.counts, cue.does_not_count)
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def main() -> None:
    """Run the command line; a broken pipe ends quietly, a model that does not fit ends with its reason."""
    try:
        app(standalone_mode=True)
    except ModelError as error:
        terminal.print_error(_stderr(), str(error))
        sys.exit(Exit.WRONG_USE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.DONE)
