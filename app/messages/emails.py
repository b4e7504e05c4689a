"""Letters that carry what somebody said."""

from app.attachments.enclosing import enclose
from app.branding.letter import letter
from app.lib.letters import Letter
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery
from app.outbox.letters import about


@about(_l("Answer to the customer"), _l("An agent answered."), takes=("author", "text"), needs=("text",))
def replied(delivery: Delivery) -> Letter:
    """An answer of the team (L2), with its files up to what a mail can carry."""
    message = delivery.message
    enclosed = enclose(message.attachments)
    return letter(
        "messages/emails/replied",
        delivery,
        files=enclosed.files,
        author=message.author_name,
        text=message.text,
        button=_l("See and answer"),
        may_answer=True,
        reply_line=True,
        **enclosed.words,
    )
