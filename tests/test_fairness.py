"""Who writes and to whom does not move the score: names of many origins and both genders are exchanged."""

import itertools
import re

import pytest

import authentic_outreach as ao

# First and last names common in twelve origins, a woman's and a man's each.
NAMES = [
    ("Emily", "Carter"), ("James", "Walker"), ("Aisha", "Khan"), ("Mohammed", "Hussain"), ("Priya", "Sharma"),
    ("Arjun", "Patel"), ("Mei", "Chen"), ("Wei", "Zhang"), ("Yuki", "Tanaka"), ("Hiroshi", "Sato"),
    ("Ngozi", "Okafor"), ("Chinedu", "Adeyemi"), ("María", "García"), ("José", "Rodríguez"), ("Zoë", "Müller"),
    ("Jürgen", "Schäfer"), ("Agnieszka", "Wiśniewska"), ("Łukasz", "Nowak"), ("Linh", "Nguyễn"), ("Minh", "Trần"),
    ("Ayşe", "Yılmaz"), ("Mehmet", "Öztürk"), ("Keisha", "Washington"), ("DeShawn", "O'Neal"),
]  # fmt: skip


def name_words(person):
    return [word for word in re.findall(r"[^\W\d_]{3,}", person.name if person else "") if word[0].isupper()]


def named(example):
    """The words of the recipient's and sender's names that the message uses."""
    message = example.message
    text = f"{message.subject or ''} {message.body}"
    words = [*name_words(message.recipient), *name_words(message.sender)]
    titles = {"Prof", "Councillor", "Dorothy", "Mrs", "Dear", "Editor"}
    return [w for w in dict.fromkeys(words) if w not in titles and re.search(rf"\b{w}\b", text)]


def renamed(example, words, names):
    def swap(text):
        for word, name in zip(words, itertools.cycle(names), strict=False):
            text = re.sub(rf"\b{word}\b", name, text)
        return text

    message = example.message
    return ao.rate(swap(message.body), swap(message.subject) if message.subject else None, advice=False)


@pytest.fixture(scope="module")
def sample(corpus):
    return [e for e in corpus if named(e)][:200]


def test_exchanging_names_moves_no_score_by_more_than_a_point(sample):
    assert len(sample) == 200
    for example in sample:
        words = named(example)
        scores = [renamed(example, words, names).score for names in NAMES]
        assert max(scores) - min(scores) <= 1.0, (example.message.id, words)
