"""The forms of deciding."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from flask_babel import get_timezone
from wtforms import BooleanField, DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from app.accounts.person import Person
from app.attachments.forms import FilesForm
from app.authorizations.authorization import Authorization
from app.authorizations.signature import Signature, read
from app.lib.fields import RecordField
from app.lib.forms import Form, offer
from app.lib.words import lazy_gettext as _l
from app.messages.templated import Templated

# What people say most often; the words they see are the words we keep.
REASONS = {
    "price": _l("The price is higher than I expected"),
    "work": _l("It is not the work I need"),
    "date": _l("The date does not suit me"),
    "quote": _l("I want another quote"),
    "other": _l("Another reason"),
}


class SignatureForm(Form):
    """A yes: the name, and the signature where one is asked for."""

    name = StringField(_l("First and last name"), [DataRequired()])
    strokes = HiddenField(_l("Your signature"))
    typed = BooleanField(_l("I sign by typing my name"))

    @classmethod
    def about(cls, authorization: Authorization, person: Person) -> Self:
        """A blank one, with what we know of the person."""
        known = "" if "@" in person.name else person.name
        form = cls(formdata=None, name=known)
        if not authorization.needs_signature:
            del form.strokes, form.typed
        return form

    def signature(self) -> Signature | None:
        """Raises Unreadable, TooLittle, NotAName."""
        return read(name=self.name.data or "", strokes=self.strokes.data or "", typed=self.typed.data)


class DenialForm(Form):
    """A no: one of the usual reasons, the person's own words, or both."""

    reason = RadioField(
        _l("Why not?"), choices=[SelectChoice(*each) for each in REASONS.items()], validators=[Optional()]
    )
    reasons = TextAreaField(_l("Tell us more"), [Optional(), Length(max=5000)], render_kw={"rows": 2})

    def words(self) -> str:
        """What is kept as the reasons; "another reason" alone says nothing."""
        chosen = str(REASONS[self.reason.data]) if self.reason.data in REASONS and self.reason.data != "other" else ""
        return "\n".join(part for part in (chosen, (self.reasons.data or "").strip()) if part)


class RequestForm(Templated, FilesForm):
    """What a customer is asked to authorize, of whom, how and until when."""

    use = "authorization"
    text = TextAreaField(_l("What the customer authorizes"), render_kw={"rows": 3, "maxlength": 20_000})
    asked_of = RecordField(_l("Asked of"), list)
    valid_until = DateField(_l("Can be answered until"), [Optional()])
    way = RadioField(_l("How"), choices=offer([("button", _l("With a button")), ("signature", _l("With a signature"))]))
    replaces = HiddenField()

    @classmethod
    def about(cls, ticket: Any, people: list[Person], *, replaces: Authorization | None = None) -> Self:
        """A blank one, or one that begins as the request it is to replace."""
        needs = replaces.needs_signature if replaces else ticket.online_signature
        kind = type("RequestForm", (cls,), {"asked_of": RecordField(_l("Asked of"), lambda: people)})
        form: Self = kind(
            text=replaces.text if replaces else "",
            asked_of=replaces.asked_of if replaces else ticket.requester,
            way="signature" if needs else "button",
            replaces=str(replaces.number) if replaces else "",
        )
        return form

    def told(self) -> dict[str, Any]:
        """What was filled in, ready for the verb. The last day ends where the reader is."""
        until = None
        if self.valid_until.data:
            zone = ZoneInfo(str(get_timezone()))
            until = datetime.combine(self.valid_until.data + timedelta(days=1), time(), zone).astimezone(UTC)
        return {
            "asked_of": self.asked_of.data,
            "valid_until": until,
            "needs_signature": self.way.data == "signature",
            "replace": bool(self.replaces.data),
        }
