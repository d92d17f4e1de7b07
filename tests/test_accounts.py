"""An export rated into a file: accounted for, resumed, and the same whatever interrupts it."""

import json
import multiprocessing
import os
import random
import signal
import sqlite3
import time

import pandas as pd
import pytest

import authentic_outreach as ao

LINE = "Hi {0}, your table of drying times saved us {1} planks. How long do you let larch stand? We have a few spots left, so book a call."


@pytest.fixture
def table(tmp_path):
    """A table of 400 messages, three of them the same, one of them no text."""
    rows = [{"id": str(n), "body": LINE.format(f"Ana{n % 7}", n), "sender": f"s{n % 5}@example.com",
             "date": f"2026-0{1 + n % 3}-02"} for n in range(397)]  # fmt: skip
    rows += [{"body": LINE.format("Twin", 2)}] * 2 + [{"id": "x", "body": 7}]
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def test_rows_are_those_of_rate_inbox_and_add_up(table, tmp_path):
    account = ao.rate_inbox(table, tmp_path / "rows.jsonl", advice=False)
    assert account.counts == {"rated": 399, "failed": 1}
    assert (account.rows, account.new, account.left_out) == (400, 400, 0)
    rows = [json.loads(line) for line in lines(tmp_path / "rows.jsonl")]
    assert rows == [json.loads(json.dumps(r.to_row())) for r in ao.rate_inbox(table)]
    assert len({row["id"] for row in rows}) == 400
    assert list(account.by_month) == ["2026-01", "2026-02", "2026-03", "unknown"]
    assert account.by_sender["s0@example.com"][0] == 80


def test_a_second_run_rates_only_what_is_new(table, tmp_path):
    output = tmp_path / "rows.jsonl"
    ao.rate_inbox(table, output, advice=False)
    first = lines(output)
    with table.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "new", "body": LINE.format("Eva", 1)}) + "\n")
    account = ao.rate_inbox(table, output, advice=False)
    assert account.new == 1
    assert lines(output)[:400] == first
    model = ao.load_model()
    changed = type(model)(
        **{f: getattr(model, f) for f in model.__slots__} | {"intercept": model.intercept + 1}
    )
    assert ao.rate_inbox(table, output, advice=False, model=changed).new == 401, "a new model rates anew"


def test_workers_write_the_same_file(table, tmp_path):
    ao.rate_inbox(table, tmp_path / "one.jsonl", advice=False)
    ao.rate_inbox(table, tmp_path / "two.jsonl", advice=False, workers=2)
    assert lines(tmp_path / "one.jsonl") == lines(tmp_path / "two.jsonl")


def killed_run(table, output, seconds):
    """Rate in a process of its own, and kill it after some time; True if it was still at work."""
    process = multiprocessing.get_context("fork").Process(
        target=ao.rate_inbox, args=(table, output), kwargs={"advice": False}
    )
    process.start()
    process.join(seconds)
    alive = process.is_alive()
    if alive:
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    return alive


@pytest.mark.filterwarnings(
    "ignore:This process:DeprecationWarning"
)  # fork beside threads, on Python 3.12 and later
def test_killed_at_fifty_random_moments_nothing_is_lost_and_nothing_double(table, tmp_path):
    ao.rate_inbox(table, tmp_path / "whole.jsonl", advice=False)
    rng, killed, n = random.Random(7), 0, 0
    while killed < 50:
        n += 1
        output = tmp_path / f"rows{n}.jsonl"
        for _ in range(4):  # the same command again and again, each time killed somewhere
            killed += killed_run(table, output, rng.uniform(0.0, 0.25))
            if output.exists():
                assert lines(output) == lines(tmp_path / "whole.jsonl"), "an output is whole or not there"
        ao.rate_inbox(table, output, advice=False)
        assert lines(output) == lines(tmp_path / "whole.jsonl")
        assert n < 60, "the runs end before they are killed"


def test_selection_leaves_out_and_says_so(table, tmp_path):
    from datetime import date

    chosen = ao.Selection(since=date(2026, 2, 1), until=date(2026, 2, 28), sender="s1@")
    account = ao.rate_inbox(table, tmp_path / "rows.jsonl", advice=False, selection=chosen)
    rows = [json.loads(line) for line in lines(tmp_path / "rows.jsonl")]
    assert {row["sender"] for row in rows if row["status"] == "rated"} == {"s1@example.com"}
    assert {row["date"][:7] for row in rows if row["date"]} == {"2026-02"}
    assert account.left_out + account.rows == 400
    assert ao.rate_inbox(table, tmp_path / "few.jsonl", advice=False, limit=5).rows == 5


def test_every_kind_of_file_holds_the_same_rows(table, tmp_path):
    for suffix in ("jsonl", "csv", "parquet", "sqlite"):
        ao.rate_inbox(table, tmp_path / f"rows.{suffix}", advice=False, limit=50)
    ids = [json.loads(line)["id"] for line in lines(tmp_path / "rows.jsonl")]
    assert list(pd.read_csv(tmp_path / "rows.csv", dtype=str)["id"]) == ids
    assert list(pd.read_parquet(tmp_path / "rows.parquet")["id"]) == ids
    database = sqlite3.connect(tmp_path / "rows.sqlite")
    assert [i for (i,) in database.execute("SELECT id FROM ratings")] == ids
    query = "SELECT COUNT(*) FROM ratings_fts WHERE ratings_fts MATCH 'example'"
    assert database.execute(query).fetchone()[0] == 50
    database.close()


def test_a_place_that_cannot_be_written_is_named(table, tmp_path):
    (tmp_path / "rows.jsonl.state").mkdir()
    with pytest.raises(OSError, match=r"rows\.jsonl\.state: unable to open .* run the same command again"):
        ao.rate_inbox(table, tmp_path / "rows.jsonl")
    with pytest.raises(ValueError, match="cannot tell the format"):
        ao.rate_inbox(table, tmp_path / "rows.xls")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device here")
def test_a_full_disk_ends_with_what_to_do(table, tmp_path):
    ao.rate_inbox(table, tmp_path / "rows.jsonl", advice=False, limit=10)
    (tmp_path / "rows.jsonl").unlink()
    os.symlink("/dev/full", tmp_path / "rows.jsonl.part")
    with pytest.raises(OSError, match="No space left"):
        ao.rate_inbox(table, tmp_path / "rows.jsonl", advice=False, limit=10)
    account = ao.rate_inbox(table, tmp_path / "rows.jsonl", advice=False, limit=10)
    assert (account.rows, account.new) == (10, 0)


def test_time_spent_a_second_time_is_small(table, tmp_path):
    """Not a benchmark: a second run must not do the work again, whatever the machine."""
    begun = time.process_time()
    ao.rate_inbox(table, tmp_path / "rows.jsonl")
    first = time.process_time() - begun
    begun = time.process_time()
    assert ao.rate_inbox(table, tmp_path / "rows.jsonl").new == 0
    assert time.process_time() - begun < first / 2


def test_no_file_that_was_not_written_here_is_replaced(table, tmp_path):
    with pytest.raises(ValueError, match="is itself to be rated"):
        ao.rate_inbox(table, table)
    notes = tmp_path / "notes.csv"
    notes.write_text("what,when\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"notes\.csv: is there already"):
        ao.rate_inbox(table, notes)
    assert notes.read_text(encoding="utf-8") == "what,when\n"
    with pytest.raises(ValueError, match="which is to be rated; choose a place outside of it"):
        ao.rate_inbox(tmp_path, tmp_path / "rows.jsonl")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        ao.rate_inbox(table, tmp_path / "none" / "rows.jsonl")
