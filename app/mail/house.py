"""What does not change from one mail to the next of the same round: read once."""

from flask import current_app

from app.accounts.robot import Robot
from app.branding.company import Company
from app.catalog.lists import Origin, Priority, TicketType
from app.lib import secrets
from app.lib.resolving import resolver
from app.mail import loop
from app.mail.blocking import BlockedSender
from app.mail.import_rule import ImportRule
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.mail.settings import SpamSettings
from app.mail.spam import Detective


class House:
    """What does not change from one mail to the next of the same round: read once."""

    def __init__(self) -> None:
        self.company = Company.ours()
        self.mailboxes = {mailbox.id: mailbox for mailbox in Mailbox.select()}
        addresses = [mailbox.address for mailbox in self.mailboxes.values()]
        self.addresses = {each.lower() for each in [*addresses, *self._of_companies()] if each}
        self.keys = secrets.keys().derive_all("message-id")
        self.loop_token = loop.token(secrets.keys().derive("loop"))
        self.rules = ImportRule.active()
        self.robot = Robot.mail()
        self.type = TicketType.first()
        self.priority = Priority.get_or_none(Priority.key == "low") or Priority.first()
        self.origin = Origin.by_key("email")
        self.blocked = BlockedSender.all_senders()
        self.dns_server = current_app.extensions["ventanilla"].dns_server
        self.detective = Detective(
            heeds_marks=SpamSettings.heeds_marks,
            block_lists=SpamSettings.block_lists,
            rspamd=SpamSettings.rspamd,
            resolver=resolver(self.dns_server),
        )

    def authserv_id(self, entry: LedgerEntry) -> str:
        """The server whose word about senders counts in this entry's mailbox."""
        mailbox = self.mailboxes.get(entry.mailbox_id)
        return str(mailbox.authserv_id) if mailbox else ""

    @staticmethod
    def _of_companies() -> list[str]:
        return [email for (email,) in Company.select(Company.email).tuples()]
