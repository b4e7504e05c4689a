"""Making surveys in the settings."""

import pytest

from app.surveys.survey import Question, Survey, SurveyInvitation
from app.surveys.writable import HasAnswers


@pytest.fixture
def survey(world):
    made = Survey.write(by=world.ada, title="How was it?")
    made.ask(by=world.ada, text="How was it?", kind="score", choices=[], is_required=True)
    made.ask(by=world.ada, text="Anything else?", kind="text", choices=[], is_required=False)
    return made


def test_the_first_survey_is_the_generic_one(desk, world):
    ada = desk(world.ada)
    ada.get("/desk/settings/surveys/new").press("Create survey", title="How was it?")
    ada.get("/desk/settings/surveys/new").press("Create survey", title="Visits")
    assert Survey.generic().title == "How was it?"
    assert not Survey.get(Survey.title == "Visits").is_generic


def test_there_is_one_generic_survey(desk, world, survey):
    other = Survey.write(by=world.ada, title="Visits")
    desk(world.ada).get(f"/desk/settings/surveys/{other.id}").press("Make it the generic one")
    assert [each.title for each in Survey.select().where(Survey.is_generic)] == ["Visits"]


def test_the_generic_survey_cannot_be_switched_off(desk, world, survey):
    shown = desk(world.ada).post(f"/desk/settings/surveys/{survey.id}/switch", off="1")
    assert shown.status == 409
    assert Survey.generic() == survey


def test_questions_are_added_changed_and_moved(desk, world, survey):
    ada = desk(world.ada)
    shown = ada.get(f"/desk/settings/surveys/{survey.id}/questions/new")
    shown.press("Save", text="Which part?", kind="choice", choices="The visit\nThe price\n")
    assert survey.in_order[2].choices == ["The visit", "The price"]
    place = survey.in_order[2].id
    ada.post(f"/desk/settings/surveys/{survey.id}/questions/{place}/move", up="1")
    assert [each.text for each in survey.in_order] == ["How was it?", "Which part?", "Anything else?"]
    shown = ada.get(f"/desk/settings/surveys/{survey.id}/questions/{place}")
    assert "The price" in shown.field("Answers to choose from").value
    shown.press("Save", text="What part?")
    assert Question.get_by_id(place).text == "What part?"


def test_a_choice_needs_two_answers(desk, world, survey):
    shown = desk(world.ada).post(
        f"/desk/settings/surveys/{survey.id}/questions", text="Which?", kind="choice", choices="One"
    )
    assert shown.status == 422
    assert "Write at least two answers, one on each line." in shown.text


def test_a_question_with_answers_stays_but_can_be_left_out(desk, world, survey):
    invitation = SurveyInvitation.issue(survey, world.leak, world.carol)
    score = survey.in_order[0]
    invitation.answer({f"question-{score.id}": "5"})
    ada = desk(world.ada)
    shown = ada.post(f"/desk/settings/surveys/{survey.id}/questions/{score.id}/removal")
    assert shown.status == 409
    assert str(HasAnswers.says) in shown.text
    ada.post(f"/desk/settings/surveys/{survey.id}/questions/{score.id}/switch", off="1")
    assert [each.text for each in survey.in_order] == ["Anything else?"]
    assert [answer.number for answer in invitation.in_order] == [5]


def test_a_question_without_answers_goes(desk, world, survey):
    place = survey.in_order[1].id
    desk(world.ada).post(f"/desk/settings/surveys/{survey.id}/questions/{place}/removal")
    assert [each.text for each in survey.all_in_order] == ["How was it?"]


def test_the_kind_of_an_answered_question_is_fixed(desk, world, survey):
    score = survey.in_order[0]
    SurveyInvitation.issue(survey, world.leak, world.carol).answer({f"question-{score.id}": "5"})
    path = f"/desk/settings/surveys/{survey.id}/questions/{score.id}"
    assert desk(world.ada).post(path, text="How was it?", kind="text").status == 422


def test_the_preview_shows_the_questions(desk, world, survey):
    shown = desk(world.ada).get(f"/desk/settings/surveys/{survey.id}/preview")
    assert shown.has_field("Very good")
    assert shown.has_field("Anything else?")


def test_the_automatic_sending_is_switched_here(desk, world, survey):
    shown = desk(world.ada).get("/desk/settings/surveys").press("Save", send_on_close="y")
    assert shown.h1 == "Surveys"
    assert (
        desk(world.ada).get("/desk/settings/surveys").field("Send the survey automatically").get("checked", "no")
        != "no"
    )


def test_only_administrators_make_surveys(desk, world, survey):
    assert desk(world.ben).get(f"/desk/settings/surveys/{survey.id}").status == 403
