"""Messages a second of each stage, as ratios to the bare spaCy tokenizer on the same texts in one process.

    python benchmarks/speed.py MAILBOX [--limit N] [--json OUT]

Texts of 40 to 4,000 characters are taken, as the mailbox's readers give them; the best of five runs counts.
"""

import argparse
import itertools
import json
import platform
import time

import spacy

import authentic_outreach as ao
from authentic_outreach.reading import default_reader
from authentic_outreach.texts import own_text


def best(run, repeats=5):
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        run()
        times.append(time.perf_counter() - begun)
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mailbox")
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--json")
    options = parser.parse_args()
    bodies = (m.body for m in ao.read_messages(options.mailbox) if isinstance(m, ao.Message))
    texts = list(itertools.islice((b for b in bodies if 40 <= len(b) <= 4000), options.limit))
    messages = [ao.Message(body=text) for text in texts]
    bare = spacy.blank("en")
    reader = default_reader()

    def tokenize():
        for text in texts:
            bare.make_doc(text)

    def components():
        for message in messages:
            doc = reader.nlp.make_doc(own_text(message).text)
            for _, component in reader.nlp.pipeline:
                doc = component(doc)

    stages = {
        "bare tokenizer": tokenize,
        "own text": lambda: [own_text(m) for m in messages],
        "tokens and cues": components,
        "features": lambda: sum(1 for _ in reader.read_all(messages)),
        "rating": lambda: sum(1 for _ in ao.rate_messages(ao.Message(body=t) for t in texts)),
        "rating with advice": lambda: sum(1 for _ in ao.rate_messages(messages, advice=True)),
    }
    tokenize()
    seconds = {name: best(run) for name, run in stages.items()}
    rows = {
        name: {"messages_per_second": len(texts) / s, "ratio": seconds["bare tokenizer"] / s}
        for name, s in seconds.items()
    }
    words = sum(len(t.split()) for t in texts) / len(texts)
    print(
        f"{len(texts)} texts of {words:.0f} words in the mean; Python {platform.python_version()}, spaCy {spacy.__version__}"
    )
    for name, row in rows.items():
        print(
            f"{name:20} {row['messages_per_second']:10.0f} messages/s   {row['ratio']:6.3f} of the tokenizer"
        )
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"texts": len(texts), "mean_words": words, "stages": rows}, file, indent=1)


if __name__ == "__main__":
    main()
