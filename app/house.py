"""What belongs to no feature: the way in, the language, and whether the program is well."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, request, url_for

from app import sheets
from app.accounts import signin
from app.config import LANGUAGES
from app.frame import LANGUAGE_COOKIE, our_company
from app.lib import assets, health

house = Blueprint("house", __name__)
A_YEAR = 365 * 24 * 3600


@house.get("/")
def home() -> Any:
    """Agents to their desk, customers to their tickets, everybody else to the support page."""
    somebody = signin.person()
    if somebody is None:
        return redirect("/support", 303)
    return redirect("/desk" if somebody.agent else "/portal", 303)


@house.get("/sandbox")
def show_sandbox() -> Any:
    """The short address of the sandbox's inboxes, which stand at the desk."""
    return redirect("/desk/sandbox", 303)


@house.post("/language")
def choose_language() -> Response:
    """Keeps the language in a cookie, and with the person where one is signed in."""
    chosen = request.form.get("language", "")
    response: Response = redirect(signin.safe_next(request.form.get("next"), "/"), 303)
    if chosen in LANGUAGES:
        secure = current_app.extensions["ventanilla"].is_https
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=secure)
        if somebody := signin.person():
            somebody.change(language=chosen)
    return response


@house.get("/static/all/<string:digest>.css")
def style(digest: str) -> Response:
    """All style sheets as one, kept for a year: its address changes with its content."""
    return Response(sheets.joined(), mimetype="text/css", headers={"Cache-Control": assets.A_YEAR})


@house.get("/health/live")
def live() -> Any:
    return jsonify(health.live())


@house.get("/health/ready")
def ready() -> Any:
    answers, status = health.ready()
    return jsonify(answers), status


@house.get("/favicon.ico")
def favicon() -> Any:
    """Of the company, else the program's; not for ever, because a company may choose another."""
    own = our_company().picture("favicon")
    return redirect(own.url if own else url_for("static", filename="favicon.svg"), 302)
