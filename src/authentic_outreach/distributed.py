"""The same ratings on a Dask cluster: bags, data frames, and shards of files with a manifest (extra ``[dask]``).

The model travels once to each worker; a worker builds its pipeline at its first message. Shards are
independent: each becomes one Parquet file, put in its place whole, with a note beside it, so that a run
that was killed anywhere goes on where it was.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from authentic_outreach.inbox import rate_export
from authentic_outreach.messages import Failure, Message
from authentic_outreach.persistence import load_model
from authentic_outreach.rating import Rating, failed
from authentic_outreach.reports.sinks import open_sink
from authentic_outreach.scoring import AdditiveModel
from authentic_outreach.streams import rate_messages

if TYPE_CHECKING:
    from dask.bag import Bag
    from dask.dataframe import DataFrame
    from distributed import Client

NOTES = "_done"
"""Folder of the output in which each finished shard leaves its note."""
_ONE_AT_A_TIME = Lock()
"""The threads of a worker share its pipeline, which serves one at a time; give each core a worker of one thread."""


def rate_bag(messages: Bag, *, advice: bool = False, model: AdditiveModel | None = None) -> Bag:
    """Rate a bag of texts or messages, partition by partition.

    Returns
    -------
    dask.bag.Bag
        One row (a dictionary, schema in ``docs/schema.md``) an item, in its place.
    """
    from dask.delayed import delayed

    rows: Bag = messages.map_partitions(_rate_partition, delayed(model or load_model()), advice)
    return rows


def rate_frame(
    frame: DataFrame, *, body: str = "body", subject: str | None = None, model: AdditiveModel | None = None
) -> DataFrame:
    """Add the columns ``status``, ``score``, ``label`` and ``reason`` to a data frame, index and order kept.

    Parameters
    ----------
    frame
        A Dask data frame.
    body, subject
        Names of its columns that hold the text and, where there is one, the subject.

    Raises
    ------
    ValueError
        If the frame lacks such a column.
    """
    from dask.delayed import delayed

    for column in filter(None, (body, subject)):
        if column not in frame.columns:
            raise ValueError(f"no column {column!r} in the frame; it has {sorted(map(str, frame.columns))}")
    meta = frame._meta.assign(status="", score=1.0, label="", reason="")
    rated: DataFrame = frame.map_partitions(
        _rate_pandas, delayed(model or load_model()), body, subject, meta=meta
    )
    return rated


def _rate_partition(
    items: Iterable[str | Message | Failure], model: AdditiveModel, advice: bool
) -> list[dict[str, Any]]:
    with _ONE_AT_A_TIME:
        return [rating.to_row() for rating in rate_messages(items, advice=advice, model=model)]


def _rate_pandas(frame: Any, model: AdditiveModel, body: str, subject: str | None) -> Any:
    subjects = frame[subject] if subject else [None] * len(frame)
    items: list[Message | Failure] = []
    for text, title in zip(frame[body], subjects, strict=True):
        if isinstance(text, str):
            items.append(Message(text, title if isinstance(title, str) else None))
        else:
            items.append(Failure("", f"the body in column {body!r} is a {type(text).__name__}, not text"))
    with _ONE_AT_A_TIME:
        ratings = list(rate_messages(items, model=model))
    return frame.assign(
        status=[r.status for r in ratings],
        score=[float("nan") if r.score is None else r.score for r in ratings],
        label=[r.label for r in ratings],
        reason=[r.reason for r in ratings],
    )


@dataclass(frozen=True, slots=True)
class Shard:
    """One input file, and what tells it from another version of itself."""

    url: str
    size: int
    version: str

    @property
    def name(self) -> str:
        """The name of its output: readable, and different for every url."""
        return f"{Path(self.url).name}.{sha256(self.url.encode()).hexdigest()[:12]}"


def rate_shards(
    urls: str | Sequence[str],
    output: str,
    *,
    client: Client,
    format: str | None = None,
    everything: bool = False,
    advice: bool = False,
    model: AdditiveModel | None = None,
) -> dict[str, Any]:
    """Rate files on a cluster, each into one Parquet file of ``output``; go on where an earlier run ended.

    Parameters
    ----------
    urls
        Any path, glob or list of them that fsspec understands and every worker reaches.
    output
        A folder, likewise. ``output/manifest.json`` at the end says what became of each shard.
    client
        A ``distributed.Client``; a worker that dies is replaced by its nanny, its shard tried again.
    format, everything, advice, model
        As `rate_inbox` takes them.

    Returns
    -------
    dict
        The manifest: ``model``, ``counts`` by status over all shards, and ``shards``, one note each.
        A shard that cannot be read at all is one row of status "failed" that names it.

    Raises
    ------
    FileNotFoundError
        If ``urls`` name no file.
    """
    model = model or load_model()
    settings = [format, everything, advice, model.identity]
    version = sha256(json.dumps(settings).encode()).hexdigest()[:12]
    shards = list(_find_shards([urls] if isinstance(urls, str) else urls, version))
    done = _notes(output)
    waiting = [shard for shard in shards if done.get(shard.name, {}).get("version") != shard.version]
    on_workers = client.scatter(model, broadcast=True)
    futures = client.map(
        _rate_shard, waiting, output=output, model=on_workers, format=format, everything=everything, advice=advice,
        pure=False,
    )  # fmt: skip
    client.gather(futures)
    _sweep(output)
    done = _notes(output)
    notes = [done[shard.name] for shard in shards]
    counts: Counter[str] = Counter()
    for note in notes:
        counts.update(note["counts"])
    manifest = {"model": model.name, "counts": dict(counts), "shards": notes}
    _put(json.dumps(manifest, indent=1).encode(), f"{output}/manifest.json")
    return manifest


def _find_shards(urls: Iterable[str], version: str) -> Iterator[Shard]:
    from fsspec.core import url_to_fs

    for url in urls:
        filesystem, path = url_to_fs(url)
        found = sorted(p for p in filesystem.glob(path) if filesystem.isfile(p))
        if not found:
            raise FileNotFoundError(f"{url}: there is no such file; check the path or pattern")
        for name in found:
            info = filesystem.info(name)
            state = [info.get(key) for key in ("size", "mtime", "ETag", "etag", "LastModified")]
            text = json.dumps([version, state], default=str)
            yield Shard(
                filesystem.unstrip_protocol(name), int(info["size"]), sha256(text.encode()).hexdigest()[:16]
            )


def _rate_shard(
    shard: Shard, output: str, model: AdditiveModel, format: str | None, everything: bool, advice: bool
) -> None:
    """Rate one shard into its file, then leave its note; both are put in place whole."""
    from fsspec.core import url_to_fs

    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, _ONE_AT_A_TIME:
        filesystem, path = url_to_fs(shard.url)
        local = Path(folder) / Path(path).name
        rows = Path(folder) / "rows.parquet"
        filesystem.get_file(path, str(local))
        with open_sink(rows) as sink:
            for rating in _ratings(shard, local, model, format, everything, advice):
                counts[rating.status] += 1
                sink.write(rating.to_row())
        target = f"{output}/{shard.name}.parquet"
        _put(rows, target)
    note = {**asdict(shard), "output": target, "counts": dict(counts)}
    _put(json.dumps(note).encode(), f"{output}/{NOTES}/{shard.name}.json")


def _ratings(
    shard: Shard, local: Path, model: AdditiveModel, format: str | None, everything: bool, advice: bool
) -> Iterator[Rating]:
    try:
        yield from rate_export(local, format=format, everything=everything, advice=advice, model=model)
    except (OSError, ValueError) as error:
        yield failed(Failure(shard.url, str(error).replace(str(local), shard.url), shard.url), model)


def _put(content: bytes | Path, url: str) -> None:
    """Write a file under another name, then rename it: under its own it is there whole or not at all."""
    from fsspec.core import url_to_fs

    filesystem, path = url_to_fs(url)
    filesystem.makedirs(filesystem._parent(path), exist_ok=True)
    unfinished = f"{path}.{uuid4().hex}.part"
    if isinstance(content, Path):
        filesystem.put_file(str(content), unfinished)
    else:
        filesystem.pipe_file(unfinished, content)
    filesystem.mv(unfinished, path)


def _sweep(output: str) -> None:
    """Remove what a worker that was killed while writing left unfinished."""
    from fsspec.core import url_to_fs

    filesystem, path = url_to_fs(output)
    for folder in (path, f"{path}/{NOTES}"):
        for name in filesystem.glob(f"{folder}/*.part"):
            filesystem.rm_file(name)


def _notes(output: str) -> Mapping[str, dict[str, Any]]:
    """The notes of finished shards, by their names."""
    from fsspec.core import url_to_fs

    filesystem, path = url_to_fs(f"{output}/{NOTES}")
    filesystem.invalidate_cache()
    if not filesystem.exists(path):
        return {}
    found = filesystem.cat([p for p in filesystem.ls(path, detail=False) if p.endswith(".json")])
    return {Path(name).stem: json.loads(content) for name, content in found.items()}
