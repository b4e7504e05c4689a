"""The form of an entry: what its list keeps beside name and color."""

from typing import Any

from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from app.accounts.group import Group
from app.catalog.entry import Entry
from app.catalog.lists import Category, Justification, Priority, Service
from app.lib.forms import Form, offer
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.lib.words import lazy_pgettext as _lp
from app.surveys.survey import Survey

COLOR_NAMES: dict[str, Any] = {
    "": _lp("color", "None"), "blue": _l("Blue"), "teal": _l("Teal"), "amber": _l("Amber"), "violet": _l("Violet"),
    "green": _l("Green"), "red": _l("Red"),
}  # fmt: skip
LEVELS = offer([("1", _l("Low")), ("2", _l("Medium")), ("3", _l("High")), ("4", _l("Urgent"))])
STATUSES = offer([
    ("", _l("In progress, pending and resolved")), ("in_progress", _l("In progress")), ("pending", _l("Pending")),
    ("resolved", _l("Resolved")),
])  # fmt: skip


class EntryForm(Form):
    name = StringField(_l("Name"), [DataRequired(_l("Fill this in.")), Length(max=120)])
    color = SelectField(_l("Color"), choices=offer(COLOR_NAMES.items()))


class CategoryForm(EntryForm):
    survey = SelectField(_l("Survey"), coerce=int)


class ServiceForm(EntryForm):
    group = SelectField(_l("Group"), coerce=int)


class PriorityForm(Form):
    name = EntryForm.name
    level = RadioField(_l("Mark"), choices=LEVELS, default="1")


class JustificationForm(EntryForm):
    status = SelectField(_l("For the status"), choices=STATUSES)


FORMS: dict[type[Entry], type[Form]] = {
    Category: CategoryForm, Service: ServiceForm, Priority: PriorityForm, Justification: JustificationForm,
}  # fmt: skip


def entry_form(entries: type[Entry], entry: Any = None) -> Form:
    """The form of this list, filled with the entry where there is one."""
    kind = FORMS.get(entries, EntryForm)
    known: dict[str, Any] = {}
    if entry is not None:
        known = {"name": entry.label, "color": entry.color, "level": str(getattr(entry, "level", 1))}
        known |= {"survey": getattr(entry, "survey_id", None) or 0, "group": getattr(entry, "group_id", None) or 0}
        known |= {"status": getattr(entry, "status", None) or ""}
    form = kind(data=known)
    if "survey" in form:
        form.survey.choices = offer([(0, _("The generic one")), *((each.id, each.title) for each in Survey.all())])
    if "group" in form:
        form.group.choices = offer([(0, _("None")), *((each.id, each.name) for each in Group.active())])
    return form


def entry_answers(form: Form) -> dict[str, Any]:
    """What was filled in, as the record keeps it. Raises NotFilledIn."""
    answers = form.answers()
    for name in ("survey", "group", "status"):
        if name in answers:
            answers[name] = answers[name] or None
    if "level" in answers:
        answers["level"] = int(answers["level"])
    return answers
