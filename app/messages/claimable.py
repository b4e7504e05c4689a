"""Mails that speak in somebody's name without proof: kept as notes until one of the team confirms them (SPEC C9b)."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.accounts.agent import demand
from app.accounts.contact import Contact
from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import transaction
from app.lib.refusals import Refused
from app.lib.search import SearchEntry
from app.lib.words import lazy_gettext as _l
from app.messages.message import AGENT, Message

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket


class NoClaim(Refused):
    says = _l("This mail does not wait for anybody any more.")
    status = 409


class Claimable:
    """Filing a claim, confirming it, and leaving it a note."""

    @transaction()
    def file_claim(
        self: "Ticket",
        text: str,
        *,
        by: Person,
        said_at: datetime,
        claim: str = "",
        files: Iterable[Any] = (),
        **mail: Any,
    ) -> Message:
        """Files a mail whose words count for nobody yet: the team reads it, nothing changes or is published (C9b).

        `claim`: why it waits for somebody to confirm it (a key of CLAIMS); empty where nothing is to be confirmed.
        """
        self.lock()
        said = {"is_public": False, "is_incoming": True, "channel": "email", "said_at": said_at, "claim": claim}
        message = self._say(text, by=by, files=files, **said, **mail)
        self.touch()
        self.record("message.claimed" if claim else "message.noted", by=by, about=message)
        return message

    @transaction()
    def confirm_claim(self: "Ticket", message: Message, *, by: Person) -> None:
        """Takes the mail for what it says it is: the customer's word, as if it had been heard (L3); or an agent's note.

        Raises NotAllowed, NoClaim.
        """
        demand(by, "reply")
        self.lock()
        was_claim = self._end_claim(message)
        if was_claim == AGENT or self.is_internal:
            self.touch()
        else:
            was = self.move_after_hearing()
            message.change(is_public=True, author=self._claimed_author(message))
            SearchEntry.update(is_public=True).where(SearchEntry.message == message).execute()
            self.last_heard_at = now()
            self.touch(message)
            self.record("message.accepted", by=by, about=message, public=True, was=was, name=message.author_name)
            return
        self.record("message.confirmed", by=by, about=message, name=message.author_name)

    @transaction()
    def dismiss_claim(self: "Ticket", message: Message, *, by: Person) -> None:
        """Leaves it a note that counts for nobody. Raises NotAllowed, NoClaim."""
        demand(by, "note")
        self.lock()
        self._end_claim(message)
        self.touch()
        self.record("message.dismissed", by=by, about=message, name=message.author_name)

    def _end_claim(self: "Ticket", message: Message) -> str:
        """Ends it once, of two who decide at the same time. Raises NoClaim."""
        was: str = message.claim
        still = (Message.id == message.id) & (Message.ticket == self) & (Message.claim == was)
        if not was or not Message.update(claim="").where(still).execute():
            raise NoClaim
        message.claim = ""
        return was

    def _claimed_author(self: "Ticket", message: Message) -> Person | None:
        address = message.author_address
        if self.requester and address in (self.email, self.requester.email):
            return self.requester
        return Contact.register(address, address, offered_name=message.author_name) if address else message.author
