"""What is looked for, and what was found: cues, the rules that find them, and evidence.

A *cue* is a kind of wording that moves a reader ("urgency"); a *rule* finds it; *evidence* is
one place in one message where a rule found it. Cues stand here, rules in ``rules/*.toml``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from typing import Any, Literal, NamedTuple

Part = Literal["subject", "body"]
Place = Literal["any", "subject", "body"]
Need = Literal["concrete", "vague", "question", "no_thread", "sentence"]

PLACES = frozenset({"any", "subject", "body"})
NEEDS = frozenset({"concrete", "vague", "question", "no_thread", "sentence"})


class Cue(NamedTuple):
    """One of the eighteen cues of the annotation guide.

    ``direction`` is -1 where the cue speaks against authenticity, +1 where it speaks for it, and
    0 where that depends on the rest of the message.
    """

    name: str
    group: str
    direction: Literal[-1, 0, 1]
    counts: str
    does_not_count: str


CUES: tuple[Cue, ...] = (
    Cue(
        "urgency", "pressure", -1,
        "time pressure put on the recipient: act now, by tonight, offer ends, quick reply needed",
        "a date the reader can check and may ignore; 'no rush'",
    ),
    Cue(
        "scarcity", "pressure", -1,
        "limited supply or access: only 3 spots, exclusive invite, you have been selected",
        "plain facts of size ('we are a team of four')",
    ),
    Cue(
        "guilt", "pressure", -1,
        "making silence a fault: haven't heard back, third time I write, should I close your file",
        "one calm follow-up that adds something",
    ),
    Cue(
        "merge_error", "automation", -1,
        "mail-merge wreckage: {{first_name}}, 'Hi ,', [Company], FNAME, Dear Sir/Madam",
        "a real name, a bracketed remark, code in a technical message",
    ),
    Cue(
        "boilerplate", "automation", -1,
        "hope this finds you well, I came across your profile, touch base, quick question",
        "the same words with a particular meaning ('we touched the base of the statue')",
    ),
    Cue(
        "generic_flattery", "automation", -1,
        "praise that fits anyone: impressed by your background, love what you are doing",
        "praise tied to a named thing",
    ),
    Cue(
        "buzzword", "automation", -1,
        "synergy, leverage, game-changing, best-in-class, AI-powered, seamless, unlock",
        "terms of the recipient's own field",
    ),
    Cue(
        "false_familiarity", "pretence", -1,
        "Re: with no thread, as discussed, following up on our call, when there was none",
        "a real, named shared contact or meeting",
    ),
    Cue(
        "hype", "pretence", -1,
        "guaranteed, 10x, 300 % ROI, risk-free, unnamed 'companies like yours'",
        "a modest, checkable figure with its source",
    ),
    Cue(
        "self_focus", "self", -1,
        "sentences about the sender's company, awards and features before any reason for the reader",
        "one line saying who is writing",
    ),
    Cue(
        "heavy_ask", "ask", -1,
        "a meeting, a calendar link or proposed slots in the first touch, several asks at once",
        "one small question that can be answered in a line",
    ),
    Cue(
        "light_ask", "ask", 0,
        "one small question that can be answered in a line",
        "a call, a meeting, a form to fill in",
    ),
    Cue(
        "specific_reference", "personal", 1,
        "something the recipient made, said, did or faces, named so that it could be no one else",
        "their job title, company name or city alone",
    ),
    Cue(
        "shared_context", "personal", 1,
        "a named mutual contact, event, school, project or neighbourhood",
        "'we have many friends in common'",
    ),
    Cue(
        "curiosity", "personal", 1,
        "a real question about the recipient's own view, priorities or way of working",
        "a question that is a pitch in disguise ('Would you like to save 30 %?')",
    ),
    Cue(
        "low_pressure", "respect", 1,
        "no need to reply, happy to wait, fine to say no, opt-out offered in plain words",
        "the legal unsubscribe footer",
    ),
    Cue(
        "candour", "respect", 1,
        "open about being cold, about what one sells, about limits or doubts, about a poor fit",
        "'I'll be honest with you' as a filler",
    ),
    Cue(
        "value_first", "respect", 1,
        "something useful given with no strings: a bug report, a fix, an introduction, data",
        "a lead magnet behind a form or a call",
    ),
)  # fmt: skip
LEARNED = "learned:"
"""How the rule of evidence begins whose words no written rule found."""
CUE_NAMES: tuple[str, ...] = tuple(cue.name for cue in CUES)


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of finding a cue, as written in ``rules/<cue>.toml``.

    ``phrases`` are written in a small notation (see `authentic_outreach.phrases`), ``patterns``
    are spaCy token patterns, ``regexes`` run on the raw text for shapes that tokens cannot show;
    where ``signs`` are given, only on texts that hold one of these strings, which saves the search.
    A match is dropped where a phrase of ``unless`` overlaps it, where ``negatable`` and a
    negation stands in the three words before it, or where ``place`` or ``needs`` is not met:

    - ``concrete``: a name, number, quoted or coined word follows within eight words of the same
      sentence; the evidence reaches to it. ``vague``: none does.
    - ``question``: its sentence ends in a question mark.
    - ``no_thread``: the message answers no earlier message.
    - ``sentence``: no condition; the evidence is the whole sentence.
    """

    id: str
    cue: str
    message: str
    source: str
    phrases: tuple[str, ...] = ()
    patterns: tuple[list[dict[str, Any]], ...] = ()
    regexes: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    negatable: bool = False
    place: Place = "any"
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a message that moved its rating.

    ``start`` and ``end`` are character offsets into ``part`` as the user gave it;
    ``contribution`` is in log-odds, negative where the words lower the score.
    """

    cue: str
    rule: str
    part: Part
    start: int
    end: int
    text: str
    message: str
    contribution: float = 0.0

    @property
    def is_learned(self) -> bool:
        """True where the words were learned to weigh, and no written rule names them."""
        return self.rule.startswith(LEARNED)

    def to_dict(self) -> dict[str, Any]:
        """The evidence as it stands in the output rows (schema: ``docs/schema.md``)."""
        names = ("cue", "rule", "part", "start", "end", "text", "contribution")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class RuleBook:
    """All rules, their shared word lists, and a version that changes when any of them does."""

    rules: tuple[Rule, ...]
    lists: dict[str, tuple[str, ...]]
    version: str
    by_id: dict[str, Rule] = field(repr=False)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of letters that phrases and their lists hold."""
        texts = chain.from_iterable((*rule.phrases, *rule.unless) for rule in self.rules)
        return frozenset(re.findall(r"[a-z]+", " ".join([*texts, *chain.from_iterable(self.lists.values())])))


def _rule(cue: str, table: dict[str, Any], where: str) -> Rule:
    known = {"id", "message", "source", "phrases", "patterns", "regexes", "signs", "unless",
             "negatable", "place", "needs"}  # fmt: skip
    if unknown := sorted(set(table) - known):
        raise ValueError(f"{where}: unknown key {unknown[0]!r}; a rule has {sorted(known)}")
    for required in ("id", "message", "source"):
        if not table.get(required):
            raise ValueError(f"{where}: rule {table.get('id', '?')!r} lacks {required!r}; add it")
    if not table["id"].startswith(f"{cue}."):
        raise ValueError(f"{where}: rule id {table['id']!r} must start with {cue + '.'!r}")
    place = table.get("place", "any")
    if place not in PLACES:
        raise ValueError(f"{where}: place {place!r} is not one of {sorted(PLACES)}")
    needs = tuple(table.get("needs", ()))
    if wrong := sorted(set(needs) - NEEDS):
        raise ValueError(f"{where}: needs {wrong[0]!r} is not one of {sorted(NEEDS)}")
    return Rule(
        id=table["id"],
        cue=cue,
        message=table["message"],
        source=table["source"],
        phrases=tuple(table.get("phrases", ())),
        patterns=tuple(table.get("patterns", ())),
        regexes=tuple(table.get("regexes", ())),
        signs=tuple(table.get("signs", ())),
        unless=tuple(table.get("unless", ())),
        negatable=bool(table.get("negatable", False)),
        place=place,
        needs=needs,
    )


@cache
def load_rules() -> RuleBook:
    """Read every rule file of the package.

    Raises
    ------
    ValueError
        If a rule file has an unknown key, lacks a required one, or repeats a rule id.
    """
    import hashlib

    folder = files(__package__).joinpath("rules")
    digest = hashlib.sha256()
    rules: list[Rule] = []
    for cue in CUE_NAMES:
        raw = folder.joinpath(f"{cue}.toml").read_bytes().replace(b"\r\n", b"\n")
        digest.update(raw)
        tables = tomllib.loads(raw.decode()).get("rule", [])
        rules.extend(_rule(cue, table, f"rules/{cue}.toml") for table in tables)
    raw = folder.joinpath("lists.toml").read_bytes().replace(b"\r\n", b"\n")
    digest.update(raw)
    lists = {name: tuple(words) for name, words in tomllib.loads(raw.decode()).items()}
    by_id = {rule.id: rule for rule in rules}
    if len(by_id) != len(rules):
        ids = [rule.id for rule in rules]
        twice = next(name for name in ids if ids.count(name) > 1)
        raise ValueError(f"rule id {twice!r} stands twice in rules/; give each rule its own id")
    return RuleBook(tuple(rules), lists, digest.hexdigest()[:12], by_id)
