"""Every rule fires on its examples and keeps still on its near misses; rules and texts are complete."""

import tomllib
from functools import cache
from importlib.resources import files

import pytest

from authentic_outreach.components import make_pipeline
from authentic_outreach.evidence import CUE_NAMES, load_rules

MINIMUM = 8  # examples, and near misses, that each cue must have


@cache
def pipeline():
    return make_pipeline()


def examples(kind):
    folder = files("authentic_outreach").joinpath("rules")
    for cue in CUE_NAMES:
        tables = tomllib.loads(folder.joinpath(f"{cue}.examples.toml").read_text(encoding="utf-8"))
        assert set(tables) <= {"fires", "near_miss"}, cue
        for table in tables.get(kind, []):
            yield cue, table


def read(example):
    """The doc of an example, whose ``subject`` and ``in_thread`` may be given."""
    subject = example.get("subject", "")
    text = f"{subject}\n\n{example['text']}" if subject else example["text"]
    doc = pipeline().make_doc(text)
    doc._.outreach = {
        "subject_end": len(subject),
        "in_thread": example.get("in_thread", False),
    }
    return pipeline()(doc)


def found(cue, example):
    doc = read(example)
    return [(span.id_, span.text) for span in doc.spans[cue]]


@pytest.mark.parametrize(
    ("cue", "example"), list(examples("fires")), ids=lambda x: x if isinstance(x, str) else x["text"][:40]
)
def test_fires(cue, example):
    assert (example["rule"], example["words"]) in found(cue, example)


@pytest.mark.parametrize(
    ("cue", "example"), list(examples("near_miss")), ids=lambda x: x if isinstance(x, str) else x["text"][:40]
)
def test_keeps_still(cue, example):
    assert found(cue, example) == []


@pytest.mark.parametrize("cue", CUE_NAMES)
def test_enough_texts(cue):
    assert sum(c == cue for c, _ in examples("fires")) >= MINIMUM
    assert sum(c == cue for c, _ in examples("near_miss")) >= MINIMUM


@pytest.mark.parametrize("cue", CUE_NAMES)
def test_no_rule_without_texts_and_no_text_without_a_rule(cue):
    rules = {rule.id for rule in load_rules().rules if rule.cue == cue}
    fired = {example["rule"] for c, example in examples("fires") if c == cue}
    missed = {example["rule"] for c, example in examples("near_miss") if c == cue}
    assert fired == rules
    assert missed <= rules
