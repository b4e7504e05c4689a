"""Inline pictures of letters: who has the signed address may see them, as a frame without cookies must."""

from flask import Blueprint, Response, abort

from app.attachments.inline import behind
from app.attachments.serving import drawn

attachments = Blueprint("attachments", __name__)


@attachments.get("/inline/<string:token>")
def show(token: str) -> Response:
    picture = drawn(behind(token) or abort(404), "large")
    # The frame is sandboxed, so its origin is nobody's: "same-origin" would keep the picture from it.
    picture.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return picture
