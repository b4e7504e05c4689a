"""Requests for authorization, and what a ticket can do about them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from peewee import (
    JOIN,
    BooleanField,
    CharField,
    DeferredForeignKey,
    ForeignKeyField,
    IntegerField,
    JSONField,
    ModelSelect,
    TextField,
)

from app.accounts.agent import demand
from app.accounts.person import Person
from app.attachments.attachment import Attachment, words_of
from app.authorizations.certificate import Certificate
from app.authorizations.code import Provable
from app.authorizations.decidable import Decidable
from app.authorizations.decision import Decision, NotPending, may_authorize
from app.authorizations.item import Item, listed, total
from app.authorizations.settings import AuthorizationSettings
from app.lib import canonical
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.prepared import hydrated, prepared, slot
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

REMIND_AFTER = timedelta(days=1)
TAKEN_BACK = ("withdrawn", "superseded")  # nobody answered it, and nobody can any more
REQUEST = "ventanilla-request/1"


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


class Past(Refused):
    says = _l("That day is over: choose a later one, or none.")
    field = "valid_until"


class TooLateToRemind(Refused):
    says = _l("The time to answer it is over. Ask again with a later day.")
    status = 409


class NotOnInternal(Refused):
    says = _l("This ticket is internal: it takes notes only.")
    status = 409


class RemindedToday(Refused):
    says = _l("They were asked or reminded less than a day ago.")
    status = 409


class Authorization(Decidable, Provable, Record):
    """One version of a request: nothing in it ever changes. Whoever wants it otherwise asks anew; it is superseded."""

    ticket = DeferredForeignKey("Ticket", backref="authorizations", index=False, on_delete="RESTRICT")
    number = IntegerField()  # 1, 2… within the ticket
    company_name = CharField(max_length=200, default="")  # who asks, as it was called then
    text = TextField()
    text_sha256 = CharField(max_length=64)
    items_kept = JSONField(default=list)  # [{"number", "text", "amount"}], amounts as exact text
    currency = CharField(max_length=3, default="")
    language = CharField(max_length=5, default="es")  # of the sentence that is signed: of who is asked
    content_sha256 = CharField(max_length=64, default="")  # of everything that was asked
    needs_signature = BooleanField(default=True)
    needs_code = BooleanField(default=False)  # a one-time code is mailed before the decision (W6b)
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
    def is_taken_back(self) -> bool:
        return self.state in TAKEN_BACK

    @property
    def is_expired(self) -> bool:
        return self.is_pending and self.valid_until is not None and self.valid_until < now()

    @cached_property
    def items(self) -> list[Item]:
        return [Item.read(kept) for kept in self.items_kept]

    @property
    def total(self) -> Decimal | None:
        """What all items cost together."""
        return total(self.items)

    def content(self) -> dict[str, Any]:
        """Everything that is asked, as it is hashed."""
        amount = self.total
        return {
            "format": REQUEST,
            "company": self.company_name,
            "ticket": self.ticket.number,
            "request": self.number,
            "language": self.language,
            "text": self.text,
            "currency": self.currency,
            "items": [item.kept() for item in self.items],
            "total": None if amount is None else str(amount),
            "attachments": [
                {"name": file.name, "sha256": file.sha256, "size": file.size}
                for file in self.attachments.order_by(Attachment.id)  # type: ignore[attr-defined]
            ],
            "valid_until": self.valid_until and canonical.moment(self.valid_until),
        }

    @property
    def is_as_asked(self) -> bool:
        """Whether everything still makes the hash of what was asked: nobody reached behind our back for the rows."""
        return canonical.digest(canonical.encode(self.content())) == self.content_sha256

    @property
    def replaced(self) -> "Authorization | None":
        """The version that this one was asked in place of, of the same person (L12)."""
        cls = type(self)
        before = (cls.ticket == self.ticket_id) & (cls.number == self.number - 1) & (cls.state == "superseded")
        return cls.get_or_none(before, cls.asked_of == self.asked_of_id)

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

    @property
    def obstacle_to_reminding(self) -> Refused | None:
        """Why nobody may be reminded, or not yet, if so."""
        if self.is_expired:
            return TooLateToRemind()
        if self.ticket.is_internal:
            return NotOnInternal()
        if not may_authorize(self.asked_of):
            return MayNotAuthorize(name=self.asked_of.name)
        return RemindedToday() if (self.reminded_at or self.created_at) > now() - REMIND_AFTER else None

    @transaction()
    def remind(self, *, by: Person) -> None:
        """Mails the request again with a fresh link (L14), once a day at most.

        Raises NotPending, TooLateToRemind, NotOnInternal, MayNotAuthorize, RemindedToday.
        """
        demand(by, "authorize")
        ticket = self.ticket.lock()
        self.lock()
        if not self.is_pending:
            raise NotPending
        if problem := self.obstacle_to_reminding:
            raise problem
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
        """All requests, newest first, each with its people and its `answer` (a Decision or None).

        With those of tickets merged into this one: they stay there, as they were signed.
        """
        shown: list[Authorization] = []
        for row in prepared("authorizations shown", _shown).rows({"ticket": self.id}):
            columns = iter(row)
            request = hydrated(Authorization, columns)
            request.asked_by, request.asked_of = hydrated(Person, columns), hydrated(Person, columns)
            request.answer, certificate = hydrated(Decision, columns), hydrated(Certificate, columns)
            if request.answer:
                request.answer.made = certificate
            shown.append(request)
        theirs = any(request.ticket_id != self.id for request in shown)
        tickets = {self.id: self} | ({each.id: each for each in self.merged} if theirs else {})
        for request in shown:
            request.ticket = tickets[request.ticket_id]
            request._dirty.clear()
        return shown

    def authorization_shown(self: "Ticket", number: int) -> Authorization | None:
        """The request of this ticket itself with this number, as above."""
        own = (each for each in self.authorizations_shown() if each.ticket_id == self.id)
        return next((each for each in own if each.number == number), None)

    def authorizations_for(self: "Ticket", person: Person | None) -> list[Authorization]:
        """What this customer sees on its page: of a merged ticket only what they decided themselves.

        None: what every customer of the ticket sees.
        """
        shown, who = self.authorizations_shown(), person and person.id
        return [each for each in shown if each.ticket_id == self.id or (each.answer and each.asked_of_id == who)]

    def is_decided_elsewhere_by(self: "Ticket", person: Person) -> bool:
        """Whether they decided something on a ticket that was merged into this one."""
        return any(each.ticket_id != self.id for each in self.authorizations_for(person))

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
        items: Iterable[tuple[str, Decimal | None]] = (),
        currency: str = "",
        files: Iterable[Attachment] = (),
        replace: bool = False,
    ) -> Authorization:
        """Asks one person to authorize exactly this (L4), perhaps in place of a pending request (L12).

        Raises NotAllowed, StatusForbids, NoReasons, NoWords, BadAmount, TooManyItems, Past, NobodyToAsk,
        MayNotAuthorize, AlreadyAsked.
        """
        demand(by, "authorize")
        self.lock()
        was = self.move("request_authorization")
        how = {"needs_signature": needs_signature, "asked_of": asked_of, "valid_until": valid_until}
        authorization = self.worded_authorization(text, by=by, items=items, currency=currency, **how)
        self._make_room(by=by, replace=replace)
        authorization.save()
        files = list(files)
        for attachment in files:
            attachment.attach_to(authorization)
        authorization.change(content_sha256=canonical.digest(canonical.encode(authorization.content())))
        words = "\n".join([authorization.text, *(item.text for item in authorization.items)])
        self.index(words_of(words, files), public=True)
        self.touch()
        event = self.record("authorization.requested", by=by, about=authorization, public=True, was=was)
        self.mail_customer("authorizations.requested", event=event, about=authorization, only=authorization.asked_of)
        return authorization

    def worded_authorization(
        self: "Ticket",
        text: str,
        *,
        by: Person,
        needs_signature: bool | None = None,
        asked_of: Person | None = None,
        valid_until: datetime | None = None,
        items: Iterable[tuple[str, Decimal | None]] = (),
        currency: str = "",
    ) -> Authorization:
        """The request as it would stand, asked of nobody yet: what an agent looks at before it is sent.

        Raises NoReasons, NoWords, BadAmount, TooManyItems, Past, NobodyToAsk, MayNotAuthorize.
        """
        asked_of = self._person_to_ask(asked_of)
        if not text.strip():
            raise NoReasons
        if valid_until is not None and valid_until <= now():
            raise Past
        currency = currency or AuthorizationSettings.currency
        lines = listed(items, currency)
        return Authorization(
            ticket=self,
            number=self.authorizations.count() + 1,
            company_name=self.company.name,
            text=text.strip(),
            text_sha256=canonical.digest(text.strip()),
            items_kept=[item.kept() for item in lines],
            currency=currency if lines else "",
            language=asked_of.language or self.language,
            needs_signature=self.online_signature if needs_signature is None else needs_signature,
            needs_code=self._wants_code(total(lines)),
            asked_by=by,
            asked_of=asked_of,
            valid_until=valid_until,
        )

    def _person_to_ask(self: "Ticket", wanted: Person | None) -> Person:
        person = wanted or self.requester
        if self.is_internal or person is None or not person.email:
            raise NobodyToAsk
        if not may_authorize(person):
            raise MayNotAuthorize(name=person.name)
        return person

    def _wants_code(self: "Ticket", amount: Decimal | None) -> bool:
        """By the category, or where it costs more than the setting says (W6b)."""
        limit = AuthorizationSettings.code_above
        is_much = bool(limit) and amount is not None and amount > limit
        return is_much or bool(self.category and self.category.needs_code)

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
    query = cls.select(cls, asked_by, asked_of, Decision, Certificate)
    query = query.join_from(cls, asked_by, on=(cls.asked_by == asked_by.id))
    query = query.join_from(cls, asked_of, on=(cls.asked_of == asked_of.id))
    query = query.join_from(cls, Decision, JOIN.LEFT_OUTER, on=(Decision.authorization == cls.id))
    query = query.join_from(Decision, Certificate, JOIN.LEFT_OUTER, on=(Certificate.decision == Decision.id))
    tickets = Record.records["Ticket"]
    merged = tickets.select(tickets.id).where(tickets.merged_into == slot("ticket"))
    query = query.where((cls.ticket == slot("ticket")) | cls.ticket.in_(merged))
    return query.order_by(cls.created_at.desc(), cls.id.desc())
