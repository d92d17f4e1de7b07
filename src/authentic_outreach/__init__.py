"""Rates how authentic or clumsy a cold outreach message reads, and shows the words that made it so.

>>> import authentic_outreach as ao
>>> ao.rate("I hope this email finds you well. We only have 2 spots left, so book a call now!").label
'clumsy'

Names are loaded when first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from authentic_outreach.accounts import Account as Account
    from authentic_outreach.accounts import rate_inbox as rate_inbox
    from authentic_outreach.advice import Advice as Advice
    from authentic_outreach.cadence import Cadence as Cadence
    from authentic_outreach.cadence import follow_senders as follow_senders
    from authentic_outreach.classifier import AuthenticityClassifier as AuthenticityClassifier
    from authentic_outreach.coldness import Coldness as Coldness
    from authentic_outreach.coldness import judge_coldness as judge_coldness
    from authentic_outreach.evidence import CUES as CUES
    from authentic_outreach.evidence import Cue as Cue
    from authentic_outreach.evidence import Evidence as Evidence
    from authentic_outreach.inbox import Selection as Selection
    from authentic_outreach.mailboxes import read_messages as read_messages
    from authentic_outreach.messages import Failure as Failure
    from authentic_outreach.messages import Message as Message
    from authentic_outreach.messages import Person as Person
    from authentic_outreach.persistence import ModelError as ModelError
    from authentic_outreach.persistence import load_model as load_model
    from authentic_outreach.persistence import save_model as save_model
    from authentic_outreach.rating import Rating as Rating
    from authentic_outreach.rating import rate as rate
    from authentic_outreach.reports.plots import plot_year as plot_year
    from authentic_outreach.reports.tables import to_frame as to_frame
    from authentic_outreach.streams import rate_messages as rate_messages
    from authentic_outreach.templates import Template as Template
    from authentic_outreach.templates import recover_templates as recover_templates
    from authentic_outreach.vectorizer import OutreachVectorizer as OutreachVectorizer

_HOMES = {
    "Account": "accounts",
    "rate_inbox": "accounts",
    "Cadence": "cadence",
    "follow_senders": "cadence",
    "AuthenticityClassifier": "classifier",
    "Coldness": "coldness",
    "judge_coldness": "coldness",
    "CUES": "evidence",
    "Cue": "evidence",
    "Evidence": "evidence",
    "Selection": "inbox",
    "read_messages": "mailboxes",
    "Failure": "messages",
    "Message": "messages",
    "Person": "messages",
    "ModelError": "persistence",
    "load_model": "persistence",
    "save_model": "persistence",
    "Advice": "advice",
    "Rating": "rating",
    "rate": "rating",
    "rate_messages": "streams",
    "Template": "templates",
    "recover_templates": "templates",
    "plot_year": "reports.plots",
    "to_frame": "reports.tables",
    "OutreachVectorizer": "vectorizer",
}

__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module(f"{__name__}.persistence").package_version()
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
