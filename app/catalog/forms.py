"""The form of an entry: what its list keeps beside name and color."""

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.accounts.group import Group
from app.catalog.entry import Entry
from app.catalog.lists import Category, CustomField, Justification, Priority, Service, TicketType
from app.lib.forms import Form, offer
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.lib.words import lazy_pgettext as _lp
from app.surveys.survey import Survey

COLOR_NAMES: dict[str, Any] = {
    "": _lp("color", "None"), "blue": _l("Blue"), "teal": _l("Teal"), "amber": _l("Amber"), "violet": _l("Violet"),
    "green": _l("Green"), "red": _l("Red"),
}  # fmt: skip
LEVELS = offer([("1", _l("Low")), ("2", _l("Medium")), ("3", _l("High")), ("4", _l("Urgent"))])
KINDS: dict[str, Any] = {
    "text": _l("Text"), "number": _l("Number"), "date": _l("Date"), "choice": _l("One of several choices"),
    "yes_no": _l("Yes or no"),
}  # fmt: skip
STATUSES = offer([
    ("", _l("In progress, pending and resolved")), ("in_progress", _l("In progress")), ("pending", _l("Pending")),
    ("resolved", _l("Resolved")),
])  # fmt: skip


class NoChoices(Refused):
    says = _l("Write the choices, one a line.")
    field = "choices"


class EntryForm(Form):
    name = StringField(_l("Name"), [DataRequired(_l("Fill this in.")), Length(max=120)])
    color = SelectField(_l("Color"), choices=offer(COLOR_NAMES.items()))


class CategoryForm(EntryForm):
    survey = SelectField(_l("Survey"), coerce=int)
    needs_code = BooleanField(
        _l("Ask for a mailed code before an authorization is decided"), render_kw={"role": "switch"}
    )


class ServiceForm(EntryForm):
    group = SelectField(_l("Group"), coerce=int)


class PriorityForm(Form):
    name = EntryForm.name
    level = RadioField(_l("Mark"), choices=LEVELS, default="1")


class JustificationForm(EntryForm):
    status = SelectField(_l("For the status"), choices=STATUSES)


class FieldForm(Form):
    """A field of the installation's own (T20)."""

    name = EntryForm.name
    kind = SelectField(_l("What stands in it"), choices=offer(KINDS.items()))
    choices = TextAreaField(_l("Choices"), description=_l("One per line."), render_kw={"rows": 5})
    type = SelectField(_l("Of tickets of the type"), coerce=int)
    is_required = BooleanField(_l("It must be filled in when a ticket is opened"))
    on_form = BooleanField(_l("The public form asks for it"))
    for_customers = BooleanField(_l("Customers see it in the portal and in the PDF"))


FORMS: dict[type[Entry], type[Form]] = {
    Category: CategoryForm, Service: ServiceForm, Priority: PriorityForm, Justification: JustificationForm,
    CustomField: FieldForm,
}  # fmt: skip


def entry_form(entries: type[Entry], entry: Any = None) -> Form:
    """The form of this list, filled with the entry where there is one."""
    kind = FORMS.get(entries, EntryForm)
    known: dict[str, Any] = {}
    if entry is not None:
        known = {"name": entry.label, "color": entry.color, "level": str(getattr(entry, "level", 1))}
        known |= {"survey": getattr(entry, "survey_id", None) or 0, "group": getattr(entry, "group_id", None) or 0}
        known |= {"status": getattr(entry, "status", None) or "", "needs_code": getattr(entry, "needs_code", False)}
    if isinstance(entry, CustomField):
        named = ("kind", "is_required", "on_form", "for_customers")
        known |= {name: getattr(entry, name) for name in named}
        known |= {"type": entry.type_id or 0, "choices": "\n".join(entry.choices)}
    form = kind(data=known)
    if "survey" in form:
        form.survey.choices = offer([(0, _("The generic one")), *((each.id, each.title) for each in Survey.all())])
    if "group" in form:
        form.group.choices = offer([(0, _("None")), *((each.id, each.name) for each in Group.active())])
    if "type" in form:
        form.type.choices = offer([(0, _("Every type")), *((each.id, each.label) for each in TicketType.active())])
    return form


def entry_answers(form: Form) -> dict[str, Any]:
    """What was filled in, as the record keeps it. Raises NotFilledIn."""
    answers = form.answers()
    if "choices" in answers:
        lines = [line.strip()[:200] for line in answers["choices"].splitlines()]
        answers["choices"] = list(dict.fromkeys(line for line in lines if line))[:200]
        if answers["kind"] == "choice" and not answers["choices"]:
            raise NoChoices
    for name in ("survey", "group", "status", "type"):
        if name in answers:
            answers[name] = answers[name] or None
    if "level" in answers:
        answers["level"] = int(answers["level"])
    return answers
