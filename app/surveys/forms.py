"""The form of a survey: one field for each of its questions."""

from typing import Any

from wtforms import Field, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.lib.forms import Form
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.surveys.survey import SCORES, Question, Survey

NPS = [SelectChoice(str(number)) for number in range(11)]
YES_NO = [SelectChoice("1", _l("Yes")), SelectChoice("0", _l("No"))]
LOOKS = {"score": "faces", "nps": "scale", "yes_no": "segments", "choice": "cards", "text": None}


def survey_form(survey: Survey) -> tuple[Form, list[tuple[Question, Field]]]:
    """The form, and its fields with the questions they ask, in their order. What is missing the verb says."""
    questions = survey.in_order
    fields: dict[str, Any] = {f"question-{question.id}": _field(question) for question in questions}
    form = type("SurveyForm", (Form,), fields)()
    return form, [(question, form[f"question-{question.id}"]) for question in questions]


def _field(question: Question) -> Any:
    needed = InputRequired() if question.is_required else Optional()
    if question.kind == "text":
        return TextAreaField(question.text, [needed, Length(max=5000)], render_kw={"rows": 4})
    choices: list[SelectChoice] = {
        "score": [SelectChoice(str(number), words) for number, words in SCORES.items()],
        "nps": NPS,
        "yes_no": YES_NO,
    }.get(question.kind) or [SelectChoice(choice) for choice in question.choices]
    return RadioField(question.text, [needed], choices=choices, validate_choice=False)


def introduction(survey: Survey) -> str:
    """What stands above the questions, where the survey says nothing of its own."""
    return survey.introduction or _("A minute of your time helps us do better.")
