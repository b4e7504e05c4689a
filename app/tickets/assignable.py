"""Who has a ticket."""

from typing import TYPE_CHECKING

from app.accounts.agent import demand
from app.accounts.group import Group
from app.accounts.person import Person
from app.lib.db import transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.tickets.settings import TicketSettings

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket


class NotOneOfUs(Refused):
    says = _l("%(name)s is not an active agent.")
    field = "assignee"


def works_here(person: Person) -> bool:
    """Whether a ticket can be given to them: an active agent who does more than look on."""
    return bool(person.agent and person.agent.may("note"))


class Assignable:
    """Taking a ticket, handing it over, giving it to a group."""

    @transaction()
    def hand_over(self: "Ticket", *, to: Person | None, by: Person) -> None:
        """Gives the ticket to an agent, or to nobody (T8: the first assignment may change the status)."""
        demand(by, "assign")
        self.lock()
        if self.assignee_id == (to.id if to else None):
            return
        if to is not None and not works_here(to):
            raise NotOneOfUs(name=to.name)
        was, status = self.assignee, self.status
        first = TicketSettings.status_after_creation, TicketSettings.status_after_assignment
        self.assignee = to
        if to is not None and self.status == first[0]:
            self.become(first[1])
        self.touch()
        self.record("ticket.assigned", by=by, to=to.name if to else None, was=was.name if was else None)
        if self.status != status:
            self.record("ticket.status_set", by=by, was=status, status=self.status)

    @transaction()
    def give_to_group(self: "Ticket", group: Group | None, *, by: Person) -> None:
        demand(by, "assign")
        self.lock()
        if self.group_id == (group.id if group else None):
            return
        self.group = group
        self.touch()
        self.record("ticket.grouped", by=by, to=group.name if group else None)
