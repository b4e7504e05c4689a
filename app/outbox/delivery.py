"""Deliveries: mail that is due, waiting, gone or failed (SPEC C9c)."""

import re
from datetime import timedelta
from typing import Any

from peewee import BooleanField, CharField, DeferredForeignKey, IntegerField, TextField, fn

from app.lib import processes
from app.lib.clock import now
from app.lib.db import NeverReused, Record, UTCDateTimeField, transaction
from app.lib.naming import called
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.outbox.wire import current_wire

# Growing pauses; after the last one the delivery has failed for good (3 days in all).
PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240, 480, 720, 720, 720, 720, 489)]

NO_SUCH_ADDRESS = re.compile(r"\b5\.1\.(?:[1236]|10)\b")  # RFC 3463, section 3.2
STUCK_AFTER = timedelta(minutes=15)

STATES: dict[str, Any] = {
    "waiting": _l("Queued"),
    "sending": _l("Queued"),
    "deferred": _l("Deferred"),
    "sent": _l("Sent"),
    "failed": _l("Failed"),
    "bounced": _l("Bounced"),
    "cancelled": _l("Cancelled"),
}


class NothingToRetry(Refused):
    says = _l("Only a failed e-mail can be sent again.")


class Delivery(Record):
    """One letter to one recipient. The letter itself is made when it is sent, from what this row points at."""

    id = NeverReused()
    letter = CharField(max_length=80)  # the name of a function in an emails.py, e.g. "tickets.opened"
    ticket = DeferredForeignKey("Ticket", null=True, backref="deliveries", index=False, on_delete="CASCADE")
    message = DeferredForeignKey("Message", null=True, backref="deliveries", on_delete="CASCADE")
    about_kind = CharField(max_length=40, null=True)
    about_id = IntegerField(null=True)
    event = DeferredForeignKey("Event", null=True, index=False, on_delete="SET NULL")
    person = DeferredForeignKey("Person", null=True, backref="deliveries", on_delete="SET NULL")
    link = DeferredForeignKey("PersonalLink", null=True, backref="deliveries", on_delete="SET NULL")
    to_name = CharField(max_length=200, default="")
    to_address = CharField(max_length=254)
    language = CharField(max_length=5)
    mail_id = CharField(max_length=255, null=True, unique=True)  # its Message-ID
    in_reply_to = CharField(max_length=998, null=True)
    references = TextField(default="")
    is_automatic = CharField(max_length=20, default="")  # the value of Auto-Submitted; empty: a person wrote it
    wire = CharField(max_length=10)  # sandbox or live: the wire it was written for
    state = CharField(max_length=12, default="waiting")
    due_at = UTCDateTimeField(default=now)
    attempts = IntegerField(default=0)
    claimed_by = CharField(max_length=120, null=True)
    claimed_at = UTCDateTimeField(null=True)
    is_dead = BooleanField(default=False)  # it failed because its address is no more
    answer = TextField(default="")  # what the server said last
    sent_at = UTCDateTimeField(null=True)
    created_at = UTCDateTimeField(default=now)

    class Meta:
        indexes = (
            (("state", "due_at"), False),
            (("state", "id"), False),
            (("to_address", "id"), False),
            (("ticket", "created_at"), False),
            (("event", "person", "letter"), True),
        )

    @property
    def about(self) -> Record | None:
        """What the letter is about: an authorization, a survey invitation…"""
        return Record.records[self.about_kind].get_or_none(id=self.about_id) if self.about_kind else None

    @property
    def label(self) -> str:
        return str(STATES[self.state])

    @property
    def addressee(self) -> str:
        """By the first name; by the address where only that is known."""
        return called(self.to_name) if self.to_name.strip() and "@" not in self.to_name else self.to_address

    @classmethod
    def is_stuck(cls) -> bool:
        """Whether a letter has waited for long and nobody has tried to send it."""
        long_due = cls.due_at < now() - STUCK_AFTER
        return cls.select().where(cls.state.in_(["waiting", "deferred"]), long_due, cls.wire == current_wire()).exists()

    @classmethod
    def by_number(cls, number: int) -> "Delivery | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    def latest_of_each(cls) -> dict[str, "Delivery"]:
        """The newest delivery of each letter."""
        newest = cls.select(fn.MAX(cls.id)).group_by(cls.letter)
        return {delivery.letter: delivery for delivery in cls.select().where(cls.id.in_(newest))}

    @property
    def is_to_customer(self) -> bool:
        return self.ticket_id is not None and not self.letter.startswith("notifications.")

    @property
    def is_still_mine(self) -> bool:
        """Whether this process still has it: not cancelled, nor given to another one meanwhile."""
        cls = type(self)
        mine = (cls.state == "sending") & (cls.claimed_by == processes.myself())
        return cls.select().where(cls.id == self.id, mine).exists()

    @classmethod
    def claim_due(cls, *, wires: list[str], limit: int = 50) -> list["Delivery"]:
        """Takes what is due on these wires for this process, oldest first, so that no other sends it too."""
        with transaction():
            cls._free_claims_of_the_dead()
            due = cls.select(cls.id).where(
                cls.state.in_(["waiting", "deferred"]), cls.due_at <= now(), cls.wire.in_(wires)
            )
            ids = [row.id for row in due.order_by(cls.due_at, cls.id).limit(limit)]
            taken = (
                cls.update(state="sending", claimed_by=processes.myself(), claimed_at=now())
                .where(cls.id.in_(ids), cls.state.in_(["waiting", "deferred"]))
                .returning(cls.id)
            )
            mine = [row.id for row in taken.execute()]
        return list(cls.select().where(cls.id.in_(mine)).order_by(cls.due_at, cls.id))

    @classmethod
    def _free_claims_of_the_dead(cls) -> None:
        """Gives back what a killed process had taken. Its mail may have left: the Message-ID stays the same.

        Only from the dead: by now another one may have given it back, and somebody alive have taken it.
        """
        for row in list(cls.select(cls.id, cls.claimed_by, cls.claimed_at).where(cls.state == "sending")):
            if not processes.lives(row.claimed_by or "") or row.claimed_at < now() - timedelta(minutes=10):
                theirs = (cls.claimed_by == row.claimed_by) & (cls.claimed_at == row.claimed_at)
                freed = cls.update(state="waiting", claimed_by=None)
                freed.where(cls.id == row.id, cls.state == "sending", theirs).execute()

    def accepted(self, answer: str) -> None:
        self.change(state="sent", answer=answer, sent_at=now(), attempts=self.attempts + 1, claimed_by=None)

    def postponed(self, answer: str) -> bool:
        """After a temporary refusal: tries again later. False when the last try is over, and it has failed."""
        if self.attempts >= len(PAUSES):
            self.failed(answer)
            return False
        due = now() + PAUSES[self.attempts]
        self.change(state="deferred", answer=answer, due_at=due, attempts=self.attempts + 1, claimed_by=None)
        return True

    def failed(self, answer: str) -> None:
        dead = bool(NO_SUCH_ADDRESS.search(answer))
        self.change(state="failed", answer=answer, is_dead=dead, attempts=self.attempts + 1, claimed_by=None)

    def bounced(self, answer: str, *, dead: bool = False) -> None:
        """The server took it, and later somebody sent it back (C9a). `dead`: there is no such address any more."""
        self.change(state="bounced", answer=answer, is_dead=dead)

    @transaction()
    def send_again(self) -> None:
        """Queues a failed or bounced delivery anew, with the same Message-ID. Raises NothingToRetry."""
        self.lock()
        if self.state not in ("failed", "bounced"):
            raise NothingToRetry
        self.change(state="waiting", due_at=now(), attempts=0)

    def cancel(self) -> bool:
        """It never leaves; False where a worker has it, or it has left."""
        here = (Delivery.id == self.id) & Delivery.state.in_(["waiting", "deferred"])
        return bool(Delivery.update(state="cancelled").where(here).execute())

    def put_back(self) -> bool:
        """It waits again; False where it was not cancelled."""
        here = (Delivery.id == self.id) & (Delivery.state == "cancelled")
        return bool(Delivery.update(state="waiting", due_at=now()).where(here).execute())

    @classmethod
    def cancel_waiting(cls, *, wire: str) -> int:
        """Cancels what still waits for this wire (going live, SPEC 9). Returns how many."""
        waiting = cls.state.in_(["waiting", "deferred"])
        return cls.update(state="cancelled").where(waiting, cls.wire == wire).execute()

    @classmethod
    def written_to(cls, person: Any, letter: str, *, within: timedelta) -> int:
        """How many of these letters were written to somebody lately."""
        theirs = (cls.person == person) & (cls.letter == letter) & (cls.created_at > now() - within)
        return int(cls.select().where(theirs).count())

    @classmethod
    def waiting_count(cls) -> int:
        return cls.select(fn.COUNT(cls.id)).where(cls.state.in_(["waiting", "deferred", "sending"])).scalar()
