"""What a ticket can do for whoever comes by a portal link, without an account (SPEC C15)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import abort
from peewee import DeferredForeignKey, ForeignKeyField, ModelSelect

from app.accounts.contact import Contact
from app.accounts.person import Person, clean_address
from app.attachments.attachment import Attachment
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.messages.message import NothingSaid
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.organizations.portal_link import PortalGuest, PortalLink
from app.organizations.site import Site
from app.outbox.delivery import Delivery

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

LONGEST_SUBJECT = 90
MOST_SHOWN = 100
ACKNOWLEDGED_AN_HOUR, ACKNOWLEDGED_A_DAY = 3, 10


class NobodyNamed(Refused):
    says = _l("Say who you are.")
    field = "name"


class NotOneOfThem(Refused):
    says = _l("Choose one of the names.")
    field = "person"


@dataclass(frozen=True)
class AtLink:
    """Where somebody stands who came by a link; `guest` once they have said who they are."""

    link: PortalLink
    guest: PortalGuest | None
    token: str

    @property
    def person(self) -> Person | None:
        return self.guest.person if self.guest else None

    @property
    def people(self) -> list[Person]:
        """Whose names the form offers: the organization's, where the link tells them."""
        if self.link.is_generic or not self.link.names_people:
            return []
        query = Person.select().join(Contact).where(Contact.organization == self.link.organization, Person.is_active)
        return list(query.order_by(Person.name).limit(300))

    def met(self, *, chosen: Person | None, name: str, email: str, language: str) -> Person:
        """Who writes: as they said before, chosen from the names, or as they type it. Raises NobodyNamed,
        NotOneOfThem, NotAnAddress.

        Who only says so joins no organization: its people may see each other's tickets. Only the generic one, which
        shows nobody anything, takes in whoever comes.
        """
        if self.person:
            return self.person
        if chosen:
            if chosen not in self.people:
                raise NotOneOfThem
            return chosen
        if not name.strip():
            raise NobodyNamed
        address = clean_address(email) if email.strip() else None
        owner = self.link.owner if self.link.is_generic else None
        return Contact.register(name, address, language=language, organization=owner)


class LinkedTicket(Record):
    """How a ticket came: by which link, of whom, and by which guest of it."""

    ticket = DeferredForeignKey("Ticket", unique=True, backref="came_by", on_delete="CASCADE")
    link = ForeignKeyField(PortalLink, null=True, on_delete="SET NULL")
    guest = ForeignKeyField(PortalGuest, null=True, on_delete="SET NULL")
    organization = ForeignKeyField(Organization, null=True, on_delete="CASCADE")
    site = ForeignKeyField(Site, null=True, on_delete="CASCADE")


class Reachable:
    """Finders through a portal link, and the verbs of who comes by one. What it does not show does not exist: 404."""

    @classmethod
    def for_link(cls: "type[Ticket]", at: AtLink, number: int) -> "Ticket":
        """The ticket with this number, if this link shows it."""
        return cls.seen_by_link(at).where(cls.number == number).first() or abort(404)

    @classmethod
    def shown_by_link(cls: "type[Ticket]", at: AtLink) -> "list[Ticket]":
        """The newest tickets that this link shows."""
        query = cls.seen_by_link(at).order_by(cls.created_at.desc(), cls.id.desc())
        return list(query.limit(MOST_SHOWN))

    @classmethod
    def seen_by_link(cls: "type[Ticket]", at: AtLink) -> ModelSelect:
        """Public tickets that came by links of the same site or organization; by the generic one, of this guest alone.

        Where an organization's people see each other's tickets, its links show them all, but those for strangers' eyes.
        A restricted group's ticket only its guest sees: every agent may hold the link (P3).
        """
        link, came = at.link, LinkedTicket.select(LinkedTicket.ticket)
        shown = cls.id.in_(came.where(LinkedTicket.guest == (at.guest.id if at.guest else 0)))
        if not link.is_generic:
            place = (
                LinkedTicket.site == link.site_id if link.site_id else LinkedTicket.organization == link.organization_id
            )
            shown |= cls.id.in_(came.where(place)) & cls.unrestricted()
        if link.names_people and not link.is_generic and link.organization.shares_tickets:
            there = cls.shared_in(link.organization_id)
            if link.site_id:
                there &= cls.equipment.in_(Equipment.select(Equipment.id).where(Equipment.site == link.site_id))
            shown |= there
        return cls.select().where(cls.published(), shown)

    @classmethod
    @transaction()
    def open_by_link(
        cls: "type[Ticket]",
        at: AtLink,
        *,
        by: Person,
        text: str,
        equipment: Equipment | None = None,
        files: Iterable[Attachment] = (),
    ) -> "tuple[Ticket, PortalGuest]":
        """Opens a ticket; its subject is how the message begins. Raises NothingSaid."""
        link = at.link
        if not text.strip():
            raise NothingSaid
        ticket = cls.open(
            by=by, requester=by, subject=_beginning(text), text=text, channel="link", files=files,
            organization=link.owner, equipment=equipment, serial=equipment.serial if equipment else None,
            acknowledge=_may_acknowledge(by),
        )  # fmt: skip
        guest = at.guest or PortalGuest.admit(link, by)
        LinkedTicket.create(ticket=ticket, link=link, guest=guest, organization=link.organization, site=link.site)
        return ticket, guest

    @transaction()
    def hear_by_link(
        self: "Ticket", at: AtLink, text: str, *, by: Person, files: Iterable[Attachment] = ()
    ) -> PortalGuest:
        """Takes in what somebody says who came by a link. Raises NothingSaid."""
        self.hear(text, by=by, channel="link", files=files)
        return at.guest or PortalGuest.admit(at.link, by)


def _beginning(text: str) -> str:
    """The first line, or as many whole words of it as make a subject."""
    first = next(line for line in text.splitlines() if line.strip())
    words = " ".join(first.split())
    if len(words) <= LONGEST_SUBJECT:
        return words
    return words[:LONGEST_SUBJECT].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def _may_acknowledge(person: Person) -> bool:
    """Anybody can type the address of somebody else: it gets a few mails of ours, and no more."""
    an_hour, a_day = (Delivery.written_to(person, "tickets.opened", within=timedelta(hours=hours)) for hours in (1, 24))
    return an_hour < ACKNOWLEDGED_AN_HOUR and a_day < ACKNOWLEDGED_A_DAY
