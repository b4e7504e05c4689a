"""What happens to a ticket when a mail to its customer cannot be delivered."""

from typing import TYPE_CHECKING

from app.accounts.agent import demand
from app.accounts.contact import Contact
from app.accounts.person import Person
from app.lib.db import transaction
from app.messages.conversational import OnlyNotesHere
from app.outbox.delivery import Delivery
from app.tickets.lifecycle import allows

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

DEAD_AFTER = 3  # mails that came back; then the address is taken for dead (it is only marked, never refused)


class Deliverable:
    """Coming back before an agent (L13)."""

    @transaction()
    def fail_delivery(self: "Ticket", delivery: Delivery, *, by: Person) -> None:
        """The final failure of one mail: an answered ticket is in progress again; a pending request stays open."""
        self.hold()
        was = self.status
        if allows("fail_delivery", was) and not self.is_away:
            self.move("fail_delivery")
        self.touch()
        self._mark_recipient(delivery)
        self.record(
            "delivery.failed", by=by, about=delivery, was=was, to=delivery.to_address, answer=delivery.answer[:500]
        )

    @transaction()
    def stop_mailing(self: "Ticket", person: Person, *, by: Person) -> None:
        """Who complained of a mail of ours gets no more, until somebody of the team says otherwise."""
        self.lock()
        muted = Contact.update(is_muted=True).where(Contact.person == person, Contact.is_muted == False)  # noqa: E712
        if muted.execute():
            self.record("contact.complained", by=by, about=person, name=person.name)

    @transaction()
    def send_again(self: "Ticket", delivery: Delivery, *, by: Person) -> None:
        """Queues a mail of this ticket that failed anew. Raises NothingToRetry, OnlyNotesHere."""
        demand(by, "reply")
        if self.hold().is_internal:
            raise OnlyNotesHere
        delivery.send_again()
        self.record("delivery.retried", by=by, about=delivery, to=delivery.to_address)

    @property
    def mails_waiting(self: "Ticket") -> list[Delivery]:
        """What has not left for customers, oldest first."""
        there = Delivery.ticket.in_([self.id, *(ticket.id for ticket in self.merged)])
        waiting = Delivery.select().where(there, Delivery.state.in_(["waiting", "deferred"]))
        return [delivery for delivery in waiting.order_by(Delivery.id) if delivery.is_to_customer]

    def _cancel_mails(self: "Ticket", *, by: Person) -> list[int]:
        """What has not left for customers never leaves. Returns the ids of these mails."""
        cancelled = [delivery for delivery in self.mails_waiting if delivery.cancel()]
        for delivery in cancelled:
            self.record("delivery.cancelled", by=by, about=delivery, to=delivery.to_address)
        return [delivery.id for delivery in cancelled]

    def _send_anyway(self: "Ticket", mails: list[int], *, by: Person) -> None:
        """What was cancelled waits again; a request does not, which was withdrawn meanwhile."""
        for delivery in Delivery.select().where(Delivery.id.in_(mails)).order_by(Delivery.id):
            if delivery.about_kind != "Authorization" and delivery.put_back():
                self.record("delivery.retried", by=by, about=delivery, to=delivery.to_address)

    def _mark_recipient(self, delivery: Delivery) -> None:
        came_back = Delivery.select().where(
            Delivery.person == delivery.person_id, Delivery.state.in_(["bounced", "failed"]), Delivery.is_dead
        )
        if delivery.person_id and came_back.count() >= DEAD_AFTER:
            Contact.update(is_bouncing=True).where(Contact.person == delivery.person_id).execute()
