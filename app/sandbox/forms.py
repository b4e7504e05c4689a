"""The forms of the sandbox."""

from wtforms import EmailField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from app.lib.forms import Form
from app.lib.words import lazy_gettext as _l

REQUIRED = DataRequired(_l("Fill this in."))


class AnswerForm(Form):
    text = TextAreaField(_l("Your answer"), [REQUIRED], render_kw={"rows": 4})
    files = MultipleFileField(_l("Attachments"))


class StrangerForm(Form):
    name = StringField(_l("Name"), [REQUIRED], render_kw={"autocomplete": "off"})
    email = EmailField(_l("E-mail"), [REQUIRED], render_kw={"autocomplete": "off"})
    to = SelectField(_l("To"))
    subject = StringField(_l("Subject"), [REQUIRED])
    text = TextAreaField(_l("Message"), [REQUIRED], render_kw={"rows": 8})
    files = MultipleFileField(_l("Attachments"))
