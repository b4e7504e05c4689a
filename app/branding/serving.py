"""How a picture of ours leaves the house."""

from flask import Response

from app.lib.files import store

# Opened by itself it is a picture of our own making, and still may do nothing.
ALONE = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'"


def drawn(sha256: str, kept: str) -> Response:
    """`kept` says how long a browser may keep it."""
    response = Response(store().read(sha256), mimetype="image/png")
    response.headers.update({"Cache-Control": kept, "Content-Security-Policy": ALONE})
    return response
