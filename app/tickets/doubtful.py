"""A ticket whose first mail only says that it belongs to another one: an agent joins them, or keeps them apart."""

from typing import TYPE_CHECKING

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket


class NoDoubt(Refused):
    says = _l("Somebody has decided already where this ticket belongs.")
    status = 409


class Doubtful:
    """Who knows a number takes no part in its ticket by that (MAIL.md, threading rule 4)."""

    @transaction()
    def join_maybe(self: "Ticket", *, by: Person) -> "Ticket":
        """Merges it into the ticket that it names. Its sender reads nothing there: only an agent lets people in.

        Raises NotAllowed, NoDoubt, and what merging raises.
        """
        demand(by, "merge")
        self.lock()
        other = self._doubted()
        if not other.is_seen_by_agent(by):
            raise NoDoubt
        copies = Record.records["TicketCopy"]
        was_there = bool(self.requester_id) and other.takes_part(self.requester)
        self.maybe_of = None
        self.merge_into(other, by=by)
        if self.requester_id and not was_there:
            copies.delete().where(copies.ticket == other, copies.person == self.requester_id).execute()
        return other

    @transaction()
    def keep_apart(self: "Ticket", *, by: Person) -> None:
        """It is a matter of its own. Raises NotAllowed, NoDoubt."""
        demand(by, "edit")
        self.lock()
        other = self._doubted()
        self.maybe_of = None
        self.touch()
        self.record("ticket.kept_apart", by=by, number=other.number)

    def _doubted(self: "Ticket") -> "Ticket":
        if self.maybe_of_id is None:
            raise NoDoubt
        return self.maybe_of
