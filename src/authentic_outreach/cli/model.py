"""The commands about the model: ``train``, ``evaluate``, and ``cues``, which lists what it looks for."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from authentic_outreach.cli.exits import stop
from authentic_outreach.evidence import CUES
from authentic_outreach.persistence import load_model, save_model


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
        stop(str(error))
    typer.echo(str(path))


def evaluate(
    data: Annotated[Path | None, typer.Option(help="The data folder; by default the checkout's.")] = None,
    real: Annotated[
        Path | None, typer.Option(help="A JSONL of read messages: body, and readings or label.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON instead.")] = False,
    final: Annotated[
        bool,
        typer.Option(
            help="Measure the frozen test split, once a release, and keep the figures for the card."
        ),
    ] = False,
    write: Annotated[
        Path | None, typer.Option(help="Write evaluation.md into this folder, and the card beside the model.")
    ] = None,
) -> None:
    """Measure the rating on held-out groups of the corpus, on read messages of your own, or on the frozen test split."""
    from datetime import date

    from rich.table import Table

    from authentic_outreach.comparisons import ABLATIONS, MODELS, compare, splits
    from authentic_outreach.datasets import data_dir, load_corpus, load_read_messages, load_test_split
    from authentic_outreach.evaluation import (
        OURS,
        agreement,
        coverage_table,
        cross_validate,
        error_classes,
        evaluate_corpus,
        evaluate_final,
        evaluate_real,
        evaluate_slices,
        evaluate_transfer,
        learning_curve,
        raters,
        reliability_table,
        transfer_mask,
    )
    from authentic_outreach.fairness import exchange_table
    from authentic_outreach.metrics import reliability
    from authentic_outreach.reports.pages import evaluation_page, model_card
    from authentic_outreach.reports.plots import plot_reliability
    from authentic_outreach.robustness import disguises_table, load_failures, load_slips, shift_of_slips

    try:
        folder = data or data_dir()
        corpus = load_corpus(folder)
        read = load_read_messages(real) if real else []
        model = load_model()
        kept = folder.parent / "models" / "final.json"
        if final:
            on_test = evaluate_final(load_test_split(folder), corpus, model)
            texts = {
                title: {rater: {m: str(f) for m, f in row.items()} for rater, row in table.items()}
                for title, table in on_test.items()
            }
            document = {"date": date.today().isoformat(), "model": model.identity, "figures": texts}
            kept.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
            print(json.dumps(document, indent=1))
            return
        on_real = evaluate_real(read, corpus, model) if real else {}
        size = f"{len(corpus)} messages in {len({e.scenario for e in corpus})} scenarios"
        on_corpus = evaluate_corpus(corpus) if write or not real else {}
        if write:
            parts = splits(corpus, transfer_mask(corpus), read)
            ablations = compare(parts, ABLATIONS)
            page = evaluation_page(
                on_corpus, size, evaluate_transfer(corpus), on_real, agreement(folder),
                learning_curve(corpus, read) if read else {}, error_classes(read, model, folder) if read else [],
                {"Models compared": compare(parts, MODELS), "What each part is worth": ablations},
                disguises_table(corpus, model),
            )  # fmt: skip
            (write / "evaluation.md").write_text(page, encoding="utf-8")
            frozen = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else None
            held_out = cross_validate(corpus, raters()[OURS])
            card = model_card(
                model, on_corpus, on_real.get("all"), frozen, evaluate_slices(held_out, corpus),
                reliability_table(held_out), coverage_table(held_out), ablations, exchange_table(corpus, model),
                shift_of_slips(load_slips(folder, corpus), model), load_failures(folder),
            )  # fmt: skip
            (folder.parent / "models" / "CARD.md").write_text(card, encoding="utf-8")
            plot_reliability(reliability(held_out), folder.parent / "models" / "reliability.svg")
        tables = {f"corpus: {size}, grouped folds": on_corpus} if on_corpus else {}
        tables |= {f"{real}: {title}": table for title, table in on_real.items()}
    except (OSError, ValueError) as error:
        stop(str(error))
    if as_json:
        print(json.dumps(tables, indent=1))
        return
    out = Console(width=None if sys.stdout.isatty() else 160)
    for title, rows in tables.items():
        names = list(next(iter(rows.values())))
        table = Table("rater", *names, title=title, box=None, title_justify="left")
        for name, figures in rows.items():
            table.add_row(name, *(str(figures[metric]) for metric in names))
        out.print(table)


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
