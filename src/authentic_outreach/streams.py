"""Many messages: rated lazily and in order, in flat memory, in this process or in several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from authentic_outreach.messages import Failure, Message
from authentic_outreach.persistence import load_model
from authentic_outreach.rating import Rating, failed, rate_or_fail
from authentic_outreach.scoring import AdditiveModel
from authentic_outreach.workers import map_in_workers


@dataclass(frozen=True, slots=True)
class RateItem:
    """Rates one message; what a worker does."""

    model: AdditiveModel
    advice: bool = False

    def __call__(self, item: Message | Failure) -> Rating:
        """The rating of an item; one with status "failed" where it could not be rated."""
        return rate_or_fail(item, self.model, self.advice)

    def lost(self, item: Message | Failure, reason: str) -> Rating:
        """The rating of an item that killed its worker."""
        return failed(Failure(item.id, f"not rated: {reason}", item.source), self.model)


def rate_messages(
    messages: Iterable[str | Message | Failure],
    *,
    advice: bool = False,
    model: AdditiveModel | None = None,
    workers: int = 1,
) -> Iterator[Rating]:
    """Rate messages lazily and in order, in flat memory; one bad item never ends the run.

    A `Failure`, and any message whose rating raises, comes out as a rating with status "failed".

    Parameters
    ----------
    messages
        Texts or messages; a text's id is its number in the stream.
    advice
        Work out advice for each message, which rates it again without its faulted wordings.
    model
        Another model than the one that came with this package.
    workers
        Processes that rate, each with its own copy of the pipeline (about 170 MB); with more than
        one, the caller's script needs ``if __name__ == "__main__":``. The ratings are the same.

    Raises
    ------
    TypeError
        If ``messages`` is a single ``str`` or `Message`: use `rate`.
    ValueError
        If ``workers`` is under 1.

    Examples
    --------
    >>> [rating.label for rating in rate_messages(["LAST CHANCE! Only 3 spots left, so book a call today and 10x your revenue."])]
    ['clumsy']
    """
    if isinstance(messages, str | Message):
        raise TypeError("rate_messages takes many messages; for one use rate(message)")
    task = RateItem(model or load_model(), advice)
    items = _as_messages(messages)
    if workers == 1:
        return map(task, items)
    return map_in_workers(task, items, workers, size=_size)


def _as_messages(items: Iterable[str | Message | Failure]) -> Iterator[Message | Failure]:
    for number, item in enumerate(items, 1):
        if isinstance(item, Message | Failure):
            yield item
            continue
        try:
            yield Message(body=item, id=str(number))
        except TypeError as error:
            yield Failure(str(number), f"not rated: {error}")


def _size(item: Message | Failure) -> int:
    return len(item.body) if isinstance(item, Message) else 0
