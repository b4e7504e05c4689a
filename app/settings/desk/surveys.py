"""The surveys: the generic one, one per category where wanted, and their questions."""

from typing import Any

from flask import abort, g, request, url_for

from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.settings.desk import settings
from app.settings.forms import QuestionForm, SurveyForm, section_form
from app.surveys.forms import LOOKS, survey_form
from app.surveys.settings import SurveySettings
from app.surveys.survey import Question, Survey

LIST, PAGE = "settings/desk/surveys.html", "settings/desk/survey.html"
NEW, QUESTION, PREVIEW = "settings/desk/new_survey.html", "settings/desk/question.html", "settings/desk/preview.html"


@settings.get("/surveys")
def index_surveys() -> Any:
    return page(LIST, surveys=Survey.all(), form=section_form(SurveySettings), section=SurveySettings)


@settings.get("/surveys/new")
def new_survey() -> Any:
    return page(NEW, form=SurveyForm())


@settings.post("/surveys")
def create_survey() -> Any:
    form = SurveyForm()
    try:
        survey = Survey.write(by=g.me, **form.answers())
    except Refused as problem:
        return page(NEW, form=form.refuse(problem), status=problem.status)
    return done(url_for(".edit_survey", number=survey.id), said=_("Now add its questions."))


@settings.get("/surveys/<int:number>")
def edit_survey(number: int) -> Any:
    return _page(_survey(number))


@settings.post("/surveys/<int:number>")
def update_survey(number: int) -> Any:
    survey, form = _survey(number), SurveyForm()
    try:
        survey.describe(by=g.me, **form.answers())
    except Refused as problem:
        return _page(survey, form.refuse(problem), problem.status)
    return _back(survey)


@settings.get("/surveys/<int:number>/preview")
def show_survey(number: int) -> Any:
    survey = _survey(number)
    _form, questions = survey_form(survey)
    return page(PREVIEW, survey=survey, questions=questions, looks=LOOKS)


@settings.post("/surveys/<int:number>/generic")
def create_generic(number: int) -> Any:
    survey = _survey(number)
    survey.make_generic(by=g.me)
    return _back(survey)


@settings.post("/surveys/<int:number>/switch")
def update_survey_switch(number: int) -> Any:
    survey = _survey(number)
    try:
        survey.switch(on="on" in request.form, by=g.me)
    except Refused as problem:
        return _page(survey, SurveyForm(obj=survey).refuse(problem), problem.status)
    return _back(survey)


@settings.get("/surveys/<int:number>/questions/new")
def new_question(number: int) -> Any:
    return page(QUESTION, survey=_survey(number), question=None, form=QuestionForm(is_required=True))


@settings.post("/surveys/<int:number>/questions")
def create_question(number: int) -> Any:
    survey, form = _survey(number), QuestionForm()
    try:
        survey.ask(by=g.me, **_answers(form))
    except Refused as problem:
        return page(QUESTION, survey=survey, question=None, form=form.refuse(problem), status=problem.status)
    return _back(survey)


@settings.get("/surveys/<int:number>/questions/<int:place>")
def edit_question(number: int, place: int) -> Any:
    survey = _survey(number)
    question = survey.question(place) or abort(404)
    form = QuestionForm(obj=question, data={"choices": "\n".join(question.choices)})
    form.choices.data = form.choices.data if form.is_submitted() else "\n".join(question.choices)
    return page(QUESTION, survey=survey, question=question, form=form)


@settings.post("/surveys/<int:number>/questions/<int:place>")
def update_question(number: int, place: int) -> Any:
    survey, question = _question(number, place)
    form = QuestionForm()
    try:
        question.reword(by=g.me, **_answers(form))
    except Refused as problem:
        return page(QUESTION, survey=survey, question=question, form=form.refuse(problem), status=problem.status)
    return _back(survey)


@settings.post("/surveys/<int:number>/questions/<int:place>/move")
def update_question_place(number: int, place: int) -> Any:
    survey, question = _question(number, place)
    question.move(up="up" in request.form, by=g.me)
    return _back(survey)


@settings.post("/surveys/<int:number>/questions/<int:place>/switch")
def update_question_switch(number: int, place: int) -> Any:
    survey, question = _question(number, place)
    question.switch(on="on" in request.form, by=g.me)
    return _back(survey)


@settings.post("/surveys/<int:number>/questions/<int:place>/removal")
def destroy_question(number: int, place: int) -> Any:
    survey, question = _question(number, place)
    try:
        question.remove(by=g.me)
    except Refused as problem:
        return _page(survey, SurveyForm(formdata=None, obj=survey).refuse(problem), problem.status)
    return _back(survey)


def _survey(number: int) -> Survey:
    return Survey.by_number(number) or abort(404)


def _question(number: int, place: int) -> tuple[Survey, Question]:
    survey = _survey(number)
    return survey, survey.question(place) or abort(404)


def _answers(form: QuestionForm) -> dict[str, Any]:
    answers = form.answers()
    return answers | {"choices": (answers["choices"] or "").splitlines()}


def _page(survey: Survey, form: SurveyForm | None = None, status: int = 200) -> Any:
    form = form or SurveyForm(formdata=None, obj=survey)
    return page(PAGE, survey=survey, questions=survey.all_in_order, form=form, status=status)


def _back(survey: Survey) -> Any:
    return done(url_for(".edit_survey", number=survey.id), said=_("Saved."))
