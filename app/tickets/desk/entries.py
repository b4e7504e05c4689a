"""The entries of a conversation: one alone with all that is known of it, earlier ones, editing, interventions."""

from datetime import datetime
from typing import Any

from flask import abort, g, request, url_for

from app.accounts.agent import demand
from app.catalog.lists import Origin
from app.frame import when_long
from app.lib import inbound
from app.lib.fields import words_of
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.messages.draft import KINDS, Draft
from app.messages.forms import EditForm
from app.messages.message import Message
from app.messages.version import editable_until, obstacle
from app.tickets.batch import Batch
from app.tickets.desk.room import dossier_of, tickets
from app.tickets.desk.shows import Shows
from app.tickets.dossier import Dossier
from app.tickets.forms.entries import InterventionForm, SnoozeForm
from app.tickets.lifecycle import STATUSES
from app.tickets.mentions import marked, names
from app.timeline.event import Event
from app.timeline.wording import FIELDS, said

PAGES = ("show_message", "show_event", "edit_message", "earlier", "new_intervention", "new_snooze")
SHOW, EVENT, EDIT, EARLIER, WORK, SNOOZE = (f"tickets/desk/{name}.html" for name in PAGES)


@tickets.get("/tickets/<int:number>/messages/<int:message_id>")
def show_message(number: int, message_id: int) -> Any:
    """Who, when, through which channel, what became of its mails, and each wording it ever had (T11, T12)."""
    dossier = dossier_of(number)
    message = _message(dossier, message_id)
    facts = dossier.facts_of(message)
    return page(SHOW, dossier=dossier, ticket=dossier.ticket, entry=message, facts=facts, **_editing(dossier, message))


@tickets.get("/tickets/<int:number>/history/<int:event>")
def show_event(number: int, event: int) -> Any:
    """Who, when, by which channel or rule, and what stood there before (T11)."""
    dossier = dossier_of(number)
    found = dossier.event(event) or abort(404)
    batch = Batch.begun(g.me, found.details.get("batch"))
    return page(EVENT, dossier=dossier, ticket=dossier.ticket, event=found, more=more_of(found), batch=batch)


@tickets.get("/tickets/<int:number>/messages/<int:message_id>/edit")
def edit_message(number: int, message_id: int) -> Any:
    dossier = dossier_of(number)
    message = _message(dossier, message_id)
    if (problem := obstacle(message, by=g.me)) is not None:
        raise problem
    form = EditForm(formdata=None, text=message.text)
    return page(EDIT, dossier=dossier, ticket=dossier.ticket, entry=message, form=form, **_editing(dossier, message))


@tickets.post("/tickets/<int:number>/messages/<int:message_id>")
def update_message(number: int, message_id: int) -> Any:
    dossier, form = dossier_of(number), EditForm()
    message = _message(dossier, message_id)
    if (problem := obstacle(message, by=g.me)) is not None and problem.status == 403:
        raise problem
    try:
        form.insist()
        dossier.ticket.reword(message, form.text.data or "", by=g.me)
    except Refused as refused:
        values = {"dossier": dossier, "ticket": dossier.ticket, "entry": message, **_editing(dossier, message)}
        return page(EDIT, "editing", form=form.refuse(refused), status=refused.status, **values)
    here = url_for(".show", number=number, _anchor=f"message-{message_id}")
    return done(here, said=_("The message is changed."))


@tickets.get("/tickets/<int:number>/conversation")
def index_earlier(number: int) -> Any:
    """What was said before the message `before`."""
    dossier = dossier_of(number)
    before = _message(dossier, request.args.get("before", 0, type=inbound.number))
    dossier.open_at(part=_part(), before=before)
    return page(EARLIER, "earlier", dossier=dossier, ticket=dossier.ticket, shows=Shows(dossier), images=None)


@tickets.post("/tickets/<int:number>/drafts")
def create_draft(number: int) -> Any:
    """Keeps what is half written; a script sends it from time to time, and a button without one."""
    ticket, asked = dossier_of(number).ticket, request.form
    kind = asked.get("kind", "note")
    demand(g.me, kind if kind in KINDS else abort(404))
    copies = words_of(asked["cc"]) if "cc" in asked else None
    Draft.keep(ticket, g.me, kind, asked.get("text", ""), copies=copies)
    return "", 204


@tickets.get("/tickets/<int:number>/presence")
def show_presence(number: int) -> Any:
    """Who else is here and what is new since the message `seen`; 204 where that is what the page knows already."""
    dossier = dossier_of(number)
    seen = request.args.get("seen", 0, type=inbound.number)
    dossier.mark_present()
    news = len(dossier.ticket.said_since(seen, by=g.me))
    if request.args.get("known") == dossier.presence_key(news):
        return "", 204
    return page("tickets/desk/presence.html", "presence", dossier=dossier, ticket=dossier.ticket, news=news, seen=seen)


@tickets.post("/tickets/<int:number>/following")
def create_following(number: int) -> Any:
    dossier_of(number).ticket.follow(by=g.me)
    return done(url_for(".show", number=number, _anchor="followers"), said=_("You follow this ticket."))


@tickets.post("/tickets/<int:number>/following/end")
def destroy_following(number: int) -> Any:
    dossier_of(number).ticket.unfollow(by=g.me)
    return done(url_for(".show", number=number, _anchor="followers"), said=_("You no longer follow this ticket."))


@tickets.get("/tickets/<int:number>/interventions")
def new_intervention(number: int) -> Any:
    dossier = dossier_of(number)
    demand(g.me, dossier.ticket.intervening)
    return page(WORK, dossier=dossier, ticket=dossier.ticket, form=InterventionForm.now())


@tickets.post("/tickets/<int:number>/interventions")
def create_intervention(number: int) -> Any:
    dossier, form = dossier_of(number), InterventionForm()
    demand(g.me, dossier.ticket.intervening)
    try:
        dossier.ticket.note_intervention(by=g.me, **form.told())
    except Refused as problem:
        refused = form.refuse(problem)
        return page(WORK, "working", dossier=dossier, ticket=dossier.ticket, form=refused, status=problem.status)
    return done(url_for(".show", number=number), said=_("The intervention is noted."))


@tickets.post("/tickets/<int:number>/interventions/<int:intervention>/removal")
def destroy_intervention(number: int, intervention: int) -> Any:
    dossier_of(number).ticket.retract_intervention(intervention, by=g.me)
    return done(url_for(".show", number=number), said=_("The intervention is deleted."))


@tickets.app_template_global()
def rule_of(event: Event | None) -> str:
    """The rule or scenario that made it happen, by its name (T11, A7)."""
    details = event.details if event else {}
    if event and event.kind == "ticket.closed" and details.get("rule") == "resolved":
        return ""  # no rule with a name: its days were over, as its sentence says
    return str(details.get("rule") or details.get("scenario") or "")


@tickets.app_template_global()
def more_of(event: Event) -> list[tuple[str, str]]:
    """What is known of it beside its sentence: (what, how it is said). A deed by hand at the desk has nothing more."""
    details = event.details
    was, channel, back = details.get("was"), details.get("channel"), details.get("back") or {}
    if event.kind == "ticket.due_set":
        was = _moment(was)
    if event.kind == "ticket.put_back" and "status" not in back:
        was = None
    told = [
        (_("Before"), _before(was)),
        *[(str(FIELDS[name]), _before(value) or _("None")) for name, value in back.items()],
        (_("Deadline"), _moment(details.get("due"))),
        (_("Until"), _moment(details.get("until"))),
        (_("Channel"), channel_name(channel) if channel else ""),
        (_("Rule"), rule_of(event)),
        (_("Together with others"), _("A change of many tickets at once") if "batch" in details else ""),
    ]
    return [(what, said) for what, said in told if said]


def _before(was: Any) -> str:
    key = was.get("status") if isinstance(was, dict) else was
    if isinstance(key, str) and key in STATUSES:
        return str(STATUSES[key].label)
    return said(was) if isinstance(was, str | dict) else ""


def _moment(kept: str | None) -> str:
    """A moment as an event keeps it, for who reads."""
    return when_long(datetime.fromisoformat(kept)) if kept else ""


@tickets.app_template_global()
def channel_name(key: str) -> str:
    """A channel as people call it."""
    if key == "portal":
        return _("Portal")
    return str(Origin.shipped.get(key, key))


@tickets.get("/tickets/<int:number>/snooze")
def new_snooze(number: int) -> Any:
    dossier = dossier_of(number)
    demand(g.me, "edit")
    return page(SNOOZE, dossier=dossier, ticket=dossier.ticket, form=SnoozeForm())


@tickets.post("/tickets/<int:number>/snooze")
def create_snooze(number: int) -> Any:
    dossier, form = dossier_of(number), SnoozeForm()
    demand(g.me, "edit")
    try:
        form.insist()
        dossier.ticket.snooze(form.until.data, by=g.me)
    except Refused as problem:
        refused = form.refuse(problem)
        return page(SNOOZE, "snoozing", dossier=dossier, ticket=dossier.ticket, form=refused, status=problem.status)
    return done(url_for(".show", number=number), said=_("The ticket is snoozed."))


@tickets.app_template_filter()
def mentions(line: str) -> Any:
    """A line of a note, those marked whom it names."""
    if "@" not in line:
        return line
    if "mentionable" not in g:
        g.mentionable = names()
    return marked(line, g.mentionable)


def _message(dossier: Dossier, number: int) -> Message:
    return dossier.message(number) or abort(404)


def _part() -> str:
    part = request.args.get("part", "")
    return part if part in ("public", "internal") else ""


def _editing(dossier: Dossier, message: Message) -> dict[str, Any]:
    """Whether this agent may edit it, and until when."""
    return {"may_reword": Shows(dossier).may_reword(message), "until": editable_until(message)}
