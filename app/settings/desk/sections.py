"""A page for each section of settings, drawn from its declarations."""

from typing import Any

from flask import abort, g, redirect, url_for

from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.settings.desk import settings
from app.settings.forms import section_form
from app.settings.index import HIDDEN
from app.settings.section import Section

PAGE = "settings/desk/section.html"


@settings.get("")
def index() -> Any:
    return redirect(url_for(".index_companies"), 303)


@settings.get("/sections/<string:name>")
def edit_section(name: str) -> Any:
    section = _section(name)
    return page(PAGE, section=section, form=section_form(section))


@settings.post("/sections/<string:name>")
def update_section(name: str) -> Any:
    section = _section(name)
    form = section_form(section)
    try:
        section.change(by=g.me, **form.answers())
    except Refused as problem:
        return page(PAGE, section=section, form=form.refuse(problem), status=problem.status)
    back = url_for(".index_surveys") if name == "SurveySettings" else url_for(".edit_section", name=name)
    return done(back, said=_("Saved."))


def _section(name: str) -> type[Section]:
    if name not in Section.sections or name in HIDDEN - {"SurveySettings"}:
        abort(404)
    return Section.sections[name]
