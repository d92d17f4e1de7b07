"""Is this cold outreach at all? A plain rule on headers, each answer with its reason.

It sets aside only what is plainly something else; a mail that gives no sign is taken for cold.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from authentic_outreach.messages import Message

Kind = Literal["cold", "warm", "bulk", "transactional", "reply", "spam"]

_ROBOT = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|notifications?|alerts?|bounces?|automated)\b",
    re.I,
)
_DELETED = 0x0008  # MSG_FLAG_EXPUNGED of Mozilla's nsMsgMessageFlags
_TRANSACTION = re.compile(
    r"\b(?:receipt|invoice|your order|order confirmation|shipping confirmation|has shipped|password reset"
    r"|reset your password|verification code|verify your email|delivery status|undeliverable"
    r"|returned mail|out of office|automatic reply|calendar invitation)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Coldness:
    """What kind of mail a message is, and by which sign."""

    kind: Kind
    reason: str

    @property
    def is_cold(self) -> bool:
        """True where the message may be cold outreach, and is to be rated."""
        return self.kind == "cold"


def judge_coldness(message: Message, owner: Collection[str] = ()) -> Coldness:
    """Tell cold outreach from other mail by its headers.

    Parameters
    ----------
    message
        A mail; of a message without headers only the subject and sender can speak.
    owner
        Addresses of the mailbox's owner: their own messages are set aside.

    >>> judge_coldness(Message("...", headers={"list-id": "<news.example.org>"})).reason
    'bulk mail: it carries a List-Id header (<news.example.org>)'
    """
    headers = message.headers
    address = message.sender.address.lower() if message.sender else ""
    if address and address in {a.lower() for a in owner}:
        return Coldness("reply", f"written by the mailbox's owner ({address})")
    if contact := headers.get("x-known-contact"):
        return Coldness("warm", f"from a contact in the phone's address book ({contact})")
    labels = {label.strip().lower() for label in headers.get("x-gmail-labels", "").split(",")}
    if "sent" in labels:
        return Coldness("reply", "written by the mailbox's owner (Gmail label Sent)")
    if "spam" in labels:
        return Coldness("spam", "the mail provider took it for spam (Gmail label Spam)")
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
    if _ROBOT.match(address.partition("@")[0]):
        return Coldness("transactional", f"sent by a machine ({address})")
    if listed := headers.get("list-id"):
        return Coldness("bulk", f"bulk mail: it carries a List-Id header ({listed})")
    if (precedence := headers.get("precedence", "").lower()) in ("bulk", "list", "junk"):
        return Coldness("bulk", f"bulk mail: Precedence: {precedence}")
    if _TRANSACTION.search(message.subject or ""):
        return Coldness("transactional", f"a transaction, by its subject ({message.subject!r})")
    if message.in_thread:
        return Coldness("reply", "a reply in a thread (In-Reply-To or References header)")
    return Coldness("cold", "no header speaks against cold outreach")


def _hexadecimal(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0
