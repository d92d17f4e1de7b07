"""Text that was damaged on its way: wrapped lines of format=flowed, mojibake, quoted-printable left as it was."""

from __future__ import annotations

import quopri
import re

_MOJIBAKE = re.compile(
    "[\u00c3\u00c2\u00e2\u00d0\u00d1\u00d8\u00d9\u00c5\u00c4][\u0080-\u00bf\u20ac\u2018-\u2026\u0152-\u0178\u02c6\u02dc\u2122]"
)
_QUOTED_PRINTABLE = re.compile(r"=\n|=(?:20|3D|E2=80|C3=[89AB]|A0|09|0A|92|93|94|96)")
_DEPTH = re.compile(r">*")


def unflow(text: str, delete_space: bool = False) -> str:
    """Join the lines that a sending client wrapped.

    RFC 3676: a line that ends in a space goes on in the next one of the same depth of quoting; a space at a
    line's start only stuffs it; the signature's ``-- `` never flows. ``delete_space`` is its DelSp parameter.

    >>> unflow("a line that \\ngoes on\\nand another")
    'a line that goes on\\nand another'
    """
    lines: list[str] = []
    flowing, depth_before = False, 0
    for line in text.split("\n"):
        depth = _DEPTH.match(line).end()  # type: ignore[union-attr]  # it matches anything
        words = line[depth:].removeprefix(" ")
        soft = words.endswith(" ") and words != "-- "
        if soft and delete_space:
            words = words[:-1]
        if flowing and depth == depth_before and words != "-- ":
            lines[-1] += words
        else:
            lines.append(f"{'>' * depth}{' ' if depth else ''}{words}")
        flowing, depth_before = soft, depth
    return "\n".join(lines)


def mend(text: str) -> str:
    """Undo mojibake, and quoted-printable that nobody decoded; text without a sign of either is left alone.

    >>> mend("the cafÃ© isnâ€™t open")
    'the café isn’t open'
    """
    if "=" in text and len(_QUOTED_PRINTABLE.findall(text)) >= 3 and "=\n" in text:
        raw = quopri.decodestring(text.encode("utf-8"))
        text = (
            raw.decode("utf-8", errors="replace") if _is_utf8(raw) else raw.decode("cp1252", errors="replace")
        )
    if _MOJIBAKE.search(text):
        from ftfy import fix_encoding

        text = fix_encoding(text)
    return text


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
