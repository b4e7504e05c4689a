"""The desk: the agents' back office. One door, and the rooms behind it."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from flask import Blueprint, abort, current_app, g, request, url_for
from flask_babel import get_locale

from app.accounts import signin
from app.accounts.desk import accounts
from app.accounts.person import Person
from app.accounts.role import LABELS
from app.accounts.teams import Teams
from app.attachments.desk import attachments
from app.authorizations.desk import authorizations
from app.catalog.desk import catalog
from app.dev import dev
from app.documents.desk import documents
from app.frame import zone
from app.lib import moments
from app.lib.prepared import prepared
from app.lib.tally import Tally
from app.lib.words import gettext as _
from app.mail.desk import mail
from app.mail.mailbox import Mailbox
from app.mail.relay import Relay
from app.messages.desk import messages
from app.organizations.desk import organizations
from app.outbox.wire import is_live
from app.reports.desk import reports
from app.sandbox.desk import sandbox
from app.settings.desk import settings
from app.settings.index import index as settings_index
from app.surveys.desk import surveys
from app.tickets.desk import tickets
from app.tickets.rows import this_minute
from app.tickets.saved_view import SavedViews
from app.tickets.settings import TicketSettings
from app.tickets.sidebar import want_saved, want_views
from app.tickets.views import VIEWS
from app.whatsapp.desk import whatsapp

# The view that two keys lead to (UI section 9).
KEYS = {
    "mine": "G M", "unattended": "G N", "unassigned": "G U", "awaiting-authorization": "G A", "due-today": "G H",
    "all": "G T",
}  # fmt: skip
desk = Blueprint("desk", __name__, url_prefix="/desk")
for room in (
    tickets,
    messages,
    authorizations,
    attachments,
    documents,
    surveys,
    sandbox,
    settings,
    catalog,
    accounts,
    organizations,
    mail,
    reports,
    whatsapp,
    dev,
):
    desk.register_blueprint(room)


@desk.before_request
def only_agents() -> Any:
    """Every room behind this door has `g.me`: a person who is an active agent.

    `g.teams` are the groups as they see them, `g.tally` what is counted for the page, in one statement.
    """
    somebody = signin.person()
    if somebody is None:
        return signin.ask()
    if not (somebody.agent and somebody.agent.is_active):
        abort(403)
    g.me, g.teams, g.tally = somebody, Teams(somebody), Tally()
    g.saved, g.as_of = SavedViews(somebody), signin.as_of()
    g.nav = Navigation(somebody)
    return None


SENDERS: dict[str, Any] = {"senders": Mailbox, "relays": Relay}


class Navigation:
    """The sidebar. Nothing is asked of the database before a whole page prints it; a fragment costs nothing."""

    def __init__(self, me: Person) -> None:
        self.me = me
        self.here = ""
        g.tally.also(self._want)

    def mark(self, key: str) -> None:
        """Says which entry the page belongs to."""
        self.here = key

    def _want(self) -> None:
        """Tickets are counted again when anything has been done since, and each minute: deadlines pass by themselves.

        What somebody reads is no event: a view that asks for it is always counted. On PostgreSQL an event may be
        committed after one with a higher number; then the minute bounds how long a figure is behind.
        """
        who = {"me": self.me, "teams": g.teams, "zone": zone()}
        saved = [view for view in g.saved.all if not view.asks_what_was_read]
        reading = [view for view in g.saved.all if view.asks_what_was_read]
        groups = (tuple(team.id for team in g.teams.mine), g.teams.closed_to_me)
        when = (g.as_of, this_minute(), zone().key)
        key = (*when, self.me.id, groups, tuple((view.id, view.query) for view in saved))
        g.tally.once(key, lambda: want_views(g.tally, **who, saved=saved))
        want_saved(g.tally, **who, saved=reading)
        failing = prepared("failing mailboxes", lambda: Mailbox.failing().columns(Mailbox.id))
        g.tally.want("mailboxes", failing.bound({}))
        for name, record in SENDERS.items():
            mute = prepared(("mute", name), lambda record=record: record.failing_to_send().columns(record.id))
            g.tally.want(name, mute.bound({}))

    @property
    def key(self) -> tuple[Any, ...]:
        """All that the sidebar shows, beside the company: who, where, which views and groups, and how many."""
        me, agent = self.me, self.me.agent
        tally = g.tally
        figures = [tally.label(f"view-{view.key}") for view in VIEWS.values() if view.is_counted]
        groups = [(team.id, team.name, tally.label(f"group-{team.id}")) for team in g.teams.mine]
        may = (agent.may("open"), agent.may("configure"))
        saved = [(view.id, view.name, view.query, tally.get(f"saved-{view.id}")) for view in g.saved.all]
        return (me.id, me.name, agent.title, agent.role, *may, self._timeless, self.here, *figures, *groups, 0, *saved)

    @property
    def _timeless(self) -> bool:
        """Whether tickets have no deadline here (T6)."""
        return "due_at" in TicketSettings.fields_off

    home_url = "/desk"

    @property
    def new_ticket_url(self) -> str | None:
        return _way("desk.tickets.new") if self.me.agent.may("open") else None

    @cached_property
    def list_url(self) -> str:
        return url_for("desk.tickets.index")

    @cached_property
    def views(self) -> list[dict[str, Any]]:
        shown = [view for view in VIEWS.values() if view.is_shown and not (view.key == "due-today" and self._timeless)]
        return [
            self._entry(view.key, view.label, f"view={view.key}", view.icon, counted=view.is_counted, hot=view.is_hot)
            for view in shown
        ]

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        return [self._entry(f"group-{team.id}", team.name, f"group={team.id}", "hash") for team in g.teams.mine]

    saved_url = "/desk/views"

    @cached_property
    def saved(self) -> list[dict[str, Any]]:
        """Saved views; one that asks full text has no counter."""
        entries = []
        for view in g.saved.all:
            counted = g.tally.get(f"saved-{view.id}") is not None
            entry = self._entry(f"saved-{view.id}", view.name, f"saved={view.id}", "filter", counted=counted)
            entries.append(entry)
        return entries

    def _entry(
        self, key: str, label: Any, query: str, icon: str, *, counted: bool = True, hot: bool = False
    ) -> dict[str, Any]:
        name = key if key.startswith(("group-", "saved-")) else f"view-{key}"
        figure = g.tally[name] if counted else 0
        return {
            "key": key,
            "label": label,
            "url": f"{self.list_url}?{query}",
            "icon": icon,
            "count": g.tally.label(name) if figure else None,
            "hot": hot,
            "current": key == self.here,
            "shortcut": KEYS.get(key),
        }

    @cached_property
    def bottom(self) -> list[dict[str, Any]]:
        customers, settings = _way("desk.organizations.index_contacts"), _way("desk.settings.index")
        panels = url_for("desk.reports.show")
        links = [
            {"label": _("Customers"), "url": customers, "icon": "users", "current": self.here == "customers"},
            {
                "label": _("Panels"),
                "url": panels,
                "icon": "chart",
                "current": self.here == "panels",
                "shortcut": "G D",
            },
        ]
        if settings and self.me.agent.may("configure"):
            links.append({"label": _("Settings"), "url": settings, "icon": "gear", "current": self.here == "settings"})
        return links

    @cached_property
    def settings(self) -> list[dict[str, Any]]:
        """The index beside a page of the settings; only that layout asks for it."""
        return settings_index(request.path)

    @cached_property
    def person(self) -> dict[str, Any]:
        links: list[dict[str, Any]] = []
        if profile := _way("desk.accounts.edit_profile"):
            links.append({"label": _("Profile"), "url": profile, "icon": "user"})
        if keys := _way("desk.tickets.show_keys"):
            links.append({"label": _("Keys"), "url": keys, "icon": "key", "shortcut": "?"})
        if basket := _way("desk.tickets.index_bin"):
            links.append({"label": _("Bin"), "url": basket, "icon": "trash"})
        way_out = url_for("public.accounts.destroy")
        links.append({"label": _("Sign out"), "url": way_out, "icon": "sign-out", "post": True})
        note = self.me.agent.title or str(LABELS[self.me.agent.role])
        return {"person": self.me, "name": self.me.name, "note": note, "links": links}


class Banners:
    """What every page of the desk warns of: mailboxes that fail, since when and why (SPEC C9d)."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        yield from self._unfetched()
        yield from self._unsent()

    def _unsent(self) -> Iterator[dict[str, Any]]:
        """What cannot send, since when and why."""
        mayhelp = g.me.agent.may("configure")
        for name, record in SENDERS.items():
            for way in record.failing_to_send() if g.tally[name] else ():
                since = moments.full(way.sends_failing_since, zone(), str(get_locale()))
                if name == "senders":
                    words = _("Mail from %(address)s cannot be sent since %(time)s.", address=way.address, time=since)
                    there, label = _way("desk.mail.show", number=way.id), _("Look at the mailbox")
                else:
                    words = _("Mail cannot be sent since %(time)s.", time=since)
                    there, label = _way("desk.mail.edit_relay"), _("Outgoing mail")
                yield {
                    "kind": "error", "text": f"{words} {way.send_failure_sentence}",
                    "url": there if mayhelp else None, "label": label,
                }  # fmt: skip

    def _unfetched(self) -> Iterator[dict[str, Any]]:
        if not g.tally["mailboxes"]:
            return
        for mailbox in Mailbox.failing():
            since = moments.full(mailbox.failing_since, zone(), str(get_locale()))
            words = _("Mail to %(address)s cannot be fetched since %(time)s.", address=mailbox.address, time=since)
            yield {
                "kind": "warning",
                "text": f"{words} {mailbox.failure_reason}",
                "url": _way("desk.mail.show", number=mailbox.id) if g.me.agent.may("configure") else None,
                "label": _("Look at the mailbox"),
            }


@desk.context_processor
def notices() -> dict[str, Any]:
    if "tally" not in g:
        return {}
    return {"banners": Banners(), "sandbox_banner": None if is_live() else sandbox_banner()}


def sandbox_banner() -> dict[str, Any]:
    return {
        "text": _("Mail sandbox: nothing leaves this machine until you go live."),
        "url": _way("desk.sandbox.index"),
        "label": _("Open the sandbox"),
    }


def _way(endpoint: str, **values: Any) -> str | None:
    """The address of a room that an installation may be without."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
