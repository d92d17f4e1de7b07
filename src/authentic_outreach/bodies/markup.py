"""HTML mail: its words as a reader saw them, what was hidden from the reader, and what the markup tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from authentic_outreach.messages import Markup

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_HTML = 1_000_000
"""Characters of markup that are read; a mail's clipping limit in Gmail is a tenth of it."""
MAX_LINKS = 200

_DECLARATION = re.compile(r"<\?xml[^>]*\?>")
_LINK = re.compile(r"<a\s[^>]{0,2000}?\bhref\s*=\s*[\"']?\s*([^\"'\s>]{1,2000})", re.I)
_IMAGE = re.compile(r"<img\s[^>]{1,4000}>", re.I)
_ONE = re.compile(r"\b(?:width|height)\s*[=:]\s*[\"']?\s*[01](?:px)?\s*(?:[\"';\s>/]|$)", re.I)
_OPEN, _CLOSE = "\ue000", "\ue001"  # private characters that mark where a quote begins and ends
_MARKS = re.compile(f"[{_OPEN}{_CLOSE}]")
_ASIDE = re.compile(r"<!--|-->|@(?:charset|import|namespace)\b[^;{}]{0,500};", re.I)
_AT_RULE = re.compile(r"@[\w-]+[^{};]{0,500}\{(?:[^{}]{0,2000}\{[^{}]{0,2000}\}){0,200}[^{}]{0,2000}\}")
_RULE = re.compile(r"(?<![^{}])([^{}]{1,300})\{([^{}]{0,1000})\}")
_SIMPLE = re.compile(r"[a-z]\w{0,9}|(?:[a-z]\w{0,9})?[.#][\w-]{1,80}", re.I)
"""A selector of one tag, class or id; others depend on what stands around: they hide nothing here, and leave a ground unknown."""
_NAMES = re.compile(r"[.#]?[\w-]{1,80}")
_DECLARED = re.compile(r"([\w-]+)\s*:\s*([^;]+)")
_UNSEEN = re.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0?\.?0+(?:\s*[;!]|$)"
    r"|(?<![-\w])color\s*:\s*(?:transparent|rgba\((?:\s*\d{1,3}[\s,]+){2}\d{1,3}\s*[,/]\s*0?\.?0+%?\s*\))"
    r"|max-height\s*:\s*0(?:px)?\s*(?:[;!]|$)|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{3,}px"
)
_NUMBER = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|%)?")
_COLOURS = {"white": (255, 255, 255), "black": (0, 0, 0)}


class Page(NamedTuple):
    """The text of an HTML mail as its reader saw it, and what the markup holds besides."""

    text: str
    markup: Markup


class _State(NamedTuple):
    """How the words of an element look: inherited from the element around it, but for what it sets itself."""

    unseen: bool = False
    tiny: bool = False
    colour: tuple[int, ...] | None = (0, 0, 0)
    ground: tuple[int, ...] | None = (255, 255, 255)

    def hidden(self, by_colour: bool) -> bool:
        if self.unseen or self.tiny:
            return True
        if not by_colour or not self.colour or not self.ground:
            return False
        return sum(abs(a - b) for a, b in zip(self.colour, self.ground, strict=False)) <= 12


def read_html(html: str) -> Page:
    """Readable text of an HTML mail; words that its reader could not see are kept apart.

    Hidden is what has no display, visibility, height, opacity or font size, stands far outside of the page, or
    has the colour of its ground: preheaders, and words meant for filters. Where that would be every word, the ground is one that is
    not known here (a picture, say), and colours hide nothing. Quoted mail gets its ``> `` back.
    Uses lxml and inscriptis; markup that they refuse is stripped of tags.
    """
    from inscriptis.html_engine import Inscriptis
    from inscriptis.model.config import ParserConfig
    from lxml.html import document_fromstring

    html = _MARKS.sub("", _DECLARATION.sub("", html[:MAX_HTML])).strip()
    if not html:
        return Page("", Markup())
    hidden = ""
    try:
        for by_colour in (True, False):
            tree = document_fromstring(html)
            hidden = " ".join(" ".join(_take_hidden(tree, by_colour)).split())
            _mark_quotes(tree)
            text: str = Inscriptis(tree, ParserConfig(display_links=False)).get_text()
            if not hidden or text.strip():
                break
    except Exception:  # any parser has markup it chokes on; the words are wanted all the same
        text = re.sub(r"<[^>]{0,2000}>", " ", html)
    lines = "\n".join(line.rstrip() for line in _with_quote_marks(text.splitlines()))
    return Page(re.sub(r"\n{3,}", "\n\n", lines).strip(), read_markup(html, hidden[:10_000]))


def html_to_text(html: str) -> str:
    """The text of `read_html` alone."""
    return read_html(html).text


def read_markup(html: str, hidden: str = "") -> Markup:
    """The links and tracking pixels of a mail, read without a parser; `MAX_LINKS` links at most, each once.

    A tracking pixel is an image whose width and height are one or none: it tells its sender that a mail was opened.
    """
    html = html[:MAX_HTML]
    links = dict.fromkeys(unescape(match[1]) for match in _LINK.finditer(html))
    pixels = sum(1 for image in _IMAGE.finditer(html) if len(_ONE.findall(image.group())) >= 2)
    return Markup(hidden, tuple(links)[:MAX_LINKS], pixels)


def _take_hidden(tree: HtmlElement, by_colour: bool) -> Iterator[str]:
    """Take the words that cannot be seen out of a tree, and yield them."""
    sheet = _sheet(tree)
    states: dict[HtmlElement, _State] = {}
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "head", "title"):
            continue
        parent = element.getparent()
        outer = states.get(parent, _State()) if parent is not None else _State()
        state = states[element] = _state(element, outer, sheet)
        if state.hidden(by_colour) and element.text and element.text.strip():
            yield element.text
            element.text = ""
        if outer.hidden(by_colour) and element.tail and element.tail.strip():
            yield element.tail
            element.tail = ""
        if state.unseen and "display" in (element.get("style") or ""):
            del element.attrib["style"]  # taken out here already, with what is to be seen in it: nothing


class _Sheet(NamedTuple):
    """What a mail's style sheet says: of simple selectors ("p", ".x", "p.x", "#x"), and the names whose ground it may set in other ways."""

    styles: dict[str, str]
    grounds: frozenset[str]

    def of(self, element: HtmlElement) -> str:
        """All that holds for an element, what it says itself at the end."""
        own = element.get("style") or ""
        if not self.styles and not self.grounds:
            return own
        marks = [f".{name}" for name in (element.get("class") or "").lower().split()[:20]]
        marks += [f"#{element.get('id').lower()}"] if element.get("id") else []
        names = [element.tag, *marks, *(element.tag + mark for mark in marks)]
        unknown = "background:unknown" if not self.grounds.isdisjoint(names) else ""
        return ";".join(filter(None, [unknown, *(self.styles.get(name, "") for name in names), own]))


def _sheet(tree: HtmlElement) -> _Sheet:
    """The style sheet of a mail, but for rules that hold on some screens only; empty where it cannot be taken apart."""
    sheet = " ".join(style.text or "" for style in tree.iter("style"))[:200_000]
    before, *others = sheet.split("/*")
    sheet = before + " ".join(other.partition("*/")[2] for other in others)
    sheet = _AT_RULE.sub(" ", _ASIDE.sub(" ", sheet))
    styles: dict[str, str] = {}
    grounds: set[str] = set()
    for selectors, rules in _RULE.findall(sheet) if "@" not in sheet else ():
        for selector in map(str.strip, selectors.lower().split(",")[:20]):
            if _SIMPLE.fullmatch(selector):
                styles[selector] = f"{styles.get(selector, '')};{rules}"
            elif "background" in rules:
                grounds.update(_NAMES.findall(selector))
    return _Sheet(styles, frozenset(grounds))


def _state(element: HtmlElement, outer: _State, sheet: _Sheet) -> _State:
    style = sheet.of(element)
    colour, ground = element.get("color"), element.get("bgcolor")
    if element.tag == "body":
        colour = colour or element.get("text")
    if element.get("background"):
        ground = "unknown"
    if not (style or colour or ground or element.get("hidden") is not None):
        return outer
    declared = {name.lower(): value.strip() for name, value in _DECLARED.findall(style)}
    last = ";".join(
        f"{name}:{value}" for name, value in declared.items()
    )  # of each property the last one holds
    size = declared.get("font-size")
    back = declared.get("background-color") or declared.get("background") or ground
    if declared.get("background-image", "none") != "none":
        back = "unknown"
    front = declared.get("color") or colour
    flat = declared.get("height", "").startswith("0") and "hidden" in declared.get("overflow", "")
    return _State(
        outer.unseen or flat or element.get("hidden") is not None or bool(_UNSEEN.search(last)),
        _is_tiny(size) if size else outer.tiny,
        _colour(front) if front else outer.colour,
        _colour(back) if back and "transparent" not in back and back != "none" else outer.ground,
    )


def _is_tiny(size: str) -> bool:
    match = _NUMBER.match(size)
    if not match:
        return False
    return float(match[1]) <= (1 if match[2] in (None, "px", "pt") else 0.1)


def _colour(value: str) -> tuple[int, ...] | None:
    """Red, green and blue, 0 to 255; None for what is no plain colour, which then hides nothing."""
    value = value.lower().replace("!important", "").strip()
    if value in _COLOURS:
        return _COLOURS[value]
    if match := re.match(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", value):
        digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
        return tuple(int(digits[n : n + 2], 16) for n in (0, 2, 4))
    if match := re.match(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})", value):
        return tuple(map(int, match.groups()))
    return None


def _mark_quotes(tree: HtmlElement) -> None:
    """Put marks around the elements in which clients keep the mail that is answered."""
    for quote in tree.iter("blockquote"):
        kind = f"{quote.get('type', '')} {quote.get('class', '')}".lower()
        if "cite" in kind or "quote" in kind or "border-left" in (quote.get("style") or ""):
            quote.text = f"{_OPEN}{quote.text or ''}"
            quote.tail = f"{_CLOSE}{quote.tail or ''}"


def _with_quote_marks(lines: list[str]) -> Iterator[str]:
    depth = 0
    for line in lines:
        opened, closed = line.count(_OPEN), line.count(_CLOSE)
        words = _MARKS.sub("", line)
        if closed and line.lstrip().startswith(_CLOSE):
            depth, closed = max(0, depth - closed), 0
        depth += opened
        yield f"{'>' * min(depth, 5)} {words.strip()}" if depth and words.strip() else words
        depth = max(0, depth - closed)
