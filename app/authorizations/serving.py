"""How what belongs to a decision leaves the house: a drawing made by us, in which nothing runs; a certificate."""

from typing import Any

from flask import Response, abort, redirect, send_file, url_for

from app.accounts.person import Person
from app.authorizations.authorization import Authorization
from app.authorizations.certificate import Certificate
from app.authorizations.signature import kept
from app.lib.files import store
from app.lib.pages import done, page, wants_block
from app.lib.words import gettext as _

LOCKED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=3600",
}


def picture(authorization: Authorization) -> Response | None:
    """The answer with the drawing; None where nothing was signed."""
    decision = authorization.decision
    signature = kept(decision.signature_kind, decision.signature) if decision and decision.signature else None
    return Response(signature.svg(), mimetype="image/svg+xml", headers=LOCKED) if signature else None


def certificate_page(template: str, asked: Authorization) -> Any:
    """Where the certificate stands; once it is ready, the way to the file itself."""
    certificate = _certificate(asked)
    if certificate.is_ready and not wants_block():
        return redirect(_there(".show_certificate_file", asked), 303)
    return page(template, "certificate", ticket=asked.ticket, asked=asked, certificate=certificate)


def certificate_file(asked: Authorization) -> Any:
    """The sealed PDF, to be saved: a browser's reader would show it without its seal."""
    certificate = _certificate(asked)
    if not certificate.is_ready:
        abort(404)
    name = _("certificate-%(name)s", name=certificate.file_name)
    path = store().path(certificate.sha256 or "")
    answer = send_file(path, mimetype="application/pdf", as_attachment=True, download_name=name, etag=False)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def certificate_again(asked: Authorization, *, by: Person) -> Any:
    """Has one made that failed, and leads to its page."""
    _certificate(asked).ask_again(by=by)
    return done(_there(".show_certificate", asked))


def _certificate(asked: Authorization) -> Certificate:
    return (asked.answer and asked.answer.made) or abort(404)  # type: ignore[attr-defined]


def _there(endpoint: str, asked: Authorization) -> str:
    """An address of the room that asks."""
    return url_for(endpoint, number=asked.ticket.number, version=asked.number)
