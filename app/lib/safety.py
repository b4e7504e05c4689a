"""The headers that keep a page to itself: a strict policy, set on every answer unless a room set its own."""

import structlog
from flask import Flask, Request, Response, request

from app.lib.logs import shown_path

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The page that leads a form to WhatsApp: its first address sends a browser on to one of the others.
WHATSAPP_POLICY = POLICY.replace(
    "form-action 'self'", "form-action 'self' https://wa.me https://api.whatsapp.com https://web.whatsapp.com"
)
# A foreign letter in its frame: nothing runs, nothing is fetched from elsewhere (ARCHITECTURE 3c.6).
LETTER_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src 'self' data:; frame-ancestors 'self'"
)
YEAR = 31_536_000
FRAMES = {"iframe", "frame", "embed", "object", "fencedframe"}
log = structlog.get_logger("web")


def init_app(app: Flask, *, is_https: bool) -> None:
    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if request.endpoint != "static":
            headers.setdefault("Cache-Control", "no-store")
        if _is_framed(request) and "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
            log.warning("framing refused", path=shown_path())  # by the browser, which obeys the policy
        if is_https:
            headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
        return response


def _is_framed(asked: Request) -> bool:
    """Whether a page of another site asks for this one as a part of itself."""
    sent = asked.headers
    return sent.get("Sec-Fetch-Dest") in FRAMES and sent.get("Sec-Fetch-Site") not in (None, "same-origin")
