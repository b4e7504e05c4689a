"""The letter that asks what somebody thought."""

from app.branding.letter import letter
from app.lib import links
from app.lib.letters import Letter
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery


def sent(delivery: Delivery) -> Letter:
    """The survey's own link, which opens without an account (S3)."""
    invitation = delivery.about
    return letter(
        "surveys/emails/sent",
        delivery,
        survey=invitation.survey,
        button=_l("Answer the survey"),
        button_url=links.absolute(f"/s/{invitation.token}"),
        expires=None,
        hide_assignee=True,
    )
