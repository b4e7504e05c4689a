"""A decision that somebody mails: it decides nothing, and is answered with the way to the page that does (SPEC C9b)."""

from typing import TYPE_CHECKING

from app.accounts.person import Person
from app.lib.db import transaction
from app.timeline.event import Event

if TYPE_CHECKING:
    from app.messages.message import Message
    from app.tickets.ticket import Ticket

KIND = "authorization.claimed"


class Pointable:
    """Pointing who claims to decide to the page where that counts."""

    @transaction()
    def point_to_decision(self: "Ticket", message: "Message", *, by: Person) -> bool:
        """Notes the claim, and mails the decision link once for each request; False where none of theirs is pending."""
        pending = self.pending_authorization
        if pending is None or not pending.may_be_decided_by(by):
            return False
        known = (Event.ticket == self) & (Event.kind == KIND) & (Event.about_id == pending.id)
        first = not Event.select().where(known).exists()
        event = self.record("authorization.claimed", by=by, about=pending, message=message.id)
        if first:
            self.mail_customer("authorizations.claimed", event=event, about=pending, only=by)
        return True
