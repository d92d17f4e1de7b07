"""Several processes give what one gives; a worker that dies, or never ends, takes nothing with it."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest

import authentic_outreach as ao
from authentic_outreach.workers import map_in_workers


@dataclass(frozen=True)
class Square:
    """Squares numbers; an item told so kills its worker, or keeps it busy for an hour."""

    deadly: int = -1
    deadly_once: tuple[int, str] = (-1, "")
    endless: int = -1

    def __call__(self, item):
        marked, mark = self.deadly_once
        if item == self.deadly or (item == marked and not os.path.exists(mark)):
            if item == marked:
                open(mark, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
        if item == self.endless:
            time.sleep(3600)
        return item * item

    def lost(self, item, reason):
        return f"{item}: {reason}"


def test_ratings_are_the_same_to_the_bit_whatever_the_path(corpus):
    messages = [example.message for example in corpus]
    one_by_one = [ao.rate(message, advice=False) for message in messages]
    assert list(ao.rate_messages(messages)) == one_by_one
    assert list(ao.rate_messages(messages, workers=2)) == one_by_one


def test_an_inbox_comes_out_the_same_from_two_workers(root):
    path = root / "data" / "samples" / "inbox.mbox"
    assert list(ao.rate_inbox(path, workers=2)) == list(ao.rate_inbox(path))


def test_an_item_that_kills_its_worker_is_found_and_takes_nothing_with_it():
    found = list(map_in_workers(Square(deadly=70), range(200), 2))
    assert found[70].startswith("70: it ended its worker")
    assert [r for r in found if isinstance(r, int)] == [n * n for n in range(200) if n != 70]


def test_a_worker_killed_once_loses_nothing(tmp_path):
    task = Square(deadly_once=(70, str(tmp_path / "died")))
    assert list(map_in_workers(task, range(200), 2)) == [n * n for n in range(200)]
    assert (tmp_path / "died").exists()


def test_an_item_that_never_ends_is_given_up():
    found = list(map_in_workers(Square(endless=3), range(10), 2, seconds=2.0))
    assert found[3] == "3: it took too long, and its worker was stopped"
    assert found[4:] == [n * n for n in range(4, 10)]


def test_items_are_read_only_a_little_ahead():
    taken = []

    def items():
        for n in range(100_000):
            taken.append(n)
            yield n

    results = map_in_workers(Square(), items(), 2)
    assert next(results) == 0
    assert len(taken) < 2_000
    results.close()


def test_no_worker_is_refused():
    with pytest.raises(ValueError, match="workers must be 1 or more, not 0"):
        ao.rate_messages(["hello"], workers=0)


def test_control_c_ends_with_a_summary(tmp_path):
    table = tmp_path / "many.jsonl"
    line = '{"body": "Hi Ana, we have a few spots left for our demo, so book a call with us this week."}\n'
    table.write_text(line * 200_000, encoding="utf-8")
    output = tmp_path / "rows.jsonl"
    command = ["rate", str(table), "--workers", "2", "--output", str(output)]
    run = subprocess.Popen(
        [sys.executable, "-m", "authentic_outreach", *command], stderr=subprocess.PIPE, start_new_session=True
    )
    for _ in range(600):
        time.sleep(0.1)
        if output.exists() and output.stat().st_size:
            break
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=30)
    assert run.returncode == 130
    assert b"stopped by Ctrl-C" in said
    assert b"Traceback" not in said
    assert output.read_bytes().endswith(b"}\n")
