"""What must not move a score, and what may move it one way only: whole messages changed in known ways."""

import dataclasses
import tomllib
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import authentic_outreach as ao
from authentic_outreach.evidence import CUES
from authentic_outreach.reading import default_reader

FOOTER = (
    "\n\nThis email and any attachments are confidential and intended only for the addressee.\n"
    "To unsubscribe, click here: https://example.com/u/7f3a\n"
)
SIGNATURE = "\n\n-- \nJordan Vale\nHead of Growth, Vale & Partners\n+1 555 0134 | https://vale.example.com\n"
THREAD = (
    "\n\nOn Mon, 2 Mar 2026 at 09:14, Jordan Vale <jordan@vale.example.com> wrote:\n"
    "> Act now! Only 3 spots left, guaranteed 10x return.\n> Book a call today.\n"
)
CHANGES = {
    "pasted twice": lambda body: f"{body}\n\n{body}",
    "a legal footer": lambda body: body + FOOTER,
    "a signature": lambda body: body + SIGNATURE,
    "a quoted thread": lambda body: body + THREAD,
    "white space at the end": lambda body: body + "  \n\n \t\n",
    "Windows line ends": lambda body: body.replace("\n", "\r\n"),
    "no-break spaces": lambda body: body.replace(" ", "\u00a0"),
}


@pytest.fixture(scope="module")
def sample(corpus):
    """Two hundred messages, spread over the corpus."""
    return [e.message for e in corpus if "\n-- \n" not in e.message.body][:: max(1, len(corpus) // 200)][:200]


def score(message, body):
    return ao.rate(dataclasses.replace(message, body=body), advice=False).score


@pytest.mark.parametrize("name", CHANGES)
def test_what_adds_no_words_of_the_sender_moves_nothing(sample, name):
    assert len(sample) == 200
    moved = [
        (message.id, round(score(message, CHANGES[name](message.body)) - score(message, message.body), 3))
        for message in sample
    ]
    assert [m for m in moved if abs(m[1]) > 1e-6] == []


_QUOTED = st.lists(
    st.sampled_from(["Act now!", "Only 3 spots left.", "No rush at all.", "I loved your talk on larch.", ""])
    | st.text("abc xyz.!?€", max_size=40),
    min_size=1,
    max_size=6,
)
_ENDS = st.sampled_from(["", " ", "   ", "\t", " \t "])


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_thread_below_and_any_white_space_at_line_ends_move_nothing(sample, data):
    message = data.draw(st.sampled_from(sample))
    lines = [line.rstrip(" \t") for line in message.body.split("\n")]
    padded = "\n".join(line + (data.draw(_ENDS) if line else "") for line in lines)
    quoted = "".join(f"> {line}\n" for line in data.draw(_QUOTED))
    thread = f"\n\nOn Tue, 3 Mar 2026 at 10:02, Ada Rowe <ada@example.com> wrote:\n{quoted}"
    tail = data.draw(st.sampled_from(["", SIGNATURE, FOOTER, SIGNATURE + FOOTER]))
    changed = padded + tail + thread
    assert score(message, changed) == pytest.approx(score(message, "\n".join(lines)), abs=1e-6)


@cache
def sentences():
    """For each cue a sentence that carries it and no cue of the other direction, from the rules' own examples."""
    found = {}
    for cue in CUES:
        path = files("authentic_outreach").joinpath("rules", f"{cue.name}.examples.toml")
        for example in tomllib.loads(path.read_text(encoding="utf-8"))["fires"]:
            text = example["text"]
            if "subject" in example or "\n" in text or not 4 <= len(text.split()) <= 30:
                continue
            carried = {e.cue for e in ao.rate(f"{text} It is so.", advice=False).evidence}
            directions = {c.direction for c in CUES if c.name in carried}
            if cue.name in carried and directions <= {cue.direction}:
                found[cue.name] = (cue.direction, text)
                break
    return found


def with_sentence(body, sentence, where):
    """The body with one more paragraph."""
    paragraphs = body.split("\n\n")
    paragraphs.insert({"first": 0, "second": 1, "last": len(paragraphs)}[where], sentence)
    return "\n\n".join(paragraphs)


@pytest.mark.parametrize("where", ["first", "second", "last"])
@pytest.mark.parametrize("cue", [c for c in CUES if c.direction], ids=lambda c: c.name)
def test_one_more_cue_sentence_moves_the_score_one_way_only(sample, cue, where):
    """A pressing sentence never raises the score and a kind one never lowers it, whatever else its words are."""
    direction, sentence = sentences()[cue.name]
    for message in sample[::2]:
        before = score(message, message.body)
        after = score(message, with_sentence(message.body, sentence, where))
        assert (after - before) * direction >= -1e-9, message.id


def test_an_inch_mark_turns_no_quotation_inside_out():
    body = 'We sell a 9" pan. I love your work in "the barn" very much and I read your post on "bending the planks" twice.'
    assert score(ao.Message(body), f"{body}\n\n{body}") == pytest.approx(
        score(ao.Message(body), body), abs=1e-9
    )


def test_a_broken_line_or_a_second_space_inside_a_cue_makes_no_other_wording():
    body = (
        "Hi Ana,\n\nWe sell pumps. This is your last chance. We make them in Leith.\n\n"
        "This really is, whatever anybody else in the valley says of it, your last chance."
    )
    for other in ("last  chance", "last\nchance", "last\n  chance"):
        changed = body[:-12] + f"{other}."
        assert score(ao.Message(body), changed) == pytest.approx(score(ao.Message(body), body), abs=1e-9)


def test_white_space_after_a_question_leaves_it_one():
    lines = ["Hi Ana,\n\nHow do you dry the larch before bending it?", "I lost two planks of it in March."]
    scores = [score(ao.Message(lines[0]), ("\n" * n).join(lines)) for n in (2, 3, 5, 9)]
    assert max(scores) - min(scores) <= 1e-9


def test_a_pressing_sentence_makes_no_pasted_paragraph_count():
    news = (
        "The council approved the harbour wall on Tuesday after a storm took the old one in March. Work began slowly but the masons "
        "found better stone than anyone thought, and the fish market moved to the rope works though nobody had asked for it."
    )
    pitch = "\n\nWe sell pumps and taps to shops. Our offer ends tonight, so reply by Friday."
    plain = score(ao.Message(pitch), news + pitch)
    assert score(ao.Message(pitch), f"{news} Act now, it is your last chance.{pitch}") <= plain + 1e-9


def test_a_pressing_sentence_that_takes_up_another_raises_nothing(corpus):
    """Before a sentence with a cue against the message its words stand once more, and pleasant ones after them."""
    more = " and the larch we bent in March split along the grain because the barn was too dry, though I still do not know why."
    reader, raised, tried = default_reader(), [], 0
    for example in corpus[::5]:
        message = example.message
        reading = reader.read(message)
        against = [s for cue in CUES if cue.direction < 0 for s in reading.doc.spans[cue.name]]
        against = [
            s
            for s in against
            if s.start_char >= reading.text.subject_end
            and s.sent.text.strip()[-1] in ".!?"
            and s.sent.text.strip() in message.body
        ]
        for span in against[:1]:
            sentence = span.sent.text.strip()
            longer = sentence.rstrip(".!?") + more
            body = message.body.replace(sentence, f"{longer} {sentence}", 1)
            found = {e.cue for e in ao.rate(longer, advice=False).evidence}
            if found & {cue.name for cue in CUES if cue.direction > 0} or not found & {
                c.name for c in CUES if c.direction < 0
            }:
                continue
            tried += 1
            gain = score(message, body) - score(message, message.body)
            raised += [(message.id, gain)] if gain > 1e-6 else []
    assert tried >= 40
    assert raised == []
