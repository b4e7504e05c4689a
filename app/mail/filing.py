"""What becomes of one mail: a ticket, a message of one, or only a line of the ledger (SPEC C6, C7, C9a)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

from flask import current_app
from flask_babel import force_locale
from peewee import SQL, Query, fn

from app.accounts.contact import Contact
from app.accounts.person import NotAnAddress, Person, clean_address
from app.accounts.robot import Robot
from app.attachments.attachment import Attachment
from app.branding.company import Company
from app.catalog.lists import Origin, Priority, TicketType
from app.lib import secrets
from app.lib.clock import now
from app.lib.files import store
from app.lib.prepared import prepared, slot
from app.lib.words import gettext as _
from app.mail import belonging, classifying, loop, threading
from app.mail.authentication import FAILED, Proof
from app.mail.classifying import Verdict
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.mail.masking import masked
from app.mail.parsed import ParsedMail
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.outbox.wire import is_live
from app.tickets.ticket import Ticket

ACKNOWLEDGED_AN_HOUR, ACKNOWLEDGED_A_DAY, OPENED_AN_HOUR = 3, 10, 30
TOO_OLD_TO_ACKNOWLEDGE = timedelta(days=3)  # of a backlog: nobody waits for a receipt any more


class House:
    """What does not change from one mail to the next of the same round: read once."""

    def __init__(self) -> None:
        self.company = Company.ours()
        self.mailboxes = {mailbox.id: mailbox for mailbox in Mailbox.select()}
        addresses = [mailbox.address for mailbox in self.mailboxes.values()]
        self.addresses = {each.lower() for each in [*addresses, *self._of_companies()] if each}
        self.keys = secrets.keys().derive_all("message-id")
        self.loop_token = loop.token()
        self.robot = Robot.mail()
        self.type = TicketType.first()
        self.priority = Priority.get_or_none(Priority.key == "low") or Priority.first()
        self.origin = Origin.by_key("email")

    @staticmethod
    def _of_companies() -> list[str]:
        return [email for (email,) in Company.select(Company.email).tuples()]


@dataclass
class Filing:
    """One mail on its way into the house; `file` runs in the transaction that settles its ledger entry."""

    entry: LedgerEntry
    mail: ParsedMail
    verdict: Verdict
    proof: Proof
    house: House

    def file(self) -> None:
        """Decides by the rules of received mail, in their order."""
        self._describe()
        if self._is_copy():
            return
        kind = self.verdict.kind
        if kind == classifying.LOOP:
            self._settle("ignored", "loop", detail=self.verdict.cause)
        elif kind in (classifying.BOUNCE, classifying.DELAYED):
            self._file_report()
        elif kind in (classifying.RECEIPT, classifying.ABUSE_REPORT):
            self._settle("ignored", kind)
        elif kind == classifying.AUTO_REPLY:
            self._file_automatic()
        else:
            self._file_words()

    def _describe(self) -> None:
        """What the ledger shows of it."""
        entry, mail = self.entry, self.mail
        entry.mail_id = self.mail_id
        entry.fingerprint = self._fingerprint()
        entry.from_address = (mail.from_address or "").lower()[:254]
        entry.from_name = mail.from_name[:200]
        entry.subject = mail.subject[:998]
        entry.proof = self.proof.verdict
        entry.excerpt = masked((mail.visible.strip() or mail.text.strip())[:4000])

    def _settle(self, outcome: str, cause: str = "", **fields: Any) -> None:
        known = ("mail_id", "fingerprint", "from_address", "from_name", "subject", "proof", "excerpt")
        self.entry.settle(outcome, cause, **{name: getattr(self.entry, name) for name in known} | fields)

    # --- who and what ------------------------------------------------------------------------------------------

    @property
    def mailbox(self) -> Mailbox | None:
        return self.house.mailboxes.get(self.entry.mailbox_id)

    @cached_property
    def mail_id(self) -> str:
        """Its Message-ID; one without gets an id from its content, the same each time (rule 17)."""
        return (self.mail.message_id or f"<{self.entry.raw_sha256}@no-id.invalid>")[:998]

    @cached_property
    def sender(self) -> str:
        """The sender's address as we compare it; empty when it is none."""
        try:
            return clean_address(self.mail.from_address)
        except NotAnAddress:
            return ""

    @cached_property
    def received_at(self) -> datetime:
        return self.entry.received_at

    def _fingerprint(self) -> str:
        """Of what reaches two mailboxes unchanged: the trace of the way there differs."""
        mail = self.mail
        parts = [mail.from_address, mail.subject, str(mail.date), mail.text, mail.html or ""]
        digest = sha256("\0".join(parts).encode("utf-8", "replace"))
        for part in mail.attachments:
            digest.update(part.content)
        return digest.hexdigest()

    def _is_copy(self) -> bool:
        """Rules 8 and 17: the same id and the same content, in this mailbox or in another one of ours."""
        entry = self.entry
        mine = {"mail_id": entry.mail_id, "fingerprint": entry.fingerprint, "id": entry.id, "mailbox": entry.mailbox_id}
        first = prepared("copies of a mail", _copies).rows(mine).fetchone()
        if first is None or (entry.is_forced and first[0] is None):
            return False
        self._settle("ignored", "copy", ticket=first[0], message=first[1])
        return True

    # --- reports and robots ------------------------------------------------------------------------------------

    def _file_report(self) -> None:
        """A bounce is tied to what we sent by the id in the returned headers, never by an address in it (rule 11)."""
        report = self.verdict.bounce
        delivery = self._delivery_of(report.original_message_id) if report else None
        if delivery is None or delivery.ticket is None:
            if delivery is not None and self.verdict.kind == classifying.BOUNCE:
                delivery.bounced(self._said_of(report))
            self._settle("ignored", "unknown_bounce" if delivery is None else "bounce")
            return
        message = self._automatic(delivery.ticket)
        if self.verdict.kind == classifying.BOUNCE and delivery.state != "bounced":
            delivery.bounced(self._said_of(report))
            if delivery.is_to_customer:
                delivery.ticket.fail_delivery(delivery, by=self.house.robot)
        cause = "bounce" if self.verdict.kind == classifying.BOUNCE else "delayed"
        self._settle("joined", cause, ticket=delivery.ticket, message=message)

    def _delivery_of(self, mail_id: str) -> Delivery | None:
        clues = [clue for clue in threading.candidates(self.mail, keys=self.house.keys) if clue.kind == threading.SENT]
        ids = [mail_id, *(clue.value for clue in clues)]
        return Delivery.select().where(Delivery.mail_id.in_([each for each in ids if each])).first()

    def _said_of(self, report: Any) -> str:
        one = report.recipients[0] if report.recipients else None
        return " ".join(filter(None, [one.status, one.diagnostic]))[:1000] if one else self.mail.subject[:300]

    def _file_automatic(self) -> None:
        """Filed with its ticket as a folded note; of no ticket, it is only in the ledger (rule 8)."""
        found = self._belonging()
        if found.ticket is None:
            self._settle("ignored", "auto_reply", maybe_ticket=found.maybe)
            return
        self._settle("joined", "auto_reply", ticket=found.ticket, message=self._automatic(found.ticket))

    def _automatic(self, ticket: Ticket) -> Message:
        return ticket.file_automatic(
            self._text(), by=self.house.robot, said_at=self.received_at, author_name=self._name(), **self._origin()
        )

    # --- people ------------------------------------------------------------------------------------------------

    def _file_words(self) -> None:
        found = self._belonging()
        if found.ticket is not None:
            self._join(found.ticket, found.how)
        elif reason := self._passed_over():
            self._settle("passed", reason, maybe_ticket=found.maybe)
        elif self._is_flood():
            self._settle("quarantined", "flood", maybe_ticket=found.maybe)
        else:
            self._open(found.maybe)

    def _belonging(self) -> belonging.Belonging:
        clues = threading.candidates(self.mail, keys=self.house.keys)
        return belonging.find(clues, self.sender, proof=self.proof.verdict, subject=self.mail.subject)

    def _join(self, ticket: Ticket, how: str) -> None:
        """A reply joins its ticket (C7). Who cannot be proved changes nothing; an agent's own mail is a note."""
        sender = Person.by_email(self.sender) if self.sender else None
        said: dict[str, Any] = {"said_at": self.received_at, "files": self._files()} | self._origin()
        if self.proof.verdict == FAILED:  # whoever it says it is, an agent neither
            message = ticket.file_claim(self._text(), by=self.house.robot, author_name=self._name(), **said)
            how = "unproved"
        elif sender and sender.agent and sender.agent.is_active and sender.id != ticket.requester_id:
            how, message = "agent_note", ticket.file_claim(self._text(), by=sender, **said)
        elif ticket.is_internal:
            message = ticket.file_claim(self._text(), by=self.house.robot, author_name=self._name(), **said)
            how = "internal"
        else:
            message = ticket.hear(self._text(), by=self._author(ticket), channel="email", **said)
        self._settle("joined", how, ticket=ticket, message=message)

    def _author(self, ticket: Ticket) -> Person:
        """The requester, when the mail comes from the ticket's address, else the contact with the sender's address."""
        if ticket.requester and self.sender in (ticket.email, ticket.requester.email):
            return ticket.requester
        return self._contact() or self.house.robot

    def _contact(self) -> Person | None:
        """The contact with this address; a new one is called by it, and its display name is kept to be offered (C6)."""
        if not self.sender:
            return None
        return Contact.register(self.sender, self.sender, offered_name=self.mail.from_name[:200])

    def _passed_over(self) -> str:
        """Why this mailbox opens no ticket for it (C5); empty if it does."""
        mailbox, entry = self.mailbox, self.entry
        if entry.is_forced:
            return ""
        if mailbox is None:
            return "no_creation" if is_live() else ""
        if mailbox.creates != "ticket":
            return "no_creation"
        since = mailbox.creates_since_uid
        is_backlog = since is not None and entry.uid is not None and entry.uid <= since
        return "backlog" if is_backlog and entry.uidvalidity == mailbox.uidvalidity else ""

    @cached_property
    def _opened_lately(self) -> tuple[int, int, int]:
        """How many tickets this sender has opened: within an hour of this mail, in the last hour, in the last day."""
        moments = {
            "around": self.received_at - timedelta(hours=1),
            "hour": now() - timedelta(hours=1),
            "day": now() - timedelta(days=1),
        }
        values = {name: LedgerEntry.fetched_at.db_value(moment) for name, moment in moments.items()}
        found = prepared("opened lately", _opened).rows(values | {"sender": self.entry.from_address}).fetchone()
        return tuple(each or 0 for each in found)

    def _is_flood(self) -> bool:
        return not self.entry.is_forced and self._opened_lately[0] >= OPENED_AN_HOUR

    def _may_acknowledge(self) -> bool:
        """Rules 2 to 5, 15 and 16; and never to an address that the sender only pretended to have."""
        if not self.verdict.may_acknowledge or not self.sender or self.proof.verdict == FAILED:
            return False
        if self.mailbox is not None and not self.mailbox.acknowledges:
            return False
        if self.received_at < now() - TOO_OLD_TO_ACKNOWLEDGE:
            return False
        return self._opened_lately[1] < ACKNOWLEDGED_AN_HOUR and self._opened_lately[2] < ACKNOWLEDGED_A_DAY

    def _open(self, maybe: Ticket | None) -> None:
        """A new ticket (C6); the mailbox's own defaults win."""
        mailbox, house = self.mailbox, self.house
        requester = self._contact()
        ticket = Ticket.open(
            by=requester or house.robot,
            requester=requester,
            name="" if requester else self._name(),
            subject=masked(self.mail.subject).strip() or self._in_our_language("no_subject"),
            text=self._text(),
            channel="email",
            files=self._files(),
            message=self._origin() | ({} if requester else {"author_name": self._name()}),
            acknowledge=self._may_acknowledge(),
            assignee=mailbox.assignee if mailbox else None,
            created_at=self.received_at,
            company=(mailbox and mailbox.company) or house.company,
            type=(mailbox and mailbox.type) or house.type,
            priority=(mailbox and mailbox.priority) or house.priority,
            group=mailbox.group if mailbox else None,
            origin=house.origin,
            mailbox=mailbox,
        )
        cause = "too_large" if self.entry.only_headers else "unreadable" if self._is_unreadable else ""
        how = cause or ("maybe" if maybe else "")
        self._settle("opened", how, ticket=ticket, message=ticket.first_message, maybe_ticket=maybe)

    # --- words and files ---------------------------------------------------------------------------------------

    @property
    def _is_unreadable(self) -> bool:
        return "unreadable" in self.mail.defects

    def _text(self) -> str:
        """What the sender says; a mail without words still says so."""
        if self.entry.only_headers:
            return self._in_our_language("too_large")
        if self._is_unreadable:
            return self._in_our_language("unreadable")
        text = self.mail.visible.strip() or self.mail.text.strip()
        return masked(text) if text else self._in_our_language("no_text")

    def _in_our_language(self, which: str) -> str:
        with force_locale(self.house.company.language):
            if which == "no_subject":
                return _("(no subject)")
            if which == "unreadable":
                return _("This mail could not be read. It is attached as it came.")
            if which == "too_large":
                limit = current_app.extensions["ventanilla"].mail_size_limit_mb
                return _(
                    "This mail was larger than %(limit)s MB. Only its headers were kept; the rest is on its server.",
                    limit=limit,
                )
            return _("(a mail without text)")

    def _origin(self) -> dict[str, Any]:
        """What the message keeps of the mail it came in."""
        mail = self.mail
        quoted = masked(mail.quoted) if mail.visible.strip() else ""
        return {
            "html": masked(mail.html) if mail.html else None,
            "quoted": quoted,
            "mail_id": self.mail_id,
            "references": " ".join(mail.references[-30:])[:8000],
            "proof": self.proof.verdict,
        }

    def _name(self) -> str:
        return (self.mail.from_name or self.mail.from_address or "?")[:200]

    def _files(self) -> list[Attachment]:
        if self._is_unreadable:
            return [Attachment.keep_part(store().read(self.entry.raw_sha256), "message.eml")]
        return [
            Attachment.keep_part(part.content, part.name, content_id=part.content_id, is_inline=part.inline)
            for part in self.mail.attachments
        ]


def _copies() -> Query:
    """Settled entries with the same id and content as one that is being filed."""
    cls = LedgerEntry
    same = (cls.mail_id == slot("mail_id")) & (cls.fingerprint == slot("fingerprint")) & (cls.id != slot("id"))
    settled = cls.outcome.in_(["opened", "joined"]) | (
        (cls.mailbox_id == slot("mailbox")) & cls.outcome.in_(["passed", "quarantined"])
    )
    return cls.select(cls.ticket_id, cls.message_id).where(same, settled).order_by(cls.id).limit(1)


def _opened() -> Query:
    """How many tickets one sender has opened, in three spans."""
    cls = LedgerEntry
    around = fn.SUM((cls.received_at > slot("around")).cast("integer"))
    lately = fn.SUM((cls.processed_at > slot("hour")).cast("integer"))
    return cls.select(around, lately, fn.COUNT(SQL("1"))).where(
        cls.from_address == slot("sender"), cls.fetched_at > slot("day"), cls.outcome == "opened"
    )
