"""Taking back what a change of many tickets did to one of them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.db import transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.messages.message import Message
from app.tickets.assignable import works_here
from app.tickets.editable import shown
from app.tickets.lifecycle import STATUSES
from app.timeline.event import Event

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

# What a change of many may alter, as columns; beside them the tags.
FIELDS = ("status", "justification", "assignee", "group", "priority", "category", "turn")
MOMENTS = ("resolved_at", "wakes_at")  # which a status brings or ends


class ChangedMeanwhile(Refused):
    says = _l("It was changed again meanwhile.")
    status = 409


class RequestWithdrawn(Refused):
    says = _l("Its request was withdrawn when it was closed, and that stands. Reopen the ticket and ask again.")
    status = 409


class Restorable:
    """How a ticket stands, and putting it back."""

    def standing(self: "Ticket", *, tags: bool) -> dict[str, Any]:
        """The fields that a change of many may alter, as plain values."""
        found = {name: self.__data__.get(name) for name in FIELDS}
        found |= {name: at and at.isoformat() for name in MOMENTS for at in [getattr(self, name)]}
        return found | {"tags": [tag.label for tag in self.tags]} if tags else found

    @transaction()
    def put_back(self: "Ticket", before: dict[str, Any], after: dict[str, Any], *, by: Person) -> bool:
        """As it stood before, unless somebody has changed it since.

        A closing whose mail has not left is as if it had never been; where it has, what was said stays said. Returns
        whether all is unsaid. Raises NotAllowed, ChangedMeanwhile, RequestWithdrawn.
        """
        demand(by, "edit")
        self.hold()
        standing = self.standing(tags="tags" in before)
        if any(standing[name] != value for name, value in after.items()):
            raise ChangedMeanwhile
        was = self.status
        altered = [name for name in FIELDS if before[name] != after[name] and name != "turn"]
        for name in FIELDS:
            if before[name] != after[name] and name not in ("status", "turn", "justification"):
                setattr(self, name, before[name])
        unsaid = True
        if before["status"] != after["status"]:
            unsaid = self._end_closing()
            if self.status != before["status"]:
                self.become(before["status"])
        self.justification = before["justification"]
        if self.assignee and not works_here(self.assignee):
            self.assignee = None
        for name in before.keys() & set(MOMENTS):
            setattr(self, name, datetime.fromisoformat(before[name]) if before[name] else None)
        self.touch()
        if "tags" in before:
            self.tag_with(before["tags"], by=by)
        self.index_myself()
        self.record("ticket.put_back", by=by, was=was, status=STATUSES[self.status].key, back=self._told(altered))
        return unsaid

    def _told(self: "Ticket", names: list[str]) -> dict[str, Any]:
        """How these fields stand, as the history keeps it."""
        return {name: shown(name, self.status if name == "status" else getattr(self, name)) for name in names}

    def _end_closing(self: "Ticket") -> bool:
        event = Event.find(ticket=self.id, kind="ticket.closed", order=("-id",)) if self.is_closed else None
        if event is None or not isinstance(event.about, Message):
            return True
        if event.details.get("withdrew"):
            raise RequestWithdrawn
        return self.unsay_closing(event, event.about)
