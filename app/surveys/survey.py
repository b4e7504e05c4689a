"""Surveys, their questions, invitations and answers."""

from datetime import timedelta
from typing import Any

from peewee import BooleanField, CharField, DeferredForeignKey, ForeignKeyField, IntegerField, JSONField, TextField

from app.accounts.person import Person
from app.lib import secrets, tokens
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.surveys.writable import Askable, Writable

KINDS: dict[str, Any] = {
    "score": _l("Score from 1 to 5"),
    "nps": _l("Would you recommend us, 0 to 10"),
    "yes_no": _l("Yes or no"),
    "choice": _l("One of several"),
    "text": _l("Free text"),
}

SCORES: dict[int, Any] = {1: _l("Very bad"), 2: _l("Bad"), 3: _l("Fair"), 4: _l("Good"), 5: _l("Very good")}
LIFE = timedelta(days=60)


class AlreadyAnswered(Refused):
    says = _l("This survey has already been answered. Thank you.")
    status = 409


class SurveyEnded(Refused):
    says = _l("This survey is over.")
    status = 410


class AnswerMissing(Refused):
    says = _l("Answer this question.")


class AnswerOutOfRange(Refused):
    says = _l("Choose one of the answers offered.")


class Survey(Writable, Record):
    """A list of questions; exactly one survey is the generic one."""

    title = CharField(max_length=200)
    introduction = TextField(default="")
    is_generic = BooleanField(default=False)
    is_active = BooleanField(default=True)
    created_at = UTCDateTimeField(default=now)

    @classmethod
    def generic(cls) -> "Survey | None":
        return cls.select().where(cls.is_generic, cls.is_active).first()

    @classmethod
    def for_category(cls, category: Any) -> "Survey | None":
        """The category's own survey if it has one, else the generic one (S1)."""
        own = category.survey if category else None
        return own if own and own.is_active else cls.generic()

    @property
    def in_order(self) -> list["Question"]:
        """The questions that are asked."""
        return [question for question in self.all_in_order if question.is_active]

    @property
    def all_in_order(self) -> list["Question"]:
        """Also those no longer asked, whose answers stay."""
        return list(self.questions.order_by(Question.position, Question.id))  # type: ignore[attr-defined]


class Question(Askable, Record):
    """One question; `choices` only for the kind "choice"."""

    survey = ForeignKeyField(Survey, backref="questions", on_delete="CASCADE")
    kind = CharField(max_length=10)
    text = CharField(max_length=500)
    choices = JSONField(default=list)
    is_required = BooleanField(default=True)
    position = IntegerField(default=0)
    is_active = BooleanField(default=True)

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind])

    def read(self, given: str) -> tuple[str, int | None]:
        """What was answered, as text and, where it is one, as a number. Raises AnswerMissing, AnswerOutOfRange."""
        given = given.strip()
        field = f"question-{self.id}"
        if not given:
            if self.is_required:
                raise AnswerMissing(field=field)
            return "", None
        if self.kind == "text":
            return given[:5000], None
        if self.kind == "choice":
            if given not in self.choices:
                raise AnswerOutOfRange(field=field)
            return given, self.choices.index(given)
        low, high = {"score": (1, 5), "nps": (0, 10), "yes_no": (0, 1)}[self.kind]
        if not (given.isascii() and given.isdigit() and len(given) < 4) or not low <= int(given) <= high:
            raise AnswerOutOfRange(field=field)
        return given, int(given)


class SurveyInvitation(Record):
    """One person asked about one ticket, by a link that needs no account."""

    survey = ForeignKeyField(Survey, backref="invitations", on_delete="RESTRICT")
    ticket = DeferredForeignKey("Ticket", backref="survey_invitations", on_delete="CASCADE")
    person = ForeignKeyField(Person, on_delete="CASCADE")
    nonce = CharField(max_length=32, default=tokens.nonce)
    token_hash = CharField(max_length=64, null=True, unique=True)
    created_at = UTCDateTimeField(default=now)
    expires_at = UTCDateTimeField()
    answered_at = UTCDateTimeField(null=True, index=True)

    @classmethod
    def issue(cls, survey: Survey, ticket: Any, person: Person) -> "SurveyInvitation":
        invitation = cls.create(survey=survey, ticket=ticket, person=person, expires_at=now() + LIFE)
        invitation.change(token_hash=tokens.fingerprint(invitation.token))
        return invitation

    @property
    def token(self) -> str:
        return tokens.make(secrets.keys().derive("link"), "survey", self.id, self.nonce)

    @classmethod
    def by_token(cls, token: str) -> "SurveyInvitation | None":
        return cls.get_or_none(cls.token_hash == tokens.fingerprint(token))

    @property
    def in_order(self) -> list["Answer"]:
        """The answers with their questions, in the survey's order, in one statement."""
        query = Answer.select(Answer, Question).join(Question).where(Answer.invitation == self)
        return list(query.order_by(Question.position, Question.id))

    def check(self) -> None:
        """Raises AlreadyAnswered, SurveyEnded."""
        if self.answered_at:
            raise AlreadyAnswered
        around = [self.ticket, *filter(None, [self.ticket.merged_into])]
        if self.expires_at < now() or any(ticket.is_internal or ticket.removed_at for ticket in around):
            raise SurveyEnded  # its page says the ticket's subject

    def problems(self, given: dict[str, str]) -> list[Refused]:
        """Why these answers cannot be kept, one for each question at fault."""
        found = []
        for question in self.survey.in_order:
            try:
                question.read(given.get(f"question-{question.id}", ""))
            except (AnswerMissing, AnswerOutOfRange) as problem:
                found.append(problem)
        return found

    @transaction()
    def answer(self, given: dict[str, str]) -> None:
        """Keeps the answers: `given` maps "question-<id>" to what was filled in. Once only.

        Raises AlreadyAnswered, SurveyEnded, AnswerMissing, AnswerOutOfRange.
        """
        self.lock()
        self.check()
        for question in self.survey.in_order:
            text, number = question.read(given.get(f"question-{question.id}", ""))
            if text:
                Answer.create(invitation=self, question=question, text=text, number=number)
        self.change(answered_at=now())
        self.ticket.record("survey.answered", by=self.person, about=self)


class Answer(Record):
    """One answer to one question."""

    invitation = ForeignKeyField(SurveyInvitation, backref="answers", on_delete="CASCADE")
    question = ForeignKeyField(Question, backref="answers", on_delete="RESTRICT")
    text = TextField(default="")
    number = IntegerField(null=True)

    @property
    def label(self) -> str:
        """The answer in words."""
        if self.question.kind == "score" and self.number:
            return str(SCORES[self.number])
        if self.question.kind == "yes_no":
            return str(_l("Yes") if self.number else _l("No"))
        return self.text
