"""The command line: results on standard output, words for people on standard error.

Exit codes: 0 done, 1 some messages failed, 2 wrong use, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from authentic_outreach.cli.exits import Exit, stderr
from authentic_outreach.cli.inbox import senders, templates
from authentic_outreach.cli.model import cues, evaluate, train
from authentic_outreach.cli.rating import explain, rate_command
from authentic_outreach.persistence import ModelError, package_version
from authentic_outreach.reports import terminal

app = typer.Typer(
    name="authentic-outreach",
    help="Rate how authentic or clumsy cold outreach reads, and see the words that made it so.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("rate")(rate_command)
for command in (explain, senders, templates, train, evaluate, cues):
    app.command()(command)


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


def main() -> None:
    """Run the command line; a broken pipe ends quietly, a model that does not fit ends with its reason."""
    try:
        app(standalone_mode=True)
    except ModelError as error:
        terminal.print_error(stderr(), str(error))
        sys.exit(Exit.WRONG_USE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.DONE)
