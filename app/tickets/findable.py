"""What a ticket is found by: what was said on it, its own words, and those of what it names (SPEC T18)."""

import time
from typing import TYPE_CHECKING

from peewee import chunked

from app.attachments.attachment import PARTS
from app.lib import phones
from app.lib.db import Record, transaction
from app.lib.search import SearchEntry
from app.messages.message import Message

if TYPE_CHECKING:
    from app.tickets.ticket import Ticket

LOOKED_UP = 1000  # ids in their order at once: of 300,000 that is a tenth of the work
AT_ONCE = 20  # tickets of one transaction
A_WHILE = 1.0  # seconds


class Findable:
    """Making texts findable, customers' own only by what they may read."""

    def index(self: "Ticket", text: str, *, public: bool, message: Message | None = None) -> None:
        """Makes a text findable: a note never by customers."""
        if text:
            SearchEntry.add(self, text, public=public and not self.is_internal, message=message)

    def index_myself(self: "Ticket", *, is_new: bool = False) -> None:
        """Makes the ticket's own words findable: subject, names, numbers; what customers do not see, to agents only."""
        words = [str(self.number), self.subject, self.name, self.email, self.serial, self.sales_order]
        words += phones.sought(self.phone)
        words += [self.customer_company, self.organization.name if self.organization else ""]
        words += self.category.names if self.category else []
        words += [self.equipment.name, self.equipment.serial] if self.equipment else []
        numbers = [self.serial, self.sales_order, self.equipment.serial if self.equipment else ""]
        words += [" ".join(PARTS.findall(number)) for number in numbers]  # PostgreSQL takes "-77" for a number
        texts = [("\n".join(dict.fromkeys(word for word in words if word)), not self.is_internal)]
        if is_new:
            SearchEntry.add(self, texts[0][0], public=texts[0][1], own=True)
            return
        inner = [*(tag.label for tag in self.tags), *self.copied_addresses, self.diagnosis]
        SearchEntry.replace(self, [*texts, ("\n".join(word for word in inner if word), False)])

    @classmethod
    def index_anew(cls: "type[Ticket]", named: Record, *, was: str = "", after: int = 0) -> int | None:
        """Makes tickets of an organization, a category, a tag or a machine findable by what it is called now.

        Those of a requester that call them as they were called until now (`was`) say the new name, too.

        As many as fit into a second, from behind the id `after`; returns the id of the last one, or None after all.
        """
        columns = {"Organization": cls.organization, "Category": cls.category, "Equipment": cls.equipment}
        kind, links = type(named).__name__, Record.records["TicketTag"]
        theirs = columns[kind] == named if kind in columns else None
        if kind == "Tag":
            theirs = cls.id.in_(links.select(links.ticket).where(links.tag == named))
        if kind == "Person":
            theirs = (cls.requester == named) & (cls.name == was)
        if theirs is None:
            return None
        began = time.monotonic()
        query = cls.select(cls.id).where(theirs, cls.id > after).order_by(cls.id).limit(LOOKED_UP)
        ids = [number for (number,) in query.tuples()]
        for some in chunked(ids, AT_ONCE):
            with transaction():
                for ticket in cls.select().where(cls.id.in_(list(some))).order_by(cls.id):
                    if ticket.hold().purged_at:
                        continue
                    if kind == "Person":
                        if (ticket.requester_id, ticket.name) != (named.id, was):
                            continue  # somebody has said otherwise meanwhile
                        ticket.name = named.name
                        ticket.save()
                    ticket.index_myself()
            after = some[-1]
            if time.monotonic() - began > A_WHILE:
                break
        is_over = len(ids) < LOOKED_UP and (not ids or after == ids[-1])
        return None if is_over else after
