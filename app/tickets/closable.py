"""Ending a ticket, and taking it up again."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.accounts.agent import demand
from app.accounts.person import Person
from app.accounts.robot import Robot
from app.authorizations.authorization import Authorization
from app.catalog.lists import Justification
from app.lib.clock import now
from app.lib.db import transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.outbox.settings import hold
from app.tickets.lifecycle import CLOSED_ONES, ON_HAND, ON_HOLD, STATUSES, next_status
from app.tickets.settings import TicketSettings

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket


class NoClosingReason(Refused):
    says = _l("Write the reason: the customer reads it.")
    field = "text"


class NotAStatusToSet(Refused):
    says = _l("Only “In progress”, “Pending” and “Resolved” are set by hand.")
    field = "status"


class ReasonOfAnotherStatus(Refused):
    says = _l("That reason is for “%(status)s”. Choose another one, or none.")
    field = "justification"


class SomebodyElseDecides(Refused):
    """Closing takes the request back: that is for who opened the ticket, or who was asked."""

    says = _l("%(name)s still has to decide on the authorization, so you cannot close this ticket.")
    status = 409


class TooLateToReopen(Refused):
    says = _l("This ticket was closed too long ago to reopen it. Open a new one.")
    status = 409


class Closable:
    """Closing, reopening, and the statuses that are set by hand."""

    @transaction()
    def close(
        self: "Ticket",
        text: str,
        *,
        by: Person,
        files: Iterable[Any] = (),
        cc: list[str] | None = None,
        seen: int | None = None,
    ) -> None:
        """Closes with a reason the customer reads (L8), and sends the survey where that is automatic (S1).

        `cc`, `seen`: as of a reply.
        """
        demand(by, "close")
        if not text.strip():
            raise NoClosingReason
        self.lock()
        self.insist_seen(seen, by=by)
        # What also withdraws a request is not taken back: its withdrawal is sealed in the chain of evidence.
        withdrew = self.pending_authorization is not None
        before, held_until = self.remembered(), None if withdrew else hold()
        was = self.move("close_by_team")
        copies = self.copy_also(cc)
        self.withdraw_pending(by=by)
        how = {"is_public": not self.is_internal, "purpose": "closing", "held_until": held_until}
        message = self._say(text, by=by, files=files, **how)
        if message.is_public:
            self.first_response_at = self.first_response_at or message.said_at
        self._end(message)
        event = self.record(
            "ticket.closed", by=by, about=message, public=True, held_until=held_until, was=was, then=self.status,
            before=before, withdrew=withdrew, copies=copies,
        )  # fmt: skip
        self.mail_customer("tickets.closed_by_team", event=event, message=message, with_cc=True)
        self.survey_after_close(by=by, held_until=held_until)

    @transaction()
    def close_by_customer(self: "Ticket", *, by: Person) -> None:
        """The customer is done (L7); a mail confirms it. Raises StatusForbids, SomebodyElseDecides."""
        self.lock()
        was = self.move("close_by_customer")
        if problem := self.obstacle_to_closing(by, self.pending_authorization):
            raise problem
        self.withdraw_pending(by=by)
        self._end()
        event = self.record("ticket.closed", by=by, public=True, was=was)
        self.mail_customer("tickets.closed_by_customer", event=event, only=by)

    def obstacle_to_closing(self: "Ticket", person: Person, pending: Authorization | None) -> Refused | None:
        """Why this customer may not close it while that request waits, if so."""
        if pending is None or person.id in (self.requester_id, pending.asked_of_id):
            return None
        return SomebodyElseDecides(name=pending.asked_of.name)

    @transaction()
    def close_stale(self: "Ticket", *, by: Person) -> None:
        """A resolved ticket nobody answered closes by itself (L10): no mail, no survey."""
        self.lock()
        if self.status != "resolved":
            return
        was = self.move("close_by_team")
        self.withdraw_pending(by=by)
        self._end()
        self.record("ticket.closed", by=by, public=True, was=was, rule="resolved")

    @classmethod
    def close_resolved(cls: "type[Ticket]") -> int:
        """Closes every resolved ticket that nobody has answered for the days of the setting; 0 days: never."""
        days = TicketSettings.close_resolved_after
        if days <= 0:
            return 0
        is_here = cls.turn == ON_HOLD  # neither merged nor in the bin: one of those would stop the duty for all others
        waiting = cls.select().where(cls.status == "resolved", is_here, cls.resolved_at < now() - timedelta(days=days))
        stale = list(waiting.limit(500))
        for ticket in stale:
            ticket.close_stale(by=Robot.clock())
        return len(stale)

    def _end(self: "Ticket", message: object = None) -> None:
        self.closed_at = now()
        self.touch(message)

    @transaction()
    def set_status(self: "Ticket", status: str, *, by: Person, justification: Justification | None = None) -> None:
        """In progress, pending or resolved, with a reason from the list (L10, T14).

        Raises NotAllowed, NotAStatusToSet, ReasonOfAnotherStatus, StatusForbids.
        """
        demand(by, "edit")
        if status not in ON_HAND:
            raise NotAStatusToSet
        if justification and justification.status not in (None, "", status):
            raise ReasonOfAnotherStatus(status=str(STATUSES[justification.status].label))
        self.lock()
        next_status("set_status", self.status)
        if status == self.status and justification == self.justification:
            return
        was = self.status
        self.become(status)
        self.justification = justification
        self.touch()
        why = justification.recorded if justification else None
        self.record("ticket.status_set", by=by, public=status == "resolved", was=was, status=status, why=why)

    @transaction()
    def reopen(self: "Ticket", *, by: Person) -> None:
        """An agent takes a closed ticket up again (L11)."""
        demand(by, "reopen")
        self.lock()
        self._take_up(by=by)

    @transaction()
    def reopen_by_customer(self: "Ticket", *, by: Person) -> None:
        """The customer takes it up again, for as long as the setting says (L11)."""
        self.lock()
        if self.is_closed and not self.may_reopen:
            raise TooLateToReopen
        self.last_heard_at = now()
        self._take_up(by=by)

    def _take_up(self: "Ticket", *, by: Person) -> None:
        was = self.move("reopen")
        self.touch()
        self.record("ticket.reopened", by=by, public=True, was=was)

    @property
    def may_reopen(self: "Ticket") -> bool:
        """Whether the customer may still take it up again."""
        limit = now() - timedelta(days=TicketSettings.reopen_within)
        return self.status in CLOSED_ONES and self.closed_at is not None and self.closed_at > limit

    def move_after_hearing(self: "Ticket") -> str:
        """The customer spoke: L3, and L9 for a closed ticket. Returns the status before."""
        if self.status not in CLOSED_ONES:
            return self.move("hear")
        if not TicketSettings.reopen_on_reply:
            return self.status
        return self.move("hear_after_closing")
