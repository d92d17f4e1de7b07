"""Signatures: what stands under ``-- ``, and contact blocks under a closing or a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from authentic_outreach.bodies.clients import clients

MAX_LINES, MAX_SIGNATURE, MAX_NAME = 14, 1_000, 60
"""Lines and characters of a signature, and characters of its first line; what is longer is a letter."""

_LINE = re.compile(r"[^\n]*[^\s][^\n]*")
_DELIMITER = re.compile(r"--|—|–|_{2,}|-{3,}|={3,}|\*{3,}|~{3,}")
_SURE = frozenset(["--", "—", "__", "___"])
_MOTTO = "\"'“„*«"
_PHONE = re.compile(r"(?:\+|\(|\b(?:tel|t|m|mob|mobile|mobil|ph|phone|fax|f|cell|direct|office|d|o|telefon|tfn|tlf)\b\W{0,3})?\(?\d[\d\s().\/-]{6,}\d", re.I)  # fmt: skip
_CONTACT = re.compile(
    r"""(?xi)
      [\w.+-]+@[\w-]+\.[\w.]+ | \b(?:https?://|www\.)\S+ | ^\s*[\w-]+\.(?:com|org|net|io|co|example|de|fr|se|uk)(?:/\S*)?\s*$
    | \b(?:ltd|llc|inc|gmbh|ag|plc|llp|pty|s\.?a\.?r?\.?l|s\.?p\.?a|b\.?v|n\.?v|aps|a/s|oy|ab|sp\.\ z\ o\.o|kg|ohg|srl|sas|sarl|s\.l|ltda|co\.)\b\.?
    | \b(?:ceo|cto|cfo|coo|vp|svp|director|manager|head\ of|founder|co-founder|president|owner|partner|consultant|engineer|editor
        |coordinator|executive|professor|recruiter|specialist|advisor|adviser|lead|officer|assistant|associate|analyst|architect
        |geschäftsführer(?:in)?|leiter(?:in)?|directrice|directeur|responsable|gerente|directora?|amministratore|kierownik|vd|chef|säljare)\b
    | \b(?:skype|linkedin|twitter|signal|telegram|whatsapp|mastodon)\b\s*[:@]? | \s[|·•]\s
    | \b\d{1,5}\s+[A-Z][\w.]+\s+(?:street|st|road|rd|avenue|ave|lane|way|drive|blvd|quay|square|row|yard)\b
    """
)
_STRONG = re.compile(r"(?xi) [\w.+-]+@[\w-]+\.[\w.]+ | \b(?:https?://|www\.)\S+ | \s[|·•]\s")
_NAME = re.compile(r"[ \t*]*(?:(?:Dr|Prof|Mr|Ms|Mrs|Ing|Dipl)\.?[ \-]){0,2}[^\W\d_a-zà-ÿ][\w'’.-]*(?:[ \t]+(?:[^\W\d_a-zà-ÿ][\w'’.-]*|van|von|de|der|da|del|la|di|el|bin|al)){0,4},?(?: (?:PhD|Ph\.D\.|MBA|MD|MSc|CPA))?[ \t*]*")  # fmt: skip
_AROUND = " \t*,.;:!–—-"
_POSTSCRIPT = re.compile(r"[ \t]*p\.? ?p?\.?s\b", re.I)
_SENTENCE = re.compile(r"[a-zà-ÿ]{2,}[.!?]$|[?]$")


@cache
def _closings() -> frozenset[str]:
    return frozenset(clients()["closings"]["lines"])


def signature_ranges(text: str, left: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The signatures in what is left of a text, also where more words follow."""
    return [span for start, end in left for span in _signatures(text, start, end)]


def _signatures(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    lines = [match.span() for match in _LINE.finditer(text, start, end)]
    cut_to = 0
    for n, (begin, stop) in enumerate(lines):
        if n == 0 or begin < cut_to or stop - begin > MAX_NAME:
            continue
        words = text[begin:stop].strip()
        if _DELIMITER.fullmatch(words):
            kind = "delimiter"
        elif words.strip(_AROUND).lower() in _closings():
            kind = "closing"
        elif _is_gap(text, lines[n - 1][1], begin) and _NAME.fullmatch(words):
            kind = "name"
        else:
            continue
        below = [text[a:b].strip() for a, b in lines[n + 1 : n + 1 + MAX_LINES]]
        if (
            kind == "delimiter"
            and words in _SURE
            and n + 1 + MAX_LINES >= len(lines)
            and lines[-1][1] - stop <= MAX_SIGNATURE
        ):
            size = next((m for m, line in enumerate(below) if _POSTSCRIPT.match(line)), len(below))
        else:
            size = _block_size(text, lines[n + 1 : n + 1 + MAX_LINES], loose=kind == "delimiter")
            block = below[:size] if kind != "name" else [words, *below[:size]]
            if not _is_block(block):
                continue
        if size:
            cut_to = lines[n + size][1]
            yield begin, cut_to


def _is_gap(text: str, start: int, end: int) -> bool:
    """Whether an empty line stands between two lines."""
    return text.count("\n", start, end) > 1


def _block_size(text: str, lines: list[tuple[int, int]], loose: bool) -> int:
    """How many of the lines belong to the block that begins above them; a loose one may have gaps."""
    for n, (begin, stop) in enumerate(lines):
        words = text[begin:stop].strip()
        contact = bool(_CONTACT.search(words) or _PHONE.search(words))
        if _DELIMITER.fullmatch(words):
            return n
        if (
            n
            and not loose
            and _is_gap(text, lines[n - 1][1], begin)
            and not contact
            and words[0] not in _MOTTO
        ):
            return n
        if _POSTSCRIPT.match(words) or len(words) > 100 or (contact and len(words.split()) > 12):
            return n
        if _SENTENCE.search(words) and not contact and words[0] not in _MOTTO:
            return n
    return len(lines)


def _is_block(lines: list[str]) -> bool:
    """Whether lines are somebody's contact block: a few short ones, with an address or number among them."""
    shown = [line.strip() for line in lines if line.strip()]
    if not shown or len(shown) > MAX_LINES:
        return False
    if any(_is_call(line) for line in shown):
        return False
    strong = sum(bool(_STRONG.search(line) or _PHONE.search(line)) for line in shown)
    weak = sum(bool(_CONTACT.search(line)) for line in shown)
    return (strong >= 1 and len(shown) >= 2) or weak >= 2 or (weak >= 1 and len(shown) >= 3)


def _is_call(line: str) -> bool:
    """Whether a line asks for something, as "Book a time with me: https://..." does: the sender's own words."""
    return bool(
        re.match(
            r"(?i)\s*(?:book|schedule|pick|grab|reserve|click|see|read|watch|download|register|rsvp|reply|call me)\b",
            line,
        )
    )
