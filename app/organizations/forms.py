"""The forms of contacts, organizations and equipment."""

from wtforms import BooleanField, EmailField, SelectField, StringField, TelField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.lib.forms import Form, offer
from app.lib.locales import LANGUAGES
from app.lib.words import lazy_gettext as _l

REQUIRED = DataRequired(_l("Fill this in."))
ANY_LANGUAGE = [*offer([("", _l("Not known"))]), *LANGUAGES]


class ContactForm(Form):
    name = StringField(_l("Name"), [REQUIRED, Length(max=200)], render_kw={"autocomplete": "off"})
    email = EmailField(_l("E-mail"), [Length(max=254)], render_kw={"autocomplete": "off"})
    other_addresses = TextAreaField(
        _l("Further addresses"), [Length(max=2000)], description=_l("One a line. Mail from them is theirs."),
        render_kw={"rows": 2, "autocomplete": "off"},
    )  # fmt: skip
    organization = SelectField(_l("Organization"), coerce=int)
    position = StringField(_l("Position"), [Length(max=120)])
    phone = TelField(_l("Phone"), [Length(max=60)], render_kw={"autocomplete": "off"})
    mobile = TelField(
        _l("Mobile"), [Length(max=30)], description=_l("With the country prefix; for WhatsApp."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    more_phones = TextAreaField(
        _l("Other phones"), [Length(max=600)], description=_l("One per line."),
        render_kw={"rows": 2, "autocomplete": "off"},
    )  # fmt: skip
    language = SelectField(_l("Language"), choices=ANY_LANGUAGE)
    may_authorize = BooleanField(_l("May authorize"), default=True)
    notes = TextAreaField(_l("Notes"), [Length(max=5000)], render_kw={"rows": 3})


class OrganizationForm(Form):
    name = StringField(_l("Name"), [REQUIRED, Length(max=200)])
    tax_id = StringField(_l("Tax number"), [Length(max=40)])
    shares_tickets = BooleanField(
        _l("Its people see each other's tickets"), description=_l("In the portal, when they have signed in.")
    )
    is_active = BooleanField(_l("Active"), default=True)
    notes = TextAreaField(_l("Notes"), [Length(max=5000)], render_kw={"rows": 3})


class EquipmentForm(Form):
    name = StringField(_l("Name"), [REQUIRED, Length(max=200)])
    serial = StringField(_l("Serial number"), [REQUIRED, Length(max=120)])
    brand = StringField(_l("Brand"), [Length(max=120)])
    model = StringField(_l("Model"), [Length(max=120)])
    organization = SelectField(_l("It stands at"))
    is_active = BooleanField(_l("In use"), default=True)


class SiteForm(Form):
    name = StringField(_l("Name"), [REQUIRED, Length(max=200)])
    address = StringField(_l("Address"), [Length(max=300)])
    is_active = BooleanField(
        _l("In use"), default=True, description=_l("The links of a site that is not in use lead nowhere.")
    )


class LinkNoteForm(Form):
    note = StringField(_l("What it is for"), [Length(max=120)], description=_l("For example, “sticker on the press”."))
    names_people = BooleanField(
        _l("Offer the names of its people"), default=True,
        description=_l("Whoever holds the link reads them. Untick it for what hangs where strangers pass."),
    )  # fmt: skip
