"""The corpus keeps the guide's rules: exact marks, balance, and no shortcut that gives the label away."""

import collections
import json
import re
import shutil

import numpy as np
import pytest

from authentic_outreach.datasets import AUTHENTIC_OVER, CLUMSY_UNDER, iter_corpus_rows, load_test_split
from authentic_outreach.evidence import CUE_NAMES
from authentic_outreach.messages import CHANNELS
from authentic_outreach.training import example_groups

PURPOSES = {"sales", "recruiting", "fundraising", "partnership", "pr", "linkbuilding", "podcast", "academic",
            "networking", "job_seeking", "nonprofit", "event", "freelance"}  # fmt: skip


@pytest.fixture(scope="module")
def rows(root):
    return list(iter_corpus_rows(root / "data"))


def test_rows_follow_the_protocol(rows):
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["channel"] in CHANNELS, row["id"]
        assert row["purpose"] in PURPOSES, row["id"]
        assert row["stage"] in {"first", "follow_up", "breakup"}, row["id"]
        assert row["manner"] in "abc", row["id"]
        assert row["aim"] in range(1, 6), row["id"]
        text = f"{row['subject'] or ''}\n{row['body']}"
        for cue in row["cues"]:
            assert cue["cue"] in CUE_NAMES, row["id"]
            assert cue["text"], row["id"]
            assert cue["text"] in text, (row["id"], cue["text"])


def test_every_set_has_three_manners_and_every_channel_and_purpose_is_there(rows):
    manners = collections.defaultdict(set)
    for row in rows:
        manners[row["scenario"]].add(row["manner"])
    assert len(manners) >= 100
    assert all(found == set("abc") for found in manners.values())
    assert {row["channel"] for row in rows} == set(CHANNELS)
    assert {row["purpose"] for row in rows} == PURPOSES


def test_a_quarter_of_the_sets_holds_a_hard_case(rows):
    hard = {row["scenario"] for row in rows if row["hard_case"]}
    assert len(hard) >= len({row["scenario"] for row in rows}) / 4


SHORTCUTS = {
    "length": lambda e: len(e.message.body.split()),
    "exclamation marks": lambda e: e.message.body.count("!"),
    "politeness": lambda e: len(re.findall(r"(?i)\b(?:please|thanks?|thank you|kindly|sorry|regards)\b", e.message.body)),
    "subject": lambda e: bool(e.message.subject),
    "digits": lambda e: sum(c.isdigit() for c in e.message.body),
    "sentences": lambda e: len(re.findall(r"[.!?]+(?:\s|$)", e.message.body)),
}  # fmt: skip


def shortcut_auc(corpus, shortcut):
    from scipy.stats import mannwhitneyu

    authentic = [float(shortcut(e)) for e in corpus if e.rating > AUTHENTIC_OVER]
    clumsy = [float(shortcut(e)) for e in corpus if e.rating < CLUMSY_UNDER]
    return mannwhitneyu(authentic, clumsy).statistic / (len(authentic) * len(clumsy))


@pytest.mark.parametrize("name", SHORTCUTS)
def test_no_shortcut_gives_the_label_away(corpus, name):
    assert 0.40 <= shortcut_auc(corpus, SHORTCUTS[name]) <= 0.60


def words_of(example):
    return re.findall(r"[^\W\d_]+", example.message.body)


# Plain short words are no proof of a human being, nor long ones of a machine; these may lean a little.
LEANINGS = {
    "word length": lambda e: sum(map(len, words_of(e))) / max(1, len(words_of(e))),
    "apostrophes": lambda e: len(re.findall(r"\w['’]\w", e.message.body)) / max(1, len(words_of(e))),
    "questions": lambda e: e.message.body.count("?") / max(1, SHORTCUTS["sentences"](e)),
}


@pytest.mark.parametrize("name", LEANINGS)
def test_no_habit_of_writing_gives_the_label_away(corpus, name):
    assert 0.30 <= shortcut_auc(corpus, LEANINGS[name]) <= 0.70


def test_slips_of_typing_give_no_label_away(corpus):
    """Small-letter words met in one or two messages that are a usual word of the corpus with one letter left out."""
    counts = collections.Counter(w for e in corpus for w in set(re.findall(r"\b[a-z]{5,}\b", e.message.body)))
    usual = {word for word, n in counts.items() if n >= 8}
    parts = collections.defaultdict(set)
    for word in usual:
        for n in range(len(word)):
            parts[word[:n] + word[n + 1 :]].add(word)

    def slips(example):
        words = set(re.findall(r"\b[a-z]{4,}\b", example.message.body))
        return sum(counts[w] <= 2 and w in parts and w not in usual for w in words)

    assert sum(slips(e) > 0 for e in corpus) >= 50
    assert 0.40 <= shortcut_auc(corpus, slips) <= 0.60


def test_no_five_words_run_through_the_corpus(rows):
    scenarios = collections.defaultdict(set)
    for row in rows:
        words = re.findall(r"[a-z']+", row["body"].lower())
        for n in range(len(words) - 4):
            scenarios[" ".join(words[n : n + 5])].add(row["id"])
    often = {gram: len(ids) for gram, ids in scenarios.items() if len(ids) > 12}
    assert often == {}


def test_addresses_are_invented(rows):
    for row in rows:
        text = f"{row['subject'] or ''} {row['body']}"
        for link in re.findall(r"(?i)https?://([\w.-]+)|[\w.]@([\w-]+(?:\.[\w-]+)+)", text):
            host = (link[0] or link[1]).rstrip(".").lower()
            assert re.search(r"(?:^|\.)example(?:\.\w+)+$|\.example$", host), (row["id"], host)


def test_groups_keep_scenarios_whole(corpus):
    groups = example_groups(corpus)
    by_scenario = collections.defaultdict(set)
    for example, group in zip(corpus, groups, strict=True):
        by_scenario[example.scenario].add(group)
    assert all(len(found) == 1 for found in by_scenario.values())
    assert len(np.unique(groups)) > 0.9 * len(by_scenario)  # few near-duplicates across scenarios


def test_the_frozen_split_is_whole_and_apart(root, corpus):
    """Its checksums fit, and no message of it stands in the corpus, not even nearly."""
    test = load_test_split(root / "data")
    scenarios = {e.scenario for e in test}
    assert len(scenarios) >= 0.15 * len(scenarios | {e.scenario for e in corpus})
    both = [*corpus, *test]
    groups = example_groups(both)
    assert not set(groups[: len(corpus)]) & set(groups[len(corpus) :])
    assert all(len(e.readings) >= 3 for e in both)


def test_a_changed_frozen_split_is_refused(root, tmp_path):
    shutil.copytree(root / "data" / "test", tmp_path / "test")
    path = tmp_path / "test" / "readings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",5\n", ",4\n", 1), encoding="utf-8")
    with pytest.raises(ValueError, match="the split was frozen with"):
        load_test_split(tmp_path)


def test_each_cue_has_sentences_that_carry_it_and_near_misses(root):
    counts, pairs = collections.Counter(), collections.defaultdict(list)
    for path in (root / "data" / "sentences").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            counts[row["cue"], row["label"]] += 1
            pairs[row["cue"], row["pair"]].append(row["label"])
    assert all(sorted(labels) == [0, 1] for labels in pairs.values())
    assert sum(counts.values()) >= 1500
    assert all(counts[cue, label] >= 40 for cue in CUE_NAMES for label in (0, 1))
