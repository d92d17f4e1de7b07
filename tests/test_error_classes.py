"""Known failures: an invented message of each class of error on real mail, and how it would be read."""

import tomllib

import pytest

import authentic_outreach as ao
from authentic_outreach.datasets import data_dir

CLASSES = tomllib.loads((data_dir() / "error_classes.toml").read_text(encoding="utf-8"))["class"]


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(
            c, id=c["name"], marks=pytest.mark.xfail(strict=True, reason=c["why"]) if c["known"] else ()
        )
        for c in CLASSES
    ],
)
def test_a_message_of_this_class_is_scored_as_it_is_read(error):
    score = ao.rate(error["example"].strip(), advice=False).score
    assert abs(score - 25 * (error["reads"] - 1)) <= 30
