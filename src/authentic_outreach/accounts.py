"""An export rated into a file: every item accounted for, and a run that was stopped goes on where it was."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import Any, overload

from authentic_outreach.coldness import KIND_VERSION
from authentic_outreach.evidence import load_rules
from authentic_outreach.heads import cue_heads
from authentic_outreach.inbox import RateMail, Selection, mail_task, rate_export, run_task
from authentic_outreach.ledger import Ledger, fingerprint
from authentic_outreach.mailboxes import Item, read_items
from authentic_outreach.mailboxes.eml import RawMail
from authentic_outreach.rating import SCHEMA, Rating
from authentic_outreach.reports.sinks import Row, check_suffix, open_sink
from authentic_outreach.scoring import AdditiveModel


@dataclass(frozen=True, slots=True)
class Account:
    """What became of an export.

    ``counts`` holds rows by status, ``left_out`` the items that the selection did not want, ``new`` the items
    that were rated in this run and not in an earlier one. ``by_sender``, ``by_purpose`` and ``by_month`` hold the number of
    rated messages and their mean score, most messages first and months in order; ``by_kind`` counts kinds of mail.
    """

    counts: dict[str, int]
    left_out: int
    new: int
    interrupted: bool = False
    by_sender: dict[str, tuple[int, float]] = field(default_factory=dict)
    by_month: dict[str, tuple[int, float]] = field(default_factory=dict)
    by_purpose: dict[str, tuple[int, float]] = field(default_factory=dict)
    by_kind: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows in the output: rated, set aside and failed."""
        return sum(self.counts.values())


@overload
def rate_inbox(
    path: str | PathLike[str], output: None = None, *, format: str | None = ..., everything: bool = ...,
    owner: Collection[str] = ..., advice: bool | None = ..., model: AdditiveModel | None = ..., workers: int = ...,
    selection: Selection | None = ..., templates: bool = ..., limit: int | None = ...,
) -> Iterator[Rating]: ...  # fmt: skip


@overload
def rate_inbox(
    path: str | PathLike[str] | Sequence[str | PathLike[str]], output: str | PathLike[str], *, format: str | None = ...,
    everything: bool = ..., owner: Collection[str] = ..., advice: bool | None = ..., model: AdditiveModel | None = ...,
    workers: int = ..., selection: Selection | None = ..., templates: bool = ..., limit: int | None = ...,
    progress: Callable[[], object] | None = ...,
) -> Account: ...  # fmt: skip


def rate_inbox(
    path: str | PathLike[str] | Sequence[str | PathLike[str]],
    output: str | PathLike[str] | None = None,
    *,
    format: str | None = None,
    everything: bool = False,
    owner: Collection[str] = (),
    advice: bool | None = None,
    model: AdditiveModel | None = None,
    workers: int = 1,
    selection: Selection | None = None,
    templates: bool = False,
    limit: int | None = None,
    progress: Callable[[], object] | None = None,
) -> Iterator[Rating] | Account:
    """Rate what is cold outreach in a file or folder: one rating an item, lazily and in order, or all into a file.

    Parameters
    ----------
    path, format
        As `read_messages` takes them; with ``output`` also several paths.
    output
        A ``.jsonl``, ``.csv``, ``.parquet`` or ``.sqlite`` file, written whole at the end. Beside it stands
        ``OUTPUT.state``: make the same call again after it was stopped, or when the export has grown, and only
        what has no row yet is rated. Another model, other rules or settings rate everything anew.
    everything
        Rate mail that is plainly no cold outreach, too.
    owner
        Addresses of the mailbox's owner; without them they are read off the export, whose headers are looked
        through once before anything is rated.
    advice
        Work out advice for each message; by default where there is an ``output``.
    model
        Another model than the shipped one.
    workers
        Processes that parse and rate, as `rate_messages` has them.
    selection
        Which messages are wanted; the others give no rating.
    templates
        Look for templates among the cold messages first; the share of a message's words that its template's other
        copies have, too, then counts against it.
    limit
        How many items of each path are read at most.
    progress
        Called after each item of a run into a file.

    Returns
    -------
    Iterator[Rating] or Account
        The ratings, or with ``output`` what became of the export.

    Raises
    ------
    FileNotFoundError, ValueError
        As `read_messages` does, at the call; ``ValueError`` also for ``workers`` under 1, for an output whose
        ending names no format, and for one that is there already and was not written here; ``FileNotFoundError`` also for one
        without a folder.
    OSError
        If state or output cannot be written; what was rated is kept.
    """
    if output is None:
        if not isinstance(path, str | os.PathLike):
            raise ValueError(f"several paths ({len(path)}) need an output; or rate one after the other")
        return rate_export(
            Path(path), format=format, everything=everything, owner=owner, advice=bool(advice), model=model,
            workers=workers, selection=selection, templates=templates, limit=limit,
        )  # fmt: skip
    output = Path(output)
    check_suffix(output)
    advice = advice is None or advice
    sources = [Path(p) for p in ([path] if isinstance(path, str | os.PathLike) else path)]
    state = output.with_name(f"{output.name}.state")
    _check_output(output, state, sources)
    runs = [
        (mail_task(p, format, everything, owner, advice, model, selection, templates), read_items(p, format))
        for p in sources
    ]
    version = fingerprint(_version(runs[0][0], templates).encode())
    interrupted, new = False, 0
    with Ledger(state, version) as ledger:
        try:
            for task, items in runs:
                for known in _rated(ledger, task, islice(items, limit), workers):
                    new += not known
                    if progress:
                        progress()
        except KeyboardInterrupt:
            interrupted = True
        account = _written(ledger, output)
        left_out = ledger.met() - account.rows
    return replace(account, left_out=left_out, new=new, interrupted=interrupted)


def _check_output(output: Path, state: Path, sources: Sequence[Path]) -> None:
    """Refuse an output that would cost somebody a file, or that has no folder to lie in."""
    if not output.parent.is_dir():
        raise FileNotFoundError(
            f"{output}: there is no folder {output.parent}; make it first, or choose another place"
        )
    whole = output.resolve()
    if inside := [source for source in sources if source.is_dir() and whole.is_relative_to(source.resolve())]:
        raise ValueError(f"{output}: lies in {inside[0]}, which is to be rated; choose a place outside of it")
    if not output.exists():
        return
    if any(source.exists() and output.samefile(source) for source in sources):
        raise ValueError(f"{output}: is itself to be rated; give the rows another name")
    if not state.exists():
        raise ValueError(
            f"{output}: is there already, and no earlier run of ours stands beside it ({state.name}); choose another name, or remove it first"
        )


def _version(task: RateMail, templates: bool) -> str:
    settings: dict[str, Any] = {
        "owner": task.owner, "advice": task.advice, "selection": asdict(task.selection), "kinds": KIND_VERSION, "templates": templates,
    }  # fmt: skip
    settings |= {"model": task.model.identity, "heads": cue_heads().digest}
    return json.dumps([settings, load_rules().version, SCHEMA], default=str)


def _rated(ledger: Ledger, task: RateMail, items: Iterator[Item], workers: int) -> Iterator[bool]:
    """Rate what has no row yet; for each item whether it had one."""
    waiting: deque[str] = deque()
    known = 0

    def fresh() -> Iterator[Item]:
        nonlocal known
        for item in items:
            key, is_known = ledger.enter(_print(item) + ("?" if task.ask else ""))
            if is_known:
                known += 1
            else:
                waiting.append(key)
                yield item

    for rating in run_task(task, fresh(), workers):
        while known:
            known -= 1
            yield True
        ledger.put(waiting.popleft(), rating.to_row() if rating else None)
        yield False
    yield from (True for _ in range(known))


def _print(item: Item) -> str:
    """The fingerprint of an item: of a mail its bytes, of anything else its fields but for where it stands."""
    if isinstance(item, RawMail):
        return fingerprint(item.raw)
    fields = {name: value for name, value in asdict(item).items() if name != "source"}
    return fingerprint(json.dumps(fields, default=str, sort_keys=True).encode("utf-8", "surrogatepass"))


def _written(ledger: Ledger, output: Path) -> Account:
    """Write the rows of a run, ids that stand twice numbered, and count them."""
    counts: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    senders: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    months: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    purposes: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    kinds: Counter[str] = Counter()
    with open_sink(output) as sink:
        for row in ledger.rows():
            identity = row["id"]
            seen[identity] += 1
            if seen[identity] > 1:
                row["id"] = f"{identity}#{seen[identity]}"
            counts[row["status"]] += 1
            kinds[row["kind"] or "not asked"] += 1
            if row["score"] is not None:
                _add(senders[row["sender"] or "unknown"], row)
                _add(months[(row["date"] or "unknown")[:7]], row)
                _add(purposes[row["purpose"] or "not told"], row)
            sink.write(row)
    return Account(
        dict(counts), 0, 0,
        by_sender=dict(sorted(_means(senders).items(), key=lambda item: (-item[1][0], item[0]))),
        by_month=dict(sorted(_means(months).items())),
        by_purpose=dict(sorted(_means(purposes).items(), key=lambda item: (-item[1][0], item[0]))),
        by_kind=dict(kinds.most_common()),
    )  # fmt: skip


def _add(total: list[float], row: Row) -> None:
    total[0] += 1
    total[1] += row["score"]


def _means(totals: dict[str, list[float]]) -> dict[str, tuple[int, float]]:
    return {name: (int(number), score / number) for name, (number, score) in totals.items()}
