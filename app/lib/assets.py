"""Addresses of static files that change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request

A_YEAR = "public, max-age=31536000, immutable"
FOLDER = Path(__file__).resolve().parents[2] / "static"


def init_app(app: Flask) -> None:
    app.jinja_env.globals["asset"] = address if not app.debug else address.__wrapped__

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and request.args.get("v"):
            response.headers["Cache-Control"] = A_YEAR
        return response


@cache
def address(path: str) -> str:
    """`/static/<path>?v=<the beginning of its hash>`."""
    digest = hashlib.sha256((FOLDER / path).read_bytes()).hexdigest()[:8]
    return f"/static/{path}?v={digest}"
