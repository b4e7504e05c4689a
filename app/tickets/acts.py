"""What can be done to many tickets at once: each act is one verb of a ticket, said to each of them (SPEC V3)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.accounts.person import Person
from app.catalog.lists import Category, Justification, Priority
from app.lib.db import Record
from app.lib.folding import folded
from app.lib.words import lazy_gettext as _l
from app.messages.reply_template import KNOWN
from app.messages.templated import StillOpen, placeholders
from app.tickets.lifecycle import ON_HAND, STATUSES
from app.tickets.ticket import Ticket

Values = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """`needs`: the word of role.py that an agent needs. `asks`: a page asks what it still has to know."""

    key: str
    label: Any
    needs: str
    apply: Callable[[Ticket, Values, Person], None]
    undo: Callable[[Ticket, Values, Person], None] | None = None  # where putting the fields back is not enough
    asks: bool = False


def _assign(ticket: Ticket, told: Values, by: Person) -> None:
    ticket.hand_over(to=told["to"], by=by)


def _group(ticket: Ticket, told: Values, by: Person) -> None:
    ticket.give_to_group(told["to"], by=by)


def _status(ticket: Ticket, told: Values, by: Person) -> None:
    ticket.set_status(told["status"], by=by, justification=told["why"])


def _edit(field: str) -> Callable[[Ticket, Values, Person], None]:
    return lambda ticket, told, by: ticket.edit(by=by, **{field: told["to"]})


def _tag(ticket: Ticket, told: Values, by: Person) -> None:
    out = set(map(folded, told["remove"]))
    kept = [tag.label for tag in ticket.tags if folded(tag.label) not in out]
    ticket.tag_with([*kept, *told["add"]], by=by)


def _close(ticket: Ticket, told: Values, by: Person) -> None:
    """The same words to each customer, with what fills itself in filled in. Raises StillOpen."""
    values = placeholders(ticket, by) if KNOWN.search(told["text"]) else {}
    text = KNOWN.sub(lambda found: values.get(found[1]) or found[0], told["text"])
    if left := KNOWN.search(text):
        raise StillOpen(placeholder=left.group())
    ticket.close(text, by=by)


def _merge(ticket: Ticket, told: Values, by: Person) -> None:
    ticket.merge_into(told["into"], by=by)


def _remove(ticket: Ticket, told: Values, by: Person) -> None:
    ticket.remove(by=by)


ACTS: dict[str, Act] = {
    act.key: act
    for act in (
        Act("assign", _l("Assign"), "assign", _assign),
        Act("group", _l("Group"), "assign", _group),
        Act("status", _l("Status"), "edit", _status),
        Act("priority", _l("Priority"), "edit", _edit("priority")),
        Act("category", _l("Category"), "edit", _edit("category")),
        Act("tag", _l("Tags"), "edit", _tag),
        Act("close", _l("Close"), "close", _close, asks=True),
        Act("merge", _l("Merge"), "merge", _merge, undo=lambda ticket, told, by: ticket.separate(by=by), asks=True),
        Act("remove", _l("Delete"), "remove", _remove, undo=lambda ticket, told, by: ticket.restore(by=by)),
    )
}


def told_of(act: str, details: Values) -> Values:
    """The details of a batch, ids turned into what they name; read once for all tickets."""
    found = dict(details)
    if act in ("assign", "group", "priority", "category"):
        kinds: dict[str, Any] = {
            "assign": Person, "group": Record.records["Group"], "priority": Priority, "category": Category,
        }  # fmt: skip
        found["to"] = kinds[act].get_or_none(id=details["to"]) if details.get("to") else None
    if act == "status":
        found["why"] = Justification.get_or_none(id=details["why"]) if details.get("why") else None
    if act == "merge":
        found["into"] = Ticket.get_by_id(details["into"])
    return found


def sentence_of(act: str, details: Values) -> str:
    """What is done, for the strip that shows its progress: "Priority: High"."""
    told, label = told_of(act, details), str(ACTS[act].label)
    if act in ("assign", "group", "priority", "category"):
        to = told["to"]
        value = (getattr(to, "label", None) or to.name) if to else str(_l("Nobody") if act == "assign" else _l("None"))
        return f"{label}: {value}"
    if act == "status":
        return f"{label}: {STATUSES[told['status']].label}"
    if act == "tag":
        return (
            f"{label}: {', '.join([*(f'+{each}' for each in told['add']), *(f'−{each}' for each in told['remove'])])}"
        )
    if act == "merge":
        return f"{label}: {told['into'].number}"
    return label


def is_sound(act: str, details: Values) -> bool:
    """Whether the details say what the act needs."""
    if act == "status":
        return details.get("status") in ON_HAND
    if act == "tag":
        return bool(details.get("add") or details.get("remove"))
    if act == "priority":
        return bool(details.get("to"))
    return act in ACTS
