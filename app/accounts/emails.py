"""Letters that let somebody in: a one-time link to sign in, an invitation to the desk."""

from app.branding.letter import letter
from app.lib import links
from app.lib.letters import Letter
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery
from app.outbox.letters import about


@about(
    _l("Link to sign in"), _l("Somebody asked to sign in without a password."), group="account", takes=("ends_at",),
    has_ticket=False,
)  # fmt: skip
def sign_in_link(delivery: Delivery) -> Letter:
    """Good once; it opens a page with a button, so that no mail scanner can spend it (W1)."""
    invitation = delivery.about
    return letter(
        "accounts/emails/sign_in_link",
        delivery,
        ends_at=invitation.expires_at,
        button=_l("Sign in"),
        button_url=links.absolute(f"/sign-in/link/{invitation.token}"),
    )


@about(
    _l("Link to choose a password"), _l("Somebody asked for an account, or has forgotten their password."),
    group="account", takes=("ends_at",), has_ticket=False,
)  # fmt: skip
def password_link(delivery: Delivery) -> Letter:
    """Somebody asked for an account, or has forgotten their password (W1): the page behind it asks for a new one."""
    invitation = delivery.about
    return letter(
        "accounts/emails/password_link",
        delivery,
        ends_at=invitation.expires_at,
        button=_l("Choose a password"),
        button_url=links.absolute(f"/accounts/{invitation.token}"),
    )


@about(
    _l("Invitation of an agent"), _l("An administrator invites somebody to the desk."), group="account",
    takes=("ends_at", "inviter"), has_ticket=False,
)  # fmt: skip
def invited(delivery: Delivery) -> Letter:
    """An agent's invitation (P1)."""
    invitation = delivery.about
    inviter = invitation.invited_by
    return letter(
        "accounts/emails/invited",
        delivery,
        ends_at=invitation.expires_at,
        inviter=inviter.name if inviter else "",
        button=_l("Make my account"),
        button_url=links.absolute(f"/invitations/{invitation.token}"),
    )


@about(
    _l("Invitation of a customer"), _l("A customer is offered an account at the portal."), group="account",
    takes=("ends_at",), has_ticket=False,
)  # fmt: skip
def account(delivery: Delivery) -> Letter:
    """A customer is offered an account at the portal (W1)."""
    invitation = delivery.about
    return letter(
        "accounts/emails/account",
        delivery,
        ends_at=invitation.expires_at,
        button=_l("Choose a password"),
        button_url=links.absolute(f"/accounts/{invitation.token}"),
    )
