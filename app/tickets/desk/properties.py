"""The properties of a ticket, edited in place: one small form each, and the noun that each is posted to."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import abort, g, redirect, request, url_for
from werkzeug.exceptions import NotFound

from app.accounts.agent import NotAllowed, demand
from app.lib.pages import done, page, wants_block
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.lib.words import ngettext
from app.tickets.desk.room import dossier_of, tickets
from app.tickets.dossier import Dossier
from app.tickets.editable import PLAIN
from app.tickets.forms.editors import EDITORS, editor
from app.tickets.forms.fields import CUSTOM, with_new
from app.tickets.ticket import Ticket
from app.timeline.wording import FIELDS, describe

PAGE = "tickets/desk/properties.html"
# Which act of a role each needs; the others need "edit".
NEEDS = {"assignee": "assign", "group": "assign", "due_at": "forecast"} | dict.fromkeys(
    ("visibility", "cc", "requester", "organization"), "publish"
)
Say = Callable[[Ticket, dict[str, Any]], None]
# Where a property's form is posted, where it has a noun of its own.
NOUNS = {
    "status": "update_status",
    "assignee": "create_assignment",
    "group": "update_group",
    "tags": "update_tags",
    "cc": "update_copies",
    "requester": "update_requester",
    "visibility": "update_visibility",
}
LABELS: dict[str, Any] = {
    "status": _l("Status"), "assignee": _l("Assigned to"), "group": _l("Group"), "priority": FIELDS["priority"],
    "due_at": _l("Deadline"), "type": FIELDS["type"], "category": FIELDS["category"], "service": FIELDS["service"],
    "product": FIELDS["product"], "serial": FIELDS["serial"], "sales_order": FIELDS["sales_order"],
    "origin": FIELDS["origin"], "tags": _l("Tags"), "cc": _l("Copies to"),
}  # fmt: skip
REST: dict[str, Any] = {
    "subject": FIELDS["subject"], "visibility": _l("Visibility"), "organization": FIELDS["organization"],
    "customer_company": FIELDS["customer_company"], "equipment": FIELDS["equipment"], "company": FIELDS["company"],
    "diagnosis": FIELDS["diagnosis"], "online_signature": FIELDS["online_signature"], "language": FIELDS["language"],
    "created_at": _l("Created"),
}  # fmt: skip


@tickets.get("/tickets/<int:number>/properties")
def index_properties(number: int) -> Any:
    """All of them; `left`: the panel as it was before the form of that one was opened."""
    dossier, left = dossier_of(number), request.args.get("left", "")
    if left and not wants_block():
        return redirect(url_for(".show", number=number, _anchor="properties"), 303)
    dossier.want_counts(g.tally)
    whole = not left or is_of_the_rest(left)
    return page(PAGE, "properties", dossier=dossier, ticket=dossier.ticket, whole=whole, left=left)


@tickets.get("/tickets/<int:number>/properties/<string:name>")
def edit(number: int, name: str) -> Any:
    dossier = dossier_of(number)
    if not (name in EDITORS or name in dossier.custom) or not dossier.shows(name):
        abort(404)
    demand(g.me, NEEDS.get(name, "edit"))
    dossier.want_counts(g.tally)
    return page(
        PAGE, "properties", dossier=dossier, ticket=dossier.ticket, editing=name, form=editor(name, dossier.ticket)
    )


@tickets.post("/tickets/<int:number>/properties/<string:name>")
def update(number: int, name: str) -> Any:
    """A plain field, or the deadline."""
    if name == "due_at":
        return _save(number, name, lambda ticket, told: ticket.set_due(told["due_at"], by=g.me))
    if name.startswith(CUSTOM):
        return _save(number, name, lambda ticket, told: ticket.set_custom_named(name, told[name], by=g.me))
    if name not in PLAIN or name not in EDITORS:
        abort(404)
    return _save(number, name, lambda ticket, told: ticket.edit(by=g.me, **with_new(told, by=g.me)))


@tickets.post("/tickets/<int:number>/status")
def update_status(number: int) -> Any:
    return _save(number, "status", lambda ticket, told: ticket.set_status(by=g.me, **told))


@tickets.post("/tickets/<int:number>/assignment")
def create_assignment(number: int) -> Any:
    return _save(number, "assignee", lambda ticket, told: ticket.hand_over(to=told["assignee"], by=g.me))


@tickets.post("/tickets/<int:number>/group")
def update_group(number: int) -> Any:
    return _save(number, "group", lambda ticket, told: ticket.give_to_group(told["group"], by=g.me))


@tickets.post("/tickets/<int:number>/tags")
def update_tags(number: int) -> Any:
    return _save(number, "tags", lambda ticket, told: ticket.tag_with(told["tags"] or [], by=g.me))


@tickets.post("/tickets/<int:number>/copies")
def update_copies(number: int) -> Any:
    return _save(number, "cc", lambda ticket, told: ticket.set_copies(told["cc"] or [], by=g.me))


@tickets.post("/tickets/<int:number>/requester")
def update_requester(number: int) -> Any:
    return _save(number, "requester", lambda ticket, told: ticket.set_requester(by=g.me, **told))


@tickets.post("/tickets/<int:number>/visibility")
def update_visibility(number: int) -> Any:
    def say(ticket: Ticket, told: dict[str, Any]) -> None:
        ticket.set_visibility(internal=told["visibility"] == "internal", by=g.me)

    return _save(number, "visibility", say)


def _save(number: int, name: str, say: Say) -> Any:
    """Says the verb with what the property's form holds; the panel comes back, with the form where it was refused."""
    dossier = dossier_of(number)
    if not dossier.shows(name) or (name.startswith(CUSTOM) and name not in dossier.custom):
        abort(404)
    demand(g.me, NEEDS.get(name, "edit"))
    form = editor(name, dossier.ticket)
    try:
        say(dossier.ticket, form.answers())
    except NotAllowed:
        raise
    except Refused as problem:
        dossier.want_counts(g.tally)
        return page(
            PAGE, "properties", dossier=dossier, ticket=dossier.ticket, editing=name, form=form.refuse(problem),
            status=problem.status,
        )  # fmt: skip
    return _done(number, name)


def _done(number: int, name: str) -> Any:
    """The panel as it is now, and the head, which shows some of it too."""
    try:
        dossier = dossier_of(number)
    except NotFound:  # it was given to a group, or by its assignee to somebody, whose tickets they may not see
        return done(url_for(".index"), said=_("Saved. You can no longer see this ticket."))
    dossier.want_counts(g.tally)
    there = url_for(".show", number=number, _anchor="properties")
    return done(
        there, PAGE, "properties", said=_("Saved."), also=["ticket_head"], dossier=dossier, ticket=dossier.ticket,
        whole=is_of_the_rest(name), left=name,
    )  # fmt: skip


@tickets.app_template_global()
def is_of_the_rest(name: str | None) -> bool:
    """Whether this property is not among the usual ones."""
    return name in REST


@tickets.app_template_global()
def properties_of(dossier: Dossier, whole: bool) -> Iterator[tuple[str, str, bool]]:
    """The rows of the panel: (name, label, whether this agent may change it); what is switched off has none."""
    for name, label in (LABELS | REST if whole else LABELS).items():
        if not dossier.shows(name) or (name == "company" and g.tally["companies"] < 2):
            continue
        act = "edit" if name != "status" else "set_status"
        may = name in EDITORS and dossier.may(NEEDS.get(name, act))
        yield name, str(label), may
    for name, (label, _value) in dossier.custom.items():
        yield name, label, dossier.may("edit")


@tickets.app_template_global()
def editor_action(number: int, name: str) -> str:
    """Where the form of this property is posted."""
    if name in NOUNS:
        return url_for(f"desk.tickets.{NOUNS[name]}", number=number)
    return url_for("desk.tickets.update", number=number, name=name)


tickets.add_app_template_global(describe)
tickets.add_app_template_global(ngettext)
