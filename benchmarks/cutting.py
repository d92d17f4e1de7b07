"""How well the sender's own lines are told from quotes, signatures and footers, beside other libraries.

    python benchmarks/cutting.py data/bodies --talon TALON_FIXTURES

Counts lines that show: kept by a cutter against own by the file's marks. Needs quotequail, mail-parser-reply and
talon for the comparison (`pip install quotequail mail-parser-reply talon`); those that are not there are left out.
The bodies in ``data/bodies`` were written after the cutter by somebody who had not seen it.
"""

from __future__ import annotations

import argparse
import difflib
import email
import email.policy
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from authentic_outreach.bodies import own_ranges


class Body(NamedTuple):
    """A body, the numbers of its own lines, and of those that are no quote (for cutters that leave signatures)."""

    name: str
    text: str
    own: frozenset[int]
    not_quoted: frozenset[int]


def read_bodies(folder: Path) -> Iterator[Body]:
    """The bodies of files in which ``=== name | language`` begins one and ``@own`` and the like begin its parts."""
    for path in sorted(folder.glob("*.txt")):
        for block in re.split(r"(?m)^=== ", path.read_text(encoding="utf-8"))[1:]:
            name, _, rest = block.partition("\n")
            lines: list[str] = []
            kinds: list[str] = []
            kind = "own"
            for line in rest.removesuffix("\n").split("\n"):
                if re.fullmatch(r"@(own|quote|signature|footer)\s*", line):
                    kind = line.strip()[1:]
                else:
                    lines.append(line)
                    kinds.append(kind)
            yield _body(name, lines, kinds)


def _body(name: str, lines: list[str], kinds: list[str]) -> Body:
    shown = [n for n, line in enumerate(lines) if line.strip()]
    return Body(
        name,
        "\n".join(lines),
        frozenset(n for n in shown if kinds[n] == "own"),
        frozenset(n for n in shown if kinds[n] != "quote"),
    )


def read_talon(folder: Path) -> Iterator[Body]:
    """The plain parts of talon's standard replies, and its mails with marked or separate signatures.

    talon keeps a signature in a reply; here what stands from ``--`` or "Sent from" on counts as one.
    """
    for path in sorted((folder / "standard_replies").glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        part = mail.get_body(("plain",))
        if part is None:
            continue
        lines = part.get_content().replace("\r\n", "\n").split("\n")
        answer = path.with_name(f"{path.stem}_reply_text")
        reply = answer.read_text(encoding="utf-8") if answer.exists() else "Hello"
        own = [line.strip() for line in reply.split("\n") if line.strip()]
        kinds, signed = [], False
        for line in lines:
            is_own = bool(own) and line.strip() == own[0]
            signed = signed or line.rstrip() == "--" or line.startswith("Sent ")
            kinds.append(("signature" if signed else "own") if is_own else "quote")
            own = own[1:] if is_own else own
        yield _body(path.name, lines, kinds)
    emails = folder / "signature" / "emails"
    for path in sorted((emails / "stripped").glob("*_body")):
        cut = path.with_name(path.name.replace("_body", "_signature"))
        if cut.exists():
            text = path.read_text(encoding="utf-8").replace("#sig#", "")
            kept = text.rstrip().removesuffix(cut.read_text(encoding="utf-8").replace("#sig#", "").strip())
            lines = text.split("\n")
            own_lines = kept.rstrip().count("\n") + 1
            yield _body(
                path.name, lines, ["own" if n < own_lines else "signature" for n in range(len(lines))]
            )
    for path in sorted((emails / "P").glob("*")):
        if not path.name.endswith("_sender") and path.name != "unicode_msg":
            marked = path.read_text(encoding="utf-8", errors="replace").split("\n")
            kinds = [
                "quote" if line.startswith("#reply#") else "signature" if line.startswith("#sig#") else "own"
                for line in marked
            ]
            yield _body(path.name, [re.sub(r"^#(?:sig|reply)#", "", line) for line in marked], kinds)


def ours(text: str) -> str:
    """The own ranges, each on lines of its own."""
    return "\n".join(text[start:end] for start, end in own_ranges(text))


def cutters() -> dict[str, Callable[[str], str]]:
    """The cutters that are installed, by name: functions from a body to what they keep of it."""
    found: dict[str, Callable[[str], str]] = {"authentic_outreach": ours}
    try:
        import quotequail

        found["quotequail"] = lambda text: "\n".join(
            part
            for is_own, part in (quotequail.quote(text) if quotequail.quote(text) else [(True, text)])
            if is_own
        )
    except ImportError:
        pass
    try:
        from mailparser_reply import EmailReplyParser

        languages = [
            "en",
            "de",
            "fr",
            "es",
            "pt",
            "it",
            "nl",
            "sv",
            "da",
            "no",
            "fi",
            "pl",
            "cs",
            "tr",
            "ja",
            "zh",
            "ko",
        ]
        known = []
        for language in languages:
            try:
                EmailReplyParser(languages=[language]).read("x")
                known.append(language)
            except Exception:  # a language that it does not have
                continue
        parser = EmailReplyParser(languages=known)
        found["mail-parser-reply"] = lambda text: parser.parse_reply(text) or ""
    except ImportError:
        pass
    try:
        import talon
        from talon import quotations

        talon.init()
        from talon.signature.bruteforce import extract_signature

        found["talon"] = lambda text: extract_signature(quotations.extract_from_plain(text))[0]
    except ImportError:
        pass
    return found


def kept_lines(text: str, kept: str) -> frozenset[int]:
    """The numbers of a text's lines that a cutter kept, by alignment."""
    lines = [line.strip() for line in text.split("\n")]
    other = [line.strip() for line in kept.split("\n")]
    blocks = difflib.SequenceMatcher(None, lines, other, autojunk=False).get_matching_blocks()
    return frozenset(n for block in blocks for n in range(block.a, block.a + block.size) if lines[n])


def measure(
    bodies: Iterable[Body], name: str, cutter: Callable[[str], str], show: bool
) -> tuple[float, float, float, float, int]:
    """Precision and recall of own lines; recall of quoted lines cut; bodies without any error; crashes."""
    kept_own = kept_all = own_all = quoted = quoted_cut = right = total = crashes = 0
    for body in bodies:
        try:
            kept = kept_lines(body.text, cutter(body.text))
        except Exception:
            crashes += 1
            kept = kept_lines(body.text, body.text)
        shown = frozenset(n for n, line in enumerate(body.text.split("\n")) if line.strip())
        kept_own += len(kept & body.own)
        kept_all += len(kept)
        own_all += len(body.own)
        quotes = shown - body.not_quoted
        quoted += len(quotes)
        quoted_cut += len(quotes - kept)
        right += kept == body.own
        total += 1
        if show and kept != body.own and name == "authentic_outreach":
            print("\n---", body.name)
            for n, line in enumerate(body.text.split("\n")):
                if (n in kept) != (n in body.own) and line.strip():
                    print("  kept " if n in kept else "  cut  ", line)
    return (
        kept_own / max(1, kept_all),
        kept_own / max(1, own_all),
        quoted_cut / max(1, quoted),
        right / max(1, total),
        crashes,
    )


def main() -> None:
    """Print one table for the invented bodies and one for talon's."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--talon", type=Path)
    parser.add_argument("--errors", action="store_true", help="show the lines that ours gets wrong")
    options = parser.parse_args()
    sets = {"invented bodies": list(read_bodies(options.folder))} if options.folder else {}
    if options.talon:
        sets["talon's fixtures"] = list(read_talon(options.talon))
    for title, bodies in sets.items():
        print(f"\n{title}: {len(bodies)} bodies, {sum(len(b.own) for b in bodies)} own lines\n")
        print(
            "| cutter | precision of own lines | recall of own lines | F1 | quoted lines cut | bodies without an error | crashes |"
        )
        print("|---|---|---|---|---|---|---|")
        for name, cutter in cutters().items():
            precision, recall, cut, right, crashes = measure(bodies, name, cutter, options.errors)
            f1 = 2 * precision * recall / max(1e-9, precision + recall)
            print(
                f"| {name} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {cut:.3f} | {right:.3f} | {crashes} |"
            )


if __name__ == "__main__":
    main()
