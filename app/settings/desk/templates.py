"""Reply templates: the texts that agents start from."""

from typing import Any

from flask import abort, g, request, url_for

from app.accounts.group import Group
from app.branding.company import Company
from app.lib.forms import offer
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.messages.reply_template import PLACEHOLDERS, USES, ReplyTemplate
from app.messages.templated import FIELD_OF
from app.settings.desk import settings
from app.settings.forms import TemplateForm
from app.tickets.ticket import Ticket

PAGE, LIST = "settings/desk/template.html", "settings/desk/templates.html"


@settings.get("/templates")
def index_templates() -> Any:
    return page(LIST, "templates", **_list())


@settings.get("/templates/new")
def new_template() -> Any:
    return _page(None, _form())


@settings.post("/templates")
def create_template() -> Any:
    form = _form()
    try:
        ReplyTemplate.write(by=g.me, **_answers(form))
    except Refused as problem:
        return _page(None, form.refuse(problem), problem.status)
    return done(url_for(".index_templates"), said=_("Saved."))


@settings.get("/templates/<int:number>")
def edit_template(number: int) -> Any:
    template = _template(number)
    known = {"group": template.group_id or 0, "language": template.language or ""}
    return _page(template, _form(obj=template, data=known))


@settings.post("/templates/<int:number>")
def update_template(number: int) -> Any:
    template, form = _template(number), _form()
    try:
        template.rewrite(by=g.me, **_answers(form))
    except Refused as problem:
        return _page(template, form.refuse(problem), problem.status)
    return done(url_for(".edit_template", number=number), said=_("Saved."))


@settings.post("/templates/<int:number>/move")
def update_template_place(number: int) -> Any:
    _template(number).move(up="up" in request.form, by=g.me)
    return done(url_for(".index_templates", **_asked()), LIST, "templates", **_list())


@settings.post("/templates/<int:number>/switch")
def update_template_switch(number: int) -> Any:
    _template(number).switch(on="on" in request.form, by=g.me)
    return done(url_for(".index_templates", **_asked()), LIST, "templates", **_list())


@settings.post("/templates/<int:number>/removal")
def destroy_template(number: int) -> Any:
    template = _template(number)
    template.remove(by=g.me)
    return done(url_for(".index_templates"), said=_("“%(name)s” is gone.", name=template.name))


def _template(number: int) -> ReplyTemplate:
    return ReplyTemplate.by_number(number) or abort(404)


def _asked() -> dict[str, str]:
    """What the list is narrowed to; the buttons in it send it along."""
    use, words = request.values.get("use", ""), request.values.get("q", "")[:100].strip()
    return {name: value for name, value in (("use", use if use in USES else ""), ("q", words)) if value}


def _list() -> dict[str, Any]:
    """Its entries, and its tabs. A narrowed list has no order to change."""
    asked = _asked()
    use, words = asked.get("use", ""), asked.get("q", "")
    tabs = [
        {"label": label, "url": url_for(".index_templates", **({"use": key} if key else {})), "current": key == use}
        for key, label in {"": _("All"), **USES}.items()
    ]
    found = ReplyTemplate.all(use=use, words=words)
    return {"templates": found, "tabs": tabs, "asked": asked, "words": words, "use": use, "is_ordered": not words}


def _form(obj: Any = None, data: dict[str, Any] | None = None) -> TemplateForm:
    values = {name: getattr(obj, name) for name in ("name", "use", "text")} if obj else {}
    form = TemplateForm(data={**values, **(data or {})})
    form.group.choices = offer([(0, _("Every group")), *((group.id, group.name) for group in Group.active())])
    return form


def _answers(form: TemplateForm) -> dict[str, Any]:
    answers = form.answers()
    return answers | {"group": answers["group"] or None, "language": answers["language"] or None}


def _page(template: ReplyTemplate | None, form: TemplateForm, status: int = 200) -> Any:
    """With a preview: the text as saved, its placeholders filled with an example."""
    preview = template.filled(_example()) if template else ""
    return page(PAGE, written=template, form=form, preview=preview, placeholders=_on_offer(), status=status)


def _on_offer() -> dict[str, Any]:
    """What can be filled in; nothing of a field that is switched off (T6)."""
    return {name: words for name, words in PLACEHOLDERS.items() if Ticket.shows(FIELD_OF.get(name, name))}


def _example() -> dict[str, str]:
    return {
        "name": "Ana", "full_name": "Ana Ruiz", "organization": "Marlow", "number": "1042", "agent": g.me.name,
        "subject": _("The printer is stuck"), "status": _("Open"), "company": Company.ours().name,
    }  # fmt: skip
