"""How customers are asked to authorize."""

from app.lib.money import CURRENCIES
from app.lib.words import lazy_gettext as _l
from app.settings.section import Choice, Number, Section, Text


class AuthorizationSettings(Section):
    """Amounts, codes and timestamps."""

    title = _l("Authorizations")

    currency = Choice("EUR", _l("Currency"), _l("Of new requests."), choices=[(code, code) for code in CURRENCIES])
    code_above = Number(
        3000,
        _l("Ask for a mailed code above"),
        _l("An amount; 0: never by the amount. A category can ask for the code always."),
        most=100_000_000,
    )
    timestamp_url = Text(
        "",
        _l("Timestamp authority"),
        _l("Address of an RFC 3161 service that confirms when each certificate was sealed. Empty: none."),
    )
