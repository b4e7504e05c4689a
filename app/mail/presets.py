"""What a newcomer need not know: the servers of the providers that most people have, and what each wants from them."""

from typing import Any, NamedTuple

from app.lib.words import lazy_gettext as _l

_PLAIN = _l("The user is the whole address, the password that of the mailbox.")


class Preset(NamedTuple):
    """One provider: what it fills in, and what to know about it."""

    label: Any
    advice: Any = ""
    fields: dict[str, Any] = {}

    @classmethod
    def at(cls, label: Any, host: str, smtp_host: str, advice: Any = _PLAIN, **fields: Any) -> "Preset":
        return cls(label, advice, {"host": host, "smtp_host": smtp_host} | fields)


PRESETS = {
    "gmail": Preset.at(
        "Gmail",
        "imap.gmail.com",
        "smtp.gmail.com",
        _l("Gmail wants an app password: make one in the Google account, under two-step verification."),
        uses_subaddress=True,
        authserv_id="mx.google.com",
    ),
    "microsoft": Preset.at(
        "Microsoft 365, Outlook",
        "outlook.office365.com",
        "smtp.office365.com",
        _l("Microsoft 365 takes no passwords here: choose “Microsoft 365” to sign in, save the draft, and connect it."),
        uses_subaddress=True,
        signs_in="microsoft",
    ),
    "yahoo": Preset.at(
        "Yahoo",
        "imap.mail.yahoo.com",
        "smtp.mail.yahoo.com",
        _l("Yahoo wants an app password: make one in the account, under security."),
    ),
    "icloud": Preset.at(
        "iCloud",
        "imap.mail.me.com",
        "smtp.mail.me.com",
        _l("iCloud wants an app-specific password: make one in the Apple account. The user is the part before the @."),
    ),
    "zoho": Preset.at(
        "Zoho",
        "imap.zoho.eu",
        "smtp.zoho.eu",
        _l("Outside Europe the servers end in .com. With two-step sign-in Zoho wants an app password."),
    ),
    "ionos": Preset.at("IONOS", "imap.ionos.es", "smtp.ionos.es"),
    "ovh": Preset.at("OVH", "ssl0.ovh.net", "ssl0.ovh.net"),
    "arsys": Preset.at("Arsys", "imap.serviciodecorreo.es", "smtp.serviciodecorreo.es"),
    "hostinger": Preset.at("Hostinger", "imap.hostinger.com", "smtp.hostinger.com", smtp_port=465, smtp_security="tls"),
    "other": Preset(
        _l("another provider"),
        _l("Its help pages name the servers under IMAP and SMTP; often they are imap. and smtp. before your domain."),
    ),
}
