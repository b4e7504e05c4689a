"""Providers of OAuth 2: how this installation is registered with Google, Microsoft or another one (SPEC C10)."""

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from peewee import CharField, TextField

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib import links, secrets
from app.lib.db import Record, transaction
from app.lib.oauth import Client
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.timeline.event import record

RETURN_PATH = "/desk/settings/mailboxes/access"  # where a provider's page sends the administrator back to
HERE = ("localhost", "127.0.0.1", "::1")


class Known(NamedTuple):
    """What does not differ from one installation to the next."""

    label: Any
    authorize_url: str = ""
    token_url: str = ""
    scope: str = ""
    extra: dict[str, str] = {}


_MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
_OUTLOOK = "https://outlook.office.com/"
KNOWN = {
    "google": Known(
        "Google",
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
        {"access_type": "offline", "prompt": "consent"},
    ),
    "microsoft": Known(
        "Microsoft 365",
        f"{_MICROSOFT}/authorize",
        f"{_MICROSOFT}/token",
        f"offline_access {_OUTLOOK}IMAP.AccessAsUser.All {_OUTLOOK}POP.AccessAsUser.All {_OUTLOOK}SMTP.Send",
    ),
    "oauth": Known(_l("Another provider by OAuth 2")),
}


class NotHttps(Refused):
    says = _l("This address has to begin with https://.")


class MailProvider(Record):
    """One registration. The secret is sealed; nobody is shown it again."""

    key = CharField(max_length=10, unique=True)
    client_id = CharField(max_length=300, default="")
    client_secret = TextField(default="")  # sealed by the vault; empty for a public client
    tenant = CharField(max_length=100, default="")  # of Microsoft: whose accounts; empty: anybody's
    authorize_url = CharField(max_length=500, default="")  # of another provider, as are the next two
    token_url = CharField(max_length=500, default="")
    scope = CharField(max_length=500, default="")

    @classmethod
    def named(cls, key: str) -> "MailProvider":
        """The registration with this provider, or an empty one, not saved. Raises KeyError for an unknown key."""
        KNOWN[key]
        return cls.find(key=key) or cls(key=key)

    @classmethod
    def all(cls) -> "list[MailProvider]":
        """Each provider, registered with or not."""
        known = {each.key: each for each in cls.select()}
        return [known.get(key) or cls(key=key) for key in KNOWN]

    @property
    def label(self) -> str:
        return str(KNOWN[self.key].label)

    @property
    def is_ready(self) -> bool:
        return bool(self.client_id and (self.token_url or self.key != "oauth"))

    @transaction()
    def register(self, *, by: Person, client_secret: str = "", **fields: Any) -> None:
        """What the provider gave us; an empty secret leaves the one there is. Raises NotAllowed, NotHttps."""
        demand(by, "configure")
        for name in ("authorize_url", "token_url"):
            _insist_on_https(fields.get(name, ""), name)
        if client_secret:
            fields["client_secret"] = secrets.vault().lock(client_secret)
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(force_insert=self.id is None)
        record("provider.registered", by=by, about=self)

    def client(self) -> Client:
        """Ready for app/lib/oauth.py. Raises Unreadable."""
        known = KNOWN[self.key]
        secret = secrets.vault().unlock(self.client_secret) if self.client_secret else ""
        ways = [known.authorize_url or self.authorize_url, known.token_url or self.token_url]
        authorize, token = (way.format(tenant=self.tenant or "common") if known.authorize_url else way for way in ways)
        return Client(
            self.client_id, secret, authorize, token, known.scope or self.scope, self.redirect_uri, known.extra
        )

    @property
    def redirect_uri(self) -> str:
        """What has to be entered at the provider."""
        return links.absolute(RETURN_PATH)


def _insist_on_https(url: str, field: str) -> None:
    """Tokens go there: in the clear only to this very machine."""
    parts = urlsplit(url)
    if url and not (
        parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE))
    ):
        raise NotHttps(field=field)
