"""The chips of a list: what it can be narrowed by, each with its choices; what is switched off is not offered."""

from typing import Any

from flask import g

from app.frame import LANGUAGE_NAMES
from app.lib.words import gettext as _
from app.tickets.choices import Choices
from app.tickets.lifecycle import OPEN, STATUSES
from app.tickets.listing import Listing
from app.tickets.settings import TicketSettings

Pairs = list[tuple[str, Any]]


def chips(listing: Listing, choices: Choices) -> list[dict[str, Any]]:
    """Each with its choices as (value, words); without choices it is a date."""
    offered = [*_people_and_state(listing, choices), *_lists(choices), *_rest(choices)]
    return [_chip(listing, *each) for each in offered if each[3] is None or each[3]]


def _people_and_state(listing: Listing, choices: Choices) -> list[tuple[str, str, str, Pairs | None]]:
    turns = (*OPEN, *listing.view.turns)
    statuses: Pairs = [(key, status.label) for key, status in STATUSES.items() if status.turn in turns]
    agents: Pairs = [("me", _("Me")), ("none", _("Nobody"))]
    agents += [(str(choice.id), choice.label) for choice in choices.offered("assignee") if choice.id != g.me.id]
    any_status = _("All but closed") if listing.view.turns == OPEN else _("Any")
    return [("status", _("Status"), any_status, statuses), ("assignee", _("Assigned to"), _("Anybody"), agents)]


def _lists(choices: Choices) -> list[tuple[str, str, str, Pairs | None]]:
    named = (
        ("priority", _("Priority")), ("category", _("Category")), ("type", _("Type")), ("service", _("Service")),
        ("product", _("Product")), ("origin", _("Channel")), ("justification", _("Because")), ("company", _("Company")),
    )  # fmt: skip
    found: list[tuple[str, str, str, Pairs | None]] = []
    for name, words in named:
        values: Pairs = [(str(each.id), each.label) for each in choices.offered(name)]
        if name not in TicketSettings.fields_off and (name != "company" or len(values) > 1):
            found.append((name, words, _("Any"), values))
    if "tags" not in TicketSettings.fields_off:
        found.append(("tag", _("Tags"), _("Any"), [(each.label, each.label) for each in choices.offered("tag")]))
    return found


def _rest(choices: Choices) -> list[tuple[str, str, str, Pairs | None]]:
    groups: Pairs = [(str(team.id), team.name) for team in g.teams.open_to_me]
    due: Pairs = [
        ("overdue", _("Overdue")), ("today", _("Due by today")), ("week", _("Within a week")),
        ("none", _("No deadline")),
    ]  # fmt: skip
    found: list[tuple[str, str, str, Pairs | None]] = [
        ("group", _("Group"), _("Any"), [*groups, ("none", _("None"))] if groups else []),
        ("due", _("Deadline"), _("Any"), due),
        ("has", _("With"), _("Anything"), [("news", _("Unread messages")), ("files", _("Attachments"))]),
        ("visibility", _("Visibility"), _("Any"), [("public", _("Public")), ("internal", _("Internal"))]),
        ("signature", _("Online signature"), _("Any"), [("yes", _("Yes")), ("no", _("No"))]),
        ("language", _("Language"), _("Any"), list(LANGUAGE_NAMES.items())),
        ("created_from", _("Created from"), _("Any"), None),
        ("created_to", _("Created until"), _("Any"), None),
    ]
    hidden = {"due": "due_at", "signature": "online_signature"}
    return [each for each in found if hidden.get(each[0], each[0]) not in TicketSettings.fields_off]


def _chip(listing: Listing, name: str, words: str, anything: str, values: Pairs | None) -> dict[str, Any]:
    chosen = listing.filters.get(name, "")
    return {
        "name": name,
        "label": words,
        "any": anything,
        "values": values,
        "chosen": chosen,
        "shown": dict(values or ()).get(chosen, chosen) if chosen else anything,
    }
