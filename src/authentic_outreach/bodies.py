"""The sender's own words in a body: what is quoted, signed or legal is left out, nothing is rewritten.

Everything is told in ranges of characters of the body as it was given, so that words found in
the own text can be shown in the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

MAX_CHARS = 20_000
"""Characters of own text that are rated; about 3,500 words, far over any outreach message."""
MAX_SCANNED = 200_000
"""Characters of a body in which the own text is sought."""

# Where a quoted message begins: everything from there on is somebody else's, or older.
# The client that writes the line stands beside it.
_QUOTE_STARTS = re.compile(
    r"""(?mx)
    ^[ \t]*(?:
        On\ [^\n]{4,120}(?:\n[^\n]{0,80})?\bwrote:[ \t]*$           # Gmail, Apple Mail, Thunderbird
      | -{2,}\ ?(?:Original|Forwarded)\ [Mm]essage\ ?-{2,}[ \t]*$   # Outlook, Gmail forwards
      | -{2,}\ ?Forwarded\ by\ [^\n]*$                              # Notes
      | Begin\ forwarded\ message:[ \t]*$                           # Apple Mail
      | _{20,}[ \t]*\n+[ \t]*From:\ [^\n]*$                         # Outlook on the web
      | From:\ [^\n]*\n[ \t]*(?:Sent|Date):\ [^\n]*$                # Outlook
      | Am\ [^\n]{4,120}\bschrieb\ [^\n]{0,120}:[ \t]*$             # German clients
      | Le\ [^\n]{4,120}\ba\ écrit\ ?:[ \t]*$                       # French clients
    )"""
)
_SIGNATURE = re.compile(r"(?m)^(?:-- ?|—|_{2,3})[ \t]*$")
_PHONE_SIGNATURE = re.compile(
    r"(?m)^[ \t]*(?:Sent|Get|Gesendet|Envoyé) (?:from|via|with|von|de|Outlook for) [^\n]{2,60}$"
)
_FOOTER = re.compile(
    r"""(?mix)
    ^[ \t>*_-]*(?:
        (?:to\ )?unsubscribe\b[^\n]{0,200}$
      | [^\n]{0,120}\b(?:click\ here|link\ below)\ to\ (?:unsubscribe|opt\ out|manage)[^\n]*$
      | (?:this|the\ information\ in\ this)\ (?:e-?mail|message)(?:\ \S+){0,8}\ (?:confidential|privileged|intended\ (?:only|solely))[^\n]*
      | confidentiality\ notice[^\n]*
      | (?:you\ are\ receiving|you\ received)\ this\ (?:e-?mail|message|newsletter)\ because[^\n]*
      | (?:if\ you\ (?:do\ not|don't|no\ longer)\ (?:want|wish)\ to\ receive)[^\n]*
      | (?:update|manage)\ (?:your\ )?(?:email\ )?preferences[^\n]*
      | (?:©|\(c\)|copyright)\ ?(?:19|20)\d\d[^\n]*
      | please\ consider\ the\ environment\ before\ printing[^\n]*
    )"""
)
_FOOTER_SIGNS = (
    "unsubscribe", "click here", "link below", "confidential", "privileged", "intended", "receiv", "preferences",
    "©", "(c)", "copyright", "environment",
)  # fmt: skip
_FOOTER_SIGN = re.compile("|".join(map(re.escape, _FOOTER_SIGNS)), re.IGNORECASE)
_QUOTED_LINES = re.compile(r"(?m)^[ \t]?>[^\n]*\n?")


class Range(NamedTuple):
    """Characters ``start`` to ``end`` of a text."""

    start: int
    end: int


def html_to_text(html: str) -> str:
    """Readable text of an HTML mail: hidden parts, scripts and styles left out.

    Uses inscriptis; markup that even its parser refuses is stripped of tags.
    """
    from inscriptis import get_text
    from inscriptis.model.config import ParserConfig

    html = re.sub(r"<\?xml[^>]*\?>", "", html[: MAX_SCANNED * 5])  # lxml refuses str with a declared encoding
    try:
        text: str = get_text(html, ParserConfig(display_links=False))
    except Exception:  # any parser has markup it chokes on; the words are wanted all the same
        text = re.sub(r"<[^>]{0,2000}>", " ", html)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip()


def own_ranges(body: str) -> tuple[Range, ...]:
    """The ranges of ``body`` that the sender wrote for this message.

    >>> body = "Thanks, Tuesday works.\\n\\nOn Mon, 2 Mar 2026 at 9:14, Ana wrote:\\n> Tuesday?\\n"
    >>> [body[start:end] for start, end in own_ranges(body)]
    ['Thanks, Tuesday works.']
    """
    text = body[:MAX_SCANNED]
    end = len(text)
    if (match := _QUOTE_STARTS.search(text)) and text[: match.start()].strip():
        end = match.start()
    for match in _SIGNATURE.finditer(text, 0, end):
        after = text[match.end() : end]
        if text[: match.start()].strip() and len(after) < 800 and after.count("\n") <= 12:
            end = match.start()
            break
    lines = [
        m.span() for pattern in (_QUOTED_LINES, _PHONE_SIGNATURE) for m in pattern.finditer(text, 0, end)
    ]
    cuts = sorted([*lines, *_footers(text, end)])
    ranges: list[Range] = []
    position = 0
    for start, stop in [*cuts, (end, end)]:
        if start > position:
            ranges += _stripped(text, position, start)
        position = max(position, stop)
    return tuple(ranges)


def _footers(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Footer lines: only lines that hold a sign of one are looked at closely, for that search is dear."""
    folded = text.casefold()
    if not any(sign in folded for sign in _FOOTER_SIGNS):
        return
    position = 0
    while (sign := _FOOTER_SIGN.search(text, position, end)) is not None:
        position = text.find("\n", sign.end()) + 1 or end
        if line := _FOOTER.match(text, text.rfind("\n", 0, sign.start()) + 1, end):
            yield line.span()


def _stripped(text: str, start: int, end: int) -> list[Range]:
    """The range without the white space at its ends; nothing if that is all it holds."""
    piece = text[start:end]
    if not piece.strip():
        return []
    left = start + len(piece) - len(piece.lstrip())
    return [Range(left, start + len(piece.rstrip()))]
