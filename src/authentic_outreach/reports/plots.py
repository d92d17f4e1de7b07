"""Pictures for people, drawn with matplotlib (the extra ``[plot]``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from authentic_outreach.cadence import FEW_TOUCHES, Cadence
from authentic_outreach.reports.terminal import one_line
from authentic_outreach.scoring import AdditiveModel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {"authentic": "#2e7d32", "mixed": "#b8860b", "clumsy": "#b3261e", "unsure": "#777777"}


def plot_year(cadence: Cadence, model: AdditiveModel | None = None, ax: Axes | None = None) -> Axes:
    """Draw what one sender sent over time: each touch at its score, larger where it presses more.

    A last chance is marked with a cross, a follow-up that brings nothing with a hollow circle; bands show where
    labels begin. Touches without a date are left out.

    Parameters
    ----------
    cadence
        One sender, from `follow_senders`.
    model
        The model whose label bounds are drawn; by default the shipped one.
    ax
        Axes to draw on; by default new ones.

    Raises
    ------
    ValueError
        If matplotlib is not installed, or no touch has a date.
    """
    try:
        from matplotlib import dates
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ValueError("drawing needs matplotlib; pip install 'authentic-outreach[plot]'") from error
    from authentic_outreach.persistence import load_model

    model = model or load_model()
    touches = [touch for touch in cadence.touches if touch.date is not None]
    if not touches:
        raise ValueError(f"{cadence.sender}: no touch has a date; nothing can be drawn over time")
    if ax is None:
        figure = Figure(figsize=(9, 3.2), layout="constrained")
        ax = figure.subplots()
    bounds = (0.0, model.clumsy_below, model.authentic_from, 100.0)
    for low, high, label in zip(bounds, bounds[1:], ("clumsy", "mixed", "authentic"), strict=False):
        ax.axhspan(low, high, color=COLOURS[label], alpha=0.08, lw=0)
        ax.text(
            1.005,
            (low + high) / 2,
            label,
            transform=ax.get_yaxis_transform(),
            va="center",
            fontsize=8,
            color=COLOURS[label],
        )
    moments = [float(dates.date2num(_utc(touch.date))) for touch in touches if touch.date]  # type: ignore[no-untyped-call]
    scores = [touch.rating.score or 0.0 for touch in touches]
    ax.plot(moments, scores, color="#999999", lw=1, zorder=1)
    for moment, score, touch in zip(moments, scores, touches, strict=True):
        colour = COLOURS[touch.rating.label]
        ax.scatter(
            [moment], [score], s=40 + 160 * touch.pressure, zorder=2, linewidths=1.5,
            edgecolors=colour, facecolors="white" if touch.is_bump and touch is not cadence.touches[0] else colour,
        )  # fmt: skip
        if touch.last_chance:
            ax.scatter([moment], [score], marker="x", s=60, color="black", zorder=3)
    ax.set_ylim(0, 100)
    ax.set_ylabel("score")
    locator = dates.AutoDateLocator()  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    often = f", {cadence.in_a_year} in a year" if cadence.in_a_year > FEW_TOUCHES else ""
    title = f"{one_line(cadence.sender, 50)}: {len(cadence.touches)} touches{often}; together {cadence.score:.0f} of 100"
    ax.set_title(title, loc="left", fontsize=10)
    ax.set_xlabel(one_line("; ".join(cadence.reasons), 110), fontsize=8)
    return ax


def plot_reliability(tenths: Sequence[tuple[int, float, float]], path: Path) -> None:
    """Draw mean score against the share of readings over 3, a point a tenth of the scale, sized by its messages.

    Parameters
    ----------
    tenths
        As `authentic_outreach.metrics.reliability` gives them.
    path
        An SVG file; the same points give the same bytes.

    Raises
    ------
    ValueError
        If matplotlib is not installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ValueError("drawing needs matplotlib; pip install 'authentic-outreach[plot]'") from error
    figure = Figure(figsize=(4.2, 4), layout="constrained")
    ax = figure.subplots()
    ax.plot([0, 100], [0, 100], color="#999999", lw=1, ls=":")
    numbers, scores, shares = zip(*tenths, strict=True)
    ax.plot([100 * s for s in scores], [100 * s for s in shares], color="#2e7d32", lw=1)
    ax.scatter(
        [100 * s for s in scores], [100 * s for s in shares], s=[max(8, n) for n in numbers], color="#2e7d32"
    )
    ax.set(
        xlim=(0, 100), ylim=(0, 100), aspect="equal", xlabel="mean score", ylabel="readings over 3, of 100"
    )
    with matplotlib.rc_context({"svg.hashsalt": "reliability"}):
        figure.savefig(path, metadata={"Date": None})


def _utc(date: datetime) -> datetime:
    return date if date.tzinfo else date.replace(tzinfo=UTC)
