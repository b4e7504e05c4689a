"""The forms of writing."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from app.attachments.forms import FilesForm
from app.lib.fields import WordsField
from app.lib.forms import Form
from app.lib.words import lazy_gettext as _l
from app.messages.templated import Templated


class ReplyForm(FilesForm):
    """A customer's answer: words, files, or both."""

    text = TextAreaField(_l("Your message"), render_kw={"rows": 3, "maxlength": 100_000})


class Seen:
    """A form that says which message was the last one before its writer's eyes (T19)."""

    seen = HiddenField()

    @property
    def last_seen(self) -> int | None:
        told = self.seen.data or ""
        return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else None


class AnswerForm(Templated, Seen, FilesForm):
    """An agent's reply to the customer."""

    text = TextAreaField(_l("Reply"), render_kw={"rows": 2, "maxlength": 100_000})
    cc = WordsField(_l("Copies to"))


class NoteForm(FilesForm):
    """An internal note."""

    text = TextAreaField(_l("Internal note"), render_kw={"rows": 2, "maxlength": 100_000})


class EditForm(Form):
    """Another wording of what was said."""

    text = TextAreaField(_l("Message"), [Length(max=100_000)], render_kw={"rows": 8, "maxlength": 100_000})


class ClosingForm(Templated, Seen, Form):
    """The reason for closing, which the customer reads."""

    use = "closing"
    text = TextAreaField(_l("Reason"), id="closing-text", render_kw={"rows": 4, "maxlength": 100_000, "required": True})
