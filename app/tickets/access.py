"""Who may see a ticket: the only ways to one (SPEC P3, W1, W3)."""

from typing import TYPE_CHECKING, Any

from flask import abort
from peewee import JOIN, ModelSelect

from app.accounts.group import Group, GroupMember
from app.accounts.person import Person
from app.accounts.visitor import Visitor
from app.authorizations.authorization import TAKEN_BACK, Authorization
from app.branding.company import Company
from app.lib.db import Record
from app.lib.prepared import hydrated, prepared, slot
from app.organizations.equipment import Equipment
from app.organizations.organization import Organization
from app.organizations.settings import CustomerSettings
from app.tickets.lifecycle import AWAY

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket


class Accessible:
    """Finders that look through somebody's eyes. What they may not see does not exist: 404."""

    @classmethod
    def for_agent(cls: "type[Ticket]", me: Person, number: int, *, itself: bool = False) -> "Ticket":
        """The ticket with this number, if this agent may see it; of a merged one the ticket it went into.

        `itself`: the merged one, which still holds what was decided there.
        """
        ticket = cls.seen_by_agent(me).where(cls.number == number).first()
        if ticket and ticket.merged_into_id and not itself:
            ticket = cls.seen_by_agent(me).where(cls.id == ticket.merged_into_id).first()
        return ticket or abort(404)

    @classmethod
    def survivor_of(cls: "type[Ticket]", number: int) -> "Ticket | None":
        """The ticket with this number, or the one it was merged into; None where that lies in the bin."""
        ticket = cls.find(number=number)
        if ticket and ticket.merged_into_id:
            ticket = cls.find(id=ticket.merged_into_id)
        return None if ticket is None or ticket.is_away else ticket

    @classmethod
    def for_contact(cls: "type[Ticket]", visitor: Visitor, number: int, *, itself: bool = False) -> "Ticket":
        """The ticket with this number, if it is theirs, or their organization's and they may see those.

        Of a merged one the ticket it went into; with `itself` the merged one. What its page names comes in the same
        statement.
        """
        shared = cls.shared_with(visitor.person)
        values = {"number": number, "person": visitor.person.id, "ticket": visitor.ticket_id}
        statement = prepared(
            ("ticket for a contact", visitor.is_guest, bool(shared), itself),
            lambda: cls._for_contact(is_guest=visitor.is_guest, is_shared=bool(shared), itself=itself),
        )
        row = statement.rows(values | {"organization": shared.id if shared else None}).fetchone()
        if row is None:
            survivor = None if itself else cls.survivor_of(number)
            if survivor and survivor.number != number:
                return cls.for_contact(visitor, survivor.number)
            abort(404)
        columns = iter(row)
        ticket = hydrated(cls, columns)
        people_and_machine = {"assignee": Person, "requester": Person, "equipment": Equipment}
        ticket.__rel__.update({name: hydrated(record, columns) for name, record in people_and_machine.items()})
        return ticket

    @classmethod
    def _for_contact(cls: "type[Ticket]", *, is_guest: bool, is_shared: bool, itself: bool) -> ModelSelect:
        assignee, requester = Person.alias(), Person.alias()
        seen = cls._seen(
            slot("person"),
            only=slot("ticket") if is_guest else None,
            organization=slot("organization") if is_shared else None,
            itself=itself,
        )
        query = seen.where(cls.number == slot("number")).select_extend(assignee, requester, Equipment)
        query = query.join_from(cls, assignee, JOIN.LEFT_OUTER, on=(cls.assignee == assignee.id), attr="assignee")
        query = query.join_from(cls, requester, JOIN.LEFT_OUTER, on=(cls.requester == requester.id), attr="requester")
        return query.join_from(cls, Equipment, JOIN.LEFT_OUTER, on=(cls.equipment == Equipment.id), attr="equipment")

    @classmethod
    def seen_by_agent(cls: "type[Ticket]", me: Person) -> ModelSelect:
        """All tickets this agent may see: those of a restricted group only as member, assignee, follower or
        administrator.
        """
        return cls.select().where(cls.visible_to(me))

    @classmethod
    def among(cls: "type[Ticket]", me: Person, ids: list[int]) -> list[int]:
        """Those of these ids whose tickets this agent may see."""
        if not ids:
            return []
        seen = {ticket.id for ticket in cls.seen_by_agent(me).select(cls.id).where(cls.id.in_(ids))}
        return [number for number in ids if number in seen]

    @classmethod
    def latest_of(cls: "type[Ticket]", me: Person, limit: int = 25, **whose: Any) -> "list[Ticket]":
        """The newest tickets of a customer, an organization, a piece of equipment or of all that this agent may see."""
        query = cls.seen_by_agent(me).where(cls.turn != AWAY)
        for field, value in whose.items():
            query = query.where(getattr(cls, field) == value)
        by_date = (cls.created_at.desc(), cls.id.desc())
        return list(query.order_by(*(by_date if whose else by_date[1:])).limit(limit))  # no index has the dates of all

    @classmethod
    def visible_to(cls: "type[Ticket]", me: Person, *, closed_off: Any = None, assigned_to: Any = None) -> Any:
        """The condition behind `seen_by_agent`, to be joined with others.

        `closed_off`: the ids of the groups they are not let into, where those are known already; `assigned_to`: what
        stands for the agent in a statement that is prepared for all.
        """
        if me.agent and me.agent.is_administrator:
            return cls.id.is_null(False)
        if closed_off is None:
            mine = GroupMember.select(GroupMember.group).where(GroupMember.person == me)
            closed_off = Group.select(Group.id).where(Group.is_restricted, Group.id.not_in(mine))
        me_there = me if assigned_to is None else assigned_to
        followers = Record.records["TicketFollower"]
        followed = cls.id.in_(followers.select(followers.ticket).where(followers.person == me_there))
        return cls.group.is_null() | cls.group.not_in(closed_off) | (cls.assignee == me_there) | followed

    @classmethod
    def seen_by_contact(cls: "type[Ticket]", visitor: Visitor) -> ModelSelect:
        """All public tickets this visitor may see; a guest sees one of them, for as long as it is theirs."""
        return cls._seen(visitor.person, only=visitor.ticket_id, organization=cls.shared_with(visitor.person))

    @classmethod
    def _seen(cls: "type[Ticket]", person: Any, *, only: Any, organization: Any, itself: bool = False) -> ModelSelect:
        """`person`, `only` (a ticket's id) and `organization` may be slots of a statement prepared for all."""
        query = cls.select().where(cls.removed_at.is_null() & (cls.is_internal == False) if itself else cls.published())  # noqa: E712
        if only is not None:
            query = query.where((cls.id == only) | (cls.merged_into == only) if itself else cls.id == only)
        theirs = cls.theirs(person)
        if organization is not None:
            theirs |= cls.shared_in(organization)
        return query.where(theirs)

    @classmethod
    def taken_back_from(cls: "type[Ticket]", visitor: Visitor, number: int, version: int) -> Authorization | None:
        """The request that was asked of this visitor and taken back, where nothing else of its ticket is theirs."""
        asked = Authorization
        query = asked.select(asked, cls).join(cls).where(cls.number == number, asked.number == version)
        query = query.where(asked.asked_of == visitor.person, asked.state.in_(TAKEN_BACK), cls.removed_at.is_null())
        found = query.where(cls.is_internal == False).first()  # noqa: E712
        shared = cls.shared_with(visitor.person)
        seen = cls._seen(visitor.person, only=visitor.ticket_id, organization=shared, itself=True)
        return None if found is None or seen.where(cls.number == number).exists() else found

    @classmethod
    def published(cls: "type[Ticket]") -> Any:
        """The condition: customers know of it, and it was neither merged nor deleted."""
        return (cls.is_internal == False) & (cls.turn != AWAY)  # noqa: E712

    @classmethod
    def shared_in(cls: "type[Ticket]", organization: Any) -> Any:
        """The condition: of this organization, and for the eyes of all its people.

        A restricted group's is not: else an agent who may not see it would by making somebody one of these people.
        """
        return (cls.organization == organization) & cls.unrestricted()

    @classmethod
    def unrestricted(cls: "type[Ticket]") -> Any:
        """The condition: in no restricted group (P3)."""
        return cls.group.is_null() | cls.group.not_in(Group.select(Group.id).where(Group.is_restricted))

    @classmethod
    def theirs(cls: "type[Ticket]", person: Any) -> Any:
        """The condition: they asked, are in copy, or are asked to authorize something there, or have answered it.

        Who was asked by mistake is out once the request is taken back.
        """
        copies, asked = Record.records["TicketCopy"], Authorization
        copied = copies.select(copies.ticket).where(copies.person == person)
        to_decide = asked.select(asked.ticket).where(asked.asked_of == person, asked.state.not_in(TAKEN_BACK))
        return (cls.requester == person) | cls.id.in_(copied) | cls.id.in_(to_decide)

    @classmethod
    def company_of(cls: "type[Ticket]", number: int) -> Company | None:
        """Whose matter this is, of our companies: what the page about it looks like."""
        statement = prepared("company of a ticket", lambda: _company_of(cls))
        row = statement.rows({"number": number}).fetchone()
        return None if row is None else hydrated(Company, iter(row))

    def takes_part(self: "Ticket", person: Person) -> bool:
        """Whether it is this person's own matter: asked, in copy or to decide."""
        cls = type(self)
        return cls.select().where(cls.id == self.id, cls.theirs(person)).exists()

    @staticmethod
    def shared_with(person: Person) -> Organization | None:
        """The organization whose tickets this person sees beside their own, if there is one."""
        organization = person.contact.organization if person.contact else None
        if organization is None or organization.id == CustomerSettings.generic_organization:
            return None  # whoever came by the generic link belongs to that one
        return organization if organization.shares_tickets else None

    def is_seen_by_agent(self: "Ticket", me: Person) -> bool:
        cls = type(self)
        return cls.seen_by_agent(me).where(cls.id == self.id).exists()


def _company_of(tickets: Any) -> ModelSelect:
    return Company.select().join(tickets, on=(tickets.company == Company.id)).where(tickets.number == slot("number"))
