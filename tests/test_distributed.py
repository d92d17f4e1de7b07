"""On a real Dask cluster of processes: the same ratings, and nothing lost when a worker or the cluster dies."""

import contextlib
import json
import os
import signal
import threading
import time

import pandas as pd
import pytest
from dask import bag, dataframe
from distributed import Client, LocalCluster

import authentic_outreach as ao
from authentic_outreach.distributed import NOTES, rate_bag, rate_frame, rate_shards

SHARDS, LINES = 8, 250


@pytest.fixture
def client():
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as cluster,
        Client(cluster) as found,
    ):
        yield found


@pytest.fixture
def shards(tmp_path, corpus):
    """JSON Lines files of texts of the corpus, each text with its number."""
    folder = tmp_path / "in"
    folder.mkdir()
    bodies = [e.message.body for e in corpus]
    for n in range(SHARDS):
        lines = [
            json.dumps({"id": f"{n}-{k}", "body": bodies[(n * LINES + k) % len(bodies)]})
            for k in range(LINES)
        ]
        (folder / f"part-{n}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def wait_for_notes(output, wanted):
    for _ in range(1200):
        if len(list((output / NOTES).glob("*.json"))) >= wanted:
            return
        time.sleep(0.05)
    raise AssertionError(f"fewer than {wanted} shards were finished in a minute")


def rows_of(output):
    return pd.concat(pd.read_parquet(p) for p in sorted(output.glob("*.parquet")))


def test_a_bag_and_a_frame_are_rated_as_messages_are(client, corpus):
    texts = [e.message.body for e in corpus][:120]
    expected = [rating.to_row() for rating in ao.rate_messages(texts)]
    rows = rate_bag(
        bag.from_sequence([ao.Message(t, id=str(n)) for n, t in enumerate(texts, 1)], npartitions=4)
    ).compute()
    assert rows == expected
    frame = pd.DataFrame({"text": [*texts, None]}, index=range(100, 221))
    rated = rate_frame(dataframe.from_pandas(frame, npartitions=3), body="text").compute()
    assert list(rated.index) == list(frame.index)
    assert list(rated["score"][:-1]) == [row["score"] for row in expected]
    assert rated["status"].iloc[-1] == "failed"
    with pytest.raises(ValueError, match="no column 'body' in the frame"):
        rate_frame(dataframe.from_pandas(frame, npartitions=1))


def test_a_worker_killed_in_the_middle_loses_nothing(client, shards, tmp_path):
    output = tmp_path / "out"
    found = {}
    run = threading.Thread(
        target=lambda: found.update(rate_shards(f"{shards}/*.jsonl", str(output), client=client))
    )
    run.start()
    wait_for_notes(output, 1)
    os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
    run.join(timeout=120)
    assert found["counts"] == {"rated": SHARDS * LINES}
    rows = rows_of(output)
    assert sorted(rows["id"]) == sorted(f"{n}-{k}" for n in range(SHARDS) for k in range(LINES))
    expected = list(ao.rate_inbox(shards / "part-3.jsonl"))
    one = rows[rows["id"].str.startswith("3-")]
    assert list(one["score"]) == [r.score for r in expected]
    assert not list(output.rglob("*.part"))


def test_a_new_cluster_goes_on_where_the_old_one_ended(shards, tmp_path):
    output = tmp_path / "out"

    def run(cluster_dies):
        with (
            LocalCluster(
                n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
            ) as cluster,
            Client(cluster) as client,
        ):
            if not cluster_dies:
                return rate_shards(f"{shards}/*.jsonl", str(output), client=client)
            thread = threading.Thread(target=attempt, args=(client,))
            thread.start()
            wait_for_notes(output, 2)
        thread.join(timeout=60)

    def attempt(client):
        with contextlib.suppress(BaseException):  # the scheduler is gone: whatever the client says of it
            rate_shards(f"{shards}/*.jsonl", str(output), client=client)

    run(cluster_dies=True)
    first = {p.name: p.stat().st_mtime_ns for p in output.glob("*.parquet")}
    done = {p.stem for p in (output / NOTES).glob("*.json")}
    assert 2 <= len(done) < SHARDS
    assert not (output / "manifest.json").exists()
    manifest = run(cluster_dies=False)
    assert manifest["counts"] == {"rated": SHARDS * LINES}
    assert json.loads((output / "manifest.json").read_text()) == manifest
    for name, written in first.items():
        if name.removesuffix(".parquet") in done:
            assert (output / name).stat().st_mtime_ns == written, "a finished shard was rated again"


def test_a_shard_that_cannot_be_read_is_a_row(client, shards, tmp_path):
    (shards / "part-0.jsonl").write_bytes(b"")
    manifest = rate_shards([f"{shards}/part-[01].jsonl"], str(tmp_path / "out"), client=client)
    assert manifest["counts"] == {"failed": 1, "rated": LINES}
    rows = rows_of(tmp_path / "out")
    assert "the file is empty" in rows[rows["status"] == "failed"]["reason"].iloc[0]
    with pytest.raises(FileNotFoundError, match="no such file"):
        rate_shards(f"{shards}/none-*.jsonl", str(tmp_path / "out"), client=client)
