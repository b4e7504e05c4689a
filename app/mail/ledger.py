"""The ledger: every message fetched, kept raw before it is parsed, and what became of it (SPEC C9)."""

from typing import Any

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    DeferredForeignKey,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField
from app.lib.files import store
from app.lib.words import lazy_gettext as _l
from app.mail.enclosed import masked_file
from app.mail.mailbox import Mailbox
from app.mail.quarantine import Quarantinable
from app.mail.retention import Forgettable

OUTCOMES: dict[str, Any] = {
    "new": _l("Not processed yet"),
    "opened": _l("New ticket"),
    "joined": _l("Joined a ticket"),
    "passed": _l("Passed over"),
    "quarantined": _l("Quarantined"),
    "ignored": _l("Ignored"),
    "failed": _l("Failed"),
    "discarded": _l("Discarded"),
}

CAUSES: dict[str, Any] = {
    "reply_address": _l("It came to the ticket's own reply address."),
    "sent": _l("It answers one of our e-mails."),
    "received": _l("It answers an e-mail of the same conversation."),
    "number": _l("The ticket's number is in the subject, and the sender takes part in it."),
    "unproved": _l("The sender could not be proved, so it changes nothing: kept as a note."),
    "agent_note": _l("It came from an agent's address: kept as a note, not sent to the customer."),
    "someone_else": _l("It answers one of our e-mails, but its sender takes no part in the ticket: kept as a note."),
    "internal": _l("The ticket is internal: kept as a note."),
    "auto_reply": _l("An automatic answer."),
    "bounce": _l("One of our e-mails came back."),
    "delayed": _l("One of our e-mails is delayed; the other server is still trying."),
    "unknown_bounce": _l("An e-mail came back, but not one that we sent."),
    "receipt": _l("A receipt."),
    "abuse_report": _l("A complaint about an e-mail."),
    "loop": _l("An e-mail of our own that came back, or one that goes round in circles."),
    "copy": _l("The same e-mail had been taken in before."),
    "no_creation": _l("This mailbox opens no tickets."),
    "backlog": _l("It was there before this mailbox began to open tickets."),
    "maybe_false": _l("It names a ticket, but its sender failed the check: it may not be who it says."),
    "maybe": _l("Its subject names a ticket that the sender takes no part in."),
    "blocked": _l("The sender is blocked."),
    "marked": _l("The server that received it marked it as spam."),
    "listed": _l("The server it came from is on a block list."),
    "rspamd": _l("rspamd considers it spam."),
    "by_hand": _l("Somebody on the team discarded it."),
    "flood": _l("Too many e-mails from this sender within an hour."),
    "poison": _l("Processing it ended the program, twice."),
    "unreadable": _l("It could not be read; the whole e-mail is attached to the ticket."),
    "too_large": _l("It was larger than the limit: only its headers were kept."),
    "rule": _l("An import rule of the mailbox decided what its ticket was given."),
    "withheld": _l("Its server listed it, and did not hand it over."),
    "raw_missing": _l("Its stored file is missing."),
    "error": _l("Something went wrong here while it was processed."),
}
HEAD = 64 * 1024  # bytes of headers that are shown
SOURCE = 1024 * 1024  # bytes of the mail that one page shows
MOST_TICKED = 200  # mails decided at once


class LedgerEntry(Quarantinable, Forgettable, Record):
    """One message of one mailbox. `cause` says why this outcome, as a code with a wording."""

    mailbox = ForeignKeyField(Mailbox, null=True, backref="entries", index=False, on_delete="SET NULL")
    source = CharField(max_length=20, default="imap")  # imap, pop3, listener
    place = IntegerField(default=0)  # which of the mailbox's folders it was in: after a new server or a new numbering
    uidvalidity = BigIntegerField(default=0)
    uid = BigIntegerField(null=True)
    raw_sha256 = CharField(max_length=64)
    only_headers = BooleanField(default=False)  # above the size limit: the rest was left on the server
    fingerprint = CharField(max_length=64, default="")  # of what does not change on the way: same id and same content
    size = IntegerField(default=0)
    envelope_from = CharField(max_length=254, default="")
    received_at = UTCDateTimeField(default=now)  # the server's date
    fetched_at = UTCDateTimeField(default=now)
    mail_id = CharField(max_length=998, default="", index=True)  # its Message-ID
    from_address = CharField(max_length=254, default="")
    from_name = CharField(max_length=200, default="")
    subject = CharField(max_length=998, default="")
    outcome = CharField(max_length=12, default="new")
    cause = CharField(max_length=60, default="")
    detail = TextField(default="")
    excerpt = TextField(default="")  # the beginning of what it says, for reading here
    proof = CharField(max_length=10, default="")
    tries = IntegerField(default=0)
    is_forced = BooleanField(default=False)  # somebody wants it processed whatever the rules say
    claimed_by = CharField(max_length=120, null=True)  # the process that is processing it
    claimed_at = UTCDateTimeField(null=True)
    ticket = DeferredForeignKey("Ticket", null=True, backref="ledger_entries", on_delete="SET NULL")
    message = DeferredForeignKey("Message", null=True, backref="ledger_entries", on_delete="SET NULL")
    maybe_ticket = DeferredForeignKey("Ticket", null=True, on_delete="SET NULL")  # "maybe belongs to"
    processed_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = (
            (("mailbox", "place", "uidvalidity", "uid"), True),
            (("outcome", "id"), False),
            (("mailbox", "id"), False),
            (("raw_sha256",), False),
            (("from_address", "fetched_at"), False),
        )

    @property
    def outcome_label(self) -> str:
        return str(OUTCOMES[self.outcome])

    @property
    def cause_sentence(self) -> str:
        """Why this outcome, in words."""
        return str(CAUSES.get(self.cause, "")) if self.cause else ""

    def settle(self, outcome: str, cause: str = "", **fields: Any) -> None:
        """What became of it, in the caller's transaction."""
        self.change(outcome=outcome, cause=cause, processed_at=now(), claimed_by=None, **fields)

    @classmethod
    def by_number(cls, number: int) -> "LedgerEntry | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    def by_numbers(cls, numbers: list[int]) -> "list[LedgerEntry]":
        return list(cls.select().where(cls.id.in_(numbers[:MOST_TICKED])).order_by(cls.id))

    @classmethod
    def by_filter(
        cls, *, outcome: str | None, mailbox: int | None, before: int | None, per_page: int = 50
    ) -> "tuple[list[LedgerEntry], bool]":
        """A page of the ledger, newest first, below the entry `before`; and whether there is more."""
        query = cls.select()
        if outcome:
            query = query.where(cls.outcome == outcome)
        if mailbox:
            query = query.where(cls.mailbox == mailbox)
        if before:
            query = query.where(cls.id < before)
        found = list(query.order_by(cls.id.desc()).limit(per_page + 1))
        boxes = {each.id: each for each in Mailbox.select()}
        tickets = Record.records["Ticket"]
        numbers = tickets.select(tickets.id, tickets.number).where(tickets.id.in_([row.ticket_id for row in found]))
        known = {ticket.id: ticket for ticket in numbers}
        for row in found:
            row.__rel__ |= {"mailbox": boxes.get(row.mailbox_id), "ticket": known.get(row.ticket_id)}
        return found[:per_page], len(found) > per_page

    @property
    def raw(self) -> bytes | None:
        """The mail as it came; None when its file is missing, or was not to be kept any longer."""
        try:
            return store().read(self.raw_sha256) if self.raw_sha256 else None
        except FileNotFoundError:
            return None

    @property
    def download(self) -> bytes | None:
        """The mail as a file, without any token of ours: the answers to our letters quote them.

        One that could not be read in its own process is not taken apart in this one.
        """
        raw = self.raw
        whole = self.cause in ("unreadable", "poison")
        return None if raw is None else masked_file(raw, "text/plain" if whole else "message/rfc822")

    @property
    def head(self) -> str:
        """Its headers, for reading."""
        raw = (self.raw or b"")[:HEAD].replace(b"\r\n", b"\n")
        return _legible(masked_file(raw.partition(b"\n\n")[0], "text/plain"))

    @property
    def original(self) -> str:
        """The mail as it came, for reading, without any token of ours; its beginning where it is very long."""
        return _legible((self.download or b"")[:SOURCE].replace(b"\r\n", b"\n"))

    @classmethod
    def hashes(cls) -> list[str]:
        """The names of all raw mails that a row still needs."""
        return [sha256 for (sha256,) in cls.select(cls.raw_sha256).distinct().tuples()]


def _legible(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\0", "")
