"""What grows and what must not: cost per word over length, cost over rules, speed and memory over mailbox size.

    python benchmarks/growth.py [--messages 1000000]

Texts are made from the corpus by shuffling its sentences (for timing only), each with a few words
never seen before, as the links and codes of real mail are.
"""

import argparse
import random
import re
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

import spacy
from tables import best, write_table

import authentic_outreach as ao
from authentic_outreach.components import CueFinder
from authentic_outreach.datasets import iter_corpus_rows
from authentic_outreach.evidence import load_rules
from authentic_outreach.reading import default_reader

DATA = Path(__file__).parents[1] / "data"


def corpus_sentences():
    text = "\n".join(row["body"] for row in iter_corpus_rows(DATA))
    return [s for s in re.split(r"(?<=[.!?])\s+|\n+", text) if len(s.split()) > 3]


def shuffled(sentences, rng):
    """Messages of five to twelve sentences, without end."""
    while True:
        code = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=12))
        yield " ".join(rng.sample(sentences, rng.randint(5, 12))) + f" https://example.com/{code}"


def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def over_length(sentences, rng):
    rows = []
    for words in (20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 20_000):
        pool = " ".join(rng.choices(sentences, k=words)).split()
        text = " ".join(pool[:words])
        ao.rate(text, advice=False)
        seconds = best(lambda text=text: ao.rate(text, advice=False), 5)
        rows.append((f"{words:,}", f"{seconds * 1e3:.2f}", f"{seconds / words * 1e6:.1f}"))
    note = "Own text over 20,000 characters (about 3,500 words) is not read; the rating says so."
    write_table("length", "Cost over the length of a message", ("words", "ms", "µs a word"), rows, note)


def misspelt(phrase, letters):
    """The phrase with letters added to its words of four and more, but for names of lists."""
    return re.sub(r"(?<!\{)\b([a-z]{4,})\b", r"\1" + "x" * letters, phrase) if letters else phrase


def over_rules(sentences, rng):
    """The rules as they are, and ten times as many: each phrase again with its words misspelt in nine ways."""
    book = load_rules()
    texts = list(islice(shuffled(sentences, rng), 500))
    rows = []
    for times in (1, 2, 5, 10):
        rules = [
            replace(
                rule,
                id=f"{rule.id}{n or ''}",
                phrases=tuple(misspelt(phrase, n) for phrase in rule.phrases),
            )
            for n in range(times)
            for rule in book.rules
        ]
        nlp = spacy.blank("en")
        nlp.add_pipe("outreach_sentences")
        finder = CueFinder(nlp, rules)
        docs = [nlp(text) for text in texts]
        for doc in docs:
            finder(doc)
        seconds = best(lambda finder=finder, docs=docs: [finder(doc) for doc in docs], 3)
        phrases = sum(len(rule.phrases) for rule in rules)
        rows.append((f"{len(rules):,}", f"{phrases:,}", f"{seconds / len(texts) * 1e3:.3f}"))
    columns = ("rules", "phrases in the rules' notation", "ms a message to find cues")
    write_table("rules", "Cost over the number of rules", columns, rows)


def over_size(sentences, rng, most):
    rows, done, begun = [], 0, time.perf_counter()
    ratings = ao.rate_messages(shuffled(sentences, rng))
    for size in (1_000, 10_000, 100_000, 1_000_000):
        if size > most:
            break
        since = time.perf_counter()
        for _ in islice(ratings, size - done):
            pass
        now = time.perf_counter()
        rate = (size - done) / (now - since)
        rows.append((f"{size:,}", f"{rate:,.0f}", f"{now - begun:,.0f}", f"{resident_mb():,.0f}"))
        done = size
    columns = ("messages so far", "messages a second since the row above", "seconds in all", "resident MB")
    write_table("size", "Speed and memory over the size of a mailbox, one process", columns, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=100_000)
    options = parser.parse_args()
    rng = random.Random(1)
    sentences = corpus_sentences()
    default_reader()
    over_length(sentences, rng)
    over_rules(sentences, rng)
    over_size(sentences, rng, options.messages)


if __name__ == "__main__":
    main()
