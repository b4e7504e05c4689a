"""Reports, receipts, complaints and automatic answers, on their way to the ticket they are about."""

from typing import TYPE_CHECKING, Any

from app.mail import classifying, threading
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.tickets.ticket import Ticket

if TYPE_CHECKING:
    from app.mail.filing import Filing


class Reporting:
    """Filing what no person wrote."""

    def _file_report(self: "Filing") -> None:
        """A bounce is tied to what we sent by the id in the returned headers, never by an address in it (rule 11)."""
        report = self.verdict.bounce
        delivery = self._delivery_of(report.original_message_id) if report else None
        if delivery is None or delivery.ticket is None:
            if delivery is not None and self.verdict.kind == classifying.BOUNCE:
                delivery.bounced(self._said_of(report), dead=report.is_dead)
            self._settle("ignored", "unknown_bounce" if delivery is None else "bounce")
            return
        message = self._automatic(delivery.ticket)
        if self.verdict.kind == classifying.BOUNCE and delivery.state != "bounced":
            delivery.bounced(self._said_of(report), dead=report.is_dead)
            if delivery.is_to_customer:
                delivery.ticket.fail_delivery(delivery, by=self.house.robot)
        cause = "bounce" if self.verdict.kind == classifying.BOUNCE else "delayed"
        self._settle("joined", cause, ticket=delivery.ticket, message=message)

    def _file_notice(self: "Filing", kind: str) -> None:
        """A receipt is a note of its ticket; who complains of a mail of ours gets no more of them (rule 13)."""
        report = self.verdict.bounce
        delivery = self._delivery_of(report.original_message_id if report else "")
        if delivery is None or delivery.ticket is None:
            self._settle("ignored", kind)
            return
        message = self._automatic(delivery.ticket)
        if kind == classifying.ABUSE_REPORT and delivery.person:
            delivery.ticket.stop_mailing(delivery.person, by=self.house.robot)
        self._settle("joined", kind, ticket=delivery.ticket, message=message)

    def _delivery_of(self: "Filing", mail_id: str) -> Delivery | None:
        if (number := threading.returned(self.mail, keys=self.house.keys)) is not None:
            return Delivery.get_or_none(id=number)
        clues = [clue for clue in self._clues if clue.kind == threading.SENT]
        ids = [mail_id, *(clue.value for clue in clues)]
        return Delivery.select().where(Delivery.mail_id.in_([each for each in ids if each])).first()

    def _said_of(self: "Filing", report: Any) -> str:
        one = report.recipients[0] if report.recipients else None
        return " ".join(filter(None, [one.status, one.diagnostic]))[:1000] if one else self.mail.subject[:300]

    def _file_automatic(self: "Filing") -> None:
        """Filed with its ticket as a folded note; of no ticket, it is only in the ledger (rule 8)."""
        found = self._found
        if found.ticket is None:
            self._settle("ignored", "auto_reply", maybe_ticket=found.maybe)
            return
        self._settle("joined", "auto_reply", ticket=found.ticket, message=self._automatic(found.ticket))

    def _automatic(self: "Filing", ticket: Ticket) -> Message:
        return ticket.file_automatic(
            self._text(), by=self.house.robot, said_at=self.received_at, author_name=self._name(), **self._origin()
        )
