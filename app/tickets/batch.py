"""A change of many tickets at once: asked for on the page, done by the worker, watched, and undone (SPEC V3)."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask_babel import force_locale
from peewee import (
    BooleanField,
    CharField,
    DeferredForeignKey,
    ForeignKeyField,
    IntegerField,
    InterfaceError,
    JSONField,
    OperationalError,
    TextField,
    chunked,
)

from app.accounts.agent import NotAllowed, demand
from app.accounts.person import Person
from app.branding.company import Company
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.tickets.acts import ACTS, is_sound, sentence_of, told_of
from app.tickets.editable import make_tags
from app.tickets.ticket import Ticket
from app.timeline.event import Event, announce, gathered, record

MOST = 1000  # tickets of one batch
AT_ONCE = 100  # tickets of one transaction, and
LONGEST = 0.1  # seconds that one may hold the database against all others, but for its last ticket
FORGOTTEN_AFTER = timedelta(seconds=60)  # a batch that has not moved for so long was left by a killed worker
GIVEN_UP_AFTER = timedelta(hours=1)  # what the database refuses that long will not mend itself
SHOWN_REFUSALS = 50
STAYS_SAID = _l("The customer had already got the closing e-mail.")
BROKE = _l("Something went wrong here. The ticket stays as it was.")

log = structlog.get_logger("batches")


@dataclass(frozen=True)
class Quiet:
    """Of one kind of event: the names of the reactions that the end of a batch stands for, and whether that is all."""

    reactions: tuple[str, ...]
    is_all: bool


class NothingChosen(Refused):
    says = _l("Choose at least one ticket.")


class SaysNothing(Refused):
    says = _l("Choose what the tickets should be changed to.")


class NothingToUndo(Refused):
    says = _l("There is nothing left to undo here.")
    status = 409


class Batch(Record):
    """One act on many tickets. `state`: draft (its page still asks), waiting, running, done, undone."""

    by = ForeignKeyField(Person, on_delete="CASCADE")
    act = CharField(max_length=12)
    details = JSONField(default=dict)
    query = TextField(default="")  # of the list it was asked for on, which is the way back
    undoes = DeferredForeignKey("Batch", null=True, on_delete="SET NULL")
    state = CharField(max_length=10, default="waiting")
    total = IntegerField(default=0)
    done = IntegerField(default=0)
    refused = IntegerField(default=0)
    was_cut = BooleanField(default=False)  # more tickets were meant than one batch takes
    created_at = UTCDateTimeField(default=now)
    claimed_at = UTCDateTimeField(null=True)
    ended_at = UTCDateTimeField(null=True)

    # --- asking ------------------------------------------------------------------------------------------------

    @classmethod
    def of(cls, me: Person, number: Any) -> "Batch | None":
        """The batch with this number, if it is this agent's own."""
        text = str(number)
        return cls.find(id=int(text), by=me.id) if text.isascii() and text.isdecimal() and len(text) < 10 else None

    @classmethod
    def begun(cls, me: Person, number: Any) -> "Batch | None":
        """The same, once it is no draft: of one whose page still asks there is nothing to be seen."""
        found = cls.of(me, number)
        return found if found and found.state != "draft" else None

    @classmethod
    @transaction()
    def ask(
        cls, act: str, tickets: Iterable[int], *, by: Person, query: str = "", draft: bool = False, **details: Any
    ) -> "Batch":
        """Notes what is to be done to which tickets (ids that this agent may see); the worker does it.

        Raises NotAllowed, NothingChosen, SaysNothing.
        """
        demand(by, ACTS[act].needs)
        ids = list(dict.fromkeys(tickets))
        if not ids:
            raise NothingChosen
        if not draft and not is_sound(act, details):
            raise SaysNothing
        batch = cls.create(
            by=by, act=act, details=details, query=query, total=min(len(ids), MOST), was_cut=len(ids) > MOST,
            state="draft" if draft else "waiting",
        )  # fmt: skip
        # In the order of `hold_all`: PostgreSQL holds, a little, every ticket that a new row names.
        for some in chunked([{"batch": batch.id, "ticket": each} for each in sorted(ids[:MOST])], 200):
            BatchItem.insert_many(some).execute()
        if not draft:
            batch._begin()
        return batch

    @transaction()
    def start(self, *, by: Person, **details: Any) -> None:
        """Does what a page has asked about. Raises NotAllowed, SaysNothing."""
        self.lock()
        if self.by_id != by.id:
            raise NotAllowed
        if self.state != "draft":
            return
        self.details = details
        if not is_sound(self.act, details):
            raise SaysNothing
        self.change(details=details, state="waiting")
        self._begin()

    def _begin(self) -> None:
        if (survivor := self.details.get("into")) and self.total > 1:  # proposed among those that were ticked
            gone = BatchItem.delete().where(BatchItem.batch == self, BatchItem.ticket == survivor).execute()
            self.change(total=self.total - gone)
        record("batch.asked", by=self.by, about=self, act=self.act, tickets=self.total)

    @transaction()
    def undo(self, *, by: Person) -> "Batch":
        """Puts back what was changed and nobody has changed since. Raises NotAllowed, NothingToUndo."""
        self.lock()
        if self.by_id != by.id:
            raise NotAllowed
        if not self.may_be_undone:
            raise NothingToUndo
        cls = type(self)
        undoing = cls.create(by=by, act=self.act, details=self.details, query=self.query, undoes=self, total=self.done)
        done = self._items("done").select(BatchItem.ticket, BatchItem.before, BatchItem.after)
        for some in chunked(done.order_by(BatchItem.ticket).dicts(), 200):
            BatchItem.insert_many([{**each, "batch": undoing.id} for each in some]).execute()
        self.change(state="undone")
        undoing._begin()
        return undoing

    # --- what its page shows -----------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "undone")

    @property
    def may_be_undone(self) -> bool:
        return self.state == "done" and self.undoes_id is None and self.done > 0

    @property
    def treated(self) -> int:
        return self.done + self.refused

    @property
    def sentence(self) -> str:
        return sentence_of(self.act, self.details)

    @property
    def refusals(self) -> list["BatchItem"]:
        """Tickets on which it was not possible, the first ones, each with the reason; only those one still sees."""
        query = self._items("refused").select(BatchItem, Ticket).join(Ticket).where(Ticket.visible_to(self.by))
        return list(query.order_by(BatchItem.id).limit(SHOWN_REFUSALS))

    @property
    def remarks(self) -> list["BatchItem"]:
        """Tickets that it was done to, though not the whole of it can be, the first ones, each with what stays."""
        query = self._items("done").select(BatchItem, Ticket).join(Ticket)
        query = query.where(BatchItem.refusal != "", Ticket.visible_to(self.by))
        return list(query.order_by(BatchItem.id).limit(SHOWN_REFUSALS))

    @property
    def tickets(self) -> list[Ticket]:
        """The first tickets it is about."""
        query = Ticket.select().join(BatchItem).where(BatchItem.batch == self, Ticket.visible_to(self.by))
        return list(query.order_by(BatchItem.id).limit(SHOWN_REFUSALS))

    def _items(self, state: str) -> Any:
        return BatchItem.select().where(BatchItem.batch == self, BatchItem.state == state)

    # --- doing it ----------------------------------------------------------------------------------------------

    def run(self, *, quiet: Mapping[str, Quiet] | None = None) -> None:
        """Goes through its tickets, a hundred and a tenth of a second a transaction. May run twice.

        `quiet`: by kind of event, what nobody has to hear of one by one; what is told of it is told at the end.
        """
        if not self._claim():
            return
        with force_locale(self.by.language or Company.ours().language):
            try:
                if self.act == "tag":
                    make_tags(self.details["add"])  # here no ticket is locked yet by who may wait for a new word
                most = AT_ONCE
                while most:
                    most = self._step(quiet or {}, most)
            except Exception as problem:
                away = isinstance(problem, (OperationalError, InterfaceError))
                if away and self.created_at > now() - GIVEN_UP_AFTER:
                    raise  # the database is busy or away: whoever sweeps takes it up again
                log.exception("a batch broke off", batch=self.id, act=self.act)
                self._give_up()
        self._end()

    @transaction()
    def _give_up(self) -> None:
        """What is left of it cannot be done, which each of its tickets says: a batch always ends."""
        cls = type(self)
        left = BatchItem.update(state="refused", refusal=str(BROKE))
        left = left.where(BatchItem.batch == self, BatchItem.state == "waiting").execute()
        cls.update({cls.refused: cls.refused + left}).where(cls.id == self.id).execute()

    def _claim(self) -> bool:
        """Takes it for this worker. One that another worker has left is taken over."""
        cls = type(self)
        is_free = (cls.state == "waiting") | ((cls.state == "running") & (cls.claimed_at < now() - FORGOTTEN_AFTER))
        taken = cls.update(state="running", claimed_at=now()).where(cls.id == self.id, is_free)
        return bool(taken.execute())

    def _step(self, quiet: Mapping[str, Quiet], most: int) -> int:
        """One transaction of at most so many tickets. What a ticket refuses or breaks at is noted for it alone.

        Returns how many the next one should read: a few more than there was time for now; 0 when nothing is left.
        """
        waiting = list(self._items("waiting").order_by(BatchItem.id).limit(most))
        told = told_of(self.act, self.details) if waiting else {}
        began = time.monotonic()
        with transaction(), gathered(batch=self.id) as events:
            ids = [item.ticket_id for item in waiting]
            Ticket.hold_all([*ids, self.details.get("into")])
            seen = {ticket.id: ticket for ticket in self._seen(ids)}
            treated = []
            for item in waiting:
                before = len(events)
                treated.append(item.treat(self, seen.get(item.ticket_id), told))
                if not treated[-1]:
                    del events[before:]  # what it had begun was rolled back
                if time.monotonic() - began > LONGEST:
                    break
            done = sum(treated)
            cls = type(self)
            counts = {cls.done: cls.done + done, cls.refused: cls.refused + len(treated) - done}
            cls.update({**counts, cls.claimed_at: now()}).where(cls.id == self.id).execute()
            self._hand_on(events, quiet)
        if len(treated) == len(waiting) < most:
            return 0
        return min(AT_ONCE, len(treated) * 5 // 4 + 5)

    def _seen(self, ids: list[int]) -> list[Ticket]:
        return list(Ticket.seen_by_agent(self.by).where(Ticket.id.in_(ids))) if ids else []

    def _hand_on(self, events: list[Event], quiet: Mapping[str, Quiet]) -> None:
        """Events that have other reactions than those at the end are announced for these."""
        settled = [event.id for event in events if event.kind in quiet and quiet[event.kind].is_all]
        Event.update(settled_at=now()).where(Event.id.in_(settled)).execute()
        for event in events:
            for_the_end = quiet.get(event.kind)
            if for_the_end and not for_the_end.is_all:
                event.change(reacted=list(for_the_end.reactions))
            if not (for_the_end and for_the_end.is_all):
                announce(event)

    @transaction()
    def _end(self) -> None:
        self.lock()
        if self.state != "running":
            return
        self.change(state="done", ended_at=now())
        record("batch.ended", by=self.by, about=self, act=self.act, done=self.done, refused=self.refused)

    def whose(self) -> dict[int, list[Ticket]]:
        """Assignee -> their tickets that it changed, for one notice each; not whoever did it."""
        changed = Ticket.select().join(BatchItem).where(BatchItem.batch == self, BatchItem.state == "done")
        theirs: dict[int, list[Ticket]] = {}
        for ticket in changed.where(Ticket.assignee.is_null(False), Ticket.assignee != self.by).order_by(Ticket.number):
            theirs.setdefault(ticket.assignee_id, []).append(ticket)
        return theirs

    @classmethod
    def forget_drafts(cls) -> None:
        """Pages that asked and were never answered."""
        limit: datetime = now() - timedelta(days=1)
        cls.delete().where(cls.state == "draft", cls.created_at < limit).execute()


class BatchItem(Record):
    """One ticket of a batch. `state`: waiting, done, refused."""

    batch = ForeignKeyField(Batch, index=False, on_delete="CASCADE")
    ticket = ForeignKeyField(Ticket, on_delete="CASCADE")
    state = CharField(max_length=8, default="waiting")
    before = JSONField(null=True)  # how the ticket stood, for undoing
    after = JSONField(null=True)
    refusal = CharField(max_length=300, default="")  # why not, or what of it was not

    class Meta:
        indexes = ((("batch", "state", "id"), False),)

    def treat(self, batch: Batch, ticket: Ticket | None, told: dict[str, Any]) -> bool:
        """Does it to this ticket, or notes why not."""
        act = ACTS[batch.act]
        if ticket is None:
            self.change(state="refused", refusal=str(_l("You can no longer see this ticket.")))
            return False
        tags = batch.act == "tag"
        try:
            with transaction():  # a savepoint: one that breaks leaves the others as they are
                if batch.undoes_id:
                    self._undo(act.undo, ticket, told, batch.by)
                else:
                    before = ticket.standing(tags=tags)
                    act.apply(ticket, told, batch.by)
                    self.before, self.after = before, ticket.standing(tags=tags)
        except Refused as problem:
            self.change(state="refused", refusal=problem.sentence[:300])
            return False
        except (OperationalError, InterfaceError):
            raise  # nothing is wrong with this ticket
        except Exception:
            log.exception("a ticket of a batch broke", batch=batch.id, act=batch.act, ticket=ticket.number)
            self.change(state="refused", refusal=str(BROKE))
            return False
        self.change(state="done", before=self.before, after=self.after, refusal=self.refusal)
        return True

    def _undo(self, undo: Callable[..., None] | None, ticket: Ticket, told: dict[str, Any], by: Person) -> None:
        if undo:
            undo(ticket, told, by)
        elif self.before != self.after and not ticket.put_back(self.before, self.after, by=by):
            self.refusal = str(STAYS_SAID)
