"""Making surveys: the survey itself, and its questions."""

from typing import TYPE_CHECKING

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record

if TYPE_CHECKING:
    from app.surveys.survey import Question, Survey


class NoTitle(Refused):
    says = _l("Give the survey a title.")
    field = "title"


class NoQuestion(Refused):
    says = _l("Write the question.")
    field = "text"


class FewChoices(Refused):
    says = _l("Write at least two answers, one on each line.")
    field = "choices"


class HasAnswers(Refused):
    says = _l("This question has answers, which stay. Stop asking it instead.")
    status = 409


class KindIsFixed(Refused):
    says = _l("This question has answers of another kind. Stop asking it, and add a new one.")
    field = "kind"


class StillGeneric(Refused):
    says = _l("The generic survey is the one sent where a category has none. Make another one generic first.")
    status = 409


class Writable:
    """What an administrator does with a survey."""

    @classmethod
    def all(cls: "type[Survey]") -> "list[Survey]":
        """Every survey, the generic one first."""
        return list(cls.select().order_by(cls.is_generic.desc(), cls.is_active.desc(), cls.title))

    @classmethod
    def by_number(cls: "type[Survey]", number: int) -> "Survey | None":
        return cls.get_or_none(cls.id == number)

    @classmethod
    @transaction()
    def write(cls: "type[Survey]", *, by: Person, title: str, introduction: str = "") -> "Survey":
        """A new survey; the first one is the generic one. Raises NotAllowed, NoTitle."""
        demand(by, "configure")
        if not title.strip():
            raise NoTitle
        generic = not cls.select().where(cls.is_generic).exists()
        survey = cls.create(title=title.strip(), introduction=introduction.strip(), is_generic=generic)
        record("survey.written", by=by, about=survey)
        return survey

    @transaction()
    def describe(self: "Survey", *, by: Person, title: str, introduction: str) -> None:
        demand(by, "configure")
        if not title.strip():
            raise NoTitle
        self.change(title=title.strip(), introduction=introduction.strip())
        record("survey.changed", by=by, about=self)

    @transaction()
    def make_generic(self: "Survey", *, by: Person) -> None:
        """From now on this is the one for categories without their own."""
        demand(by, "configure")
        cls = type(self)
        cls.update(is_generic=False).where(cls.id != self.id).execute()
        self.change(is_generic=True, is_active=True)
        record("survey.changed", by=by, about=self, generic=True)

    @transaction()
    def switch(self: "Survey", *, on: bool, by: Person) -> None:
        """Sends it again, or no longer. Raises StillGeneric."""
        demand(by, "configure")
        if self.is_generic and not on:
            raise StillGeneric
        self.change(is_active=on)
        record("survey.changed", by=by, about=self, active=on)

    @transaction()
    def ask(self: "Survey", *, by: Person, text: str, kind: str, choices: list[str], is_required: bool) -> "Question":
        """One more question, at the end. Raises NotAllowed, NoQuestion, FewChoices."""
        demand(by, "configure")
        text, choices = _checked(text, kind, choices)
        questions = self.all_in_order
        position = questions[-1].position + 1 if questions else 0
        question = Record.records["Question"].create(
            survey=self, text=text, kind=kind, choices=choices, is_required=is_required, position=position
        )
        record("question.added", by=by, about=self, text=text)
        return question  # type: ignore[no-any-return]

    def question(self: "Survey", number: int) -> "Question | None":
        return next((each for each in self.all_in_order if each.id == number), None)


class Askable:
    """What an administrator does with one question."""

    @property
    def has_answers(self: "Question") -> bool:
        return self.answers.exists()  # type: ignore[attr-defined,no-any-return]

    @transaction()
    def reword(self: "Question", *, by: Person, text: str, kind: str, choices: list[str], is_required: bool) -> None:
        """Raises NotAllowed, NoQuestion, FewChoices, KindIsFixed."""
        demand(by, "configure")
        if kind != self.kind and self.has_answers:
            raise KindIsFixed
        text, choices = _checked(text, kind, choices)
        record("question.changed", by=by, about=self.survey, was=self.text, now=text)
        self.change(text=text, kind=kind, choices=choices, is_required=is_required)

    @transaction()
    def move(self: "Question", *, up: bool, by: Person) -> None:
        """Changes places with its neighbour."""
        demand(by, "configure")
        questions = self.survey.all_in_order
        here = [each.id for each in questions].index(self.id)
        there = here - 1 if up else here + 1
        if 0 <= there < len(questions):
            questions[here], questions[there] = questions[there], questions[here]
        for position, each in enumerate(questions):
            if each.position != position:
                each.change(position=position)

    @transaction()
    def switch(self: "Question", *, on: bool, by: Person) -> None:
        """Asks it again, or no longer; its answers stay."""
        demand(by, "configure")
        self.change(is_active=on)
        record("question.switched", by=by, about=self.survey, text=self.text, on=on)

    @transaction()
    def remove(self: "Question", *, by: Person) -> None:
        """Raises HasAnswers."""
        demand(by, "configure")
        if self.has_answers:
            raise HasAnswers
        record("question.removed", by=by, about=self.survey, text=self.text)
        self.delete_instance()


def _checked(text: str, kind: str, choices: list[str]) -> tuple[str, list[str]]:
    text = " ".join(text.split())
    if not text:
        raise NoQuestion
    if kind != "choice":
        return text, []
    choices = list(dict.fromkeys(" ".join(each.split()) for each in choices if each.strip()))
    if len(choices) < 2:
        raise FewChoices
    return text, choices
