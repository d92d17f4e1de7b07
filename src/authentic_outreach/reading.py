"""A message read: its one text, the doc with cue spans, and the feature values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from authentic_outreach.components import make_pipeline
from authentic_outreach.features import FEATURES
from authentic_outreach.lexicon import WordKinds
from authentic_outreach.measures import Measures
from authentic_outreach.messages import Message
from authentic_outreach.texts import OwnText, own_text
from authentic_outreach.wording import Wording

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a message before it is scored."""

    message: Message
    text: OwnText
    doc: Doc
    measures: Measures
    values: list[float]


class Reader:
    """Turns messages into readings; holds the spaCy pipeline and what it knows of words.

    A vocabulary keeps every word it ever met, about half a kilobyte each; past `MAX_WORDS` the
    pipeline is made anew (a quarter of a second), so that memory stays flat over any number of messages.
    """

    MAX_WORDS = 250_000

    def __init__(self) -> None:
        self._renew()

    def _renew(self) -> None:
        self.nlp = make_pipeline()
        self.kinds = WordKinds(self.nlp.vocab)

    def read(self, message: Message, wording: Wording | None = None) -> Reading:
        """Read one message; without a model of wording the feature of that name is 0."""
        if len(self.nlp.vocab) > self.MAX_WORDS:
            self._renew()
        text = own_text(message)
        doc = self.nlp.make_doc(text.text)
        doc._.outreach = outreach_facts(message, text)
        for _, component in self.nlp.pipeline:
            doc = component(doc)
        measures = Measures(doc, self.kinds, text.text, wording)
        return Reading(message, text, doc, measures, [feature.measure(measures) for feature in FEATURES])


def outreach_facts(message: Message, text: OwnText) -> dict[str, object]:
    """What ``Doc._.outreach`` holds: plain values that survive ``DocBin``."""
    recipient = message.recipient
    facts = [f for f in (recipient.company, *recipient.facts) if f] if recipient else []
    return {
        "subject_end": text.subject_end,
        "in_thread": message.in_thread,
        "facts": facts,
        "copied": message.copied or 0.0,
        "text": text.text,
    }


@cache
def default_reader() -> Reader:
    """The reader that all ratings of this process share."""
    return Reader()
