"""The bin: a ticket that was put there comes back for 30 days; then its conversation is gone for good (SPEC T9)."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from app.accounts.agent import demand
from app.accounts.person import Person
from app.accounts.robot import Robot
from app.authorizations.authorization import Authorization
from app.authorizations.decision import Decision
from app.lib.clock import now
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.search import SearchEntry
from app.lib.words import lazy_gettext as _l
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.tickets.lifecycle import AWAY, STATUSES
from app.tickets.settings import TicketSettings
from app.timeline.event import Event

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

STILL_NEWS = timedelta(days=1)  # a mail that waited longer in the bin is none any more
AT_ONCE = 100  # tickets purged in one round of the clock
PER_PAGE = 25
# What a purged ticket forgets of itself; the number stays, and so do decided authorizations.
BLANK: dict[str, Any] = {
    "subject": "", "name": "", "email": None, "phone": "", "customer_company": "", "serial": "", "sales_order": "",
    "diagnosis": "", "snippet": "", "requester": None, "organization": None, "equipment": None, "has_files": False,
}  # fmt: skip
KEPT_EVENTS = ("ticket.opened", "ticket.removed", "ticket.merged")


class TicketAway(Refused):
    """What was asked of a ticket that was merged or put into the bin meanwhile."""

    says = _l("Ticket %(number)s was deleted meanwhile: restore it from the bin first.")
    status = 409

    @classmethod
    def of(cls, ticket: "Ticket") -> "TicketAway":
        kind = MergedMeanwhile if ticket.merged_into_id else cls
        return kind(number=ticket.number)


class MergedMeanwhile(TicketAway):
    says = _l("Ticket %(number)s was merged into another one meanwhile.")


class NotInTheBin(Refused):
    says = _l("This ticket is not in the bin.")
    status = 409


class Removable:
    """Into the bin, out of it, and the end."""

    @transaction()
    def remove(self: "Ticket", *, by: Person) -> None:
        """Puts it into the bin; what was asked of the customer is withdrawn, and mails of it that wait are cancelled.

        Raises NotAllowed, TicketAway.
        """
        demand(by, "remove")
        self.lock()
        mails = self._cancel_mails(by=by)
        self.withdraw_pending(by=by)
        if self.status == "awaiting_authorization":
            self.move("withdraw_authorization")
        self.removed_at, self.turn = now(), AWAY
        self.touch()
        self.record("ticket.removed", by=by, mails=mails)

    @transaction()
    def restore(self: "Ticket", *, by: Person) -> None:
        """Takes it out of the bin, as it was; mails that this had cancelled leave, within a day.

        Raises NotAllowed, NotInTheBin.
        """
        demand(by, "remove")
        self._hold_in_bin()
        gone = Event.find(order=("-id",), ticket=self.id, kind="ticket.removed")
        if gone and gone.at > now() - STILL_NEWS:
            self._send_anyway(gone.details.get("mails", []), by=by)
        self.removed_at, self.turn = None, STATUSES[self.status].turn
        self.touch()
        self.record("ticket.restored", by=by)

    @transaction()
    def purge(self: "Ticket", *, by: Person) -> None:
        """Deletes its conversation for good. Raises NotAllowed, NotInTheBin."""
        demand(by, "purge")
        self._hold_in_bin()
        for ticket in (self, *self.merged):
            ticket._purge()
        self.record("ticket.purged", by=by)

    @classmethod
    def purge_old(cls: "type[Ticket]") -> int:
        """Purges what has lain in the bin for the days of the setting."""
        limit = now() - timedelta(days=TicketSettings.keep_removed_for)
        old = cls.select().where(cls.removed_at < limit, cls.purged_at.is_null()).order_by(cls.removed_at)
        found = list(old.limit(AT_ONCE))
        for ticket in found:
            ticket.purge(by=Robot.clock())
        return len(found)

    @classmethod
    def in_bin(cls: "type[Ticket]", me: Person, *, before: int = 0) -> "list[Ticket]":
        """What this agent may see of the bin, the latest first; one more than a page, to know whether there is one."""
        query = cls.select().where(cls.removed_at.is_null(False), cls.purged_at.is_null(), cls.visible_to(me))
        edge = cls.find(number=before) if before else None
        if edge and edge.removed_at:
            query = query.where(cls.removed_at < edge.removed_at)
        return list(query.order_by(cls.removed_at.desc(), cls.id.desc()).limit(PER_PAGE + 1))

    @property
    def purged_after(self: "Ticket") -> Any:
        """The moment from which it is gone for good."""
        return self.removed_at and self.removed_at + timedelta(days=TicketSettings.keep_removed_for)

    def _hold_in_bin(self: "Ticket") -> Self:
        self.hold()
        if self.removed_at is None or self.purged_at is not None:
            raise NotInTheBin
        return self

    def _purge(self: "Ticket") -> None:
        self._let_go_of_mails()
        SearchEntry.forget([self.id])
        decided = Decision.select(Decision.authorization)
        Authorization.delete().where(Authorization.ticket == self, Authorization.id.not_in(decided)).execute()
        is_decision = Event.kind.startswith("authorization.") | Event.kind.in_(KEPT_EVENTS)
        Event.delete().where(Event.ticket == self, ~is_decision).execute()
        for record in (Message, Delivery, *(Record.records[name] for name in self.GOES_WITH_IT)):
            record.delete().where(record.ticket == self).execute()
        for name, value in BLANK.items():
            setattr(self, name, value)
        self.purged_at = now()
        self.save()

    def _let_go_of_mails(self: "Ticket") -> None:
        """The ledger's lines keep whose mail it was, and when. What was split off is another ticket's."""
        entries: Any = Record.records["LedgerEntry"]
        theirs = entries.message.in_(Message.select(Message.id).where(Message.ticket == self))
        entries.update(raw_sha256="", excerpt="", subject="", from_name="").where(theirs).execute()

    GOES_WITH_IT = (
        "PersonalLink", "Draft", "CustomValue", "Intervention", "TicketCopy", "TicketTag", "TicketFollower",
        "TicketRelation", "TicketDocument", "TicketRead", "SurveyInvitation",
    )  # fmt: skip
