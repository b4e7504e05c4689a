"""How a mailbox is reached, and what it says when it cannot be."""

from typing import TYPE_CHECKING, Any

from app.lib import secrets
from app.lib.imap import Imap
from app.lib.smtp import Smtp
from app.lib.words import lazy_gettext as _l

if TYPE_CHECKING:
    from app.mail.mailbox import Mailbox

# What can go wrong on the way, and what to do about it (C9d).
FAILURES: dict[str, Any] = {
    "name": _l("No server has this name. Check how it is written."),
    "refused": _l("The server does not answer on this port. Check the port and whether the server is running."),
    "timeout": _l("The server does not answer in time."),
    "tls": _l("The connection cannot be encrypted as chosen. Try another encryption, or check the certificate."),
    "login": _l("The server does not accept the user or the password. Many providers want an app password."),
    "folder": _l("There is no such folder on the server."),
    "broken": _l("The server ended the conversation."),
    "key": _l("The saved password cannot be read with this installation's key. Type it again."),
    "storage": _l("There is no room left to store mail. Nothing was lost: it is fetched again when there is."),
}


class Connectable:
    """The two wires of a mailbox."""

    def imap(self: "Mailbox", *, folder: str | None = "") -> Imap:
        """The way in, not opened yet. Raises Unreadable."""
        chosen = self.folder or "INBOX" if folder == "" else folder
        return Imap(self.host, self.port, self.security, self.user, _opened(self.password), folder=chosen)

    def smtp(self: "Mailbox") -> Smtp:
        """The way out, not opened yet. Raises Unreadable."""
        user = self.smtp_user
        password = _opened(self.smtp_password or self.password) if user else ""
        return Smtp(self.smtp_host, self.smtp_port, self.smtp_security, user, password)

    @property
    def can_send(self: "Mailbox") -> bool:
        return self.state == "confirmed" and bool(self.smtp_host)

    @property
    def failure_sentence(self: "Mailbox") -> str:
        """Why it fails, in words."""
        cause, _, said = self.failure.partition(": ")
        return f"{FAILURES.get(cause, FAILURES['broken'])}" + (f" ({said})" if said else "")


def _opened(sealed: str) -> str:
    return secrets.vault().unlock(sealed) if sealed else ""


def sealed(password: str) -> str:
    return secrets.vault().lock(password) if password else ""
