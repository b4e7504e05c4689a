"""Forwarded mail: what another server hands in is stored, entered in the ledger, and only then accepted."""

from collections.abc import Callable, Iterable

from app.branding.company import Company
from app.lib.clock import now
from app.lib.db import connection, transaction
from app.lib.files import store
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.outbox.wire import is_live


class Reception:
    """The two questions of a listener; `afterwards` is called when something is in the ledger."""

    def __init__(self, afterwards: Callable[[], None]) -> None:
        self._afterwards = afterwards

    def accepts(self, address: str) -> bool:
        """Whether mail to this address is ours."""
        with connection():
            return bool(_ours([address]))

    def received(self, sender: str, recipients: list[str], raw: bytes) -> None:
        """Keeps one mail, once for each mailbox it is for. It is accepted when this returns."""
        with connection():
            enter(sender, recipients, raw)
        self._afterwards()


def enter(sender: str, recipients: list[str], raw: bytes) -> list[LedgerEntry]:
    """Stores the mail as delivered to each of our addresses among these, and enters it in the ledger."""
    ready = [(mailbox, _delivered(raw, sender, address)) for address, mailbox in _ours(recipients)]
    kept = [(mailbox, store().put(content)) for mailbox, content in ready]  # on the disk before their rows
    with transaction():
        return [
            LedgerEntry.create(
                mailbox=mailbox,
                source="listener",
                raw_sha256=stored.sha256,
                size=stored.size,
                envelope_from=sender[:254],
                received_at=now(),
            )
            for mailbox, stored in kept
        ]


def _ours(addresses: Iterable[str]) -> list[tuple[str, Mailbox | None]]:
    """Our addresses among these with their mailboxes, each mailbox once.

    In the sandbox a draft takes mail in too, and so do the companies' own addresses.
    """
    live = is_live()
    mailboxes = {each.address: each for each in Mailbox.select() if not live or each.is_confirmed}
    others = set() if live else {email.lower() for (email,) in Company.select(Company.email).tuples() if email}
    found: dict[str, tuple[str, Mailbox | None]] = {}
    for address in addresses:
        plain = without_tag(address)
        if plain in mailboxes or plain in others:
            found.setdefault(plain, (address, mailboxes.get(plain)))
    return list(found.values())


def without_tag(address: str) -> str:
    """`help+1042.7.hash@acme.example` is delivered to `help@acme.example` (RFC 5233)."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _delivered(raw: bytes, sender: str, address: str) -> bytes:
    """With the two lines that the last server on the way adds (RFC 5321, section 4.4)."""
    lines = f"Return-Path: <{sender}>\r\nDelivered-To: {address}\r\n"
    return lines.encode("utf-8", "replace") + raw
