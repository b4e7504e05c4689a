"""Public forms that nothing has proved to come from a person: the ticket opens by the button behind a mailed link."""

from datetime import timedelta
from typing import Any

from peewee import CharField, ForeignKeyField, JSONField

from app.accounts.contact import Contact
from app.accounts.mailing import mail
from app.attachments.attachment import DRAFTS_LAST, Attachment
from app.catalog.lists import Category
from app.lib import links, secrets, tokens
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.tickets.ticket import Ticket
from app.timeline.event import record

LASTS = DRAFTS_LAST  # its file waits no longer
AN_HOUR, A_DAY = 3, 10  # mails to one address: anybody can type the address of somebody else


class AskedOften(Refused):
    says = _l("We have written to this address several times today. Press the button of one of those mails, or wait.")
    status = 429
    field = "email"


class FormOver(Refused):
    says = _l("This link has been used or is too old. Fill in the form again.")
    status = 410


class HeldForm(Record):
    """What was typed, until the mail to its address comes back as a press; the database keeps the link's hash."""

    nonce = CharField(max_length=32, default=tokens.nonce)
    token_hash = CharField(max_length=64, null=True, unique=True)
    email = CharField(max_length=254, index=True)
    told = JSONField()
    draft_key = CharField(max_length=64)
    language = CharField(max_length=5)
    created_at = UTCDateTimeField(default=now, index=True)
    expires_at = UTCDateTimeField()
    spent_at = UTCDateTimeField(null=True)
    ticket = ForeignKeyField(Ticket, null=True, on_delete="CASCADE")

    @classmethod
    @transaction()
    def hold(cls, told: dict[str, Any], *, files: list[Attachment], draft_key: str, language: str) -> "HeldForm":
        """Keeps the form and mails the link. Raises AskedOften."""
        cls._spare(told["email"])
        category = told.get("category")
        kept = told | {"category": category.id} if category else told
        held = cls.create(
            email=told["email"], told=kept, draft_key=draft_key, language=language, expires_at=now() + LASTS
        )
        held.change(token_hash=tokens.fingerprint(held.token))
        for file in files:
            file.wait_longer()
        event = record("form.held", by=None, about=held)
        # Not a word of what was typed stands in the mail: it is no way to make us write to others.
        mail("tickets.confirm_form", event=event, to_name="", to_address=held.email, about=held, language=language)
        return held

    @classmethod
    def _spare(cls, email: str) -> None:
        for hours, most in ((1, AN_HOUR), (24, A_DAY)):
            recent = (cls.email == email) & (cls.created_at > now() - timedelta(hours=hours))
            if cls.select().where(recent).count() >= most:
                raise AskedOften

    @property
    def token(self) -> str:
        return tokens.make(secrets.keys().derive("link"), "form", self.id, self.nonce)

    @property
    def url(self) -> str:
        return links.absolute(f"/support/confirmations/{self.token}")

    @property
    def is_good(self) -> bool:
        return self.spent_at is None and self.expires_at > now()

    @classmethod
    def by_token(cls, token: str) -> "HeldForm":
        """Raises FormOver, for a token that nobody issued too."""
        found = cls.get_or_none(cls.token_hash == tokens.fingerprint(token))
        if found is None or not found.is_good:
            raise FormOver
        return found

    @transaction()
    def confirm(self) -> Ticket:
        """Opens the ticket, once. Raises FormOver."""
        cls = type(self)
        spent = cls.update(spent_at=now()).where(cls.id == self.id, cls.spent_at.is_null(), cls.expires_at > now())
        if not spent.execute():
            raise FormOver
        told = dict(self.told)
        told["category"] = Category.get_or_none(id=told.pop("category", None))
        person = Contact.register(told["name"], self.email, language=self.language)
        files = Attachment.drafts(self.draft_key, by=None)
        ticket = Ticket.open(by=person, requester=person, channel="form", files=files, **told)
        self.change(ticket=ticket, told={})
        return ticket

    @classmethod
    def forget_old(cls) -> int:
        """The daily duty: what nobody confirmed, and what has become a ticket."""
        return cls.delete().where(cls.expires_at < now()).execute()
