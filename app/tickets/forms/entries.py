"""What is noted beside the conversation, and lists that are kept."""

from typing import Any, Self

from wtforms import (
    BooleanField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional

from app.lib import clock
from app.lib.fields import MomentField
from app.lib.forms import Form
from app.lib.words import lazy_gettext as _l
from app.tickets.forms.fields import REQUIRED


class SavedViewForm(Form):
    """A list under a name."""

    name = StringField(_l("Name"), [REQUIRED, Length(max=80)])
    shared = BooleanField(_l("For everybody at the desk"), description=_l("Each sees in it what they may see."))

    @classmethod
    def of(cls, me: Any, **given: Any) -> Self:
        """Who changes nothing at the desk keeps views for themselves."""
        form = cls(**given)
        if not me.agent.may("edit"):
            del form.shared
        return form


class InterventionForm(Form):
    """What was done, when and how long."""

    text = TextAreaField(_l("What was done"), [REQUIRED, Length(max=20_000)], render_kw={"rows": 4})
    done_at = MomentField(_l("When"), [Optional()])
    hours = IntegerField(_l("Hours"), [Optional(), NumberRange(0, 744)])
    minutes = IntegerField(_l("Minutes"), [Optional(), NumberRange(0, 59)])

    @classmethod
    def now(cls) -> Self:
        return cls(formdata=None, done_at=clock.now())

    def told(self) -> dict[str, Any]:
        """Raises NotFilledIn."""
        self.insist()
        spent = (self.hours.data or 0) * 60 + (self.minutes.data or 0)
        return {"text": self.text.data or "", "done_at": self.done_at.data, "minutes": spent}


class SnoozeForm(Form):
    """Until when a ticket is put off; empty: until the customer answers."""

    until = MomentField(_l("Until"), [Optional()])
