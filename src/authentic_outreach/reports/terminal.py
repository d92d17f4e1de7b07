"""Ratings for people at a terminal, drawn with Rich; control codes of messages never reach it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from authentic_outreach.rating import Rating

STYLES = {"authentic": "green", "mixed": "yellow", "clumsy": "red", "unsure": "dim"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without control codes, reordering marks and lone surrogates, each shown as ``·``.

    >>> clean("a\\x1b[31mb")
    'a·[31mb'
    """
    return _CONTROL.sub("·", text)


def one_line(text: str | None, width: int) -> str:
    """Cleaned text on one line, cut to ``width`` characters."""
    words = " ".join(clean(text or "").split())
    return words if len(words) <= width else words[: width - 1] + "…"


def ratings_table(ratings: Iterable[Rating]) -> Table:
    """A table of ratings: score, label, sender, subject, reason."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("label", no_wrap=True)
    table.add_column("from", max_width=22, no_wrap=True, overflow="ellipsis")
    table.add_column("subject", max_width=34, no_wrap=True, overflow="ellipsis")
    table.add_column("why", ratio=1)
    for rating in ratings:
        message = rating.message
        label = rating.label if rating.status == "rated" else rating.status.replace("_", " ")
        sender = (message.sender.name or message.sender.address) if message.sender else ""
        table.add_row(
            "" if rating.score is None else f"{rating.score:.0f}",
            Text(label, STYLES[rating.label]),
            Text(one_line(sender, 40)),
            Text(one_line(message.subject or message.body[:200] or message.id, 60)),
            Text(one_line(rating.reason, 160)),
        )
    return table


def explanation(rating: Rating, contributions: int = 8) -> RenderableType:
    """One rating in full: the text with its evidence underlined, contributions, advice."""
    if rating.score is None:
        return Text.assemble((f"{rating.status.replace('_', ' ')}: ", "bold"), clean(rating.reason))
    head = Text.assemble(
        (f"{rating.score:.0f} of 100, {rating.label}", f"bold {STYLES[rating.label]}"),
        f"\n{clean(rating.reason)}",
    )
    parts: list[RenderableType] = [head, Text(), marked_text(rating), Text()]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("what")
    table.add_column("log-odds", justify="right")
    table.add_column("words")
    table.add_row("baseline", f"{rating.baseline:+.2f}", "")
    ranked = sorted(rating.contributions.items(), key=lambda item: -abs(item[1]))
    shown = [(name, value) for name, value in ranked if value][:contributions]
    words: dict[str, list[str]] = {}
    for item in rating.evidence:
        words.setdefault(item.cue, []).append(one_line(item.text, 40))
    for name, value in shown:
        style = "green" if value > 0 else "red"
        table.add_row(name, Text(f"{value:+.2f}", style), Text(", ".join(words.get(name, [])[:3])))
    rest = sum(value for name, value in ranked if name not in dict(shown))
    table.add_row("all others", f"{rest:+.2f}", "")
    parts.append(table)
    if rating.advice:
        advised = Table(box=None, pad_edge=False, show_header=False)
        advised.add_column(justify="right", style="green", no_wrap=True)
        advised.add_column()
        for advice in rating.advice:
            where = f" (in {1 + len(advice.again)} places)" if advice.again else ""
            advised.add_row(
                _points(advice.gain), Text(f"{one_line(advice.words, 60)!r}{where}: {advice.text}")
            )
        advised.add_row(_points(rating.advice_gain), Text("if all of it is followed", "bold"))
        parts += [Text(), Text("Advice, with the points gained if the words go", "bold"), advised]
    return Group(*parts)


def _points(gain: float) -> Text:
    return Text(f"+{gain:.1f}" if gain >= 0.05 else "<0.1")


def marked_text(rating: Rating) -> Text:
    """Subject and body, evidence underlined in the colour of its side."""
    message = rating.message
    out = Text()
    for part, text in (("subject", message.subject or ""), ("body", message.body[:20_000])):
        if not text:
            continue
        piece = Text(clean(text))
        for item in rating.evidence:
            if item.part == part:
                colour = "green" if item.contribution > 0 else "red" if item.contribution < 0 else "yellow"
                piece.stylize(f"underline {colour}", item.start, item.end)
        out.append_text(Text("Subject: ", "bold") + piece + "\n\n" if part == "subject" else piece)
    return out


def print_error(console: Console, text: str) -> None:
    """An error in words, on one console."""
    console.print(f"[red]error:[/red] {escape(clean(text))}", highlight=False)


def print_summary(
    console: Console,
    by_sender: Mapping[str, tuple[int, float]],
    by_purpose: Mapping[str, tuple[int, float]],
    by_month: Mapping[str, tuple[int, float]],
    by_kind: Mapping[str, int],
) -> None:
    """How many messages of each kind; the senders with most messages, purposes and months, each with its mean score."""
    if set(by_kind) - {"not asked"}:
        console.print(
            "kinds: " + ", ".join(f"{number} {kind}" for kind, number in by_kind.items()), highlight=False
        )
    tables = {
        "sender": list(by_sender.items())[:10],
        "purpose": list(by_purpose.items()),
        "month": list(by_month.items())[-24:],
    }
    for title, groups in tables.items():
        if len(groups) > 1:
            table = Table(title, "messages", "mean score", box=None)
            for name, (number, score) in groups:
                table.add_row(Text(one_line(name, 60)), str(number), f"{score:.0f}")
            console.print(table)
