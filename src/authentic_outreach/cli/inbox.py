"""The commands that look at an inbox as a whole: ``senders`` over time, and the ``templates`` they sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from authentic_outreach.cli.exits import stderr, stop
from authentic_outreach.messages import Message
from authentic_outreach.reports.terminal import one_line

Paths = Annotated[list[Path], typer.Argument(help="Mailboxes, tables, archives, or folders of these.")]
Owner = Annotated[list[str] | None, typer.Option(help="An address of the mailbox's owner.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead, all of it.")]


def templates(
    paths: Paths,
    owner: Owner = None,
    copies: Annotated[int, typer.Option(min=2, help="Fewest copies of a template that is shown.")] = 2,
    limit: Annotated[int, typer.Option(min=1, help="Templates shown at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Recover the templates behind cold messages: what stays, and what was filled in for each reader."""
    from authentic_outreach.templates import recover_templates

    try:
        found = recover_templates(_cold(paths, owner), copies)
    except (OSError, ValueError) as error:
        stop(str(error))
    if as_json:
        print(json.dumps([_template_row(template) for template in found], indent=1))
        return
    out = Console(width=None if _is_terminal() else 120)
    for template in found[:limit]:
        out.print(Text(template.summary(), "bold"))
        out.print(Text(one_line(template.text, 400)))
        for copy in template.copies[:4]:
            fills = " | ".join(one_line(fill, 40) for fill in copy.fills if fill)
            out.print(
                Text(f"  {one_line(copy.recipient or copy.id, 40)}: {fills or 'nothing of its own'}", "dim")
            )
        out.print()
    stderr().print(f"{len(found)} templates with {copies} copies and more", highlight=False)


def senders(
    paths: Paths,
    owner: Owner = None,
    plot: Annotated[
        Path | None, typer.Option(help="A folder for a picture of each sender with two touches and more.")
    ] = None,
    company: Annotated[
        bool, typer.Option("--company", help="Take all senders of one company for one.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Senders shown at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Follow each sender of cold messages over time: touches, gaps, pressure, and a score of the sequence."""
    from authentic_outreach.accounts import rate_inbox
    from authentic_outreach.cadence import follow_senders

    try:
        found = follow_senders(
            (rating for path in paths for rating in rate_inbox(path, owner=owner or ())),
            "company" if company else "person",
        )
        if plot:
            from authentic_outreach.reports.plots import plot_year

            plot.mkdir(parents=True, exist_ok=True)
            drawn = [c for c in found if len(c.touches) > 1 and any(t.date for t in c.touches)]
            for number, cadence in enumerate(drawn, 1):
                name = re.sub(r"[^\w.-]+", "-", cadence.sender).strip("-.")[:60]
                plot_year(cadence).figure.savefig(plot / f"{number:03d}-{name}.svg")  # type: ignore[union-attr]  # never a sub-figure here
            stderr().print(f"{len(drawn)} pictures in {plot}", highlight=False)
    except (OSError, ValueError) as error:
        stop(str(error))
    if as_json:
        print(json.dumps([_cadence_row(cadence) for cadence in found], indent=1))
        return
    table = Table("score", "sender", "touches", "in a year", "pressure", "why", box=None, pad_edge=False)
    for cadence in found[:limit]:
        table.add_row(
            f"{cadence.score:.0f}", Text(one_line(cadence.sender, 40)), str(len(cadence.touches)), str(cadence.in_a_year),
            cadence.trend, Text(one_line("; ".join(cadence.reasons), 120)),
        )  # fmt: skip
    Console(width=None if _is_terminal() else 160).print(table)
    stderr().print(f"{len(found)} senders", highlight=False)


def _cold(paths: list[Path], owner: list[str] | None) -> Iterator[Message]:
    from authentic_outreach.inbox import cold_messages, mail_task

    for path in paths:
        yield from cold_messages(path, None, mail_task(path, None, False, owner or (), False, None, None))


def _template_row(template: Any) -> dict[str, Any]:
    copies = [
        {
            "id": c.id,
            "sender": c.sender,
            "recipient": c.recipient,
            "fills": c.fills,
            "own_words": c.own_words,
            "words": c.words,
        }
        for c in template.copies
    ]
    return {"text": template.text, "senders": template.senders, "copies": copies}


def _cadence_row(cadence: Any) -> dict[str, Any]:
    touches = [
        {
            "id": t.rating.id, "date": t.date.isoformat() if t.date else None, "score": t.rating.score,
            "new_share": t.new_share, "last_chance": t.last_chance, "pressure": t.pressure,
        }
        for t in cadence.touches
    ]  # fmt: skip
    names = (
        "sender",
        "addresses",
        "channels",
        "gaps",
        "in_a_year",
        "trend",
        "last_chances",
        "bumps",
        "score",
        "reasons",
    )
    return {name: getattr(cadence, name) for name in names} | {"touches": touches}


def _is_terminal() -> bool:
    import sys

    return sys.stdout.isatty()
