"""What an act on many tickets still asks."""

from typing import Any, Self

from wtforms import (
    TextAreaField,
)

from app.accounts.person import Person
from app.lib.fields import RecordField
from app.lib.forms import Form
from app.lib.words import lazy_gettext as _l
from app.messages.reply_template import ReplyTemplate
from app.tickets.closable import NoClosingReason
from app.tickets.forms.joining import OtherTicketForm


class BatchClosingForm(Form):
    """The reason for closing many tickets: written, or a template's, which fills itself in for each of them."""

    template = RecordField(_l("Template"), list, blank=_l("None"))
    text = TextAreaField(
        _l("Reason"),
        description=_l(
            "Write it or choose a template: one of the two is needed. A template's words are filled in for each."
        ),
        render_kw={"rows": 6, "maxlength": 100_000},
    )

    @classmethod
    def about(cls, batch: Any) -> Self:
        """With the templates that this agent may start from."""
        groups = [member.group_id for member in batch.by.memberships]
        return cls(ReplyTemplate.offered(use="closing", groups=groups, language=batch.by.language or ""))

    def __init__(self, templates: list[ReplyTemplate]) -> None:
        self.templates = templates
        super().__init__()

    def process(self, *given: Any, **more: Any) -> None:
        self.template.offers = lambda: self.templates
        super().process(*given, **more)

    def told(self, me: Person) -> dict[str, Any]:
        """Raises NotFilledIn, NoClosingReason."""
        answers = self.answers()
        text = answers["text"].strip() or (answers["template"].text if answers["template"] else "")
        if not text:
            raise NoClosingReason
        return {"text": text}


class BatchMergeForm(OtherTicketForm):
    """The ticket that many others go into."""

    @classmethod
    def about(cls, batch: Any) -> Self:
        """The oldest of them is proposed."""
        numbers = sorted(ticket.number for ticket in batch.tickets)
        return cls(other=str(numbers[0]) if numbers else "")

    def told(self, me: Person) -> dict[str, Any]:
        """Raises NotFilledIn, NoSuchTicket."""
        self.insist()
        return {"into": self.found(me).id}
