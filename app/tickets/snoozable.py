"""Putting a ticket off until a moment, or until the customer answers."""

from datetime import datetime
from typing import TYPE_CHECKING

from app.accounts.agent import demand
from app.accounts.person import Person
from app.accounts.robot import Robot
from app.lib.clock import now
from app.lib.db import transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.tickets.lifecycle import next_status

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

AT_ONCE = 200


class NotYetPast(Refused):
    says = _l("Choose a moment that is still to come.")
    field = "until"


class Snoozable:
    """A snoozed ticket is pending; an answer of the customer wakes it as it wakes any, and so does its moment."""

    @transaction()
    def snooze(self: "Ticket", until: datetime | None, *, by: Person) -> None:
        """`until` None: for as long as nobody answers. Raises NotAllowed, StatusForbids, NotYetPast."""
        demand(by, "edit")
        if until is not None and until <= now():
            raise NotYetPast
        self.lock()
        next_status("set_status", self.status)
        was = self.status
        self.become("pending")
        self.wakes_at = until
        self.touch()
        self.record("ticket.snoozed", by=by, was=was, until=until.isoformat() if until else None)

    @transaction()
    def wake(self: "Ticket", *, by: Person) -> None:
        """Its moment has come: in progress again, before its assignee."""
        self.lock()
        if self.status != "pending" or self.wakes_at is None or self.wakes_at > now():
            return
        self.become("in_progress")
        self.touch()
        self.record("ticket.woken", by=by, was="pending")

    @classmethod
    def wake_due(cls: "type[Ticket]") -> int:
        """The duty of each minute."""
        due = cls.select().where(cls.wakes_at <= now(), cls.status == "pending", cls.removed_at.is_null())
        found = list(due.where(cls.merged_into.is_null()).order_by(cls.wakes_at).limit(AT_ONCE))
        for ticket in found:
            ticket.wake(by=Robot.clock())
        return len(found)
