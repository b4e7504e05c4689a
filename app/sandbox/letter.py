"""What the embedded receiver took in: the letters of sample people's inboxes."""

from typing import Any

from peewee import CharField, TextField, fn

from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField
from app.outbox.delivery import Delivery
from app.tickets.ticket import Ticket


class SandboxLetter(Record):
    """One letter as one sample person received it; raw in the content store."""

    recipient = CharField(max_length=254)
    sender = CharField(max_length=254, default="")
    subject = TextField(default="")
    mail_id = CharField(max_length=998, default="", index=True)  # its Message-ID
    raw_sha256 = CharField(max_length=64)
    received_at = UTCDateTimeField(default=now)
    opened_at = UTCDateTimeField(null=True)  # a trace: when somebody looked at it here

    class Meta:
        indexes = ((("recipient", "received_at"), False),)

    @classmethod
    def readable_by(cls, me: Person, *fields: Any) -> Any:
        """Without those about tickets that this agent is not let into (P3)."""
        open_to_me = Ticket.select(Ticket.id).where(Ticket.visible_to(me))
        hidden = Delivery.mail_id.is_null(False) & Delivery.ticket.not_in(open_to_me)
        return cls.select(*fields).where(cls.mail_id.not_in(Delivery.select(Delivery.mail_id).where(hidden)))

    @classmethod
    def for_recipient(cls, address: str, me: Person) -> "list[SandboxLetter]":
        """The newest letters of one inbox."""
        query = cls.readable_by(me).where(fn.LOWER(cls.recipient) == address.lower())
        return list(query.order_by(cls.received_at.desc(), cls.id.desc()).limit(200))

    @classmethod
    def by_number(cls, number: int, me: Person) -> "SandboxLetter | None":
        return cls.readable_by(me).where(cls.id == number).first()

    def opened(self) -> None:
        """Leaves the trace that it was looked at."""
        if self.opened_at is None:
            self.change(opened_at=now())
