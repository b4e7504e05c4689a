"""Personal links: one ticket, one person, no account (SPEC W3)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from peewee import JOIN, CharField, DeferredForeignKey, ForeignKeyField, IntegerField, ModelSelect

from app.accounts.person import Person
from app.authorizations.authorization import Authorization
from app.lib import secrets, tokens
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.prepared import hydrated, prepared, slot
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery
from app.tickets.settings import TicketSettings

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

FRESH_LINK_EVERY = timedelta(minutes=10)


class LinkEnded(Refused):
    """The link is known, but has expired or was revoked: the page offers to send a fresh one."""

    says = _l("This link is no longer valid.")
    status = 410


class PersonalLink(Record):
    """A link in a mail. The token is never stored, only its hash; it can be made again from the id and the nonce."""

    ticket = DeferredForeignKey("Ticket", backref="links", on_delete="CASCADE")
    person = ForeignKeyField(Person, backref="links", on_delete="CASCADE")
    nonce = CharField(max_length=32, default=tokens.nonce)
    token_hash = CharField(max_length=64, null=True, unique=True)
    created_at = UTCDateTimeField(default=now)
    expires_at = UTCDateTimeField()
    revoked_at = UTCDateTimeField(null=True)
    revoked_by = ForeignKeyField(Person, null=True, on_delete="SET NULL")

    @classmethod
    def issue(cls, ticket: Record, person: Person) -> "PersonalLink":
        """A fresh link, in the caller's transaction."""
        expires: datetime = now() + timedelta(days=TicketSettings.link_life)
        link = cls.create(ticket=ticket, person=person, expires_at=expires)
        link.change(token_hash=tokens.fingerprint(link.token))
        return link

    @property
    def token(self) -> str:
        """What the mail carries. Only who holds the installation's key can make it."""
        return tokens.make(secrets.keys().derive("link"), "ticket", self.id, self.nonce)

    @property
    def delivery(self) -> Delivery | None:
        """The mail that carries this link."""
        return self.deliveries.first()  # type: ignore[attr-defined]

    @property
    def taken_back(self) -> Authorization | None:
        """The request that its mail was about, where that was withdrawn or replaced since (L12)."""
        mail = self.delivery
        about = mail and mail.about
        return about if isinstance(about, Authorization) and about.is_taken_back else None

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires_at > now()

    @classmethod
    def by_token(cls, token: str) -> "PersonalLink | None":
        """The link of this token, live or ended; None for a token nobody issued."""
        return cls.get_or_none(cls.token_hash == tokens.fingerprint(token))

    @classmethod
    def opening(cls, number: int, ids: list[int]) -> "PersonalLink | None":
        """The newest of these links that still opens the ticket with this number, with its person."""
        live = cls.revoked_at.is_null() & (cls.expires_at > now())
        return cls._leading_to(number, ids).where(live, Person.is_active).first()

    @classmethod
    def ended(cls, number: int, ids: list[int]) -> "PersonalLink | None":
        """The newest of these links that opened the ticket with this number, and no longer does."""
        return cls._leading_to(number, ids).where(cls.revoked_at.is_null(False) | (cls.expires_at <= now())).first()

    @classmethod
    def _leading_to(cls, number: int, ids: list[int]) -> ModelSelect:
        """Those of these links that are of this ticket, newest first, each with its person."""
        tickets = Record.records["Ticket"]
        query = cls.select(cls, Person).join(Person, on=(cls.person == Person.id)).switch(cls).join(tickets)
        old = tickets.alias()  # a merged ticket's address, in a browser that had it open
        went_into = old.select(old.merged_into).where(old.number == number, old.merged_into.is_null(False))
        here = (tickets.number == number) | tickets.id.in_(went_into)
        return query.where(cls.id.in_(ids), here).order_by(cls.id.desc())

    @transaction()
    def renew(self) -> None:
        """Mails a fresh link to the same person, where they still take part; at most one in ten minutes."""
        ticket = self.ticket.lock()
        letters = Delivery.select().where(Delivery.ticket == ticket, Delivery.person == self.person)
        recent = letters.where(Delivery.letter == "tickets.fresh_link", Delivery.created_at > now() - FRESH_LINK_EVERY)
        if ticket.is_internal or recent.exists() or not ticket.takes_part(self.person):
            return
        event = ticket.record("link.renewed", by=self.person)
        ticket.mail_customer("tickets.fresh_link", event=event, only=self.person)

    def used(self) -> None:
        """A trace, not a change: when it was last opened."""
        LinkUse.insert(link=self, uses=1, last_used_at=now()).on_conflict(
            conflict_target=[LinkUse.link], update={LinkUse.uses: LinkUse.uses + 1, LinkUse.last_used_at: now()}
        ).execute()

    def revoke(self, *, by: Person) -> None:
        if self.revoked_at is None:
            self.change(revoked_at=now(), revoked_by=by)


class Linked:
    """What a ticket knows of its links."""

    def links_of(self: "Ticket", person: Person) -> list[PersonalLink]:
        """The live links of this person, newest first, each with its mail and its last use."""
        values = {"ticket": self.id, "person": person.id, "now": PersonalLink.expires_at.db_value(now())}
        found = []
        for row in prepared("links of somebody", _links_of).rows(values):
            columns = iter(row)
            link = hydrated(PersonalLink, columns)
            link.mail, link.trace = hydrated(Delivery, columns), hydrated(LinkUse, columns)
            found.append(link)
        return found

    def link_of(self: "Ticket", person: Person, number: int) -> PersonalLink | None:
        """This person's link with this id."""
        return PersonalLink.get_or_none(id=number, ticket=self, person=person)


class LinkUse(Record):
    """The traces of a link: apart, so that a GET never writes to the link itself."""

    link = ForeignKeyField(PersonalLink, unique=True, backref="use", on_delete="CASCADE")
    uses = IntegerField(default=0)
    last_used_at = UTCDateTimeField(null=True)


def _links_of() -> ModelSelect:
    query = PersonalLink.select(PersonalLink, Delivery, LinkUse)
    query = query.join(Delivery, JOIN.LEFT_OUTER, on=(Delivery.link == PersonalLink.id), attr="mail")
    query = query.join_from(PersonalLink, LinkUse, JOIN.LEFT_OUTER, on=(LinkUse.link == PersonalLink.id), attr="trace")
    live = PersonalLink.revoked_at.is_null() & (PersonalLink.expires_at > slot("now"))
    mine = (PersonalLink.ticket == slot("ticket")) & (PersonalLink.person == slot("person"))
    return query.where(mine, live).order_by(PersonalLink.id.desc()).limit(50)
