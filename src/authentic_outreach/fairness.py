"""Who writes, from where, and for what firm: words exchanged in whole messages, which are rated before and after.

The exchanges are data, so that the tests and the model card measure the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import cycle
from typing import NamedTuple

from authentic_outreach.datasets import Example
from authentic_outreach.messages import Message, Person
from authentic_outreach.rating import rate
from authentic_outreach.scoring import AdditiveModel

# First and last names common in twelve origins, a woman's and a man's each.
NAMES = (
    ("Emily", "Carter"), ("James", "Walker"), ("Aisha", "Khan"), ("Mohammed", "Hussain"), ("Priya", "Sharma"),
    ("Arjun", "Patel"), ("Mei", "Chen"), ("Wei", "Zhang"), ("Yuki", "Tanaka"), ("Hiroshi", "Sato"),
    ("Ngozi", "Okafor"), ("Chinedu", "Adeyemi"), ("María", "García"), ("José", "Rodríguez"), ("Zoë", "Müller"),
    ("Jürgen", "Schäfer"), ("Agnieszka", "Wiśniewska"), ("Łukasz", "Nowak"), ("Linh", "Nguyễn"), ("Minh", "Trần"),
    ("Ayşe", "Yılmaz"), ("Mehmet", "Öztürk"), ("Keisha", "Washington"), ("DeShawn", "O'Neal"),
)  # fmt: skip
CURRENCIES = ("£", "$", "€", "¥", "₹")
FIRMS = ("Siemark", "Okoro", "Tanaka", "Brandl", "Petrov", "Vale", "Unilux", "Shenko", "Ferreira", "Globex")
"""Small and large firms of many sectors and countries, one word each."""
COUNTRIES = ("Ireland", "India", "Nigeria", "Germany", "Brazil", "Japan", "Poland", "Kenya", "Canada", "Vietnam", "Spain", "Norway", "Pakistan",
             "France", "Italy", "Ghana", "Mexico", "Turkey", "Scotland", "Wales", "England", "Sweden", "Denmark", "Finland")  # fmt: skip
SIZES = ("4", "40", "400", "4000")
"""How many people, pupils, customers and the like there are."""
SECTORS = ("schools", "clinics", "restaurants", "hotels", "farms", "builders", "dentists", "charities", "bakeries", "garages",
           "plumbers", "museums", "lawyers", "florists", "breweries", "libraries", "nurseries", "salons", "colleges", "manufacturers")  # fmt: skip
"""Trades; each is on the list that is masked (``rules/lists.toml``), a trade that is not may still move a score."""
_TITLES = frozenset(["Prof", "Councillor", "Dorothy", "Mrs", "Dear", "Editor"])


class Spread(NamedTuple):
    """How far apart the scores of one message lie when words in it are exchanged, in points."""

    id: str
    points: float


def exchanged_names(examples: Sequence[Example], model: AdditiveModel | None = None) -> list[Spread]:
    """The words of the sender's and recipient's names, exchanged for names of many origins and both genders."""
    found = []
    for example in examples:
        words = _names_used(example.message)
        if words:
            texts = [_exchange_words(example.message, words, names) for names in NAMES]
            found.append(_spread(texts, model))
    return found


def exchanged_currencies(examples: Sequence[Example], model: AdditiveModel | None = None) -> list[Spread]:
    """The sign before a sum of money."""
    return _patterns(examples, r"[£$€]\s?(?=\d)", CURRENCIES, model)


def exchanged_countries(examples: Sequence[Example], model: AdditiveModel | None = None) -> list[Spread]:
    """The country that a message speaks of."""
    return _patterns(examples, rf"\b(?:{'|'.join(COUNTRIES)})\b", COUNTRIES[:12], model)


def exchanged_sizes(examples: Sequence[Example], model: AdditiveModel | None = None) -> list[Spread]:
    """How many people, pupils, staff, members, employees or customers there are."""
    things = (
        "people|pupils|staff|members|employees|customers|students|children|families|companies|firms|users"
    )
    return _patterns(examples, rf"(?<![\d.,])\b[\d,]+(?= (?:{things})\b)", SIZES, model)


def exchanged_sectors(examples: Sequence[Example], model: AdditiveModel | None = None) -> list[Spread]:
    """The trade of those who are written to or spoken of."""
    return _patterns(examples, rf"\b(?:{'|'.join(SECTORS)})\b", SECTORS, model)


def exchanged_firms(examples: Sequence[Example], model: AdditiveModel | None = None) -> list[Spread]:
    """The words of the sender's and recipient's firms that are no ordinary words of the corpus."""
    ordinary = {w.lower() for e in examples for w in re.findall(r"\b[a-z]{4,}\b", e.message.body)}
    found = []
    for example in examples:
        message = example.message
        names = [p.company for p in (message.sender, message.recipient) if p and p.company]
        words = [w for name in names for w in re.findall(r"[A-ZÀ-Þ][^\W\d_]{3,}", name)]
        used = [
            w
            for w in dict.fromkeys(words)
            if w.lower() not in ordinary and re.search(rf"\b{w}\b", message.body)
        ]
        if used:
            found.append(_spread([_exchange_words(message, used, (firm,)) for firm in FIRMS], model))
    return found


EXCHANGES: dict[str, Callable[[Sequence[Example], AdditiveModel | None], list[Spread]]] = {
    "names": exchanged_names, "firms": exchanged_firms, "currencies": exchanged_currencies, "countries": exchanged_countries,
    "sizes": exchanged_sizes, "sectors": exchanged_sectors,
}  # fmt: skip


def exchange_table(examples: Sequence[Example], model: AdditiveModel) -> dict[str, dict[str, str]]:
    """Exchange → how far scores move, in points: the most, and how many messages move by more than one."""
    table = {}
    for name, exchange in EXCHANGES.items():
        spreads = [spread.points for spread in exchange(examples, model)]
        table[name] = {
            "messages": str(len(spreads)),
            "most": f"{max(spreads):.2f}",
            "over one point": str(sum(points > 1.0 for points in spreads)),
        }
    return table


def _name_words(person: Person | None) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]{3,}", person.name if person else "") if word[0].isupper()]


def _names_used(message: Message) -> list[str]:
    """The words of the recipient's and sender's names that the message uses."""
    text = f"{message.subject or ''} {message.body}"
    words = dict.fromkeys([*_name_words(message.recipient), *_name_words(message.sender)])
    return [w for w in words if w not in _TITLES and re.search(rf"\b{w}\b", text)]


def _exchange_words(message: Message, words: Sequence[str], names: Sequence[str]) -> Message:
    def swap(text: str) -> str:
        for word, name in zip(words, cycle(names), strict=False):
            text = re.sub(rf"\b{word}\b", name, text)
        return text

    return replace(
        message,
        body=swap(message.body),
        subject=swap(message.subject) if message.subject else message.subject,
    )


def _patterns(
    examples: Sequence[Example], pattern: str, others: Sequence[str], model: AdditiveModel | None
) -> list[Spread]:
    """Scores of each message in which a pattern is found, with each of the others in its place."""
    return [
        _spread([replace(e.message, body=re.sub(pattern, other, e.message.body)) for other in others], model)
        for e in examples
        if re.search(pattern, e.message.body)
    ]


def _spread(messages: Sequence[Message], model: AdditiveModel | None) -> Spread:
    scores = [rate(message, advice=False, model=model).score for message in messages]
    known = [score for score in scores if score is not None]
    return Spread(messages[0].id, max(known) - min(known) if known else 0.0)
