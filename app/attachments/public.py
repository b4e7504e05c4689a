"""Inline pictures of letters: who has the signed address may see them, as a frame without cookies must."""

from flask import Blueprint, Response, abort

from app.attachments.inline import behind
from app.attachments.serving import NoPreview

attachments = Blueprint("attachments", __name__)


@attachments.get("/inline/<string:token>")
def show(token: str) -> Response:
    found = behind(token) or abort(404)
    try:
        data, headers = found.preview("large")
    except NoPreview:
        abort(404)
    # The frame is sandboxed, so its origin is nobody's: "same-origin" would keep the picture from it.
    return Response(data, headers=headers | {"Cross-Origin-Resource-Policy": "cross-origin"})
