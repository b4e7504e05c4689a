"""The texts of the mails that the system sends: each in three languages, ours or the administrator's own."""

from typing import Any

from flask import Response, abort, g, request, url_for

from app.branding.preview import preview
from app.branding.wording import LetterWording, Wording, original, placeholders
from app.config import LANGUAGES
from app.lib.embedding import page_of
from app.lib.letters import Letter
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.safety import LETTER_POLICY
from app.lib.words import LANGUAGE_NAMES
from app.lib.words import gettext as _
from app.outbox.letters import ABOUT, GROUPS
from app.settings.desk import settings
from app.settings.forms import LetterForm
from app.tickets.ticket import Ticket

LIST, PAGE = "settings/desk/letters.html", "settings/desk/letter.html"


@settings.get("/letters")
def index_letters() -> Any:
    """All letters by group, and in which languages they are worded anew."""
    groups = [
        (label, [(name, about) for name, about in ABOUT.items() if about.group == group])
        for group, label in GROUPS.items()
    ]
    return page(LIST, groups=groups, codes=LANGUAGES, own=LetterWording.own())


@settings.get("/letters/<string:name>/<string:language>")
def edit_letter(name: str, language: str) -> Any:
    wording = _wording(name, language)
    return _page(name, language, LetterForm(obj=wording, ticket=request.args.get("ticket", "")))


@settings.post("/letters/<string:name>/<string:language>")
def update_letter(name: str, language: str) -> Any:
    _insist(name, language)
    form = LetterForm()
    try:
        form.insist()
        LetterWording.keep(name, language, form.wording, by=g.me)
    except Refused as problem:
        return _page(name, language, form.refuse(problem), problem.status)
    return done(url_for(".edit_letter", name=name, language=language), said=_("Saved."))


@settings.post("/letters/<string:name>/<string:language>/original")
def create_letter_original(name: str, language: str) -> Any:
    _insist(name, language)
    LetterWording.back_to_original(name, language, by=g.me)
    return done(url_for(".edit_letter", name=name, language=language), said=_("The original wording is back."))


@settings.get("/letters/<string:name>/<string:language>/preview")
def show_letter_preview(name: str, language: str) -> Response:
    """The wording as it is kept, in the frame of its page."""
    wording = _wording(name, language)
    return _framed(preview(name, language, wording, _ticket(name, request.args.get("ticket", ""))))


@settings.post("/letters/<string:name>/<string:language>/preview")
def create_letter_preview(name: str, language: str) -> Response:
    """What is being written, before it is saved; its form is sent into the frame."""
    _insist(name, language)
    form = LetterForm()
    try:
        form.wording.insist(ABOUT[name])
    except Refused as problem:
        return _in_frame(problem.sentence, "text/plain", problem.status)
    letter = preview(name, language, form.wording, _ticket(name, form.ticket.data or ""))
    return (
        _in_frame(f"{letter.subject}\n\n{letter.text}", "text/plain") if "as_text" in request.form else _framed(letter)
    )


def _insist(name: str, language: str) -> None:
    if name not in ABOUT or language not in LANGUAGES:
        abort(404)


def _wording(name: str, language: str) -> Wording:
    _insist(name, language)
    return LetterWording.of(name, language) or original(name, language)


def _ticket(name: str, number: str) -> Ticket | None:
    """The real ticket chosen for the preview; else the newest one, else an example."""
    if not ABOUT[name].has_ticket:
        return None
    written = number.strip().lstrip("#")
    if written.isdecimal():
        return Ticket.for_agent(g.me, int(written[:9]))
    return next(iter(Ticket.latest_of(g.me, 1)), None)


def _framed(letter: Letter) -> Response:
    return _in_frame(page_of(letter))


def _in_frame(words: str, mimetype: str = "text/html", status: int = 200) -> Response:
    response = Response(words, status, mimetype=mimetype)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


def _page(name: str, language: str, form: LetterForm, status: int = 200) -> Any:
    about = ABOUT[name]
    ways = {code: url_for(".edit_letter", name=name, language=code) for code in LANGUAGES}
    tabs = [{"label": LANGUAGE_NAMES[code], "url": url, "current": code == language} for code, url in ways.items()]
    is_own = LetterWording.of(name, language) is not None
    return page(
        PAGE, name=name, about=about, language=language, form=form, tabs=tabs, is_own=is_own,
        placeholders=placeholders(about), status=status,
    )  # fmt: skip
