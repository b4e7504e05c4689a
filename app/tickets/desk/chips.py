"""The chips of a list: what it can be narrowed by, each with its choices.

What is switched off is not offered; what is chosen always stands there, however it came into the address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import g

from app.lib.kinds import NO, YES, said
from app.lib.words import LANGUAGE_NAMES
from app.lib.words import gettext as _
from app.tickets.choices import KINDS, Choices, few_organizations, named_customers
from app.tickets.filters import is_number, is_off
from app.tickets.lifecycle import OPEN, STATUSES
from app.tickets.listing import Listing

Pairs = list[tuple[str, Any]]


@dataclass(frozen=True)
class Chip:
    """One filter: a list of (value, words) to choose from, or an input of this type."""

    name: str
    label: str
    any: str
    choices: Pairs = field(default_factory=list)
    input: str = ""
    chosen: str = ""

    @property
    def shown(self) -> Any:
        if not self.chosen:
            return self.any
        if self.input == "date":
            return said("date", self.chosen)
        return dict(self.choices).get(self.chosen, self.chosen)


def chips(listing: Listing, choices: Choices, *, rare: bool = False) -> list[Chip]:
    """In their order; `rare`: with those whose choices are read for them alone."""
    drawn = [*_people_and_state(listing, choices), *_lists(choices), *_rest(choices), *_customers(listing, rare=rare)]
    drawn += _own(listing, choices)
    return [chip for each in drawn if (chip := _chosen(each, listing, choices)).chosen or _is_offered(chip)]


def _is_offered(chip: Chip) -> bool:
    return bool(chip.choices or chip.input) and not is_off(chip.name)


def _chosen(chip: Chip, listing: Listing, choices: Choices) -> Chip:
    """With what is chosen, which may be offered no more."""
    value = listing.filters.get(chip.name, "")
    pairs = chip.choices
    if is_number(value) and value not in dict(pairs) and chip.name in KINDS and int(value) in choices[chip.name]:
        pairs = [*pairs, (value, choices[chip.name][int(value)].label)]
    return Chip(chip.name, chip.label, chip.any, pairs, chip.input, value)


def _people_and_state(listing: Listing, choices: Choices) -> Iterator[Chip]:
    turns = (*OPEN, *listing.view.turns)
    any_status = _("All but closed") if listing.view.turns == OPEN else _("Any")
    statuses = [(key, status.label) for key, status in STATUSES.items() if status.turn in turns]
    agents = [(str(each.id), each.label) for each in choices.offered("assignee") if each.id != g.me.id]
    yield Chip("status", _("Status"), any_status, statuses)
    yield Chip("assignee", _("Assigned to"), _("Anybody"), [("me", _("Me")), ("none", _("Nobody")), *agents])


def _lists(choices: Choices) -> Iterator[Chip]:
    named = (
        ("priority", _("Priority")), ("category", _("Category")), ("type", _("Type")), ("service", _("Service")),
        ("product", _("Product")), ("origin", _("Channel")), ("justification", _("Because")), ("company", _("Company")),
        ("mailbox", _("Mailbox")),
    )  # fmt: skip
    for name, words in named:
        values = [(str(each.id), each.label) for each in choices.offered(name)]
        is_one = name in ("company", "mailbox") and len(values) < 2
        yield Chip(name, words, _("Any"), [] if is_one else values)
    yield Chip("tag", _("Tags"), _("Any"), [(each.label, each.label) for each in choices.offered("tag")])


def _rest(choices: Choices) -> Iterator[Chip]:
    groups = [(str(team.id), team.name) for team in g.teams.open_to_me]
    due = [
        ("overdue", _("Overdue")), ("today", _("Due by today")), ("week", _("Within a week")),
        ("none", _("No deadline")),
    ]  # fmt: skip
    yield Chip("group", _("Group"), _("Any"), [*groups, ("none", _("None"))] if groups else [])
    yield Chip("due", _("Deadline"), _("Any"), due)
    yield Chip("has", _("With"), _("Anything"), [("news", _("Unread messages")), ("files", _("Attachments"))])
    yield Chip("visibility", _("Visibility"), _("Any"), [("public", _("Public")), ("internal", _("Internal"))])
    yield Chip("signature", _("Online signature"), _("Any"), [("yes", _("Yes")), ("no", _("No"))])
    yield Chip("language", _("Language"), _("Any"), list(LANGUAGE_NAMES.items()))
    yield Chip("created_from", _("Created from"), _("Any"), input="date")
    yield Chip("created_to", _("Created until"), _("Any"), input="date")


def _customers(listing: Listing, *, rare: bool) -> Iterator[Chip]:
    """Customers and machines: too many to choose from, but where one came from their page."""
    names = named_customers(listing.filters)
    few = [(str(number), name) for number, name in few_organizations()] if rare else []
    offered = {"organization": [*few, ("none", _("None"))] if few or "organization" in listing.filters else []}
    words = {"organization": _("Organization"), "requester": _("Customer"), "equipment": _("Equipment")}
    for name, label in words.items():
        chosen = {listing.filters[name]: names[name]} if name in names else {}
        yield Chip(name, label, _("Any"), list((dict(offered.get(name, [])) | chosen).items()))


def _own(listing: Listing, choices: Choices) -> Iterator[Chip]:
    """The installation's own fields (T20)."""
    for each in choices["custom"].values():
        name = f"custom_{each.id}"
        if not each.is_offered and name not in listing.filters:
            continue
        kind = each.own_kind
        if kind in ("choice", "yes_no"):
            values = each.own_choices if kind == "choice" else [YES, NO]
            yield Chip(name, each.label, _("Any"), [(value, said(kind, value)) for value in values])
        else:
            yield Chip(name, each.label, _("Any"), input="date" if kind == "date" else "text")
