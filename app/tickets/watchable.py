"""Agents who follow a ticket: they hear of it, and see it whatever its group (SPEC P3)."""

from typing import TYPE_CHECKING, Any

from app.accounts.agent import Agent, demand
from app.accounts.person import Person
from app.lib.db import Record, transaction
from app.tickets.mentions import mentioned

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket


class Watchable:
    """Following and no longer following."""

    @transaction()
    def follow(self: "Ticket", *, by: Person) -> None:
        """Somebody wants to hear of it; once is enough."""
        demand(by, "see")
        self._let_follow(by)

    @transaction()
    def unfollow(self: "Ticket", *, by: Person) -> None:
        followers = Record.records["TicketFollower"]
        followers.delete().where(followers.ticket == self, followers.person == by).execute()

    def _let_follow(self: "Ticket", person: Person) -> bool:
        """True where they did not follow it yet."""
        followers = Record.records["TicketFollower"]
        added = followers.insert(ticket=self, person=person).on_conflict_ignore().as_rowcount().execute()
        return bool(added)

    def tell_mentioned(self: "Ticket", note: Any, *, by: Person) -> None:
        """Whoever a note names by @name hears of it, if they may see the ticket."""
        told = [person for person in mentioned(note.text, by=by) if self.is_seen_by_agent(person)]
        if told:
            names = [person.name for person in told]
            self.record("message.mentioned", by=by, about=note, to=names, people=[person.id for person in told])

    @property
    def followers(self: "Ticket") -> list[Person]:
        """The active agents who follow it, by name."""
        followers = Record.records["TicketFollower"]
        query = Person.select().join(followers, on=(followers.person == Person.id)).switch(Person).join(Agent)
        return list(query.where(followers.ticket == self, Agent.is_active).order_by(Person.name))
