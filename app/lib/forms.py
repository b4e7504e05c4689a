"""Forms that speak the domain's refusals: the form's own checks and a verb's refusal end in the same place."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Self

import structlog
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, StringField, TelField, TextAreaField, URLField
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.i18n import get_translations

from app.lib import words
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

ONE_LINE = {EmailField, StringField, TelField, URLField}
TEMPLATE = re.compile(r"\{\{|\{%|\$\{|#\{|<%")  # how the templates of many languages begin an expression
BREAK = re.compile(r"[\r\n\u2028\u2029]")
log = structlog.get_logger("web")
WRITTEN = ONE_LINE | {TextAreaField}
TEXTS = {EmailField, PasswordField, StringField, TelField, TextAreaField, URLField}


def offer(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """What a list offers, from pairs of value and label."""
    return [SelectChoice(value, label) for value, label in pairs]


class NotFilledIn(Refused):
    """The form's own checks failed; each field says what is wrong."""

    says = _l("Some fields need another look.")


class Form(FlaskForm):
    """Base of every form."""

    class Meta(FlaskForm.Meta):
        @classmethod
        def get_translations(cls, form: BaseForm) -> Any:
            """wtforms' own words: flask-wtf reads their file again at each request."""
            return _theirs(words.language())

    def insist(self) -> None:
        """All that is wrong at once. Raises NotFilledIn when a field does not hold what it should."""
        for field in self:
            if type(field) in ONE_LINE and BREAK.search(field.data or ""):
                log.warning("line ends in a field of one line", field=field.name)  # no browser sends them
            if type(field) in WRITTEN and TEMPLATE.search(field.data or ""):
                log.info("words of a template in a field", field=field.name)  # kept: here they are words like others
        is_sound = self.validate()
        missing = list(self.missing())
        for problem in missing:
            self.refuse(problem)
        if missing or not is_sound:
            raise NotFilledIn

    def missing(self) -> Iterable[Refused]:
        """What the verb would refuse for want of an answer, where the form can see it: said with all the rest."""
        return []

    def answers(self) -> dict[str, Any]:
        """What was filled in, ready for a verb. Raises NotFilledIn."""
        self.insist()
        return {name: _kept(self[name]) for name in self.data if name not in ("csrf_token", "next")}

    def refuse(self, problem: Refused) -> Self:
        """Shows a refusal: at the field it names, else above the form."""
        if isinstance(problem, NotFilledIn):
            return self
        field = self._fields.get(problem.field or "")
        if field is None:
            self.form_errors.append(problem.sentence)
        else:
            field.errors = [*field.errors, problem.sentence]
        return self


@cache
def _theirs(language: str) -> Any:
    return get_translations([language])


def _kept(field: Field) -> Any:
    """A text that a request left out altogether is an empty one."""
    return "" if field.data is None and type(field) in TEXTS else field.data
