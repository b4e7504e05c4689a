"""What customers say in the surveys: questions with a score from 1 to 5."""

from functools import cached_property
from typing import Any

from peewee import JOIN, Join, fn

from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.reports.report import Figure, Report, Trend, compared, say
from app.surveys.survey import SCORES, Answer, Question, SurveyInvitation
from app.tickets.ticket import Ticket


def scores(report: Report) -> dict[int, int]:
    """How many answers of each score, given within the days, on tickets that pass."""
    query = Answer.select(Answer.number, fn.COUNT(Answer.id))
    given: Any = SurveyInvitation
    for record in (Answer, Question, Ticket):
        given = Join(given, record, JOIN.CROSS)  # in this order on SQLite: the few answers, not the many tickets
    joined = (
        Answer.invitation == SurveyInvitation.id,
        Question.id == Answer.question,
        Ticket.id == SurveyInvitation.ticket,
    )
    asked = (Question.kind == "score", Answer.number.is_null(False))
    during = report.scope.during(SurveyInvitation.answered_at)
    query = query.from_(given).where(*joined, during, *asked, *report.scope.seen)
    return dict(query.group_by(Answer.number).tuples())


class Satisfaction(Figure):
    """The mean score."""

    key, title = "satisfaction", _l("Satisfaction")

    @cached_property
    def scores(self) -> dict[int, int]:
        return scores(self)

    @property
    def count(self) -> int:
        return sum(self.scores.values())

    @cached_property
    def value(self) -> float | None:
        return sum(score * count for score, count in self.scores.items()) / self.count if self.count else None

    @property
    def unit(self) -> str:
        return _("of 5") if self.count else ""

    @property
    def detail(self) -> str:
        return _("%(count)s answers", count=say(self.count)) if self.count else _("No answers yet")

    @property
    def trend(self) -> Trend | None:
        return compared(self.value, self.previous.value, unit="")


class Scores(Report):
    """How many said what, the best first."""

    key, title, shape = "scores", _l("Satisfaction by answer"), "faces"
    columns = (_l("Answer"), _l("Times"))

    @cached_property
    def rows(self) -> list[tuple[Any, ...]]:
        found = scores(self)
        return [(str(SCORES[score]), found.get(score, 0)) for score in sorted(SCORES, reverse=True)]

    @property
    def note(self) -> str:
        return _("%(count)s answers", count=say(sum(count for _words, count in self.rows)))
