"""What becomes of one mail: a ticket, a message of one, or only a line of the ledger (SPEC C6, C7, C9a)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

from peewee import SQL, Query, fn

from app.accounts.contact import Contact
from app.accounts.person import NotAnAddress, Person, clean_address, is_address
from app.lib.clock import now
from app.lib.files import StoredFile, store
from app.lib.prepared import prepared, slot
from app.mail import belonging, classifying, threading
from app.mail.authentication import FAILED, PROVED, Proof
from app.mail.blocking import covers
from app.mail.classifying import Verdict
from app.mail.deciding_words import say_they_decide
from app.mail.forwarded import Forwarded, forwarded
from app.mail.house import House
from app.mail.import_rule import ImportRule
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.mail.masking import masked
from app.mail.parsed import ParsedMail
from app.mail.reporting import Reporting
from app.mail.saying import Saying
from app.mail.spam import Suspicion
from app.messages.message import AGENT, SOMEONE_ELSE, UNPROVED, Message
from app.outbox.wire import is_live
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket

ACKNOWLEDGED_AN_HOUR, ACKNOWLEDGED_A_DAY, OPENED_AN_HOUR = 3, 10, 30
WORDS = frozenset({classifying.PERSON, classifying.LIST})  # the kinds whose words are filed; the others make notes
TOO_OLD_TO_ACKNOWLEDGE = timedelta(days=3)  # of a backlog: nobody waits for a receipt any more


@dataclass
class Filing(Reporting, Saying):
    """One mail on its way into the house; `file` runs in the transaction that settles its ledger entry."""

    entry: LedgerEntry
    mail: ParsedMail
    verdict: Verdict
    proof: Proof
    house: House
    kept: list[StoredFile] = field(default_factory=list)
    suspicion: Suspicion | None = None

    def keep_files(self) -> None:
        """Puts the attachments into the store, before the transaction: a disk is not waited for with the rows held."""
        if self.verdict.kind in WORDS:
            self.kept = [store().put(part.content) for part in self.mail.attachments]

    def look_for_spam(self) -> None:
        """Asks about what might open a ticket. Other machines are asked: before the transaction, like the files."""
        entry = self.entry
        asked = self.verdict.kind in WORDS and not (entry.is_forced or entry.only_headers or self._is_ours)
        if asked and not self._is_blocked:
            mailbox = self.mailbox
            self.suspicion = self.house.detective.suspects(
                self.mail,
                store().path(entry.raw_sha256),
                authserv_id=self.house.authserv_id(entry),
                recipient=mailbox.address if mailbox else "",
            )

    def file(self) -> None:
        """Decides by the rules of received mail, in their order."""
        self._describe()
        if self._is_copy():
            return
        kind = self.verdict.kind
        if self._is_blocked and kind in WORDS | {classifying.AUTO_REPLY}:
            self._settle("ignored", "blocked", detail=self._is_blocked)
        elif kind == classifying.LOOP:
            self._settle("ignored", "loop", detail=self.verdict.cause)
        elif kind in (classifying.BOUNCE, classifying.DELAYED):
            self._file_report()
        elif kind in (classifying.RECEIPT, classifying.ABUSE_REPORT):
            self._file_notice(kind)
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
        entry.subject = masked(mail.subject)[:998]
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

    # --- people ------------------------------------------------------------------------------------------------

    def _file_words(self) -> None:
        found = self._found
        if found.ticket is not None:
            self._join(found.ticket, found.how)
        elif reason := self._passed_over():
            self._settle("passed", reason, maybe_ticket=found.maybe)
        elif self.suspicion:
            self._settle("quarantined", self.suspicion.cause, detail=self.suspicion.detail, maybe_ticket=found.maybe)
        elif self._is_flood():
            self._settle("quarantined", "flood", maybe_ticket=found.maybe)
        else:
            self._open(found.maybe)

    @cached_property
    def _clues(self) -> list[threading.Clue]:
        return threading.candidates(self.mail, keys=self.house.keys)

    @property
    def _is_ours(self) -> bool:
        """Whether it carries something that only a letter of ours could have given it."""
        return any(clue.kind in (threading.REPLY_ADDRESS, threading.SENT) for clue in self._clues)

    @cached_property
    def _is_blocked(self) -> str:
        """The blocked address or domain it falls under; nothing where somebody wants it processed all the same."""
        blocked = self.house.blocked
        return covers(blocked, self.sender) if blocked and not self.entry.is_forced else ""

    @cached_property
    def _found(self) -> belonging.Belonging:
        return belonging.find(self._clues, self.sender, proof=self.proof.verdict, subject=self.mail.subject)

    def _join(self, ticket: Ticket, how: str) -> None:
        """A reply joins its ticket (C7). Who cannot be proved changes nothing; an agent's own mail is a note."""
        sender = Person.by_email(self.sender) if self.sender else None
        said: dict[str, Any] = {"said_at": self.received_at, "files": self._files()} | self._origin()
        claimed = said | {"by": self.house.robot, "author_name": self._name(), "author_address": self.sender}
        if self.proof.verdict == FAILED:  # whoever it says it is, an agent neither
            how, message = "unproved", ticket.file_claim(self._text(), claim=UNPROVED, **claimed)
        elif sender and sender.agent and sender.agent.is_active and sender.id != ticket.requester_id:
            claim = "" if self.proof.verdict == PROVED else AGENT
            how, message = "agent_note", ticket.file_claim(self._text(), by=sender, claim=claim, **said)
        elif ticket.is_internal:
            how, message = "internal", ticket.file_claim(self._text(), **claimed)
        elif not belonging.takes_part(ticket, self.sender):
            how, message = "someone_else", ticket.file_claim(self._text(), claim=SOMEONE_ELSE, **claimed)
        else:
            message = self._hear(ticket, said)
        self._settle("joined", how, ticket=ticket, message=message)

    def _hear(self, ticket: Ticket, said: dict[str, Any]) -> Message:
        """The customer's word. One that speaks of deciding decides nothing: it is answered with the way there."""
        author, text = self._author(ticket), self._text()
        decides = ticket.status == "awaiting_authorization" and say_they_decide(self.mail.visible)
        message = ticket.hear(text, by=author, channel="email", purpose="claim" if decides else "", **said)
        if decides:
            ticket.point_to_decision(message, by=author)
        return message

    def _author(self, ticket: Ticket) -> Person:
        """The requester, when the mail comes from the ticket's address, else the contact with the sender's address."""
        if ticket.requester and self.sender in (ticket.email, ticket.requester.email):
            return ticket.requester
        return self._contact() or self.house.robot

    def _contact(self) -> Person | None:
        """The contact with this address; a new one is called by it, and its display name is kept to be offered (C6)."""
        inner = self._forwarded
        address, name = (inner.address, inner.name) if inner else (self.sender, self.mail.from_name)
        return Contact.register(address, address, offered_name=name[:200]) if address else None

    @cached_property
    def _forwarded(self) -> Forwarded | None:
        """The mail that one of the team forwards to us, whose author it is about; only if it is proved (rule 10)."""
        if self.proof.verdict != PROVED or not self.sender or self._found.ticket:
            return None
        inner = forwarded(self.mail)
        sender = Person.by_email(self.sender) if inner else None
        return inner if sender and sender.agent and sender.agent.may("open") and is_address(inner.address) else None

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
        mailbox, house, inner, rule = self.mailbox, self.house, self._forwarded, self._rule
        requester = self._contact()
        ticket = Ticket.open(
            by=requester or house.robot,
            requester=requester,
            name="" if requester else self._name(),
            subject=masked(inner.subject if inner else self.mail.subject).strip()
            or self._in_our_language("no_subject"),
            text=self._text(),
            channel="email",
            files=self._files(),
            message=self._origin() | ({} if requester else {"author_name": self._name()}),
            acknowledge=self._may_acknowledge(),
            created_at=self.received_at,
            origin=house.origin,
            **self._given(),
            mailbox=mailbox,
            maybe_of=maybe,
        )
        if inner and inner.comment:
            ticket.note(masked(inner.comment), by=Person.by_email(self.sender))
        cause = "too_large" if self.entry.only_headers else "unreadable" if self._is_unreadable else ""
        named = "maybe_false" if self.proof.verdict == FAILED else "maybe"
        how = cause or (named if maybe else "rule" if rule else "")
        detail = rule.name if rule else ""
        self._settle("opened", how, detail=detail, ticket=ticket, message=ticket.first_message, maybe_ticket=maybe)

    @cached_property
    def _rule(self) -> ImportRule | None:
        """The import rule that holds, if any does (C4)."""
        rules = self.house.rules.get(self.entry.mailbox_id, [])
        return next((rule for rule in rules if rule.holds(self.mail)), None)

    def _given(self) -> dict[str, Any]:
        """What the ticket is given: by the rule that holds, else by the mailbox, else as everywhere.

        Nothing of what is switched off (T6).
        """
        mailbox, rule, usual = self.mailbox, self._rule, vars(self.house)
        off = TicketSettings.fields_off
        given: dict[str, Any] = {"category": rule.category} if rule and rule.category and "category" not in off else {}
        for name in ("company", "group", "assignee", "type", "priority"):
            told = None if name in off else (rule and getattr(rule, name)) or (mailbox and getattr(mailbox, name))
            given[name] = told or usual.get(name)
        return given


def _copies() -> Query:
    """Settled entries with the same id and content as one that is being filed."""
    cls = LedgerEntry
    same = (cls.mail_id == slot("mail_id")) & (cls.fingerprint == slot("fingerprint")) & (cls.id != slot("id"))
    settled = cls.outcome.in_(["opened", "joined"]) | (
        (cls.mailbox_id == slot("mailbox")) & cls.outcome.in_(["passed", "quarantined", "discarded"])
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
