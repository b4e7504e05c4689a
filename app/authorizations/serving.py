"""How the signature under a decision leaves the house: a drawing made by us, in which nothing runs."""

from flask import Response

from app.authorizations.authorization import Authorization
from app.authorizations.signature import kept

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
