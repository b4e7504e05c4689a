"""The forms of asking, choosing and deciding."""

from datetime import UTC, datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo

from flask_babel import get_timezone
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as Subform
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from app.accounts.person import Person
from app.attachments.attachment import Attachment
from app.attachments.forms import FilesForm
from app.authorizations.authorization import Authorization
from app.authorizations.code import NoCode, NoCodeYet
from app.authorizations.decision import NoName, NoReason, NoSignature
from app.authorizations.item import LONGEST, MOST, Choice
from app.authorizations.settings import AuthorizationSettings
from app.authorizations.signature import Signature, read
from app.lib.fields import AmountField, RecordField
from app.lib.forms import Form, offer
from app.lib.money import CURRENCIES
from app.lib.refusals import Refused
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


class CodeForm(Form):
    """Base of the two answers: the mailed code, where one is asked for."""

    code = StringField(
        _l("Code"),
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 12, "class": "input--code"},
    )

    def fit(self, authorization: Authorization) -> Self:
        """Without what this request does not ask for."""
        self.asked = authorization
        if not authorization.needs_code:
            del self.code
        return self

    def missing(self) -> list[Refused]:
        if "code" not in self or self.typed_code.strip():
            return []
        return [NoCode() if self.asked.awaits_code else NoCodeYet()]

    @property
    def typed_code(self) -> str:
        return (self.code.data or "") if "code" in self else ""


class SignatureForm(CodeForm):
    """A yes: the name, and the signature where one is asked for."""

    name = StringField(_l("First and last name"), [DataRequired(NoName.says)])
    strokes = HiddenField(_l("Your signature"))
    typed = BooleanField(_l("I sign by typing my name"))

    @classmethod
    def about(cls, authorization: Authorization, person: Person) -> Self:
        """A blank one, with what we know of the person."""
        known = "" if "@" in person.name else person.name
        return cls(formdata=None, name=known).fit(authorization)

    def fit(self, authorization: Authorization) -> Self:
        if not authorization.needs_signature:
            del self.strokes, self.typed
        return super().fit(authorization)

    def missing(self) -> list[Refused]:
        return [*self._unsigned(), *super().missing()]

    def _unsigned(self) -> list[Refused]:
        try:
            return [] if "strokes" not in self or self.signature() else [NoSignature()]
        except Refused as problem:
            return [problem]

    def signature(self) -> Signature | None:
        """Raises Unreadable, TooLittle, NotAName."""
        if "strokes" not in self:
            return None
        return read(name=self.name.data or "", strokes=self.strokes.data or "", typed=self.typed.data)


class DenialForm(CodeForm):
    """A no: one of the usual reasons, the person's own words, or both."""

    reason = RadioField(
        _l("Why not?"), choices=[SelectChoice(*each) for each in REASONS.items()], validators=[Optional()]
    )
    reasons = TextAreaField(_l("Tell us more"), [Optional(), Length(max=5000)], render_kw={"rows": 2})

    def fit(self, authorization: Authorization) -> Self:
        self.code.id = "denial-code"  # the yes and the no stand on one page
        return super().fit(authorization)

    def missing(self) -> list[Refused]:
        return [*([] if self.words() else [NoReason()]), *super().missing()]

    def words(self) -> str:
        """What is kept as the reasons; "another reason" alone says nothing."""
        chosen = str(REASONS[self.reason.data]) if self.reason.data in REASONS and self.reason.data != "other" else ""
        return "\n".join(part for part in (chosen, (self.reasons.data or "").strip()) if part)


class ChoiceForm(Form):
    """Which items somebody authorizes; the fields are made for the request (W6a)."""

    @classmethod
    def about(cls, authorization: Authorization, formdata: Any = None) -> Self:
        """One pair of fields for each item: `item3` yes or no, `reason3`; all of them yes until somebody says no."""
        made: dict[str, Any] = {}
        for item in authorization.items:
            answers = offer([("yes", _l("I authorize it")), ("no", _l("I do not authorize it"))])
            made[f"item{item.number}"] = RadioField(item.text, choices=answers, default="yes")
            made[f"reason{item.number}"] = StringField(
                _l("Why not item %(number)s?", number=item.number),
                [Optional(), Length(max=1000)],
                render_kw={"maxlength": 1000},
            )
        return type("ChoiceForm", (cls,), made)(formdata=formdata)  # type: ignore[no-any-return]

    def choice(self) -> Choice:
        """What was chosen; an item that the form does not speak of is authorized."""
        numbers = [name.removeprefix("item") for name in self._fields if name.startswith("item")]
        no = [number for number in numbers if self[f"item{number}"].data == "no"]
        return Choice({int(number): " ".join((self[f"reason{number}"].data or "").split())[:1000] for number in no})


def chosen(authorization: Authorization, sent: MultiDict[str, str]) -> Choice:
    """The choice that a signing form carries along in hidden fields."""
    return ChoiceForm.about(authorization, sent).choice()


class ItemForm(Subform):
    """One line of a request."""

    text = StringField(_l("Item"), render_kw={"maxlength": LONGEST})
    amount = AmountField(_l("Amount"), render_kw={"inputmode": "decimal", "maxlength": 20})


class RequestForm(Templated, FilesForm):
    """What a customer is asked to authorize, of whom, how and until when."""

    use = "authorization"
    text = TextAreaField(_l("What the customer authorizes"), render_kw={"rows": 3, "maxlength": 20_000})
    items = FieldList(FormField(ItemForm), _l("Items"), max_entries=MOST)
    currency = SelectField(_l("Currency"), choices=offer((code, code) for code in CURRENCIES))
    asked_of = RecordField(_l("Asked of"), list)
    valid_until = DateField(_l("Can be answered until"), [Optional()])
    way = RadioField(_l("How"), choices=offer([("button", _l("With a button")), ("signature", _l("With a signature"))]))
    replaces = HiddenField()

    @classmethod
    def about(cls, ticket: Any, people: list[Person], *, replaces: Authorization | None = None) -> Self:
        """A blank one, or one that begins as the request it is to replace."""
        kind = type("RequestForm", (cls,), {"asked_of": RecordField(_l("Asked of"), lambda: people)})
        known: dict[str, Any] = {
            "asked_of": ticket.requester,
            "way": "signature" if ticket.online_signature else "button",
            "currency": AuthorizationSettings.currency,
        }
        if replaces:
            known |= {
                "text": replaces.text,
                "items": [{"text": item.text, "amount": item.amount} for item in replaces.items],
                "currency": replaces.currency or known["currency"],
                "asked_of": replaces.asked_of,
                "way": "signature" if replaces.needs_signature else "button",
                "valid_until": _last_day(replaces.valid_until),
                "replaces": str(replaces.number),
            }
        form: Self = kind(**known)
        form.carried = list(replaces.attachments.order_by(Attachment.id)) if replaces else []  # type: ignore[attr-defined]
        return form

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.carried: list[Attachment] = []  # the files of the version it replaces

    def insist(self) -> None:
        """The summary names the line: all have the same fields. Raises NotFilledIn."""
        for number, row in enumerate(self.items, 1):
            row.form.text.label.text = _l("Item %(number)s", number=number)
            row.form.amount.label.text = _l("Amount of item %(number)s", number=number)
        super().insist()

    def carry(self, old: Authorization | None, still_wanted: list[str]) -> None:
        """Keeps those files of the version before that are still ticked."""
        files = list(old.attachments.order_by(Attachment.id)) if old else []  # type: ignore[attr-defined]
        self.carried = [file for file in files if str(file.id) in still_wanted]

    @property
    def replaced(self) -> int | None:
        """The number of the version that this one is to replace."""
        given = self.replaces.data or ""
        return int(given) if given.isdigit() else None

    def enclosed(self) -> list[Attachment]:
        """The files of the new version: those still wanted of the one before, again, and the new ones."""
        return [*(file.again() for file in self.carried), *self.kept]

    def change_rows(self, sent: MultiDict[str, str]) -> bool:
        """Whether a button of the items was pressed, one more or one less, and does it."""
        if "add_item" in sent:
            if len(self.items) < MOST:
                self.items.append_entry()
            return True
        gone = sent.get("remove_item", "")
        if not gone.isdigit():
            return False
        rows = [row.data for n, row in enumerate(self.items) if n != int(gone)]
        typed = [row.form.amount._value() for n, row in enumerate(self.items) if n != int(gone)]
        while len(self.items):
            self.items.pop_entry()
        self.items.last_index = -1
        for row, amount in zip(rows, typed, strict=True):
            entry = self.items.append_entry(row)
            entry.form.amount.raw_data = [amount]  # also what is not an amount yet
        return True

    def told(self) -> dict[str, Any]:
        """What was filled in, ready for the verb. The last day ends where the reader is."""
        until = None
        if self.valid_until.data:
            zone = ZoneInfo(str(get_timezone()))
            until = datetime.combine(self.valid_until.data, time(23, 59, 59), zone).astimezone(UTC)
        return {
            "asked_of": self.asked_of.data,
            "valid_until": until,
            "needs_signature": self.way.data == "signature",
            "replace": bool(self.replaces.data),
            "items": [(row.form.text.data or "", row.form.amount.data) for row in self.items],
            "currency": self.currency.data,
        }


def _last_day(until: datetime | None) -> Any:
    """The day that somebody chose, from its last moment."""
    return until.astimezone(ZoneInfo(str(get_timezone()))).date() if until else None


class VerifyForm(Form):
    """Somebody's certificate, to be checked."""

    file = FileField(_l("Certificate"), render_kw={"accept": "application/pdf,.pdf"})


class SealForm(Form):
    """A company's own key."""

    file = FileField(_l("PKCS#12 file"), render_kw={"accept": ".p12,.pfx,application/x-pkcs12"})
    password = PasswordField(_l("Password of the file"), render_kw={"autocomplete": "off"})

    def data_of_file(self) -> bytes:
        upload = self.file.data
        return bytes(upload.read()) if getattr(upload, "filename", None) else b""
