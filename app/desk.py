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
from app.messages.desk import messages
from app.organizations.desk import organizations
from app.outbox.wire import is_live
from app.sandbox.desk import sandbox
from app.settings.desk import settings
from app.settings.index import index as settings_index
from app.surveys.desk import surveys
from app.tickets.desk import tickets
from app.tickets.listing import want_views
from app.tickets.views import VIEWS

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
    g.nav = Navigation(somebody)
    return None


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
        want_views(g.tally, me=self.me, teams=g.teams, zone=zone())
        failing = prepared("failing mailboxes", lambda: Mailbox.failing().columns(Mailbox.id))
        g.tally.want("mailboxes", failing.bound({}))

    @property
    def key(self) -> tuple[Any, ...]:
        """All that the sidebar shows, beside the company: who, where, which views and groups, and how many."""
        me, agent = self.me, self.me.agent
        tally = g.tally
        figures = [tally.label(f"view-{view.key}") for view in VIEWS.values() if view.is_counted]
        groups = [(team.id, team.name, tally.label(f"group-{team.id}")) for team in g.teams.mine]
        may = (agent.may("open"), agent.may("configure"))
        return (me.id, me.name, agent.title, agent.role, *may, self.here, *figures, *groups)

    home_url = "/desk"

    @property
    def new_ticket_url(self) -> str | None:
        return _way("desk.tickets.new") if self.me.agent.may("open") else None

    @cached_property
    def list_url(self) -> str:
        return url_for("desk.tickets.index")

    @cached_property
    def views(self) -> list[dict[str, Any]]:
        shown = [view for view in VIEWS.values() if view.is_shown]
        return [
            self._entry(view.key, view.label, f"view={view.key}", view.icon, counted=view.is_counted, hot=view.is_hot)
            for view in shown
        ]

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        return [self._entry(f"group-{team.id}", team.name, f"group={team.id}", "hash") for team in g.teams.mine]

    def _entry(
        self, key: str, label: Any, query: str, icon: str, *, counted: bool = True, hot: bool = False
    ) -> dict[str, Any]:
        name = key if key.startswith("group-") else f"view-{key}"
        figure = g.tally[name] if counted else 0
        return {
            "key": key,
            "label": label,
            "url": f"{self.list_url}?{query}",
            "icon": icon,
            "count": g.tally.label(name) if figure else None,
            "hot": hot,
            "current": key == self.here,
        }

    @cached_property
    def bottom(self) -> list[dict[str, Any]]:
        customers, settings = _way("desk.organizations.index_contacts"), _way("desk.settings.index")
        links = [{"label": _("Customers"), "url": customers, "icon": "users", "current": self.here == "customers"}]
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
        way_out = url_for("public.accounts.destroy")
        links.append({"label": _("Sign out"), "url": way_out, "icon": "sign-out", "post": True})
        note = self.me.agent.title or str(LABELS[self.me.agent.role])
        return {"person": self.me, "name": self.me.name, "note": note, "links": links}


class Banners:
    """What every page of the desk warns of: mailboxes that fail, since when (SPEC C9d)."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if not g.tally["mailboxes"]:
            return
        for mailbox in Mailbox.failing():
            since = moments.full(mailbox.failing_since, zone(), str(get_locale()))
            yield {
                "kind": "warning",
                "text": _("Mail to %(address)s cannot be fetched since %(time)s.", address=mailbox.address, time=since),
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
