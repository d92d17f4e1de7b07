"""Is this cold outreach at all? Headers first, then the mailbox's history, then a small model of texts.

Each answer has its reason in words and a confidence. What is plainly something else is set aside; what stays
unsure is rated and marked.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Literal

from authentic_outreach.correspondence import Correspondence, plain_address
from authentic_outreach.hashed import HashedLinear
from authentic_outreach.messages import MASS_HEADERS, Message

Kind = Literal["cold", "warm", "bulk", "transactional", "spam", "personal", "sent", "unsure"]
KINDS: tuple[Kind, ...] = ("cold", "warm", "bulk", "transactional", "spam", "personal", "sent", "unsure")

KIND_VERSION = 2
"""Raised when messages may be judged otherwise than before: what was set aside is then judged anew."""
COLD_FROM = 0.5
"""Share of cold, by text and signs, from which a message is cold."""
ASIDE_FROM = 0.6
"""Share of another kind from which a message is set aside; what lies between is unsure."""
MAX_TEXT = 3_000
"""Characters of a body that the text model reads: what kind of mail it is shows at once."""

_ROBOT = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|notifications?|alerts?|bounces?|automated)\b",
    re.I,
)
_DELETED = 0x0008  # MSG_FLAG_EXPUNGED of Mozilla's nsMsgMessageFlags
_TRANSACTION = re.compile(
    r"\b(?:receipt|your order|order confirmation|shipping confirmation|has shipped|password reset"
    r"|reset your password|verification code|verify your email|delivery status|undeliverable"
    r"|returned mail|out of office|automatic reply|calendar invitation)\b",
    re.I,
)
_FAILED = re.compile(r"\b(dmarc|spf|dkim)=(?:fail|permerror)\b", re.I)
# What a header adds to the log-odds of a kind, beside the text. Round numbers of ours, not fitted.
_REPLY, _PRETENDED = 3.0, 0.5
_UNSUBSCRIBE, _BY_MASS = 1.0, 0.5
_FORGED, _TRANSACTS, _NO_MACHINE = 1.5, 3.0, 4.0


@dataclass(frozen=True, slots=True)
class Coldness:
    """What kind of mail a message is, by which sign, and how sure that is (0 to 1)."""

    kind: Kind
    reason: str
    confidence: float = 1.0

    @property
    def is_cold(self) -> bool:
        """True where the message is cold outreach or may be, and is to be rated."""
        return self.kind in ("cold", "unsure")


def judge_coldness(
    message: Message,
    owner: Collection[str] = (),
    history: Correspondence | None = None,
    model: HashedLinear | None = None,
) -> Coldness:
    """Tell cold outreach from other mail.

    Parameters
    ----------
    message
        A message; of one without headers only its words and its sender can speak.
    owner
        Addresses of the mailbox's owner, beside those that ``history`` knows.
    history
        What the whole export tells (`authentic_outreach.correspondence.survey`): to whom the owner wrote.
    model
        Another text model than the shipped one, as measuring needs it.

    >>> judge_coldness(Message("...", headers={"list-id": "<news.example.org>"})).reason
    'bulk mail: it carries a List-Id header (<news.example.org>)'
    """
    history = history or Correspondence()
    owners = {plain_address(address) for address in owner}
    return (
        _by_headers(message, owners, history)
        or _by_history(message, history)
        or _by_text(message, history, model or text_model())
    )


def _by_headers(message: Message, owners: set[str], history: Correspondence) -> Coldness | None:
    """What a header says beyond doubt."""
    headers = message.headers
    address = message.sender.address if message.sender else ""
    if address and (plain_address(address) in owners or history.is_owner(address)):
        return Coldness("sent", f"written by the mailbox's owner ({address})")
    if contact := headers.get("x-known-contact"):
        return Coldness("warm", f"from a contact in the phone's address book ({contact})")
    labels = {label.strip().lower() for label in headers.get("x-gmail-labels", "").split(",")}
    if "sent" in labels:
        return Coldness("sent", "written by the mailbox's owner (Gmail label Sent)")
    if "spam" in labels:
        return Coldness("spam", "the mail provider took it for spam (Gmail label Spam)", 0.9)
    if _hexadecimal(headers.get("x-mozilla-status", "")) & _DELETED:
        return Coldness(
            "bulk", "deleted in Thunderbird, and only not yet removed from its file (X-Mozilla-Status)"
        )
    if headers.get("content-type", "").lower().startswith("text/calendar"):
        return Coldness("transactional", "a calendar item (Content-Type: text/calendar)")
    if headers.get("content-type", "").lower().startswith("multipart/report"):
        return Coldness("transactional", "a delivery report (Content-Type: multipart/report)")
    if (auto := headers.get("auto-submitted", "no").lower()) != "no":
        return Coldness("transactional", f"sent by a machine (Auto-Submitted: {auto})")
    if "<>" in headers.get("return-path", ""):
        return Coldness("transactional", "a bounce or report (empty Return-Path)")
    if listed := headers.get("list-id"):
        return Coldness("bulk", f"bulk mail: it carries a List-Id header ({listed})")
    if (precedence := headers.get("precedence", "").lower()) in ("bulk", "list", "junk"):
        return Coldness("bulk", f"bulk mail: Precedence: {precedence}", 0.95)
    return None


def _by_history(message: Message, history: Correspondence) -> Coldness | None:
    """What the mailbox's own sent mail says."""
    if history.answers_owner(message):
        return Coldness("warm", "a reply to a mail that the owner sent (In-Reply-To or References)")
    if history.wrote_before(message):
        return Coldness(
            "warm", f"the owner wrote to {message.sender.address if message.sender else ''} before", 0.95
        )
    if message.sender and history.colleague(message.sender.address):
        return Coldness(
            "warm", f"from the owner's own domain ({message.sender.address.rpartition('@')[2]})", 0.9
        )
    return None


def _by_text(message: Message, history: Correspondence, model: HashedLinear) -> Coldness:
    """What the words say, with what the weaker signs of the headers add."""
    text = kind_text(message)
    odds = dict(zip(model.classes, model.decision(text).tolist(), strict=True))
    signs: dict[str, list[str]] = defaultdict(list)

    def sign(kind: str, amount: float, reason: str) -> None:
        odds[kind] = odds.get(kind, 0.0) + amount
        signs[kind].append(reason)

    headers = message.headers
    subject = message.subject or ""
    replied = message.in_thread and not history.answers_itself(message) and not history.has_sent_mail
    if replied:
        sign("personal", _REPLY, "a reply in a thread (In-Reply-To or References header)")
    elif not message.in_thread and re.match(r"(?i)\s*(?:re|aw|sv|antw|ref?)\s*:", subject):
        sign("cold", _PRETENDED, "a 'Re:' without a thread")
    if headers.get("list-unsubscribe"):
        sign("bulk", _UNSUBSCRIBE, "a List-Unsubscribe header")
    if mass := next((name for name in MASS_HEADERS if headers.get(name)), None):
        sign("bulk", _BY_MASS, f"sent by a campaign program ({mass})")
    failed = _FAILED.search(headers.get("authentication-results", ""))
    # A forwarder breaks DKIM and SPF; what it saw itself stands in ARC's copy of the results (RFC 8617).
    forwarder_saw = headers.get("arc-authentication-results", "").lower()
    if failed and f"{failed[1].lower()}=pass" not in forwarder_saw:
        sign("spam", _FORGED, f"its sender is not proven ({failed.group()})")
    address = message.sender.address if message.sender else ""
    if _ROBOT.match(address.partition("@")[0]):
        sign("transactional", _TRANSACTS, f"sent by a machine ({address})")
        sign("bulk", _TRANSACTS / 2, f"sent by a machine ({address})")
        odds["cold"] -= _NO_MACHINE
    if _TRANSACTION.search(subject):
        sign("transactional", _TRANSACTS, f"a transaction, by its subject ({subject!r})")
    return _decided(odds, signs, model, text, replied)


def _decided(
    odds: dict[str, float], signs: dict[str, list[str]], model: HashedLinear, text: str, replied: bool
) -> Coldness:
    top = max(odds.values())
    total = sum(math.exp(value - top) for value in odds.values())
    shares = {kind: math.exp(value - top) / total for kind, value in odds.items()}
    kind = max(shares, key=lambda k: shares[k])
    share = shares[kind]
    words = (
        [" ".join(text[a:b].split()) for a, b in model.speaking(text, model.classes.index(kind))]
        if kind in model.classes
        else []
    )
    because = "; ".join([*signs[kind], *([f"words as {', '.join(map(repr, words))}"] if words else [])])
    if kind == "cold" and share >= COLD_FROM:
        return Coldness(
            "cold", f"reads as cold outreach: {because}" if because else "reads as cold outreach", share
        )
    if kind != "cold" and share >= ASIDE_FROM:
        named: Kind = "warm" if kind == "personal" and replied else kind  # type: ignore[assignment]  # a model's class
        return Coldness(named, f"{_NAMES[named]}: {because}" if because else _NAMES[named], share)
    second = sorted(shares, key=lambda k: -shares[k])[1]
    return Coldness("unsure", f"could be {_PLAIN[kind]} or {_PLAIN[second]}", 1.0 - share)


_NAMES = {
    "warm": "warm", "bulk": "reads as bulk mail", "transactional": "reads as a transaction", "spam": "reads as spam or fraud",
    "personal": "reads as a person's own matter",
}  # fmt: skip
_PLAIN = {
    "cold": "cold outreach", "bulk": "bulk mail", "transactional": "a transaction", "spam": "spam",
    "personal": "a person's own matter",
}  # fmt: skip


def kind_text(message: Message) -> str:
    """What the text model reads of a message: its subject and the beginning of its body."""
    return f"{(message.subject or '')[:200]}\n{message.body[:MAX_TEXT]}"


@cache
def text_model() -> HashedLinear:
    """The text model that came with this package."""
    from authentic_outreach.shipped import shipped_bytes

    return HashedLinear.from_bytes(shipped_bytes("coldness.npz"), "coldness.npz")


def _hexadecimal(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0
