"""The form of a message that is opened in WhatsApp."""

from typing import Any, Self

from wtforms import TextAreaField
from wtforms.validators import Length

from app.accounts.person import Person
from app.lib.forms import Form
from app.lib.words import lazy_gettext as _l
from app.messages.templated import Templated
from app.whatsapp.opening import LONGEST, opening_words


class WhatsAppForm(Templated, Form):
    """The text, begun with a template and edited."""

    use = "whatsapp"
    text = TextAreaField(_l("Message"), [Length(max=LONGEST)], render_kw={"rows": 7, "maxlength": LONGEST})

    @classmethod
    def about(cls, ticket: Any, agent: Person) -> Self:
        """With the default template filled in."""
        return cls(formdata=None, text=opening_words(ticket, agent))

    def take_template(self, number: str, *, ticket: Any, agent: Person) -> None:
        """A template here takes the place of what stands: the text was begun with one already."""
        before, self.text.data = self.text.data, ""
        super().take_template(number, ticket=ticket, agent=agent)
        self.text.data = self.text.data or (opening_words(ticket, agent) if number == "0" else before)
