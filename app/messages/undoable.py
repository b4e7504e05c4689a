"""Taking back what was just sent, for as long as it waits to leave (SPEC T19)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.db import transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.messages.draft import Draft
from app.messages.message import Message
from app.outbox.delivery import Delivery
from app.timeline.event import Event

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

# What a reply or a closing changes on the ticket beside its status.
KEPT = ("snippet", "has_files", "first_response_at", "resolved_at", "justification_id", "wakes_at")
WAITING = ("waiting", "deferred", "cancelled")  # states of a mail that nobody has got
MOMENTS = ("first_response_at", "resolved_at", "wakes_at")


class TooLateToUndo(Refused):
    says = _l("It has left already.")
    status = 409


class Undoable:
    """A message that still waits is as if it had never been written; only the team's history says so."""

    def remembered(self: "Ticket") -> dict[str, Any]:
        """What the ticket was before a message, as plain values for its event."""
        kept = {name: getattr(self, name) for name in KEPT}
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in kept.items()}

    @transaction()
    def take_back(self: "Ticket", message: Message, *, by: Person, draft_key: str) -> None:
        """Its words are a draft again, with whom it was to go to; its files go to the writer's form with this key.

        Raises NotAllowed, TooLateToUndo.
        """
        demand(by, "reply")
        self.lock()
        event = Event.get_or_none(about_kind="Message", about_id=message.id, settled_at=None)
        if event is None or message.author_id != by.id or message.ticket_id != self.id or not message.is_held:
            raise TooLateToUndo
        self._unmail(event)
        self._unsend_survey(event)
        files = list(message.attachments)
        for file in files:
            file.take_from(message, by=by, draft_key=draft_key)
        changes = self._uncopy(event)
        Draft.keep_also(self, by, "reply", message.text, changes=changes, key=draft_key if files else "")
        self._return_to(event, message)
        event.delete_instance()
        message.delete_instance()
        self._look_through()
        self.touch()
        self.record("message.taken_back", by=by, said=message.snippet)

    def unsay_closing(self: "Ticket", event: Event, message: Message) -> bool:
        """Takes back what a closing said, and its survey, each where its mail has not left.

        Returns whether nobody outside has heard of any of it.
        """
        asked = any(_has_left(sent) for sent in self._surveys_of(event))
        if not asked:
            self._unsend_survey(event)
        if _has_left(event):
            return False
        self._unmail(event)
        self._return_to(event, message)
        event.delete_instance()
        message.delete_instance()
        return not asked

    def _unmail(self: "Ticket", event: Event) -> None:
        """Ends every mail of this event, and its links. Raises TooLateToUndo if one is on its way."""
        mails = list(Delivery.select().where(Delivery.event == event))
        waiting = Delivery.delete().where(Delivery.event == event, Delivery.state.in_(WAITING)).execute()
        if waiting != len(mails):
            raise TooLateToUndo
        for mail in mails:
            if mail.link:
                mail.link.delete_instance()

    def _unsend_survey(self: "Ticket", event: Event) -> None:
        """The survey that was to leave with a closing goes back with it. Raises TooLateToUndo."""
        for sent in self._surveys_of(event):
            self._unmail(sent)
            if sent.about:
                sent.about.delete_instance()
            sent.delete_instance()

    def _surveys_of(self: "Ticket", event: Event) -> list[Event]:
        since = Event.kind == "survey.sent", Event.held_until == event.held_until, Event.id > event.id
        return list(Event.select().where(Event.ticket == self, *since))

    def _return_to(self: "Ticket", event: Event, message: Message) -> None:
        """The ticket as it was, where nobody has changed it since; of one that was merged meanwhile, not the other."""
        if event.ticket_id == self.id and self.status == event.details.get("then"):
            self.become(event.details["was"])
            self._restore(event.details["before"], message)
        if self.first_response_at == message.said_at:
            self.first_response_at = None

    def _uncopy(self: "Ticket", event: Event) -> dict[str, list[str]]:
        """Who gets copies is as it was, unless somebody has changed or used that since.

        Of a ticket that was merged meanwhile, here too. Returns the addresses it had "added" and "ended".
        """
        changed, source = event.details.get("copies"), self if event.ticket_id == self.id else event.ticket
        since = Event.kind.in_(["ticket.copied", "message.replied"]), Event.ticket == source, Event.id > event.id
        if not changed or Event.select().where(*since).exists():
            return {}
        source.change_copies(added=changed["ended"], ended=changed["added"])
        source.index_myself()
        if source != self:
            self.take_copies_back(source, changed["added"])
            self.index_myself()
        people = {
            each.id: each.email for each in Person.select().where(Person.id.in_([*changed["added"], *changed["ended"]]))
        }
        return {way: [people[each] for each in ids if people.get(each)] for way, ids in changed.items()}

    def _restore(self: "Ticket", before: dict[str, Any], message: Message) -> None:
        for name, value in before.items():
            if name == "snippet" and self.snippet != message.snippet:
                continue
            setattr(self, name, datetime.fromisoformat(value) if name in MOMENTS and value else value)


def _has_left(event: Event) -> bool:
    return bool(Delivery.select().where(Delivery.event == event, Delivery.state.not_in(WAITING)).exists())
