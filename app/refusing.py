"""Pages for what went wrong, in the house's look, and as fragments for htmx."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.lib import framing, pages
from app.lib.refusals import Refused

PAGES = {403, 404, 419, 422, 429, 500}


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _broken)

    @app.before_request
    def insist_on_forms_of_ours() -> Any:
        """With a token, too: a sibling of our site may plant a session of its own, token and all, beside ours."""
        view = app.view_functions.get(request.endpoint or "")
        if request.method == "POST" and view and not framing.is_without_session(view) and _is_anothers():
            return _answer(403)
        return None


def _answer(status: int, words: str = "") -> tuple[Any, int]:
    if status == 404:
        g.pop("company", None)  # what is not there, or not theirs, looks like nobody's in particular
    template = f"errors/{status if status in PAGES else 404 if status in (404, 410) else 422}.html"
    values = {"words": words, "status": status, "request_id": g.get("request_id", ""), "way_back": _way_back(status)}
    if pages.wants_block():
        return render_template("errors/_fragment.html", **values), status
    return render_template(template, **values), status


def _way_back(status: int) -> str:
    """For an agent, whose page wears the desk's clothes, the page they came from; empty for everybody else.

    What broke may be what the desk's own page would ask for: that one stays plain.
    """
    if status >= 500 or request.blueprints[-1:] != ["desk"] or "nav" not in g:
        return ""
    return pages.came_from("/desk") or "/desk"


def _stale(problem: CSRFError) -> tuple[Any, int]:
    """A form that is too old: what was typed goes back in the page (never files), to be sent again.

    One that another site sent gets nothing back: a press of that button would do what the other site wants.
    """
    if _is_anothers() or _is_nobodys():
        return _answer(403)
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    secretive = ("password", "secret", "token")
    kept = [(name, value) for name, value in kept if not any(word in name for word in secretive)]
    values = {
        "kept": kept,
        "status": 419,
        "action": pages.here(),
        "words": "",
        "request_id": g.get("request_id", ""),
    }
    template = "errors/_fragment.html" if pages.wants_block() else "errors/419.html"
    return render_template(template, **values), 419


def _is_anothers() -> bool:
    """Whether another host's page sent this. Ports are not compared: a proxy may lose ours."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("cross-site", "same-site")
    sender = urlsplit(request.headers.get("Origin", "")).hostname
    return sender is not None and sender != urlsplit(f"//{request.host}").hostname


def _is_nobodys() -> bool:
    """Whether the page that sent this hides whose it is: one of ours with a key in its address does, or anybody's."""
    return request.headers.get("Origin") == "null" and "Sec-Fetch-Site" not in request.headers


def _refused(problem: Refused) -> tuple[Any, int]:
    """A refusal that no room turned into its own form: its sentence, with its status."""
    return _answer(problem.status, problem.sentence)


def _http(problem: HTTPException) -> Any:
    status = problem.code or 500
    if status < 400 or problem.response is not None:
        return problem
    if status == 413:
        return _answer(413)
    return _answer(status)


def _broken(problem: Exception) -> tuple[Any, int]:
    return _answer(500)
