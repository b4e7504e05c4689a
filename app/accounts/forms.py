"""The forms of coming in, and of what a person says of themselves."""

from typing import Self

from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.role import LABELS
from app.lib.forms import Form, NotFilledIn, offer
from app.lib.locales import LANGUAGES, zone_choices
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.notifications.settings import HEADLINES, switched_on
from app.settings.forms import Ticks

REQUIRED = DataRequired(_l("Fill this in."))


class SignInForm(Form):
    email = EmailField(_l("E-mail"), [REQUIRED], render_kw={"autocomplete": "username"})
    password = PasswordField(_l("Password"), [REQUIRED], render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class SignInLinkForm(Form):
    """The way in without a password: a link in a mail."""

    email = EmailField(_l("E-mail"), [REQUIRED], id="link-email", render_kw={"autocomplete": "email"})


class ProfileForm(Form):
    name = StringField(_l("Name"), [REQUIRED, Length(max=200)], render_kw={"autocomplete": "name"})
    language = SelectField(_l("Language"), choices=LANGUAGES, id="own-language", render_kw={"autocomplete": "language"})
    timezone = SelectField(_l("Time zone"))
    mode = RadioField(
        _l("Light or dark"),
        choices=[
            SelectChoice("", _l("System")),
            SelectChoice("light", _l("Light")),
            SelectChoice("dark", _l("Dark")),
        ],
    )

    def offer_zones(self) -> None:
        self.timezone.choices = zone_choices()


class OwnDataForm(ProfileForm):
    """What a customer says of themselves."""

    phone = TelField(_l("Phone"), [Length(max=60)], render_kw={"autocomplete": "tel"})
    mobile = TelField(
        _l("Mobile"), [Length(max=30)], description=_l("With the country prefix."), render_kw={"autocomplete": "off"}
    )
    more_phones = TextAreaField(
        _l("Other phones"), [Length(max=600)], description=_l("One per line."),
        render_kw={"rows": 2, "autocomplete": "off"},
    )  # fmt: skip


class PasswordForm(Form):
    old = PasswordField(_l("Current password"), render_kw={"autocomplete": "current-password"})
    password = PasswordField(_l("New password"), [REQUIRED], render_kw={"autocomplete": "new-password"})


class AgentProfileForm(ProfileForm):
    shortcuts = BooleanField(_l("Keyboard shortcuts"), description=_l("Single keys, never while you write."))
    wanted = Ticks(_l("Mails about my tickets"))

    def offer_notices(self) -> None:
        """The kinds that the installation sends."""
        self.wanted.choices = offer(switched_on().items())

    def unwanted(self, before: list[str]) -> list[str]:
        """What they want no mail about: what is not ticked, and what was unwanted and is not on offer now."""
        asked, ticked = switched_on(), self.wanted.data or []
        return [kind for kind in HEADLINES if (kind not in ticked if kind in asked else kind in before)]


class InvitedRow(PlainForm):
    """One person to invite."""

    name = StringField(_l("Full name"), [REQUIRED, Length(max=200)], render_kw={"autocomplete": "off"})
    email = EmailField(_l("E-mail"), [REQUIRED], render_kw={"autocomplete": "off"})
    is_administrator = BooleanField(_l("With administrator's rights"))
    is_internal = BooleanField(_l("Internal agent"))

    @property
    def is_blank(self) -> bool:
        return not ((self.name.data or "").strip() or (self.email.data or "").strip())

    @property
    def answers(self) -> dict[str, object]:
        role = "administrator" if self.is_administrator.data else "agent"
        named = {"name": self.name.data or "", "email": self.email.data or ""}
        return {**named, "role": role, "is_internal": bool(self.is_internal.data)}


class InviteForm(Form):
    """Several at once; a row left empty does not count."""

    rows = FieldList(FormField(InvitedRow), min_entries=1, max_entries=30)

    def refuse(self, problem: Refused) -> Self:
        """Shows what is wrong at the row it is about."""
        place = problem.values.get("row")
        if isinstance(problem, NotFilledIn) or not isinstance(place, int):
            return super().refuse(problem)
        field = self.rows[place].form[problem.field or "email"]
        field.errors = [*field.errors, problem.sentence]
        return self

    def drop_blank_rows(self) -> None:
        filled = [row for row in self.rows.entries if not row.form.is_blank]
        self.rows.entries = filled or self.rows.entries[:1]


class AgentForm(Form):
    role = RadioField(_l("Role"), choices=offer(LABELS.items()))
    title = StringField(_l("What they do"), [Length(max=120)])
    is_internal = BooleanField(
        _l("Internal agent"), description=_l("Reads, adds internal notes and sees panels; never writes to customers.")
    )
    is_available = BooleanField(_l("Available"), description=_l("New tickets can be given to them."))
    is_active = BooleanField(_l("Active"), description=_l("Without this they cannot sign in."))


class GroupForm(Form):
    name = StringField(_l("Name"), [REQUIRED, Length(max=120)])
    is_restricted = BooleanField(
        _l("Restricted"),
        description=_l(
            "Only members, the assignee, followers and administrators see its tickets. Of the customer's people, "
            "those who take part in one."
        ),
    )
    is_active = BooleanField(_l("Active"), default=True)
    members = SelectMultipleField(
        _l("Members"), coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class JoinForm(Form):
    """Somebody invited makes their account."""

    name = StringField(_l("Full name"), [REQUIRED, Length(max=200)], render_kw={"autocomplete": "name"})
    password = PasswordField(_l("Password"), [REQUIRED], render_kw={"autocomplete": "new-password"})


class NewPasswordForm(Form):
    password = PasswordField(_l("Password"), [REQUIRED], render_kw={"autocomplete": "new-password"})


class SetUpForm(Form):
    """The first administrator, and the company."""

    name = StringField(_l("Your name"), [REQUIRED, Length(max=200)], render_kw={"autocomplete": "name"})
    email = EmailField(_l("E-mail"), [REQUIRED], render_kw={"autocomplete": "username"})
    password = PasswordField(_l("Password"), [REQUIRED], render_kw={"autocomplete": "new-password"})
    company = StringField(_l("Name of your company"), [REQUIRED, Length(max=120)])
    language = SelectField(_l("Language"), choices=LANGUAGES, id="chosen-language")
    timezone = SelectField(_l("Time zone"))

    def offer_zones(self) -> None:
        self.timezone.choices = zone_choices()
