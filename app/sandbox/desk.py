"""The sandbox's inboxes, for a newcomer at the desk: read what people get, answer as them, write as somebody new."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, g, request, url_for

from app.accounts.agent import demand
from app.branding.company import Company
from app.lib.forms import offer
from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.safety import LETTER_POLICY
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.mail.mailbox import Mailbox
from app.outbox.wire import is_live
from app.sandbox import writing
from app.sandbox.forms import AnswerForm, StrangerForm
from app.sandbox.inbox import closed_to, inbox, inboxes
from app.sandbox.letter import SandboxLetter
from app.sandbox.opened import EMPTY_PAGE, OpenedLetter

sandbox = Blueprint("sandbox", __name__, url_prefix="/sandbox")
PAGE = "sandbox/desk/show.html"
NEW_PAGE = "sandbox/desk/new.html"
FACES = {"html": _l("As they see it"), "text": _l("Text"), "source": _l("Source")}


@sandbox.before_request
def only_in_the_sandbox() -> None:
    """Once live, mail of real people could be among it. Who changes nothing writes as nobody (P2)."""
    if is_live():
        abort(404)
    if (request.endpoint or "").endswith((".new", ".create", ".create_answer")):
        demand(g.me, "edit")


@sandbox.get("")
def index() -> Any:
    everybody = inboxes(g.me)
    return page(PAGE, everybody=everybody, box=everybody[0] if everybody else None, **_reading(everybody, None))


@sandbox.get("/inboxes/<string:address>")
def show(address: str) -> Any:
    if address.lower() in closed_to(g.me):
        abort(404)
    everybody = inboxes(g.me)
    return page(PAGE, "letters", everybody=everybody, box=inbox(address, g.me), **_reading(everybody, address))


@sandbox.get("/letters/<int:number>")
def show_letter(number: int) -> Any:
    letter = _letter(number)
    letter.opened()
    return _page(letter, AnswerForm())


@sandbox.get("/letters/<int:number>/body")
def show_body(number: int) -> Response:
    """The letter's own page, alone in its frame: nothing in it runs or is fetched from elsewhere."""
    response = Response(OpenedLetter(_letter(number)).html or EMPTY_PAGE, mimetype="text/html")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


@sandbox.get("/letters/<int:number>/files/<int:place>")
def show_file(number: int, place: int) -> Response:
    found = next((each for each in OpenedLetter(_letter(number)).files if each.place == place), None) or abort(404)
    response = Response(found.content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=found.name or f"file-{place}")
    return response


@sandbox.post("/letters/<int:number>/answers")
def create_answer(number: int) -> Any:
    letter, form = _letter(number), AnswerForm()
    box = inbox(letter.recipient, g.me)
    try:
        form.insist()
        writing.answer(
            OpenedLetter(letter), form.text.data, name=box.name, zone=Company.ours().zone, at=_listener(),
            files=form.files.data or [],
        )  # fmt: skip
    except Refused as problem:
        return _page(letter, form.refuse(problem), status=problem.status)
    return done(
        url_for("desk.sandbox.show_letter", number=number),
        said=_("Sent as %(name)s. It is in the ticket in a moment.", name=box.name),
    )


@sandbox.get("/new")
def new() -> Any:
    return page(NEW_PAGE, form=_stranger_form())


@sandbox.post("/letters")
def create() -> Any:
    """Writes as somebody new, to one of our mailboxes."""
    form = _stranger_form()
    try:
        form.insist()
        writing.write(
            name=form.name.data, email=form.email.data, to=form.to.data, subject=form.subject.data,
            text=form.text.data, at=_listener(), files=form.files.data or [],
        )  # fmt: skip
    except Refused as problem:
        return page(NEW_PAGE, form=form.refuse(problem), status=problem.status)
    said = _("Sent as %(name)s. The answer will be in their inbox here.", name=form.name.data.strip())
    return done(url_for("desk.sandbox.show", address=form.email.data.strip().lower()), said=said)


def _letter(number: int) -> SandboxLetter:
    found = SandboxLetter.by_number(number, g.me)
    return found if found and found.recipient.lower() not in closed_to(g.me) else abort(404)


def _page(letter: SandboxLetter, form: AnswerForm, status: int = 200) -> Any:
    everybody = inboxes(g.me)
    face = request.args.get("as", "html")
    reading = _reading(everybody, letter.recipient) | {"letter": letter, "opened": OpenedLetter(letter), "form": form}
    if not reading["opened"].html and face == "html":
        face = "text"
    faces = [
        {
            "label": label,
            "url": url_for("desk.sandbox.show_letter", number=letter.id, **{"as": key}),
            "current": key == face,
        }
        for key, label in FACES.items()
    ]
    return page(
        PAGE, status=status, everybody=everybody, box=inbox(letter.recipient, g.me), faces=faces, face=face, **reading
    )


def _reading(everybody: list[Any], address: str | None) -> dict[str, Any]:
    """The letters of the chosen inbox, or of the first one."""
    chosen = address or (everybody[0].address if everybody else "")
    letters = SandboxLetter.for_recipient(chosen, g.me) if chosen else []
    return {"letters": letters, "letter": None, "chosen": address}


def _stranger_form() -> StrangerForm:
    form = StrangerForm()
    form.to.choices = offer((box.address, box.address) for box in Mailbox.all() if box.is_confirmed)
    return form


def _listener() -> tuple[str, int]:
    config = current_app.extensions["ventanilla"]
    return config.smtp_listener_host, config.smtp_listener_port
