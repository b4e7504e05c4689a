"""One matter in two tickets: merging them, and taking a merge apart (SPEC T9)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from peewee import Field, fn

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.search import SearchEntry
from app.lib.words import lazy_gettext as _l
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.tickets.lifecycle import AWAY, STATUSES

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

AT_ONCE = 500  # ids in one statement


class MergedWithItself(Refused):
    says = _l("A ticket cannot be merged with itself.")
    field = "into"


class StillPending(Refused):
    """What was asked of the customer would be lost from sight."""

    says = _l("Ticket %(number)s waits for an authorization. Cancel the request first.")
    status = 409
    field = "into"


class WouldHide(Refused):
    says = _l("A public ticket cannot go into an internal one: its customer would lose it. Merge them the other way.")
    field = "into"


class NotMerged(Refused):
    says = _l("This ticket is not merged, or the ticket it went into is merged itself: take that apart first.")
    status = 409


class Mergeable:
    """Merging into another ticket and coming out of it again."""

    @property
    def is_away(self: "Ticket") -> bool:
        return self.turn == AWAY

    @transaction()
    def merge_into(self: "Ticket", other: "Ticket", *, by: Person) -> None:
        """Joins what was said, the files, the links, those in copy and the followers in the other ticket.

        Each message keeps where it was said. Raises NotAllowed, MergedWithItself, TicketAway, StillPending, WouldHide.
        """
        demand(by, "merge")
        self._lock_with(other)
        self._check_merge(other)
        moved = self._hand_over_messages(other) | self._hand_over_people(other)
        moved["merged"] = _moved(type(self).merged_into, type(self).merged_into == self, other)
        Record.records["TicketMerge"].create(source=self, target=other, by=by, moved=moved)
        other._look_through()
        other.index_myself()
        heard = [each.last_heard_at for each in (self, other) if each.last_heard_at and not self.is_internal]
        other.last_heard_at = max(heard, default=other.last_heard_at)
        other.touch()
        self.merged_into, self.turn = other, AWAY
        self.touch()
        self.record("ticket.merged", by=by, number=other.number)
        other.record("ticket.joined", by=by, number=self.number, subject=self.subject)

    @transaction()
    def separate(self: "Ticket", *, by: Person) -> None:
        """Takes the merge apart: what was moved and is still there comes back.

        Raises NotAllowed; NotMerged also where the other one is hidden from them.
        """
        demand(by, "merge")
        merges = Record.records["TicketMerge"]
        merge = merges.find(order=("-id",), source=self, undone_at=None)
        if merge is None:
            raise NotMerged
        other = merge.target
        if not (by.robot or other.is_seen_by_agent(by)):
            raise NotMerged
        for ticket in sorted((self, other), key=lambda each: each.id):
            ticket.hold()
        if self.merged_into_id != other.id or other.is_away:
            raise NotMerged
        self._take_back(other, merge.moved)
        merge.change(undone_at=now())
        self.merged_into, self.turn = None, STATUSES[self.status].turn
        for ticket, kind, number in ((self, "ticket.separated", other.number), (other, "ticket.parted", self.number)):
            ticket._look_through()
            ticket.index_myself()
            ticket.touch()
            ticket.record(kind, by=by, number=number)

    def take_copies_back(self: "Ticket", source: "Ticket", people: list[int]) -> None:
        """Ends the copies of these people that the merge of `source` had brought here."""
        merge = Record.records["TicketMerge"].find(source=source.id, target=self.id, undone_at=None)
        if merge:
            brought = merge.moved["TicketCopy"]
            self.change_copies(added=(), ended=set(brought) & set(people))
            merge.change(moved=merge.moved | {"TicketCopy": [each for each in brought if each not in people]})

    def _lock_with(self: "Ticket", other: "Ticket") -> None:
        """Always in the same order, so that two who merge the same two never wait for each other."""
        if self.id == other.id:
            raise MergedWithItself
        for ticket in sorted((self, other), key=lambda each: each.id):
            ticket.lock()

    def _check_merge(self: "Ticket", other: "Ticket") -> None:
        if self.pending_authorization:
            raise StillPending(number=self.number)
        if other.is_internal and not self.is_internal:
            raise WouldHide

    def _hand_over_messages(self: "Ticket", other: "Ticket") -> dict[str, list[int]]:
        """What an internal ticket holds becomes notes: it was never for the other ticket's customer."""
        hidden = []
        if self.is_internal:
            hidden = _ids(Message.select(Message.id).where(Message.ticket == self, Message.is_public))
            Message.update(is_public=False).where(Message.ticket == self).execute()
            _let_be_found(hidden, by_customers=False)
        SearchEntry.update(ticket=other).where(SearchEntry.ticket == self, SearchEntry.message.is_null(False)).execute()
        Message.update(origin=fn.COALESCE(Message.origin, self.id)).where(Message.ticket == self).execute()
        self._hand_over_drafts(other)
        self._lead_to_interventions(self, other, public=not self.is_internal)
        links = Record.records["PersonalLink"]
        return {
            "hidden": hidden,
            "deliveries": _moved(Delivery.ticket, (Delivery.ticket == self) & Delivery.message.is_null(False), other),
            "messages": _moved(Message.ticket, Message.ticket == self, other),
            "links": _moved(links.ticket, links.ticket == self, other),
        }

    def _hand_over_drafts(self: "Ticket", other: "Ticket") -> None:
        """What somebody was writing here waits for them there, unless they were writing there too."""
        drafts = Record.records["Draft"]
        for draft in drafts.select().where(drafts.ticket == self):
            if drafts.find(ticket=other, person=draft.person_id, kind=draft.kind) is None:
                draft.change(ticket=other)

    def _hand_over_people(self: "Ticket", other: "Ticket") -> dict[str, list[int]]:
        """Those in copy, the requester with them, followers and tags; an internal ticket's customer knows nothing."""
        copied = set() if self.is_internal else {self.requester_id, *_column("TicketCopy", "person", self)}
        wanted = {
            "TicketCopy": ("person", copied - {None, other.requester_id}),
            "TicketFollower": ("person", self._followers_beside(other)),
            "TicketTag": ("tag", set(_column("TicketTag", "tag", self))),
        }
        added = {}
        for name, (column, ids) in wanted.items():
            added[name] = sorted(ids - set(_column(name, column, other)))
            for each in added[name]:
                Record.records[name].create(ticket=other, **{column: each})
        return added

    def _followers_beside(self: "Ticket", other: "Ticket") -> set[int]:
        """Who had or followed it goes on hearing of it; but is not let into what is hidden from them (P3) by that."""
        ids = {self.assignee_id, *_column("TicketFollower", "person", self)} - {None}
        people = Person.select().where(Person.id.in_(ids)) if ids else []
        return {person.id for person in people if other.is_seen_by_agent(person)}

    def _take_back(self: "Ticket", other: "Ticket", moved: dict[str, list[int]]) -> None:
        for ids in _in_parts(moved["messages"]):
            here = Message.ticket == other, Message.id.in_(ids)
            back = _ids(Message.select(Message.id).where(*here))
            Message.update(ticket=self).where(Message.id.in_(back)).execute()
            SearchEntry.update(ticket=self).where(SearchEntry.message.in_(back)).execute()
            Delivery.update(ticket=self).where(Delivery.message.in_(back), Delivery.ticket == other).execute()
        Message.update(origin=None).where(Message.ticket == self, Message.origin == self).execute()
        for ids in _in_parts(moved["hidden"]):
            Message.update(is_public=True).where(Message.ticket == self, Message.id.in_(ids)).execute()
            _let_be_found(ids, by_customers=True)
        links, hub = Record.records["PersonalLink"], type(self)
        for ids in _in_parts(moved["links"]):
            links.update(ticket=self).where(links.ticket == other, links.id.in_(ids)).execute()
        hub.update(merged_into=self).where(hub.id.in_(moved["merged"])).execute()
        self._lead_to_interventions(other, self, public=True)
        for name, column in (("TicketCopy", "person"), ("TicketFollower", "person"), ("TicketTag", "tag")):
            rows = Record.records[name]
            rows.delete().where(rows.ticket == other, getattr(rows, column).in_(moved[name])).execute()


def _moved(field: Field, where: Any, other: "Ticket") -> list[int]:
    """Points these rows at the other ticket and returns their ids."""
    rows = field.model
    ids = _ids(rows.select(rows.id).where(where))
    for part in _in_parts(ids):
        rows.update({field: other}).where(rows.id.in_(part)).execute()
    return ids


def _let_be_found(messages: list[int], *, by_customers: bool) -> None:
    for part in _in_parts(messages):
        SearchEntry.update(is_public=by_customers).where(SearchEntry.message.in_(part)).execute()


def _column(name: str, column: str, ticket: "Ticket") -> list[int]:
    rows = Record.records[name]
    return [value for (value,) in rows.select(getattr(rows, column)).where(rows.ticket == ticket).tuples()]


def _ids(query: Any) -> list[int]:
    return [number for (number,) in query.tuples()]


def _in_parts(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
