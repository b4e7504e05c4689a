"""Mailboxes: the addresses of ours that are fetched and send (SPEC C4, C5)."""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    ModelSelect,
    TextField,
)

from app.accounts.group import Group
from app.accounts.person import Person
from app.branding.company import Company
from app.catalog.lists import Priority, TicketType
from app.lib import health
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField
from app.mail.confirming import Confirmable
from app.mail.connecting import Connectable
from app.mail.consenting import Consenting
from app.mail.fetching import Fetchable
from app.mail.sending import Sends
from app.outbox.delivery import Delivery


class Mailbox(Sends, Confirmable, Connectable, Consenting, Fetchable, Record):
    """One address. A draft is never fetched; only a passed test confirms it."""

    name = CharField(max_length=120)
    address = CharField(max_length=254, unique=True)
    kind = CharField(max_length=10, default="imap")  # imap, pop3; forwarded: mail comes in by the listener
    state = CharField(max_length=10, default="draft")  # draft, confirmed
    is_default = BooleanField(default=False)
    creates = CharField(max_length=10, default="")  # "ticket", or empty: only known tickets are answered
    creates_since_uid = BigIntegerField(null=True)  # mail up to this UID opens no ticket (C5: filled in later)
    acknowledges = BooleanField(default=True)
    host = CharField(max_length=200, default="")
    port = IntegerField(default=993)
    security = CharField(max_length=10, default="tls")  # tls, starttls, none
    user = CharField(max_length=254, default="")
    signs_in = CharField(max_length=10, default="password")  # or the key of a provider of OAuth 2
    password = TextField(default="")  # sealed by the vault
    access = TextField(default="")  # of OAuth 2: the tokens, sealed by the vault
    access_code = TextField(default="")  # what the provider's page came back with, until it is redeemed; sealed
    folder = CharField(max_length=200, default="INBOX")
    after_reading = CharField(max_length=10, default="keep")  # keep, move, delete
    move_to = CharField(max_length=200, default="")
    smtp_host = CharField(max_length=200, default="")
    smtp_port = IntegerField(default=587)
    smtp_security = CharField(max_length=10, default="starttls")
    smtp_user = CharField(max_length=254, default="")
    smtp_password = TextField(default="")  # sealed by the vault; empty: the one for reading
    bounce_address = CharField(max_length=254, default="")  # where reports about failed mail go; empty: here
    sends_failing_since = UTCDateTimeField(null=True)
    send_failure = TextField(default="")  # as `failure`, for sending
    uses_subaddress = BooleanField(default=False)  # its server delivers help+anything@… here too
    authserv_id = CharField(max_length=254, default="")  # whose Authentication-Results we trust
    company = ForeignKeyField(Company, null=True, on_delete="SET NULL")
    group = ForeignKeyField(Group, null=True, on_delete="SET NULL")
    assignee = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    type = ForeignKeyField(TicketType, null=True, on_delete="SET NULL")
    priority = ForeignKeyField(Priority, null=True, on_delete="SET NULL")
    every_minutes = IntegerField(default=1)
    uidvalidity = BigIntegerField(null=True)
    place = IntegerField(default=0)  # counts the folders that it has been: the same UID in another one is another mail
    last_uid = BigIntegerField(default=0)  # by POP3 the mails are numbered by us, as they come
    tidied_uid = BigIntegerField(default=0)  # up to here all was moved or deleted that is to be
    fetched_at = UTCDateTimeField(null=True)
    claimed_by = CharField(max_length=120, null=True)  # the process that is fetching it
    claimed_at = UTCDateTimeField(null=True)
    watched_by = CharField(max_length=120, null=True)  # the process that waits for its next mail (IDLE)
    watched_at = UTCDateTimeField(null=True)
    failing_since = UTCDateTimeField(null=True)
    failure = TextField(default="")  # the cause code of the last failure, and what the server said
    test_steps = JSONField(default=list)  # what the last test found, or what this one has found up to now
    test_asked_at = UTCDateTimeField(null=True)  # while one is asked for or runs
    test_then = CharField(max_length=10, default="")  # confirm: what is wanted of a test that passes
    tested_at = UTCDateTimeField(null=True)
    confirmed_at = UTCDateTimeField(null=True)
    created_at = UTCDateTimeField(default=now)

    @property
    def is_confirmed(self) -> bool:
        return self.state == "confirmed"

    @classmethod
    def by_number(cls, number: int) -> "Mailbox | None":
        return cls.get_or_none(cls.id == number)

    @property
    def quarantined_count(self) -> int:
        """How many of its mails wait in quarantine, for the tab."""
        ledger = Record.records["LedgerEntry"]
        return int(ledger.select().where(ledger.mailbox == self, ledger.outcome == "quarantined").count())

    @classmethod
    def all(cls) -> "list[Mailbox]":
        """Every mailbox, the default one first."""
        return list(cls.select().order_by(cls.is_default.desc(), cls.address))

    @classmethod
    def failing_to_send(cls) -> ModelSelect:
        """The confirmed mailboxes whose mail cannot leave now."""
        return cls.select().where(cls.sends_failing_since.is_null(False), cls.state == "confirmed")

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
