"""Requests for authorization, and what a ticket can do about them."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from peewee import (
    JOIN,
    BooleanField,
    CharField,
    DeferredForeignKey,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from app.accounts.agent import demand
from app.accounts.person import Person
from app.attachments.attachment import Attachment
from app.authorizations.decision import Decidable, Decision, NotPending
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.prepared import hydrated, prepared, slot
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

REMIND_AFTER = timedelta(days=1)


class AlreadyAsked(Refused):
    says = _l("This ticket still waits for an answer. Cancel that request or replace it.")
    status = 409


class NoReasons(Refused):
    says = _l("Say what the customer is to authorize.")
    field = "text"


class NobodyToAsk(Refused):
    says = _l("There is nobody to ask: the ticket has no customer with an e-mail address.")


class MayNotAuthorize(Refused):
    says = _l("%(name)s may not authorize. Ask somebody else, or change it in their contact.")


class RemindedToday(Refused):
    says = _l("They were reminded less than a day ago.")


class Authorization(Decidable, Record):
    """One request: its text never changes; whoever wants another text asks anew, and this one is superseded."""

    ticket = DeferredForeignKey("Ticket", backref="authorizations", on_delete="RESTRICT")
    number = IntegerField()  # 1, 2… within the ticket
    text = TextField()
    text_sha256 = CharField(max_length=64)
    needs_signature = BooleanField(default=True)
    asked_by = ForeignKeyField(Person, backref="authorizations_asked", on_delete="RESTRICT")
    asked_of = ForeignKeyField(Person, backref="authorizations_to_give", on_delete="RESTRICT")
    valid_until = UTCDateTimeField(null=True)
    state = CharField(max_length=12, default="pending")  # pending authorized denied withdrawn superseded
    created_at = UTCDateTimeField(default=now)
    reminded_at = UTCDateTimeField(null=True)
    ended_at = UTCDateTimeField(null=True)
    ended_by = ForeignKeyField(Person, null=True, on_delete="RESTRICT")

    class Meta:
        indexes = ((("ticket", "number"), True), (("state", "created_at"), False))

    @property
    def is_pending(self) -> bool:
        return self.state == "pending"

    @property
    def is_expired(self) -> bool:
        return self.is_pending and self.valid_until is not None and self.valid_until < now()

    @property
    def decision(self) -> Decision | None:
        return self.decisions.first()  # type: ignore[attr-defined]

    @transaction()
    def withdraw(self, *, by: Person, state: str = "withdrawn") -> None:
        """Takes the request back (L12). Raises NotPending."""
        demand(by, "authorize")
        ticket = self.ticket.lock()
        self.end(state, by=by)
        was = ticket.move("withdraw_authorization") if state == "withdrawn" else ticket.status
        ticket.touch()
        ticket.record(f"authorization.{state}", by=by, about=self, public=True, was=was)

    @transaction()
    def remind(self, *, by: Person) -> None:
        """Mails the request again with a fresh link (L14), once a day at most. Raises NotPending, RemindedToday."""
        demand(by, "authorize")
        ticket = self.ticket.lock()
        self.lock()
        if not self.is_pending:
            raise NotPending
        if (self.reminded_at or self.created_at) > now() - REMIND_AFTER:
            raise RemindedToday
        self.change(reminded_at=now())
        event = ticket.record("authorization.reminded", by=by, about=self)
        ticket.mail_customer("authorizations.reminded", event=event, about=self, only=self.asked_of)

    def end(self, state: str, *, by: Person) -> None:
        """Ends the request once: of two who try at the same time one changes the row. Raises NotPending."""
        cls = type(self)
        ended = (
            cls.update(state=state, ended_at=now(), ended_by=by)
            .where(cls.id == self.id, cls.state == "pending")
            .execute()
        )
        if not ended:
            raise NotPending
        self.state, self.ended_at, self.ended_by = state, now(), by

    def may_be_decided_by(self, person: Person) -> bool:
        return self.is_pending and not self.is_expired and self.asked_of_id == person.id


class Authorizable:
    """What a ticket can do about authorizations."""

    def authorizations_shown(self: "Ticket") -> list[Authorization]:
        """All requests, newest first, each with its people and its `answer` (a Decision or None)."""
        shown = []
        for row in prepared("authorizations shown", _shown).rows({"ticket": self.id}):
            columns = iter(row)
            request = hydrated(Authorization, columns)
            request.asked_by, request.asked_of = hydrated(Person, columns), hydrated(Person, columns)
            request.answer, request.ticket = hydrated(Decision, columns), self
            request._dirty.clear()
            shown.append(request)
        return shown

    def authorization_shown(self: "Ticket", number: int) -> Authorization | None:
        """The request with this number, as above."""
        return next((each for each in self.authorizations_shown() if each.number == number), None)

    @property
    def pending_authorization(self: "Ticket") -> Authorization | None:
        return self.authorizations.where(Authorization.state == "pending").first()

    @transaction()
    def request_authorization(
        self: "Ticket",
        text: str,
        *,
        by: Person,
        needs_signature: bool | None = None,
        asked_of: Person | None = None,
        valid_until: datetime | None = None,
        files: Iterable[Attachment] = (),
        replace: bool = False,
    ) -> Authorization:
        """Asks one person to authorize exactly this text (L4), perhaps in place of a pending request (L12).

        Raises NotAllowed, StatusForbids, NoReasons, NobodyToAsk, MayNotAuthorize, AlreadyAsked.
        """
        demand(by, "authorize")
        self.lock()
        was = self.move("request_authorization")
        asked_of = self._person_to_ask(asked_of)
        if not text.strip():
            raise NoReasons
        self._make_room(by=by, replace=replace)
        authorization = Authorization.create(
            ticket=self,
            number=self.authorizations.count() + 1,
            text=text.strip(),
            text_sha256=hashlib.sha256(text.strip().encode()).hexdigest(),
            needs_signature=self.online_signature if needs_signature is None else needs_signature,
            asked_by=by,
            asked_of=asked_of,
            valid_until=valid_until,
        )
        for attachment in files:
            attachment.attach_to(authorization)
        self.index(authorization.text, public=True)
        self.touch()
        event = self.record("authorization.requested", by=by, about=authorization, public=True, was=was)
        self.mail_customer("authorizations.requested", event=event, about=authorization, only=asked_of)
        return authorization

    def _person_to_ask(self: "Ticket", wanted: Person | None) -> Person:
        person = wanted or self.requester
        if self.is_internal or person is None or not person.email:
            raise NobodyToAsk
        if person.contact is None or not person.contact.may_authorize:
            raise MayNotAuthorize(name=person.name)
        return person

    def _make_room(self: "Ticket", *, by: Person, replace: bool) -> None:
        pending = self.pending_authorization
        if pending and not replace:
            raise AlreadyAsked
        if pending:
            pending.withdraw(by=by, state="superseded")

    def withdraw_pending(self: "Ticket", *, by: Person) -> None:
        """Closing withdraws what is pending."""
        pending = self.pending_authorization
        if pending:
            pending.end("withdrawn", by=by)
            self.record("authorization.withdrawn", by=by, about=pending, public=True)


def _shown() -> ModelSelect:
    cls, asked_by, asked_of = Authorization, Person.alias(), Person.alias()
    query = cls.select(cls, asked_by, asked_of, Decision)
    query = query.join_from(cls, asked_by, on=(cls.asked_by == asked_by.id))
    query = query.join_from(cls, asked_of, on=(cls.asked_of == asked_of.id))
    query = query.join_from(cls, Decision, JOIN.LEFT_OUTER, on=(Decision.authorization == cls.id))
    return query.where(cls.ticket == slot("ticket")).order_by(cls.number.desc())
