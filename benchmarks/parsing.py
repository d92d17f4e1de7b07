"""Mails parsed a second, by parser, and how often each finds the words that ours finds.

    python benchmarks/parsing.py MAILBOX...

Agreement is the share of mails whose body, white space aside, is the one our reader gives.
"""

import argparse
import email
import email.policy
import time
from pathlib import Path

from fast_mail_parser import parse_email
from tables import write_table

from authentic_outreach.mailboxes import read_items
from authentic_outreach.mailboxes.eml import RawMail, parse_mail


def compat32(raw):
    return email.message_from_bytes(raw)


def default_policy(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    body = mail.get_body(("plain", "html"))
    return body.get_content() if body else ""


def fast(raw):
    mail = parse_email(raw)
    return (mail.text_plain or mail.text_html or [""])[0]


def ours(raw):
    return parse_mail(RawMail(raw, "", "")).body


PARSERS = {"standard library, compat32, headers and parts only": compat32, "ours (compat32, charsets, HTML to text)": ours,
           "standard library, default policy": default_policy, "fast-mail-parser": fast}  # fmt: skip


def run(parser, mails):
    bodies, errors = [], 0
    begun = time.perf_counter()
    for raw in mails:
        try:
            bodies.append(parser(raw))
        except Exception:
            bodies.append(None)
            errors += 1
    return bodies, errors, time.perf_counter() - begun


def squeeze(body):
    return "".join(body.split()) if isinstance(body, str) else None


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("mailboxes", nargs="+", type=Path)
    mails = [i.raw for p in options.parse_args().mailboxes for i in read_items(p) if isinstance(i, RawMail)]
    plain = [b"text/html" not in raw for raw in mails]
    reference = [squeeze(body) for body in run(ours, mails)[0]]
    rows = []
    for name, parser in PARSERS.items():
        best = min((run(parser, mails) for _ in range(3)), key=lambda outcome: outcome[2])
        bodies = [squeeze(body) for body in best[0]]
        same = [a == b for a, b, p in zip(bodies, reference, plain, strict=True) if p]
        agreement = "n/a" if parser is compat32 else f"{sum(same) / len(same):.4f}"
        rows.append((name, f"{len(mails) / best[2]:,.0f}", best[1], agreement))
    columns = ("parser", "mails a second", "errors", f"same words, on {sum(plain):,} mails without HTML")
    write_table("parsing", f"Parsing {len(mails):,} mails", columns, rows)


if __name__ == "__main__":
    main()
