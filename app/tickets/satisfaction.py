"""What customers answered in surveys of their tickets, as one agent sees it: a part of the customer's card (T17)."""

from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale
from peewee import ModelSelect, fn

from app.accounts.person import Person
from app.surveys.survey import SCORES, Answer, Question, SurveyInvitation
from app.tickets.lifecycle import AWAY
from app.tickets.ticket import Ticket

LATEST = 5


@dataclass(frozen=True)
class Score:
    """One answer from 1 to 5, and about which ticket."""

    number: int
    ticket: Ticket
    at: Any

    @property
    def label(self) -> str:
        return str(SCORES[self.number])


@dataclass(frozen=True)
class Satisfaction:
    """How many answers with a score there are, their mean, and the newest."""

    count: int
    mean: float
    latest: list[Score]

    @property
    def words(self) -> str:
        """The mean, in the reader's way: "4,5"."""
        return format_decimal(round(self.mean, 1), locale=get_locale())

    @classmethod
    def for_agent(cls, me: Person, **whose: Any) -> "Satisfaction":
        """Of a customer's or an organization's tickets, those this agent may see."""
        count, mean = _scores(me, whose).select(fn.COUNT(Answer.id), fn.AVG(Answer.number)).tuples()[0]
        if not count:
            return cls(0, 0.0, [])
        found = _scores(me, whose).select(Answer, SurveyInvitation, Ticket)
        newest = found.order_by(SurveyInvitation.answered_at.desc(), Answer.id.desc()).limit(LATEST)
        scores = [Score(each.number, each.invitation.ticket, each.invitation.answered_at) for each in newest]
        return cls(count, float(mean), scores)


def _scores(me: Person, whose: dict[str, Any]) -> ModelSelect:
    """The answers that are a score."""
    query = Answer.select().join(Question).where(Question.kind == "score", Answer.number.is_null(False))
    query = query.switch(Answer).join(SurveyInvitation).join(Ticket, on=(SurveyInvitation.ticket == Ticket.id))
    theirs = [getattr(Ticket, field) == value for field, value in whose.items()]
    return query.where(Ticket.visible_to(me), Ticket.turn != AWAY, *theirs)
