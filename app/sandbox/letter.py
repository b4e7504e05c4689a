"""What the embedded receiver took in: the letters of sample people's inboxes."""

from peewee import CharField, TextField, fn

from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField


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
    def for_recipient(cls, address: str) -> "list[SandboxLetter]":
        """The newest letters of one inbox."""
        query = cls.select().where(fn.LOWER(cls.recipient) == address.lower())
        return list(query.order_by(cls.received_at.desc(), cls.id.desc()).limit(200))

    @classmethod
    def by_number(cls, number: int) -> "SandboxLetter | None":
        return cls.get_or_none(cls.id == number)

    def opened(self) -> None:
        """Leaves the trace that it was looked at."""
        if self.opened_at is None:
            self.change(opened_at=now())
