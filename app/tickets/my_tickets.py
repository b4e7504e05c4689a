"""A customer's own list: its filters, order and pages, read from and written to the address."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from peewee import JOIN, Case, ModelSelect, fn

from app.accounts.visitor import Visitor
from app.authorizations.authorization import Authorization
from app.lib.clock import now
from app.lib.search import SearchEntry, Wanted
from app.messages.message import Message
from app.organizations.equipment import Equipment
from app.surveys.survey import SurveyInvitation
from app.tickets.lifecycle import CLOSED_ONES
from app.tickets.ticket import Ticket

ROWS = 25
SHOWN_TURNS = 4
THEIR_TURN = ["answered_by_team", "resolved"]  # of who opened the ticket; beside them who is asked decides (UI.md 4)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Tab:
    """One way to narrow the list: `key` stands in the address."""

    key: str
    count: int
    current: bool


@dataclass(frozen=True)
class Turn:
    """Something that waits for this customer: a decision, an answer or an opinion."""

    kind: str  # authorization, reply, survey
    ticket: Ticket
    until: datetime | None = None
    token: str = ""


class MyTickets:
    """The list of one visitor, newest first by creation; closed ones too (SPEC W1)."""

    def __init__(self, visitor: Visitor, *, tab: str = "", words: str = "", before: str = "", after: str = "") -> None:
        self.visitor, self.person = visitor, visitor.person
        self.organization = Ticket.shared_with(self.person)
        self.tab = tab if tab in {"waiting", "open", "closed"} or (tab == "company" and self.organization) else ""
        self.words = words.strip()[:200]
        self.before, self.after = _place(before), _place(after)
        self.counts = self._counts()
        self.rows = self._rows()

    # --- what is in it ----------------------------------------------------------------------------------------

    def _own(self) -> ModelSelect:
        public = Ticket.published()
        return Ticket.select().where(public, Ticket.theirs(self.person))

    def _colleagues(self) -> ModelSelect:
        public = Ticket.published()
        return Ticket.select().where(public, Ticket.shared_in(self.organization), ~Ticket.theirs(self.person))

    @property
    def _waits(self) -> Any:
        """The condition: it is this person's turn, to answer or to decide; who is only in copy waits with us."""
        asked = self._asked().select(Authorization.ticket)
        return Ticket.id.in_(asked) | ((Ticket.requester == self.person) & Ticket.status.in_(THEIR_TURN))

    def _asked(self) -> ModelSelect:
        """The requests that they can still answer."""
        theirs = (Authorization.asked_of == self.person) & (Authorization.state == "pending")
        in_time = Authorization.valid_until.is_null() | (Authorization.valid_until > now())
        return Authorization.select().where(theirs, in_time)

    def _counts(self) -> dict[str, int]:
        waits = fn.SUM(Case(None, [(self._waits, 1)], 0))
        statuses = self._own().select(Ticket.status, fn.COUNT(Ticket.id), waits).group_by(Ticket.status).order_by()
        by_status = list(statuses.tuples())
        closed = sum(count for status, count, _waiting in by_status if status in CLOSED_ONES)
        total = sum(count for _status, count, _waiting in by_status)
        waiting = sum(waiting for _status, _count, waiting in by_status)
        counts = {"": total, "waiting": waiting, "open": total - closed, "closed": closed}
        if self.organization:
            counts["company"] = self._colleagues().count()
        return counts

    def _found(self) -> ModelSelect:
        query = self._colleagues() if self.tab == "company" else self._own()
        if self.tab == "waiting":
            query = query.where(self._waits)
        elif self.tab in ("open", "closed"):
            closed = Ticket.status.in_(sorted(CLOSED_ONES))
            query = query.where(closed if self.tab == "closed" else ~closed)
        if self.words:
            terms, unwanted = Wanted.apart(self.words)
            for each in terms:
                query = query.where(Ticket.id.in_(SearchEntry.public_tickets(each, held=Message.held())))
            for each in unwanted:
                query = query.where(Ticket.id.not_in(SearchEntry.public_tickets(each, held=Message.held())))
        return query

    def _rows(self) -> list[Ticket]:
        query = self._found().select_extend(Equipment)
        query = query.join_from(
            Ticket, Equipment, JOIN.LEFT_OUTER, on=(Ticket.equipment == Equipment.id), attr="equipment"
        )
        place = self.after or self.before
        if place is None:
            rows = list(query.order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(ROWS + 1))
            self.has_newer, self.has_older = False, len(rows) > ROWS
            return rows[:ROWS]
        moment, key = place
        if self.after:
            newer = (Ticket.created_at > moment) | ((Ticket.created_at == moment) & (Ticket.id > key))
            rows = list(query.where(newer).order_by(Ticket.created_at, Ticket.id).limit(ROWS + 1))
            self.has_newer, self.has_older = len(rows) > ROWS, True
            return rows[:ROWS][::-1]
        older = (Ticket.created_at < moment) | ((Ticket.created_at == moment) & (Ticket.id < key))
        rows = list(query.where(older).order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(ROWS + 1))
        self.has_newer, self.has_older = True, len(rows) > ROWS
        return rows[:ROWS]

    # --- how it is addressed ----------------------------------------------------------------------------------

    @property
    def tabs(self) -> list[Tab]:
        return [Tab(key, count, key == self.tab) for key, count in self.counts.items()]

    @property
    def newer(self) -> dict[str, str] | None:
        """What the address of the page before says, if there is one."""
        return self._page("after", self.rows[0]) if self.rows and self.has_newer else None

    @property
    def older(self) -> dict[str, str] | None:
        return self._page("before", self.rows[-1]) if self.rows and self.has_older else None

    def _page(self, way: str, ticket: Ticket) -> dict[str, str]:
        microseconds = (ticket.created_at - EPOCH) // timedelta(microseconds=1)
        answers = {"tab": self.tab, "q": self.words, way: f"{microseconds}-{ticket.id}"}
        return {name: value for name, value in answers.items() if value}

    # --- what waits for them ----------------------------------------------------------------------------------

    def turns(self) -> list[Turn]:
        """Decisions first, then answers, then opinions; a few, the rest is in the list."""
        turns = [*self._decisions(), *self._answers(), *self._opinions()]
        return turns[:SHOWN_TURNS]

    def _decisions(self) -> list[Turn]:
        pending = self._asked().select(Authorization, Ticket).join(Ticket).where(Ticket.published())
        newest = pending.order_by(Authorization.id.desc()).limit(SHOWN_TURNS)
        return [Turn("authorization", each.ticket, each.valid_until) for each in newest]

    def _answers(self) -> list[Turn]:
        waiting = self._own().where(Ticket.status == "answered_by_team", Ticket.requester == self.person)
        return [Turn("reply", ticket) for ticket in waiting.order_by(Ticket.created_at.desc()).limit(SHOWN_TURNS)]

    def _opinions(self) -> list[Turn]:
        open_ones = (SurveyInvitation.answered_at.is_null()) & (SurveyInvitation.expires_at > now())
        asked = SurveyInvitation.select(SurveyInvitation, Ticket).join(Ticket)
        asked = asked.where(open_ones, SurveyInvitation.person == self.person, Ticket.published())
        recent = asked.order_by(SurveyInvitation.id.desc()).limit(SHOWN_TURNS)
        return [Turn("survey", each.ticket, token=each.token) for each in recent]


def _place(text: str) -> tuple[datetime, int] | None:
    """The place in the list that an address names; anything else is the beginning."""
    moment, _, key = text.partition("-")
    if not (text.isascii() and moment.isdigit() and key.isdigit() and len(moment) < 18 and len(key) < 10):
        return None
    return EPOCH + timedelta(microseconds=int(moment)), int(key)
