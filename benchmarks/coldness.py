"""How well cold outreach is told from other mail: tables of confusion, by text models that did not see the mail judged.

    python benchmarks/coldness.py [--mail SPAMASSASSIN] [--errors] [--write models/coldness.npz]

The invented mailboxes of ``data/mailboxes`` are each judged by a model trained without them; SpamAssassin's mails,
the single mails of ``data/mails`` and the corpus on five grouped folds. ``--write`` fits the shipped model on everything.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from authentic_outreach.coldness import KINDS
from authentic_outreach.datasets import data_dir
from authentic_outreach.kinds import (
    fit_kinds,
    histories,
    judged_held_out,
    load_cold,
    load_invented_mailboxes,
    load_single_mails,
    load_spamassassin,
)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mail", type=Path, help="a folder with ham.mbox, hard_ham.mbox, spam.mbox")
    parser.add_argument(
        "--errors", action="store_true", help="list what is misjudged in the invented mailboxes"
    )
    parser.add_argument("--write", type=Path, help="fit on everything and write the model here")
    options = parser.parse_args()
    invented = load_invented_mailboxes(data_dir())
    mails = [mail for mailbox in invented.values() for mail in mailbox]
    mails += [*load_single_mails(data_dir()), *load_cold()]
    if options.mail:
        mails += list(load_spamassassin(options.mail))
    judged = judged_held_out(mails, histories(data_dir()))
    found = list(zip(mails, judged, strict=True))
    boxes = [(mail, one) for mail, one in found if mail.source in invented]
    if options.errors:
        for mail, one in boxes:
            if mail.kind != one.kind and not (mail.kind in _ASIDE and one.kind in _ASIDE):
                print(
                    f"{mail.kind:>14} as {one.kind:<14} {one.confidence:.2f} {(mail.message.subject or '')[:50]!r} {one.reason[:110]}"
                )
    shown = [kind for kind in KINDS if any(kind in (mail.kind, one.kind) for mail, one in boxes)]
    print(
        f"\n{len(boxes)} mails of invented mailboxes (rows: what they are; columns: as what they were judged)\n"
    )
    print(f"| | {' | '.join(shown)} |\n|---|{'---|' * len(shown)}")
    for kind in shown:
        row = [sum(mail.kind == kind and one.kind == said for mail, one in boxes) for said in shown]
        if sum(row):
            print(f"| {kind} | {' | '.join(map(str, row))} |")
    print("\n| set | mails | called cold | unsure | set aside |\n|---|---|---|---|---|")
    sources = dict.fromkeys(mail.source for mail in mails)
    for source in sources:
        for cold in (True, False):
            part = [one for mail, one in found if mail.source == source and (mail.kind == "cold") == cold]
            if part:
                shares = [sum(test(one) for one in part) / len(part) for test in (_cold, _unsure, _aside)]
                name = f"{source}, {'cold' if cold else 'other'}"
                print(f"| {name} | {len(part)} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    if options.write:
        options.write.write_bytes(fit_kinds(mails).to_bytes())


_ASIDE = {"warm", "bulk", "transactional", "spam", "personal", "sent"}


def _cold(one: object) -> bool:
    return getattr(one, "kind", "") == "cold"


def _unsure(one: object) -> bool:
    return getattr(one, "kind", "") == "unsure"


def _aside(one: object) -> bool:
    return getattr(one, "kind", "") in _ASIDE


if __name__ == "__main__":
    main()
