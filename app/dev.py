"""Pages for who works on the program: every component, every letter. For administrators, in the sandbox only."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, g, request

from app.accounts.agent import demand
from app.config import LANGUAGES
from app.lib.embedding import page_of
from app.lib.letters import Letter
from app.lib.pages import page
from app.lib.safety import LETTER_POLICY
from app.mail import outgoing
from app.mail.confirming import NoServer
from app.mail.forms import MailboxForm
from app.outbox.delivery import Delivery
from app.outbox.letters import LETTERS
from app.outbox.wire import is_live

dev = Blueprint("dev", __name__, url_prefix="/dev")


@dev.before_request
def only_administrators_of_a_sandbox() -> None:
    demand(g.me, "configure")
    if is_live() and not current_app.debug:
        abort(404)
    g.nav.here = "settings"


@dev.get("/patterns")
def show_patterns() -> Any:
    """All components, in the dress of one face, with a form that was refused."""
    face = "portal" if request.args.get("face") == "portal" else "desk"
    return page("dev/patterns.html", face=face, form=MailboxForm.of(None).refuse(NoServer(field="host")))


@dev.get("/emails")
def index_emails() -> Any:
    """One line for each letter there is, with the newest delivery of it."""
    latest = Delivery.latest_of_each()
    return page("dev/emails.html", letters=[(name, latest.get(name)) for name in sorted(LETTERS)])


@dev.get("/emails/<int:number>")
def show_email(number: int) -> Any:
    """One letter: headers, text, and the page in a frame of its own."""
    delivery, language = _delivery(number)
    letter = _written(delivery, language)
    headers = letter.to_message().items()
    here = {"delivery": delivery, "letter": letter, "language": language, "headers": headers}
    return page("dev/email.html", languages_of_letters=LANGUAGES, **here)


@dev.get("/emails/<int:number>/body")
def show_email_body(number: int) -> Response:
    """The letter's own page as it is sent, its styles written out."""
    response = Response(page_of(_written(*_delivery(number))), mimetype="text/html")
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


def _delivery(number: int) -> tuple[Delivery, str]:
    """The delivery and the language asked for, else its own."""
    delivery = Delivery.by_number(number) or abort(404)
    asked = request.args.get("language", "")
    return delivery, asked if asked in LANGUAGES else delivery.language


def _written(delivery: Delivery, language: str) -> Letter:
    delivery.language = language  # of this copy only: nothing is saved
    return outgoing.written(delivery)
