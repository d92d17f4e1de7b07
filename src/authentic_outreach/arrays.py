"""Arrays of a model as bytes: a NumPy archive without pickle, the same arrays giving the same bytes."""

from __future__ import annotations

import io
from zipfile import BadZipFile

import numpy as np


def pack(**arrays: np.ndarray) -> bytes:
    """A compressed archive of named arrays."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for options
    return file.getvalue()


def unpack(raw: bytes, where: str, *names: str) -> list[np.ndarray]:
    """The arrays of those names, in their order.

    Raises
    ------
    ValueError
        If the bytes are no such archive, an array is missing, or one holds what is no finite number.
    """
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as archive:
            arrays = [archive[name] for name in names]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise ValueError(
            f"{where}: no model's arrays {names} ({error}); reinstall authentic-outreach"
        ) from error
    for name, array in zip(names, arrays, strict=True):
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ValueError(
                f"{where}: array {name!r} holds what is no finite number; reinstall authentic-outreach"
            )
    return arrays
