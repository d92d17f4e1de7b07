"""Who writes and to whom does not move the score: names of many origins and both genders are exchanged."""

import itertools
import json
import re

import pytest

import authentic_outreach as ao
from authentic_outreach.robustness import shift_of_slips

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


CURRENCIES = ["£", "$", "€", "¥", "₹"]


def test_exchanging_currencies_moves_no_score_by_more_than_a_point(corpus):
    priced = [e.message for e in corpus if re.search(r"[£$€]\s?\d", e.message.body)]
    assert len(priced) >= 40
    for message in priced:
        scores = [
            ao.rate(re.sub(r"[£$€](?=\s?\d)", sign, message.body), message.subject, advice=False).score
            for sign in CURRENCIES
        ]
        assert max(scores) - min(scores) <= 1.0, message.id


# Small and large firms of many sectors and countries, one word each, as the words of names are exchanged above.
FIRMS = ["Siemark", "Okoro", "Tanaka", "Brandl", "Petrov", "Vale", "Unilux", "Shenko", "Ferreira", "Globex"]


def test_exchanging_firms_moves_no_score_by_more_than_a_point(corpus):
    def firm_words(message):
        names = [p.company for p in (message.sender, message.recipient) if p and p.company]
        words = [w for name in names for w in re.findall(r"[A-ZÀ-Þ][^\W\d_]{3,}", name)]
        ordinary = {w.lower() for e in corpus for w in re.findall(r"\b[a-z]{4,}\b", e.message.body)}
        return [
            w
            for w in dict.fromkeys(words)
            if w.lower() not in ordinary and re.search(rf"\b{w}\b", message.body)
        ]

    named = [(e.message, words) for e in corpus if (words := firm_words(e.message))][:150]
    assert len(named) >= 80
    for message, words in named:
        scores = []
        for firm in FIRMS:
            body = message.body
            for word in words:
                body = re.sub(rf"\b{word}\b", firm, body)
            scores.append(ao.rate(body, message.subject, advice=False).score)
        assert max(scores) - min(scores) <= 1.0, (message.id, words)


def test_slips_of_non_native_english_are_not_clumsiness(root, corpus):
    """Seventy messages as a non-native writer might have put them, by hand, with slips of 43 first languages."""
    by_id = {example.message.id: example.message for example in corpus}
    lines = (root / "data" / "register" / "slips.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [(by_id[row["id"]], row["body"]) for row in map(json.loads, lines)]
    assert len(pairs) >= 60
    shift = shift_of_slips(pairs, ao.load_model())
    assert shift["authentic before"] >= 20
    assert abs(shift["mean shift"]) < 2.0
    assert shift["of these clumsy after"] <= 0.05 * shift["authentic before"]
