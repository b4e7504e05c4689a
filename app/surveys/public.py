"""A survey, answered by the link in a mail, once and without an account."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, g, request
from flask_babel import refresh

from app.accounts.visitor import Visitor
from app.frame import LANGUAGE_COOKIE, wear
from app.lib.limits import limiter
from app.lib.pages import page
from app.lib.refusals import Refused
from app.surveys.forms import LOOKS, introduction, survey_form
from app.surveys.survey import AlreadyAnswered, SurveyEnded, SurveyInvitation

surveys = Blueprint("surveys", __name__)
PAGE, OVER = "surveys/public/show.html", "surveys/public/over.html"


@surveys.get("/s/<string:token>")
@limiter.limit("60/minute")
def show(token: str) -> Any:
    invitation = _find(token)
    try:
        invitation.check()
    except Refused as problem:
        return page(OVER, invitation=invitation, problem=problem, status=problem.status)
    return _ask(invitation, token)


@surveys.post("/s/<string:token>")
@limiter.limit("20/minute")
def create(token: str) -> Any:
    invitation = _find(token)
    given = {name: value for name, value in request.form.items() if name.startswith("question-")}
    try:
        invitation.answer(given)
    except (AlreadyAnswered, SurveyEnded) as problem:
        return page(OVER, "thanks", invitation=invitation, problem=problem, status=problem.status)
    except Refused as problem:
        return _ask(invitation, token, invitation.problems(given) or [problem])
    return page(OVER, "thanks", invitation=invitation, problem=None)


def _find(token: str) -> SurveyInvitation:
    """The invitation of this token; its person is addressed in their language, unless this browser chose another."""
    invitation = SurveyInvitation.by_token(token) or abort(404)
    wear(invitation.ticket.company)
    if LANGUAGE_COOKIE not in request.cookies:
        g.me = Visitor(invitation.person, ticket_id=invitation.ticket_id)
        refresh()
    return invitation


def _ask(invitation: SurveyInvitation, token: str, problems: Sequence[Refused] = ()) -> Any:
    form, fields = survey_form(invitation.survey)
    for problem in problems:
        form.refuse(problem)
    return page(
        PAGE,
        "survey",
        invitation=invitation,
        token=token,
        form=form,
        fields=fields,
        looks=LOOKS,
        introduction=introduction(invitation.survey),
        status=problems[0].status if problems else 200,
    )
