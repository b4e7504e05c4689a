"""Going live, and going back to the sandbox."""

from typing import Any

from flask import current_app, g, url_for

from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.outbox.wire import is_live
from app.sandbox import going_live
from app.settings.desk import settings
from app.settings.forms import LiveForm

PAGE, BACK = "settings/desk/live.html", "settings/desk/back.html"


@settings.get("/live")
def edit_wire() -> Any:
    if is_live():
        return page(BACK, waiting=going_live.waiting_outside())
    return _page(_form())


@settings.post("/live")
def update_wire() -> Any:
    form = _form()
    try:
        form.insist()
        erasing = "what" in form and form.what.data == "erase"
        name = form.company_name.data if "company_name" in form else ""
        going_live.go_live(by=g.me, base_url=_base_url(), erasing=erasing, company_name=name or "")
    except Refused as problem:
        return _page(form.refuse(problem), problem.status)
    return done(url_for(".edit_wire"), said=_("Ventanilla is live: mail leaves from now on."))


@settings.post("/sandbox")
def create_sandbox() -> Any:
    going_live.go_back(by=g.me)
    return done(url_for(".edit_wire"), said=_("Back in the sandbox: nothing leaves any more."))


def _form() -> LiveForm:
    form = LiveForm()
    if not going_live.has_sample():
        del form.what
    if not going_live.needs_company_name():
        del form.company_name
    return form


def _page(form: LiveForm, status: int = 200) -> Any:
    checks = going_live.checks(g.me, _base_url())
    return page(
        PAGE, form=form, checks=checks, is_ready=all(check.is_met for check in checks),
        waiting=going_live.waiting_here(), base_url=_base_url(), status=status,
    )  # fmt: skip


def _base_url() -> str:
    return str(current_app.extensions["ventanilla"].base_url)
