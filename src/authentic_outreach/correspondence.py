"""Who owns a mailbox, and to whom the owner wrote: read off the headers of a whole export before it is judged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zlib import crc32

from authentic_outreach.messages import Message

MAX_HEADER_BYTES = 100_000
OWNER_SHARE = 0.25
"""Without a sign of sent mail, the owner is the address that at least this share of all mails names as theirs."""
MIN_MAILS = 4
"""An owner is told by frequency from no fewer mails."""
MAX_KNOWN = 2_000_000
"""Message-IDs remembered; beyond them a follow-up in its sender's own thread is no longer told from a reply."""

PROVIDERS = frozenset(["gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.de", "gmx.net", "gmx.at", "web.de", "t-online.de", "freenet.de", "proton.me", "protonmail.com", "pm.me", "fastmail.com", "hey.com", "zoho.com", "mail.com", "mail.ru", "yandex.ru", "qq.com", "163.com", "126.com", "naver.com", "orange.fr", "free.fr", "wanadoo.fr", "laposte.net", "libero.it", "bluewin.ch", "telia.com", "comcast.net", "verizon.net", "btinternet.com"])  # fmt: skip
"""Domains that give addresses to everybody: two addresses there have nothing in common."""

_FIELDS = re.compile(
    rb"(?mi)^(from|to|cc|bcc|delivered-to|x-original-to|envelope-to|message-id|in-reply-to|references|x-gmail-labels|date):"
    rb"[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)"
)
_ADDRESS = re.compile(r"[\w.+'=/-]+@[\w-]+(?:\.[\w-]+)*")
_IDENTITY = re.compile(r"<[^<>\s]+>")
_SENT = re.compile(
    r"(?i)(?:^|[/\\.\[\] ])(?:sent(?:[ _-]?(?:items|mail|messages))?|gesendet(?:e[ _](?:objekte|elemente))?|envoy[ée]s|(?:elementos )?enviad[oa]s|inviat[ai]|posta inviata"
    r"|verzonden(?: items)?|skickat|sendt|wys[łl]ane|odeslan[ée]|l[äa]hetetyt|отправленные)(?:\.(?:mbox|sbd|mbx))?(?:$|[/\\\].])"
)


@dataclass(frozen=True, slots=True)
class Correspondence:
    """What an export tells of its owner.

    ``owner`` are the owner's addresses, in lower case; ``how`` says how they were found. ``written_to`` holds
    the first moment the owner wrote to an address, ``sent`` the Message-IDs of the owner's mails, ``written_by``
    marks of who wrote which Message-ID, so that somebody who answers only themselves is no correspondent.
    """

    owner: frozenset[str] = frozenset()
    how: str = ""
    written_to: dict[str, datetime] = field(default_factory=dict)
    sent: frozenset[str] = frozenset()
    written_by: frozenset[int] = frozenset()

    @property
    def has_sent_mail(self) -> bool:
        """True where the export holds mail that its owner wrote."""
        return bool(self.sent or self.written_to)

    def is_owner(self, address: str) -> bool:
        """True for an address of the owner."""
        return plain_address(address) in self.owner

    def wrote_before(self, message: Message) -> bool:
        """True where the owner wrote to the sender of a message before it came."""
        first = self.written_to.get(plain_address(message.sender.address)) if message.sender else None
        return first is not None and (message.date is None or first <= _utc(message.date))

    def answers_owner(self, message: Message) -> bool:
        """True where a message answers one that the owner sent."""
        return any(identity in self.sent for identity in referenced(message))

    def answers_itself(self, message: Message) -> bool:
        """True where a message refers to nothing but what its own sender wrote earlier."""
        identities = referenced(message)
        address = plain_address(message.sender.address) if message.sender else ""
        return bool(identities and address) and all(_mark(i, address) in self.written_by for i in identities)

    def colleague(self, address: str) -> bool:
        """True for another address at the owner's own domain, unless the domain is a mail provider's."""
        domain = address.rpartition("@")[2].lower()
        return (
            bool(domain) and domain not in PROVIDERS and any(own.endswith(f"@{domain}") for own in self.owner)
        )


def plain_address(address: str) -> str:
    """An address in lower case, without a ``+tag``."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def referenced(message: Message) -> list[str]:
    """The Message-IDs that a message's headers refer to."""
    return _IDENTITY.findall(
        f"{message.headers.get('in-reply-to', '')} {message.headers.get('references', '')}"
    )


def survey(mails: Iterable[tuple[bytes, str]], owner: Collection[str] = ()) -> Correspondence:
    """Read the headers of all mails of an export.

    Parameters
    ----------
    mails
        For each mail its bytes and the name of the file or folder it lies in.
    owner
        The owner's addresses, where they are known. Otherwise the owner is who wrote what lies in a folder of sent
        mail or carries Gmail's label Sent; else the address to which most mail was delivered (Delivered-To), or
        most mail is addressed.
    """
    known = {plain_address(address) for address in owner}
    how = "given" if known else ""
    delivered: Counter[str] = Counter()
    addressed: Counter[str] = Counter()
    sent_by: Counter[str] = Counter()
    written: list[tuple[str, str, list[str], bytes]] = []
    written_by: set[int] = set()
    total = 0
    for raw, source in mails:
        total += 1
        fields = _fields(raw)
        sender = next(iter(_addresses(fields.get("from", b""))), "")
        recipients = _addresses(b" ".join(fields.get(name, b"") for name in ("to", "cc", "bcc")))
        identity = next(iter(_IDENTITY.findall(fields.get("message-id", b"").decode("latin-1"))), "")
        for address in set(
            _addresses(
                b" ".join(fields.get(n, b"") for n in ("delivered-to", "x-original-to", "envelope-to"))
            )
        ):
            delivered[address] += 1
        addressed.update(set(_addresses(fields.get("to", b""))))
        if _SENT.search(source) or b"sent" in {
            label.strip().lower() for label in fields.get("x-gmail-labels", b"").split(b",")
        }:
            sent_by[sender] += 1
        if identity and sender and len(written_by) < MAX_KNOWN:
            written_by.add(_mark(identity, sender))
        if recipients and (sender in known or not known):
            written.append((sender, identity, recipients, fields.get("date", b"")))
        if len(written) > MAX_KNOWN:  # of a very large export without a known owner the first part must do
            written = written[: MAX_KNOWN // 2]
    if not known:
        known, how = _guess(sent_by, delivered, addressed, total)
    sent: set[str] = set()
    written_to: dict[str, datetime] = {}
    for sender, identity, recipients, date in written:
        if sender not in known:
            continue
        if identity:
            sent.add(identity)
        moment = _moment(date)
        for address in recipients:
            if address not in known and (address not in written_to or moment < written_to[address]):
                written_to[address] = moment
    return Correspondence(frozenset(known), how, written_to, frozenset(sent), frozenset(written_by))


def _guess(
    sent_by: Counter[str], delivered: Counter[str], addressed: Counter[str], total: int
) -> tuple[set[str], str]:
    """The owner's addresses, and how they show."""
    for counts, how in (
        (sent_by, "they wrote what lies in the folder of sent mail"),
        (delivered, "most mail was delivered there"),
        (addressed, "most mail is addressed there"),
    ):
        counts.pop("", None)
        of_all = sum(counts.values()) if counts is sent_by else total
        if not counts or of_all < (1 if counts is sent_by else MIN_MAILS):
            continue
        (first, most), *others = counts.most_common(3)
        if most < OWNER_SHARE * of_all or (
            counts is addressed
            and others
            and others[0][1] * 2 > most
            and not _same_person(first, others[0][0])
        ):
            continue
        floor = max(2, 0.1 * of_all) if counts is not addressed else most + 1
        return {first, *(address for address, number in others if number >= floor)}, how
    return set(), ""


def _same_person(one: str, other: str) -> bool:
    return one.rpartition("@")[2] == other.rpartition("@")[2] and one.rpartition("@")[2] not in PROVIDERS


def _fields(raw: bytes) -> dict[str, bytes]:
    end = min((n for n in (raw.find(b"\n\n"), raw.find(b"\r\n\r\n")) if n >= 0), default=len(raw))
    return {
        name.lower().decode("ascii"): value
        for name, value in _FIELDS.findall(raw[: min(end + 1, MAX_HEADER_BYTES)])
    }


def _addresses(value: bytes) -> list[str]:
    return [plain_address(address) for address in _ADDRESS.findall(value[:20_000].decode("latin-1"))]


def _moment(value: bytes) -> datetime:
    try:
        return _utc(parsedate_to_datetime(" ".join(value.decode("latin-1").split())))
    except (ValueError, TypeError, IndexError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)


def _utc(date: datetime) -> datetime:
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _mark(identity: str, address: str) -> int:
    """Sixty-four bits that stand for who wrote which mail."""
    return crc32(identity.encode("utf-8", "surrogatepass")) << 32 | crc32(
        address.encode("utf-8", "surrogatepass")
    )
