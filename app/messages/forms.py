"""The forms of writing."""

from wtforms import TextAreaField

from app.attachments.forms import FilesForm
from app.lib.fields import WordsField
from app.lib.forms import Form
from app.lib.words import lazy_gettext as _l
from app.messages.templated import Templated


class ReplyForm(FilesForm):
    """A customer's answer: words, files, or both."""

    text = TextAreaField(_l("Your message"), render_kw={"rows": 3, "maxlength": 100_000})


class AnswerForm(Templated, FilesForm):
    """An agent's reply to the customer."""

    text = TextAreaField(_l("Reply"), render_kw={"rows": 2, "maxlength": 100_000})
    cc = WordsField(_l("Copies to"))


class NoteForm(FilesForm):
    """An internal note."""

    text = TextAreaField(_l("Internal note"), render_kw={"rows": 2, "maxlength": 100_000})


class ClosingForm(Templated, Form):
    """The reason for closing, which the customer reads."""

    use = "closing"
    text = TextAreaField(_l("Reason"), id="closing-text", render_kw={"rows": 4, "maxlength": 100_000, "required": True})
