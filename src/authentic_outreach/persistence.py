"""The model's files, checked on the way in: plain JSON, and the weights of wordings as NumPy arrays beside it.

Nothing in them can run code.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from os import PathLike
from pathlib import Path
from typing import Any

from authentic_outreach.evidence import load_rules
from authentic_outreach.features import FEATURE_NAMES
from authentic_outreach.scoring import AdditiveModel
from authentic_outreach.shipped import shipped_bytes
from authentic_outreach.wording import Wording

FORMAT = 2
"""Version of the model file's layout; a file of another version is refused."""
FILE_NAME = "authenticity.json"
WORDING_SUFFIX = ".npz"
"""The weights of wordings lie beside the JSON, under its name with this ending."""
LIBRARIES = ("numpy", "scikit-learn", "spacy", "textstat")
"""Libraries whose versions the model file records."""

_KEYS = (
    "format",
    "name",
    "features",
    "intercept",
    "clumsy_below",
    "authentic_from",
    "rule_version",
    "wording",
    "metadata",
)


class ModelError(ValueError):
    """A model file that cannot serve, with what it says, what is needed, and the mending command."""


def library_versions() -> dict[str, str]:
    """The installed version of each of `LIBRARIES`."""
    return {name: version(name) for name in LIBRARIES}


def save_model(model: AdditiveModel, path: str | PathLike[str]) -> None:
    """Write a model as JSON and its weights of wordings beside it: the same model gives the same bytes."""
    path = Path(path)
    document = {
        "format": FORMAT,
        "name": model.name,
        "rule_version": load_rules().version,
        "wording": model.wording.digest if model.wording else None,
        "intercept": model.intercept,
        "clumsy_below": model.clumsy_below,
        "authentic_from": model.authentic_from,
        "features": dict(zip(model.feature_names, model.coefficients, strict=True)),
        "metadata": model.metadata,
    }
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if model.wording:
        path.with_suffix(WORDING_SUFFIX).write_bytes(model.wording.to_bytes())


def load_model(path: str | PathLike[str] | None = None) -> AdditiveModel:
    """Read a model file, by default the one that came with this package.

    Raises
    ------
    ModelError
        If the file is no model, has another format, was trained with other rules or features,
        or holds a number that is not finite. The text names both sides and what mends it.
    """
    if path is None:
        return _shipped_model()
    path = Path(path)
    return parse_model(
        path.read_text(encoding="utf-8"), str(path), path.with_suffix(WORDING_SUFFIX).read_bytes
    )


@cache
def _shipped_model() -> AdditiveModel:
    """The model inside the installed package, or in the checkout that an editable install points to."""
    try:
        text = shipped_bytes(FILE_NAME).decode("utf-8")
        words = Path(FILE_NAME).with_suffix(WORDING_SUFFIX).name
        return parse_model(text, f"models/{FILE_NAME}", lambda: shipped_bytes(words))
    except FileNotFoundError as error:
        raise ModelError(str(error)) from error


def parse_model(text: str, where: str, read_wording: Callable[[], bytes]) -> AdditiveModel:
    """Check and build a model from the text of its file; ``where`` names it in errors.

    ``read_wording`` gives the bytes of the file beside it, and is called where the model has one.
    """
    remedy = "train one that fits with 'authentic-outreach train', or install the release it was made with"
    try:
        document: Any = json.loads(text)
    except ValueError as error:
        raise ModelError(f"{where}: not a model file, for it is not JSON ({error}); {remedy}") from error
    if not isinstance(document, dict) or (missing := [key for key in _KEYS if key not in document]):
        lacking = missing[0] if isinstance(document, dict) else "everything"
        raise ModelError(f"{where}: not a model file, for it lacks {lacking!r}; {remedy}")
    if document["format"] != FORMAT:
        raise ModelError(f"{where}: has format {document['format']!r}, this release reads {FORMAT}; {remedy}")
    names = tuple(document["features"])
    if names != FEATURE_NAMES:
        only_file = sorted(set(names) - set(FEATURE_NAMES))
        only_code = sorted(set(FEATURE_NAMES) - set(names))
        raise ModelError(
            f"{where}: its features differ from this release's (only in the file: {only_file}; "
            f"only in the release: {only_code}; or in another order); {remedy}"
        )
    if document["rule_version"] != (rules := load_rules().version):
        raise ModelError(
            f"{where}: trained with rules {document['rule_version']}, this release has rules {rules}; {remedy}"
        )
    numbers = [
        *document["features"].values(),
        *(document[k] for k in ("intercept", "clumsy_below", "authentic_from")),
    ]
    if not all(isinstance(n, int | float) and math.isfinite(n) for n in numbers):
        raise ModelError(f"{where}: holds a coefficient or threshold that is no finite number; {remedy}")
    wording = None
    if document["wording"] is not None:
        try:
            wording = Wording.from_bytes(read_wording(), where)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{where}: its weights of wordings cannot be read ({error}); {remedy}"
            ) from error
        if wording.digest != document["wording"]:
            raise ModelError(
                f"{where}: belongs to weights of wordings {document['wording'][:12]}, beside it lie "
                f"{wording.digest[:12]}; {remedy}"
            )
    return AdditiveModel(
        name=str(document["name"]),
        feature_names=names,
        coefficients=tuple(float(c) for c in document["features"].values()),
        intercept=float(document["intercept"]),
        clumsy_below=float(document["clumsy_below"]),
        authentic_from=float(document["authentic_from"]),
        wording=wording,
        metadata=document["metadata"],
    )


def package_version() -> str:
    """The version of this package, "0" where it runs without being installed."""
    try:
        return version("authentic-outreach")
    except PackageNotFoundError:
        return "0"
