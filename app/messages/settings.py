"""How messages behave."""

from app.lib.words import lazy_gettext as _l
from app.settings.section import Country, Flag, Number, Section


class MessageSettings(Section):
    """Editing."""

    title = _l("Messages")

    edit_public_for = Number(
        15, _l("Public messages may be edited for"), _l("Minutes, by who wrote them; notes can be edited always.")
    )


class WhatsAppSettings(Section):
    """What agents send from their own WhatsApp (C12)."""

    title = "WhatsApp"

    is_on = Flag(
        False, _l("Communication by WhatsApp"), _l("Agents can open a message to the customer in their own WhatsApp.")
    )
    country = Country(
        "ES",
        _l("Country of numbers without a prefix"),
        _l("A mobile number that was typed without its country is read as one of this."),
    )
