"""How a mailbox is reached, what it shows there, and what it says when it cannot be reached."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.lib import secrets
from app.lib.imap import Imap
from app.lib.pop3 import Pop3
from app.lib.smtp import Smtp
from app.lib.words import lazy_gettext as _l

if TYPE_CHECKING:
    from app.mail.mailbox import Mailbox

# What can go wrong on the way, and what to do about it (C9d).
FAILURES: dict[str, Any] = {
    "name": _l("No server has this name. Check how it is written."),
    "refused": _l("The server does not answer on this port. Check the port and whether the server is running."),
    "timeout": _l("The server did not answer in time."),
    "tls": _l("The connection cannot be encrypted as chosen. Try another encryption, or check the certificate."),
    "tls_name": _l("The server's certificate is for another name. Write the server's name as its provider does."),
    "tls_trust": _l(
        "The server's certificate cannot be trusted: it has expired, or no authority that we know vouches for it."
    ),
    "login": _l("The server does not accept the user or the password. Many providers want an app password."),
    "access": _l("There is no access to the mailbox: it was never given, has expired or was withdrawn. Connect it."),
    "provider": _l("The provider that gives access did not answer properly. It is asked again automatically."),
    "consent": _l("The provider gave no access. Connect again; if it fails again, check what is registered with it."),
    "consent_answer": _l("The provider did not answer properly. Connect again in a while."),
    "folder": _l("There is no such folder on the server."),
    "quota": _l("The mailbox is full: new mail may be turned away. Make room there, or have more of it given."),
    "uidl": _l("This server cannot tell its messages apart (no UIDL). Use IMAP."),
    "unset": _l("No mailbox is confirmed for sending, and no server for outgoing mail is in use."),
    "broken": _l("The server ended the conversation."),
    "key": _l("The saved password cannot be read with this installation's key. Type it again."),
    "storage": _l("There is no room left to store mail. Nothing was lost: it is fetched again when there is."),
}


@dataclass(frozen=True, slots=True)
class Credential:
    """What a mailbox shows to a server: a password, or an access token of OAuth 2, which is shown by XOAUTH2."""

    user: str
    secret: str = field(repr=False)
    is_token: bool = False


class Connectable:
    """The wires of a mailbox."""

    def credential(self: "Mailbox", *, sending: bool = False, fresh: bool = False) -> Credential:
        """What to sign in with, for reading or for sending; an empty user: the server wants nothing.

        For sending: the password typed for it, else the one for reading; with OAuth 2 one token is good for both. A
        token that is over, or `fresh` because it was just refused, is asked for anew, which may take ten seconds:
        never inside a transaction. Raises Unreadable (another key sealed it) and NoAccess, whose `cause` is a word of
        FAILURES: "access" until somebody connects the mailbox again, "provider" for now.
        """
        user = self.smtp_user if sending else self.user
        if self.uses_consent and not (sending and self.smtp_password):
            return Credential(user or self.user or self.address, self.access_token(fresh=fresh), is_token=True)
        password = (self.smtp_password or self.password) if sending else self.password
        return Credential(user, opened(password) if user else "")

    def imap(self: "Mailbox", *, folder: str | None = "", fresh: bool = False) -> Imap:
        """The way in, not opened yet. Raises Unreadable, NoAccess."""
        chosen = self.folder or "INBOX" if folder == "" else folder
        shown = self.credential(fresh=fresh)
        return Imap(
            self.host, self.port, self.security, shown.user, shown.secret, is_token=shown.is_token, folder=chosen
        )

    def pop3(self: "Mailbox", *, fresh: bool = False) -> Pop3:
        """The other way in, not opened yet. Raises Unreadable, NoAccess."""
        shown = self.credential(fresh=fresh)
        return Pop3(self.host, self.port, self.security, shown.user, shown.secret, is_token=shown.is_token)

    def smtp(self: "Mailbox", *, fresh: bool = False) -> Smtp:
        """The way out, not opened yet. Raises Unreadable, NoAccess."""
        shown = self.credential(sending=True, fresh=fresh)
        return Smtp(
            self.smtp_host, self.smtp_port, self.smtp_security, shown.user, shown.secret, is_token=shown.is_token
        )

    @property
    def way_in(self: "Mailbox") -> tuple[object, ...]:
        """All that decides where and as whom it is read: where this changes, a line that is open leads elsewhere."""
        return (self.kind, self.host, self.port, self.security, self.user, self.password, self.signs_in, self.folder)

    @property
    def can_send(self: "Mailbox") -> bool:
        return self.state == "confirmed" and bool(self.smtp_host)

    @property
    def is_fetched(self: "Mailbox") -> bool:
        """Whether its mail is on a server of somebody else's, to be come for."""
        return self.kind in ("imap", "pop3")

    @property
    def failure_reason(self: "Mailbox") -> str:
        """Why it fails, and what to do about it."""
        return str(FAILURES.get(self.failure.partition(": ")[0], FAILURES["broken"]))

    @property
    def failure_sentence(self: "Mailbox") -> str:
        """The same with the server's own words, which may name an address."""
        said = self.failure.partition(": ")[2]
        return f"{self.failure_reason} ({said})" if said else self.failure_reason


def opened(sealed: str) -> str:
    return secrets.vault().unlock(sealed) if sealed else ""


def sealed(password: str) -> str:
    return secrets.vault().lock(password) if password else ""
