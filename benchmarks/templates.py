"""How well templates are recovered: pairs of copies found, and not found, in invented campaigns with noise.

    python benchmarks/templates.py            # precision and recall of pairs, exact and by MinHash
    python benchmarks/templates.py --many 1000000   # time and memory

A campaign is a message of the project's corpus sent many times: other names and firms, an opening line of another
message in front, a sentence left out, words misspelt. Beside the campaigns stand messages that were sent once.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import time
from collections.abc import Iterator
from itertools import combinations, islice

import authentic_outreach as ao
from authentic_outreach.datasets import load_corpus
from authentic_outreach.templates import NEAR, TemplateIndex, _plain, _shingles, copied_shares

NAMES = [
    "Ana",
    "Ben",
    "Chidi",
    "Dewi",
    "Ewa",
    "Farid",
    "Grace",
    "Hiro",
    "Ines",
    "Jonas",
    "Kavita",
    "Liam",
    "Mei",
    "Noor",
    "Olga",
    "Pedro",
    "Quinn",
    "Rosa",
    "Sven",
    "Tariq",
    "Uma",
    "Vera",
    "Wim",
    "Xenia",
    "Yusuf",
    "Zoe",
]
FIRMS = [
    "Harbour",
    "Larch",
    "Northlight",
    "Fellside",
    "Quayside",
    "Ostrava",
    "Brightwell",
    "Kestrel",
    "Fjordane",
    "Almeida",
    "Thistle",
    "Copperfield",
]


def campaigns(
    number: int, seed: int = 7, copies: tuple[int, int] = (2, 25)
) -> Iterator[tuple[ao.Message, int]]:
    """Messages with the number of their campaign; each message sent once has a number of its own."""
    chance = random.Random(seed)
    texts = [e.message.body for e in load_corpus() if len(e.message.body.split()) >= 40]
    openings = [re.split(r"(?<=[.!?])\s", text)[0] for text in texts]
    for campaign in range(number):
        text = texts[campaign % len(texts)]
        if chance.random() < 0.3:
            yield ao.Message(text, id=f"{campaign}"), campaign
            continue
        for copy in range(chance.randint(*copies)):
            yield ao.Message(_copy(text, openings, chance), id=f"{campaign}-{copy}"), campaign


def _copy(text: str, openings: list[str], chance: random.Random) -> str:
    sentences = re.split(r"(?<=[.!?])(\s+)", text)
    sentences[0] = f"Hi {chance.choice(NAMES)},\n\n{chance.choice(openings)} {sentences[0]}"
    if len(sentences) > 6 and chance.random() < 0.3:
        del sentences[chance.randrange(2, len(sentences), 2)]
    words = re.split(r"(\s+)", "".join(sentences))
    for n in range(0, len(words), 2):
        if chance.random() < 0.02 and len(words[n]) > 4:
            words[n] = words[n][:2] + words[n][3:]
    body = "".join(words)
    return f"{body}\n\nYour work at {chance.choice(FIRMS)} {chance.choice(FIRMS)} came to mind."


def exact_groups(messages: list[ao.Message]) -> list[set[int]]:
    """Groups by comparing every pair."""
    shingles = [set(_shingles(_plain(message.body))) for message in messages]
    parents = list(range(len(messages)))

    def find(n: int) -> int:
        while parents[n] != n:
            n = parents[n]
        return n

    for one, other in combinations(range(len(messages)), 2):
        a, b = shingles[one], shingles[other]
        if min(len(a), len(b)) >= NEAR * max(len(a), len(b)) and len(a & b) >= NEAR * len(a | b):
            parents[find(other)] = find(one)
    groups: dict[int, set[int]] = {}
    for n in range(len(messages)):
        groups.setdefault(find(n), set()).add(n)
    return [group for group in groups.values() if len(group) > 1]


def pairs(groups: list[set[int]]) -> set[tuple[int, int]]:
    """All pairs of numbers that share a group."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def main() -> None:
    """Print pair precision and recall, or time and memory of many messages."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--many", type=int)
    options = parser.parse_args()
    if options.many:
        begun = time.perf_counter()
        with TemplateIndex() as index:
            for n, (message, _) in enumerate(islice(campaigns(10**9, copies=(2, 3)), options.many), 1):
                index.add(message)
                if n % 50_000 == 0:
                    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                    print(
                        f"{n} messages, {n / (time.perf_counter() - begun):.0f}/s, {memory:.0f} MB",
                        flush=True,
                    )
            groups = sum(1 for _ in index.groups())
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{groups} groups after {time.perf_counter() - begun:.0f} s, {memory:.0f} MB")
        return
    drawn = list(campaigns(150))
    messages = [message for message, _ in drawn]
    truth: dict[int, set[int]] = {}
    for n, (_, campaign) in enumerate(drawn):
        truth.setdefault(campaign, set()).add(n)
    wanted = pairs(list(truth.values()))
    print(f"{len(messages)} messages, {len(wanted)} pairs of copies\n")
    print("| way | precision | recall | messages/s |")
    print("|---|---|---|---|")
    begun = time.perf_counter()
    with TemplateIndex() as index:
        for message in messages:
            index.add(message)
        found = pairs([set(group) for group in index.groups()])
        seconds = time.perf_counter() - begun
        shares = copied_shares(index.templates())
    print(
        f"| MinHash, bands | {len(found & wanted) / max(1, len(found)):.4f} | {len(found & wanted) / len(wanted):.4f} | {len(messages) / seconds:.0f} |"
    )
    begun = time.perf_counter()
    exact = pairs(exact_groups(messages))
    seconds = time.perf_counter() - begun
    print(
        f"| every pair | {len(exact & wanted) / max(1, len(exact)):.4f} | {len(exact & wanted) / len(wanted):.4f} | {len(messages) / seconds:.0f} |"
    )
    print(f"\nmean share of words that are the template's: {sum(shares.values()) / len(shares):.2f}")


if __name__ == "__main__":
    main()
