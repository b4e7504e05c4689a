"""One PDF of a ticket: asked for, made in the background, kept."""

from datetime import timedelta
from typing import Any

import structlog
from peewee import CharField, ForeignKeyField, IntegerField

from app.accounts.person import Person
from app.documents.contents import html_of
from app.lib import pdf_child
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, after_commit, transaction
from app.lib.files import store
from app.messages.message import Message
from app.tickets.ticket import Ticket
from app.timeline.event import Event, record

TAKEN_OUT = ("ticket.parted", "ticket.split")  # by what a ticket came to hold less than before
LATE = timedelta(minutes=2)  # who asks again after this is not told to wait for a worker that may have died
log = structlog.get_logger()


class TicketDocument(Record):
    """The PDF of one revision, for one face, language and zone, as the company looked."""

    ticket = ForeignKeyField(Ticket, backref="documents", index=False, on_delete="CASCADE")
    revision = IntegerField()
    face = CharField(max_length=10)
    language = CharField(max_length=5)
    timezone = CharField(max_length=60)
    look = CharField(max_length=16, default="")  # the company's, as it was
    reader = IntegerField(default=0)  # whose eyes it is for: of who decided on a ticket merged into this one
    sha256 = CharField(max_length=64, null=True, index=True)  # of the PDF in the store
    size = IntegerField(default=0)
    state = CharField(max_length=10, default="pending")  # pending, ready, failed
    requested_at = UTCDateTimeField(default=now)
    made_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("ticket", "revision", "face", "language", "timezone", "look", "reader"), True),)

    @classmethod
    @transaction()
    def ask(cls, ticket: Ticket, *, by: Person, face: str, language: str) -> "TicketDocument":
        """The document of the ticket as it stands: the one there is, or a new one, which the worker makes.

        Times stand in the company's zone.
        """
        which: dict[str, Any] = {
            "ticket": ticket,
            "revision": ticket.revision,
            "face": face,
            "language": language,
            "timezone": ticket.company.timezone,
            "look": ticket.company.look,
            "reader": by.id if face == "portal" and ticket.is_decided_elsewhere_by(by) else 0,
        }
        cls._clear_of_held(which)
        is_new = cls.insert(**which).on_conflict_ignore().as_rowcount().execute()
        document = cls.get(**which)
        is_late = document.state == "pending" and document.requested_at < now() - LATE
        if document.is_ready or not (is_new or is_late or document.state in ("failed", "ready")):
            return document
        document.change(state="pending", requested_at=now())
        record("document.requested", by=by, about=document)
        return document

    @classmethod
    def for_ticket(cls, ticket: Ticket, number: int, *, face: str, reader: Person) -> "TicketDocument | None":
        """The document with this id, if it is one of this ticket's, for this face and these eyes.

        None too once something was taken out of the ticket that stands in it: another customer's, it may be.
        """
        found = cls.get_or_none(id=number, ticket=ticket, face=face)
        return found if found and found.reader in (0, reader.id) and not found._holds_too_much else None

    @property
    def _holds_too_much(self) -> bool:
        taken = Event.ticket == self.ticket_id, Event.kind.in_(TAKEN_OUT), Event.at >= self.requested_at
        return bool(Event.select().where(*taken).exists())

    @classmethod
    def _clear_of_held(cls, which: dict[str, Any]) -> None:
        """What was asked for while a message still waited to leave lacks it; that it left is no new revision."""
        there = cls.get_or_none(**which)
        if there is None:
            return
        since = (Message.held_until > there.requested_at) & (Message.held_until <= now())
        if Message.select().where(Message.ticket == there.ticket_id, since).exists():
            there.destroy()

    @property
    def is_ready(self) -> bool:
        return self.state == "ready" and self.sha256 is not None and store().exists(self.sha256)

    def make(self) -> None:
        """Makes the PDF and keeps it; one that is there already stays. A page that cannot be made is said to be so."""
        if self.is_ready:
            return
        try:
            how = {"face": self.face, "language": self.language, "timezone": self.timezone}
            page, title = html_of(self.ticket, **how, reader=Person.find(id=self.reader))
            stored = store().put(pdf_child.render_in_child(page, title=title, language=self.language))
        except pdf_child.PdfFailed as problem:
            log.error("no PDF", document=self.id, why=str(problem)[-2000:])
            self.change(state="failed")
            return
        self.change(state="ready", sha256=stored.sha256, size=stored.size, made_at=now())

    def destroy(self) -> None:
        """Takes the row and the PDF away, in the caller's transaction; it can be made again."""
        self.delete_instance()
        if sha256 := self.sha256:
            after_commit(lambda: store().remove(sha256))

    @property
    def file_name(self) -> str:
        return f"{self.ticket.number}.pdf"
