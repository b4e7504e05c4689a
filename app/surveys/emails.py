"""The letter that asks what somebody thought."""

from app.branding.letter import letter
from app.lib import links
from app.lib.letters import Letter
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery
from app.outbox.letters import about

INTRODUCTION = _l("A few questions about this ticket; they take a minute.")


@about(_l("Survey"), _l("The customer is asked for an opinion."), group="survey", takes=("introduction",))
def sent(delivery: Delivery) -> Letter:
    """The survey's own link, which opens without an account (S3)."""
    invitation = delivery.about
    return letter(
        "surveys/emails/sent",
        delivery,
        introduction=invitation.survey.introduction or INTRODUCTION,
        button=_l("Answer the survey"),
        button_url=links.absolute(f"/s/{invitation.token}"),
        expires=None,
        hide_assignee=True,
    )
