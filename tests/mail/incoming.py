"""Mails for the tests, written as people's programs write them, and the way into the ledger without a server."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from app.lib.clock import now
from app.lib.files import store
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.mail.receiving import process_new

_count = [0]


def support(**fields: Any) -> Mailbox:
    """A confirmed mailbox that opens tickets."""
    usual = {
        "name": "Support", "address": "help@acme.example", "state": "confirmed", "creates": "ticket",
        "host": "127.0.0.1", "security": "none", "user": "help@acme.example", "is_default": True, "uidvalidity": 1,
    }  # fmt: skip
    return Mailbox.create(**usual | fields)


def mail(
    text: str = "It does not start.",
    *,
    sender: str = "Nora Vega <nora@new.example>",
    subject: str = "The saw stands still",
    to: str = "help@acme.example",
    html: str | None = None,
    files: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """A mail as bytes; further headers as keywords, `in_reply_to="<…>"`. `message_id=""` leaves it out."""
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    _count[0] += 1
    headers.setdefault("message_id", f"<{_count[0]}.tests@new.example>")
    headers.setdefault("date", "Fri, 20 Nov 2026 10:24:00 +0100")
    for name, value in headers.items():
        if value:
            letter[name.replace("_", "-")] = value
    letter.set_content(text)
    if html:
        letter.add_alternative(html, subtype="html")
    for name, content in files:
        letter.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return letter.as_bytes()


def enter(
    raw: bytes, mailbox: Mailbox | None = None, received_at: datetime | None = None, **fields: Any
) -> LedgerEntry:
    """Enters a mail in the ledger, as fetching does."""
    mailbox = mailbox or Mailbox.select().first()
    uid = (LedgerEntry.select().count() or 0) + 1
    return LedgerEntry.create(
        mailbox=mailbox, uidvalidity=1, uid=uid, raw_sha256=store().put(raw).sha256, size=len(raw),
        received_at=received_at or now(), **fields,
    )  # fmt: skip


def receive(raw: bytes, mailbox: Mailbox | None = None, **fields: Any) -> LedgerEntry:
    """Enters a mail, processes what is new, and returns its entry as it stands then."""
    entry = enter(raw, mailbox, **fields)
    process_new()
    return LedgerEntry.get_by_id(entry.id)
