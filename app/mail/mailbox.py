"""Mailboxes: the addresses of ours that are fetched and send (SPEC C4, C5)."""

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField, JSONField, ModelSelect, TextField

from app.accounts.group import Group
from app.accounts.person import Person
from app.branding.company import Company
from app.catalog.lists import Priority, TicketType
from app.lib import health
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField
from app.mail.confirming import Confirmable
from app.mail.connecting import Connectable
from app.mail.fetching import Fetchable
from app.outbox.delivery import Delivery


class Mailbox(Confirmable, Connectable, Fetchable, Record):
    """One address. A draft is never fetched; only a passed test confirms it."""

    name = CharField(max_length=120)
    address = CharField(max_length=254, unique=True)
    kind = CharField(max_length=10, default="imap")  # imap; forwarded: mail comes in by the listener
    state = CharField(max_length=10, default="draft")  # draft, confirmed
    is_default = BooleanField(default=False)
    creates = CharField(max_length=10, default="")  # "ticket", or empty: only known tickets are answered
    creates_since_uid = IntegerField(null=True)  # mail up to this UID opens no ticket (C5: filled in later)
    acknowledges = BooleanField(default=True)
    host = CharField(max_length=200, default="")
    port = IntegerField(default=993)
    security = CharField(max_length=10, default="tls")  # tls, starttls, none
    user = CharField(max_length=254, default="")
    password = TextField(default="")  # sealed by the vault
    folder = CharField(max_length=200, default="INBOX")
    after_reading = CharField(max_length=10, default="keep")  # keep, move
    move_to = CharField(max_length=200, default="")
    smtp_host = CharField(max_length=200, default="")
    smtp_port = IntegerField(default=587)
    smtp_security = CharField(max_length=10, default="starttls")
    smtp_user = CharField(max_length=254, default="")
    smtp_password = TextField(default="")  # sealed by the vault; empty: the one for reading
    uses_subaddress = BooleanField(default=False)  # its server delivers help+anything@… here too
    authserv_id = CharField(max_length=254, default="")  # whose Authentication-Results we trust
    company = ForeignKeyField(Company, null=True, on_delete="SET NULL")
    group = ForeignKeyField(Group, null=True, on_delete="SET NULL")
    assignee = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    type = ForeignKeyField(TicketType, null=True, on_delete="SET NULL")
    priority = ForeignKeyField(Priority, null=True, on_delete="SET NULL")
    every_minutes = IntegerField(default=1)
    uidvalidity = IntegerField(null=True)
    last_uid = IntegerField(default=0)
    fetched_at = UTCDateTimeField(null=True)
    claimed_by = CharField(max_length=120, null=True)  # the process that is fetching it
    claimed_at = UTCDateTimeField(null=True)
    failing_since = UTCDateTimeField(null=True)
    failure = TextField(default="")  # the cause code of the last failure, and what the server said
    test_steps = JSONField(default=list)  # what the last test found
    tested_at = UTCDateTimeField(null=True)
    confirmed_at = UTCDateTimeField(null=True)
    created_at = UTCDateTimeField(default=now)

    @property
    def is_confirmed(self) -> bool:
        return self.state == "confirmed"

    @classmethod
    def by_number(cls, number: int) -> "Mailbox | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    def all(cls) -> "list[Mailbox]":
        """Every mailbox, the default one first."""
        return list(cls.select().order_by(cls.is_default.desc(), cls.address))

    @classmethod
    def failing(cls) -> ModelSelect:
        """The confirmed mailboxes that cannot be fetched now."""
        return cls.select().where(cls.failing_since.is_null(False), cls.state == "confirmed")


def _comes_and_goes() -> None:
    """Raises NotReady where mail cannot be fetched, or is not sent."""
    if Mailbox.failing().exists():
        raise health.NotReady("a mailbox cannot be fetched")
    if Delivery.is_stuck():
        raise health.NotReady("letters wait to be sent")


health.watch("mail", _comes_and_goes, only_told=True)
