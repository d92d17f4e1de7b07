"""The command line as its users run it: in a process of its own."""

import csv
import json
import shutil
import subprocess
import sys

import pandas as pd
import pytest

import authentic_outreach as ao
from authentic_outreach.rating import SCHEMA

ROW = ["id", "status", "reason", "score", "label", "subject", "sender", "date", "channel", "kind", "purpose",
       "features", "evidence", "advice", "model", "schema"]  # fmt: skip


def run(*args, stdin=None):
    return subprocess.run(
        [sys.executable, "-m", "authentic_outreach", *map(str, args)],
        input=stdin, capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip


def test_rates_the_sample_mailbox(samples):
    done = run("rate", samples / "inbox.mbox")
    assert done.returncode == 0
    assert "16 messages: 11 rated, 5 set aside, 0 failed" in done.stderr
    assert "The steamed planks" in done.stdout
    assert "bulk mail" in done.stdout


def test_all_rates_what_is_set_aside_otherwise(samples):
    done = run("rate", samples / "inbox.mbox", "--all")
    assert "16 messages: 15 rated, 1 set aside" in done.stderr  # the bounce speaks to nobody


def test_files_that_hold_no_message_are_named(samples, tmp_path):
    folder = tmp_path / "export"
    shutil.copytree(samples, folder)
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    archive = shutil.make_archive(tmp_path / "packed", "zip", folder)
    for path in (folder, archive):
        for output in ((), ("--output", tmp_path / "rows.jsonl")):
            done = run("rate", path, *output)
            assert "1 file holds no message and was passed over (logo.png)" in " ".join(done.stderr.split())


def test_jsonl_rows_follow_the_schema(samples, tmp_path):
    out = tmp_path / "rows.jsonl"
    done = run("rate", samples / "inbox.mbox", samples / "messages.csv", "--output", out)
    assert done.returncode == 0
    assert done.stdout == ""
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 24
    assert all(list(row) == ROW and row["schema"] == SCHEMA for row in rows)
    messages = [*ao.read_messages(samples / "inbox.mbox"), *ao.read_messages(samples / "messages.csv")]
    assert [row["id"] for row in rows] == [m.id for m in messages]
    for row, message in zip(rows, messages, strict=True):
        for item in row["evidence"]:
            part = message.subject if item["part"] == "subject" else message.body
            assert part[item["start"] : item["end"]] == item["text"]
    assert any(row["advice"] for row in rows)


def test_csv_rows_hold_no_formula(samples, tmp_path):
    out = tmp_path / "rows.csv"
    run("rate", samples / "messages.csv", "--output", out)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ROW
    assert rows[3]["subject"].startswith("'=HYPERLINK")
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]
    assert [row["status"] for row in rows] == ["rated"] * 6 + ["set_aside"] * 2


def test_parquet_rows_are_those_of_csv(samples, tmp_path):
    run("rate", samples / "messages.csv", "-o", tmp_path / "rows.parquet")
    run("rate", samples / "messages.csv", "-o", tmp_path / "rows.csv")
    parquet, table = pd.read_parquet(tmp_path / "rows.parquet"), pd.read_csv(tmp_path / "rows.csv")
    assert list(parquet.columns) == ROW
    assert parquet["score"].tolist() == pytest.approx(table["score"].tolist(), nan_ok=True)


def test_explain_shows_words_score_and_advice(samples):
    done = run("explain", samples / "drafts" / "clumsy.txt")
    assert done.returncode == 0
    for words in ("of 100, clumsy", "Hi {{first_name}}", "baseline", "Advice"):
        assert words in done.stdout


def test_explain_reads_standard_input_and_writes_json():
    text = "Subject: larch\n\nHello Marek, how long do you let your larch stand before glueing?"
    done = run("explain", "-", "--json", stdin=text)
    row = json.loads(done.stdout)
    assert list(row) == ROW
    assert row["subject"] == "larch"


def test_explain_draws_a_picture(samples, tmp_path):
    run("explain", samples / "drafts" / "clumsy.txt", "--svg", tmp_path / "a.svg")
    assert "</svg>" in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_control_codes_never_reach_the_terminal():
    done = run("explain", "-", stdin="Hi \x1b[31mMarek\x07, would you tell me how you dry your larch?\x9b1A")
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout
    assert "\x9b" not in done.stdout


def test_cues_lists_the_eighteen():
    assert len(json.loads(run("cues", "--json").stdout)) == 18
    assert "false_familiarity" in run("cues").stdout


@pytest.mark.parametrize("command", ["rate", "explain", "train", "evaluate", "cues"])
def test_every_command_has_help_and_stands_in_the_readme(command, root):
    assert run(command, "--help").returncode == 0
    assert f"authentic-outreach {command}" in (root / "README.md").read_text(encoding="utf-8")


def test_some_failed_is_1(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text('{"body": "Hello Marek, how do you dry your larch?"}\n{broken\n', encoding="utf-8")
    done = run("rate", path)
    assert done.returncode == 1
    assert "2 messages: 1 rated, 0 set aside, 1 failed" in done.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["rate", "no/such.mbox"], "no such file"),
        (["rate"], "Missing argument"),
        (["rate", "README.md", "--format", "fax"], "'fax' is not one of"),
        (["rate", "README.md", "--output", "rows.xyz"], "cannot tell the format"),
        (["explain", "no/such.txt"], "no such file"),
        (["fly"], "No such command"),
        (["evaluate", "--real", "no/such.jsonl"], "no/such.jsonl"),
    ],
)
def test_wrong_use_is_2_and_says_why(args, words, root, monkeypatch):
    monkeypatch.chdir(root)
    done = run(*args)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_broken_pipe_ends_quietly(samples):
    command = f"'{sys.executable}' -m authentic_outreach rate '{samples / 'inbox.mbox'}' | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, encoding="utf-8")
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_senders_and_templates_of_a_mailbox(tmp_path):
    mails = "".join(
        f"From x Mon Jan  {day} 09:00:00 2026\nFrom: Tom Hale <tom@tool.example>\nTo: ana@joinery.example\nDate: Mon, 0{day} Jan 2026 09:00:00 +0000\n"
        f"Message-ID: <{day}@tool.example>\nSubject: quick question\n\nHi {name},\n\nI wanted to reach out because we help joineries win more projects every "
        f"month. Our platform saves nine hours a week. Would you be open to a quick call about {name}'s workshop?\n\n"
        for day, name in ((5, "Ana"), (6, "Bo"), (8, "Chidi"))
    )
    (tmp_path / "in.mbox").write_text(mails, encoding="utf-8")
    done = run("senders", tmp_path / "in.mbox", "--json")
    (sender,) = json.loads(done.stdout)
    assert sender["sender"] == "Tom Hale <tom@tool.example>"
    assert len(sender["touches"]) == 3
    done = run("templates", tmp_path / "in.mbox", "--json")
    (template,) = json.loads(done.stdout)
    assert len(template["copies"]) == 3
    assert "Hi […]" in template["text"]
    done = run("senders", tmp_path / "in.mbox", "--plot", tmp_path / "years")
    assert done.returncode == 0
    assert len(list((tmp_path / "years").glob("*.svg"))) == 1


def test_explain_says_that_a_file_holds_more_messages(samples, tmp_path):
    done = run("explain", samples / "inbox.mbox")
    assert done.returncode == 0
    assert "holds more messages; this is the first" in done.stderr
    picture = tmp_path / "one.svg"
    assert run("explain", samples / "drafts" / "mixed.md", "--json", "--svg", picture).returncode == 0
    text = picture.read_text(encoding="utf-8")
    assert text.startswith("<svg")
    assert "Advice" in text
    for place in ("one.png", "none/one.svg"):
        assert run("explain", samples / "drafts" / "mixed.md", "--svg", tmp_path / place).returncode == 2
