"""The sentence that is signed: it stands over the button, in the language of who is asked, and in the evidence."""

from typing import TYPE_CHECKING, Any

from flask_babel import force_locale

from app.authorizations.item import WHOLE, Choice, Item, total
from app.lib import canonical, money
from app.lib.words import gettext as _

if TYPE_CHECKING:
    from app.authorizations.authorization import Authorization


def authorizing(asked: "Authorization", choice: Choice = WHOLE) -> str:
    """ "Autorizo … por … €", for all of the request or for what is chosen of it."""
    with force_locale(asked.language):
        wanted, refused = choice.among(asked.items)
        amount = total(wanted)
        said = {
            "company": asked.company_name,
            "number": asked.ticket.number,
            "version": asked.number,
            "items": _named(wanted),
            "amount": "" if amount is None else money.shown(amount, asked.currency, asked.language),
        }
        if refused:
            return f"{_part(said)} " + _("I do not authorize: %(items)s.", items=_named(refused))
        return _whole(said)


def _whole(said: dict[str, Any]) -> str:
    if said["amount"]:
        return _(
            "I authorize %(company)s to do what is written here (ticket %(number)s, request %(version)s) "
            "for %(amount)s.",
            **said,
        )
    return _("I authorize %(company)s to do what is written here (ticket %(number)s, request %(version)s).", **said)


def _part(said: dict[str, Any]) -> str:
    if said["amount"]:
        return _(
            "I authorize %(company)s to do only this of request %(version)s of ticket %(number)s: %(items)s. "
            "For %(amount)s.",
            **said,
        )
    return _("I authorize %(company)s to do only this of request %(version)s of ticket %(number)s: %(items)s.", **said)


def denying(asked: "Authorization") -> str:
    with force_locale(asked.language):
        return _(
            "I do not authorize what is written here (ticket %(number)s, request %(version)s).",
            number=asked.ticket.number,
            version=asked.number,
        )


def shown(asked: "Authorization", choice: Choice = WHOLE) -> str:
    """The hash of what a page shows before the button: the request, the choice and the sentence.

    The form brings it back, so that nobody signs anything else than what they saw.
    """
    refused = {str(number): reason for number, reason in choice.refused.items()}
    return canonical.digest(
        canonical.encode({"request": asked.content_sha256, "refused": refused, "sentence": authorizing(asked, choice)})
    )


def _named(items: list[Item]) -> str:
    return "; ".join(f"{item.number}. {item.text}" for item in items)
