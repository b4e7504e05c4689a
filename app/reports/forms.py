"""The form in which a panel is put together."""

from typing import Any

from wtforms import SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.lib.forms import Form, offer
from app.lib.words import lazy_gettext as _l
from app.reports.index import offered


class PanelForm(Form):
    title = StringField(_l("Name of the panel"), [DataRequired(_l("Fill this in.")), Length(max=80)])
    cards = SelectMultipleField(
        _l("Figures and charts"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.cards.choices = offer((key, report.title) for key, report in offered().items())


def places(cards: list[str]) -> dict[str, int]:
    """Where each report stands in a panel, from 1; those it lacks come after."""
    reports = offered()
    order = [*(key for key in cards if key in reports), *(key for key in reports if key not in cards)]
    return {key: place for place, key in enumerate(order, 1)}


def sorted_by_place(cards: list[str], given: Any) -> list[str]:
    """The chosen ones by the numbers typed beside them; one without a sound number keeps its turn at the end."""

    def place(key: str) -> int:
        text = given.get(f"place-{key}", "")
        return int(text) if text.isdecimal() and len(text) < 4 else 999

    return sorted(cards, key=place)
