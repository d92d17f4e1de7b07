"""Model files that came with the package, or lie in the checkout that an editable install points to."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def shipped_bytes(name: str) -> bytes:
    """The bytes of a file of ``models/``.

    Raises
    ------
    FileNotFoundError
        If neither the package nor its checkout holds it.
    """
    package = files(__package__)
    inside = package.joinpath("models", name)
    if inside.is_file():
        return inside.read_bytes()
    checkout = Path(str(package)).parents[1] / "models" / name
    if checkout.is_file():
        return checkout.read_bytes()
    raise FileNotFoundError(
        f"no model: neither the package nor its checkout holds models/{name}; "
        "reinstall authentic-outreach, or run 'authentic-outreach train' in a checkout"
    )
