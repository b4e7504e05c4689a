"""Mail at the desk: the room, a module a noun."""

from app.mail.desk import blocked, consents, ledger, mailboxes, outbox, rules, sending
from app.mail.desk.room import mail

__all__ = ["blocked", "consents", "ledger", "mail", "mailboxes", "outbox", "rules", "sending"]
