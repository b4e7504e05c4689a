"""Panels at the desk: looking at one, putting one together, the figures as CSV."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from app.frame import zone
from app.lib import tables, words
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.reports.forms import PanelForm, places, sorted_by_place
from app.reports.index import offered
from app.reports.panel import Panel
from app.reports.pictures import Picture
from app.reports.scope import PERIODS, Scope
from app.tickets.choices import Choices
from app.tickets.settings import TicketSettings

reports = Blueprint("reports", __name__, url_prefix="/panels")
PAGE, EDIT = "reports/desk/show.html", "reports/desk/edit.html"


@reports.get("")
@reports.get("/<int:number>")
def show(number: int | None = None) -> Any:
    panels = Panel.all_for(g.me)
    panel = panels[0] if number is None else _mine(number)
    scope = Scope.from_args(request.args, me=g.me, teams=g.teams, zone=zone())
    g.nav.mark("panels")
    return page(
        PAGE,
        "panel",
        is_place=True,
        panel=panel,
        tabs=_tabs(panels, panel),
        scope=scope,
        path=_path(panel),
        chips=_chips(scope),
        pictures=[Picture(report) for report in panel.reports(scope)],
    )


@reports.get("/figures/<string:key>.csv")
def show_table(key: str) -> Response:
    """The table behind a figure or chart, as a file."""
    report = offered().get(key) or abort(404)
    picture = Picture(report(Scope.from_args(request.args, me=g.me, teams=g.teams, zone=zone())))
    text = "".join(tables.lines(picture.heads, picture.table, delimiter=tables.delimiter_of(words.language())))
    response = Response(text, content_type=tables.TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"{report.title}.csv")
    return response


@reports.get("/new")
def new() -> Any:
    form = PanelForm(data={"title": "", "cards": Panel.usual(g.me).cards})
    return _form(form, None)


@reports.post("")
def create() -> Any:
    return _save(None, lambda **chosen: Panel.compose(by=g.me, **chosen))


@reports.get("/<int:number>/edit")
def edit(number: int) -> Any:
    panel = _mine(number)
    return _form(PanelForm(data={"title": panel.title, "cards": panel.cards}), panel)


@reports.post("/<int:number>")
def update(number: int) -> Any:
    panel = _mine(number)
    return _save(panel, panel.recompose)


@reports.post("/<int:number>/removal")
def destroy(number: int) -> Any:
    panel = _mine(number)
    panel.delete_instance()
    return done(url_for(".show"), said=_("“%(name)s” is gone.", name=panel.title))


def _save(panel: Panel | None, verb: Callable[..., Panel | None]) -> Any:
    form = PanelForm()
    try:
        chosen = form.answers()
        saved = verb(title=chosen["title"], cards=sorted_by_place(chosen["cards"], request.form)) or panel
    except Refused as problem:
        return _form(form.refuse(problem), panel, problem.status)
    return done(url_for(".show", number=saved.id if saved else None), said=_("Saved."))


def _form(form: PanelForm, panel: Panel | None, status: int = 200) -> Any:
    g.nav.mark("panels")
    chosen = form.cards.data or []
    order = places(sorted_by_place(chosen, request.form) if request.form else chosen)
    options = sorted(form.cards, key=lambda option: order[option.data])
    return page(EDIT, "panel", form=form, panel=panel, options=options, places=order, status=status)


def _mine(number: int) -> Panel:
    return Panel.for_agent(g.me, number) or abort(404)


def _path(panel: Panel) -> str:
    return url_for(".show", number=panel.id) if panel.id else url_for(".show")


def _tabs(panels: list[Panel], panel: Panel) -> list[dict[str, Any]]:
    return [{"label": each.title, "url": _path(each), "current": each.id == panel.id} for each in panels]


def _chips(scope: Scope) -> list[dict[str, Any]]:
    """The filters: each with its choices as (value, words); what is chosen stands there, offered or not."""
    choices = Choices()

    def of(kind: str, name: str) -> list[tuple[str, Any]]:
        wanted = scope.chosen(name)
        return [(str(each.id), each.label) for each in choices[kind].values() if each.is_offered or each.id == wanted]

    periods = [(str(days), words) for days, words in PERIODS.items()]
    groups = [(str(team.id), team.name) for team in g.teams.open_to_me]
    agents, categories = of("assignee", "agent"), of("category", "category")
    chips = [
        _chip("days", _("Period"), "", periods, str(scope.days)),
        _chip("group", _("Group"), _("All groups"), groups, scope.chosen("group")),
        _chip("agent", _("Assigned to"), _("Anybody"), agents, scope.chosen("agent")),
        _chip("category", _("Category"), _("All categories"), categories, scope.chosen("category")),
    ]
    return [chip for chip in chips if chip["name"] not in TicketSettings.fields_off]


def _chip(name: str, words: str, anything: str, values: list[tuple[str, Any]], chosen: Any) -> dict[str, Any]:
    value = "" if chosen is None else str(chosen)
    if value and value not in dict(values):
        values = [*values, (value, value)]  # gone, or hidden from them
    shown = dict(values).get(value, anything)
    return {"name": name, "label": words, "any": anything, "values": values, "chosen": value, "shown": shown}
