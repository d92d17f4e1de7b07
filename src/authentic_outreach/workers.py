"""A task done for each item of a stream by several processes: in order, in bounded memory, and nothing lost.

Pebble's pool replaces a worker that dies and tells whose work it held. A batch that was lost is tried
once more; what is lost again is tried item by item, so that one item which kills its worker is found
and takes nothing with it.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import TimeoutError
from multiprocessing import get_context
from typing import Any, Protocol, TypeVar

T = TypeVar("T", contravariant=True)
R = TypeVar("R", covariant=True)

BATCH_ITEMS = 64
BATCH_BYTES = 2_000_000
"""A batch is sent when it holds this many items or about this many bytes."""
AHEAD = 3
"""Batches a worker may have waiting: so much is read ahead of what was handed out."""
SECONDS = 120.0
"""A batch that takes longer is taken from its worker, which is replaced."""


class Task(Protocol[T, R]):
    """What is done for each item; pickled once for every worker."""

    def __call__(self, item: T, /) -> R:
        """The result for one item."""

    def lost(self, item: T, reason: str, /) -> R:
        """The result for an item that killed the worker which held it."""


def map_in_workers(
    task: Task[Any, R],
    items: Iterable[Any],
    workers: int,
    size: Callable[[Any], int] = lambda item: 0,
    seconds: float = SECONDS,
) -> Iterator[R]:
    """Yield ``task(item)`` for each item, in order, worked out by ``workers`` processes.

    Workers are spawned, not forked: a script that calls this needs ``if __name__ == "__main__":``.
    ``size`` gives an item's bytes, by which batches are bounded.

    Raises
    ------
    ValueError
        If ``workers`` is under 1.
    """
    if workers < 1:
        raise ValueError(f"workers must be 1 or more, not {workers}")
    return _map(task, items, workers, size, seconds)


def _map(
    task: Task[Any, R], items: Iterable[Any], workers: int, size: Callable[[Any], int], seconds: float
) -> Iterator[R]:
    from pebble import ProcessPool

    pool = ProcessPool(workers, initializer=_start, initargs=(task,), context=get_context("spawn"))

    def schedule(batch: Sequence[Any]) -> Any:
        return pool.schedule(_run, args=(batch,), timeout=seconds)

    pending: deque[tuple[list[Any], Any]] = deque()
    done = False
    try:
        for batch in batches(items, size):
            pending.append((batch, schedule(batch)))
            if len(pending) > AHEAD * workers:
                yield from _collect(task, *pending.popleft(), schedule)
        while pending:
            yield from _collect(task, *pending.popleft(), schedule)
        done = True
    finally:
        if done:
            pool.close()
        else:
            pool.stop()
        pool.join()


def batches(items: Iterable[Any], size: Callable[[Any], int]) -> Iterator[list[Any]]:
    """Cut a stream into lists of at most `BATCH_ITEMS` items and about `BATCH_BYTES` bytes.

    >>> [len(batch) for batch in batches(["x"] * 100, size=lambda item: 1)]
    [64, 36]
    >>> [len(batch) for batch in batches(["x"] * 3, size=lambda item: 1_500_000)]
    [2, 1]
    """
    batch: list[Any] = []
    room = BATCH_BYTES
    for item in items:
        batch.append(item)
        room -= size(item)
        if len(batch) == BATCH_ITEMS or room <= 0:
            yield batch
            batch, room = [], BATCH_BYTES
    if batch:
        yield batch


def _collect(
    task: Task[Any, R], batch: list[Any], future: Any, schedule: Callable[[Sequence[Any]], Any]
) -> Iterator[R]:
    """The results of a batch; if it is lost it is tried again whole, then item by item."""
    for attempt in (future, None):
        results, reason = _outcome(attempt or schedule(batch))
        if results is not None:
            yield from results
            return
    for item in batch:
        results, reason = _outcome(schedule([item]))
        yield results[0] if results is not None else task.lost(item, reason)


def _outcome(future: Any) -> tuple[list[Any] | None, str]:
    """The results of a scheduled batch, or None and the reason why its worker is gone."""
    from pebble import ProcessExpired

    try:
        return future.result(), ""
    except TimeoutError:
        return None, "it took too long, and its worker was stopped"
    except ProcessExpired as error:
        return None, f"it ended its worker (exit code {error.exitcode})"


_task: Any = None


def _start(task: Any) -> None:
    """Prepare a worker. Ctrl-C reaches the whole group: the parent alone answers it."""
    global _task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _task = task


def _run(batch: Sequence[Any]) -> list[Any]:
    return [_task(item) for item in batch]
