"""The forms of the settings: one drawn from each section's declarations, and those of companies, templates, surveys."""

from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.branding.wording import Wording
from app.lib.fields import LinesField
from app.lib.forms import Form, offer
from app.lib.locales import LANGUAGES, zone_choices
from app.lib.words import lazy_gettext as _l
from app.messages.reply_template import USES
from app.settings.section import Kind, Section
from app.surveys.survey import KINDS

REQUIRED = DataRequired(_l("Fill this in."))


class Ticks(SelectMultipleField):
    """Some of several, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class KeptSecret(PasswordField):
    """What is kept is never shown; left empty, it stays."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and valuelist[0]:
            self.data = valuelist[0].strip()


def section_form(section: type[Section]) -> Form:
    """The form of a section, filled with its present values."""
    kinds = section.kinds()
    made = type("SectionForm", (Form,), {name: _field(kind) for name, kind in kinds.items()})
    return made(data={name: kind.stored() for name, kind in kinds.items()})


def _field(kind: Kind) -> Any:
    words = {"label": kind.label, "description": kind.sentence}
    if kind.field == "flag":
        return BooleanField(**words, render_kw={"role": "switch"})
    if kind.field == "choice":
        return RadioField(**words, choices=offer(kind.choices), validators=[REQUIRED])  # type: ignore[attr-defined]
    if kind.field == "country":
        return SelectField(**words, choices=offer(kind.choices))  # type: ignore[attr-defined]
    if kind.field == "many":
        return Ticks(**words, choices=offer(kind.choices))  # type: ignore[attr-defined]
    if kind.field == "secret":
        return KeptSecret(**words, validators=[Optional(), Length(max=500)], render_kw={"autocomplete": "off"})
    if kind.field in ("number", "days", "seconds"):
        most = kind.options.get("most", 3650)
        said = _l("A whole number from 0 to %(most)s.", most=most)
        limits = [InputRequired(_l("Fill this in.")), NumberRange(0, most, said)]
        return IntegerField(**words, validators=limits)
    if kind.field == "pick":
        offers = [("", _l("None")), *kind.options["offers"]()]
        return SelectField(**words, choices=offer(offers), coerce=_number)
    if kind.field == "words":
        return LinesField(**words, validators=[Length(max=5000), _each_word(kind)], render_kw={"rows": 3})
    checks: list[Any] = [Optional(), Length(max=500)]
    if "matches" in kind.options:
        pattern, problem = kind.options["matches"]
        checks.append(Regexp(rf"(?:{pattern})\Z", message=problem))
    return StringField(**words, validators=checks)


def _number(value: Any) -> int | str:
    return int(value) if value not in (None, "") else ""


def _each_word(kind: Kind) -> Any:
    def check(form: Form, field: Any) -> None:
        for word in field.data or []:
            if kind.options["check"](word) is None:
                raise ValidationError(str(kind.options["refusal"]) % {"word": word[:80]})

    return check


class CompanyForm(Form):
    name = StringField(_l("Name"), [REQUIRED, Length(max=120)], render_kw={"autocomplete": "organization"})
    tagline = StringField(_l("Line below the name"), [Length(max=120)])
    address = StringField(_l("Address"), [Length(max=300)], render_kw={"autocomplete": "street-address"})
    phone = TelField(_l("Phone"), [Length(max=60)], render_kw={"autocomplete": "tel"})
    email = EmailField(_l("E-mail"), [Length(max=254)], render_kw={"autocomplete": "email"})
    website = URLField(_l("Website"), [Length(max=200)], render_kw={"autocomplete": "url"})
    language = SelectField(_l("Language"), choices=LANGUAGES)
    timezone = SelectField(_l("Time zone"), choices=zone_choices)


class TemplateForm(Form):
    name = StringField(_l("Name"), [REQUIRED, Length(max=120)])
    use = SelectField(_l("Used for"), choices=offer(USES.items()))
    language = SelectField(_l("Language"), choices=[*offer([("", _l("Any"))]), *LANGUAGES])
    group = SelectField(_l("Group"), coerce=int)
    text = TextAreaField(_l("Text"), [REQUIRED, Length(max=10_000)], render_kw={"rows": 8})


class LetterForm(Form):
    """The wording of one letter in one language."""

    subject = StringField(_l("Subject"), [Length(max=300)])
    heading = StringField(_l("Line above the title"), [Length(max=300)])
    text = TextAreaField(_l("Text"), [Length(max=10_000)], render_kw={"rows": 12, "maxlength": 10_000})
    ticket = StringField(_l("Ticket for the preview"), [Length(max=12)], render_kw={"inputmode": "numeric"})

    @property
    def wording(self) -> Wording:
        """What was written, as a letter takes it."""
        parts = (self.subject.data or "").strip(), (self.heading.data or "").strip(), (self.text.data or "").strip()
        return Wording(*(part.replace("\r\n", "\n") for part in parts))


class SurveyForm(Form):
    title = StringField(_l("Title"), [REQUIRED, Length(max=200)])
    introduction = TextAreaField(_l("Introduction"), [Length(max=2000)], render_kw={"rows": 3})


class QuestionForm(Form):
    text = StringField(_l("Question"), [REQUIRED, Length(max=500)])
    kind = SelectField(_l("Kind of answer"), choices=offer(KINDS.items()))
    choices = TextAreaField(_l("Answers to choose from"), [Length(max=2000)], render_kw={"rows": 4})
    is_required = BooleanField(_l("An answer is required"))


class LiveForm(Form):
    what = RadioField(
        _l("The sample company"),
        choices=offer(
            [
                ("erase", _l("Erase it: its people, tickets, groups and texts")),
                ("keep", _l("Keep it, as an example; nobody can sign in with the sample password any more")),
            ]
        ),
        default="erase",
    )
    company_name = StringField(_l("Name of your company"), [Length(max=120)])
    sure = BooleanField(_l("I understand that mail reaches real people from now on"), [REQUIRED])
