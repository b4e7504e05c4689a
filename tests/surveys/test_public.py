"""A survey is answered once, by its link."""

from datetime import timedelta

import pytest

from app.lib.clock import now
from app.surveys.settings import SurveySettings
from app.surveys.survey import Answer, Question, Survey, SurveyInvitation
from app.surveys.surveyable import NobodyToSurvey
from app.tickets.ticket import Ticket
from tests.page import both_ways


@pytest.fixture
def invitation(world):
    survey = Survey.create(title="How did it go?", introduction="Two minutes.", is_generic=True)
    asked = [
        ("score", "All in all?", [], True),
        ("nps", "Would you recommend us?", [], True),
        ("yes_no", "Was it solved?", [], True),
        ("choice", "What mattered most?", ["Speed", "Price"], False),
        ("text", "What could be better?", [], False),
    ]
    for place, (kind, text, choices, needed) in enumerate(asked):
        Question.create(survey=survey, kind=kind, text=text, choices=choices, is_required=needed, position=place)
    return world.leak.send_survey(by=world.ben)


def answers(invitation, *given):
    return {
        f"question-{question.id}": value for question, value in zip(invitation.survey.in_order, given, strict=False)
    }


@both_ways
def test_every_kind_of_question_is_answered(client, invitation, htmx):
    page = client.get(f"/s/{invitation.token}")
    assert page.h1 == "How did it go?"
    assert "The press leaks" in page
    thanks = page.press("Send my opinion", htmx=htmx, **answers(invitation, "4", "9", "1", "Speed", "Come sooner"))
    assert "Thank you" in thanks
    assert [answer.text for answer in Answer.select().order_by(Answer.id)] == ["4", "9", "1", "Speed", "Come sooner"]
    assert [answer.label for answer in invitation.in_order][::2] == ["Good", "Yes", "Come sooner"]


@both_ways
@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("", "9", "1"), "Answer this question."),
        (("9", "9", "1"), "one of the answers"),
        (("4", "11", "1"), "one of the"),
    ],
)
def test_a_refused_answer_keeps_the_others(client, invitation, htmx, given, words):
    page = client.get(f"/s/{invitation.token}")
    refused = page.press("Send my opinion", htmx=htmx, **answers(invitation, *given, "Price", "More light"))
    assert refused.status == 422
    assert words in refused
    assert "More light" in refused.html
    assert not Answer.select().exists()


@both_ways
def test_all_that_is_missing_is_said_at_once(client, invitation, htmx):
    refused = client.get(f"/s/{invitation.token}").press("Send my opinion", htmx=htmx, **answers(invitation, "4"))
    summary = next(each for each in refused.all("div") if each.get("role") == "alert")
    assert summary.text.count("Answer this question.") == 2
    assert [each.text for each in summary.all("a")] == ["Would you recommend us?", "Was it solved?"]


def test_only_what_is_needed_must_be_answered(client, invitation):
    client.get(f"/s/{invitation.token}").press("Send my opinion", **answers(invitation, "5", "10", "0"))
    assert Answer.select().count() == 3


def test_it_is_answered_once(client, invitation):
    page = client.get(f"/s/{invitation.token}")
    page.press("Send my opinion", **answers(invitation, "5", "10", "0"))
    again = page.press("Send my opinion", **answers(invitation, "1", "0", "0"))
    assert again.status == 409
    assert "already been answered" in again
    assert client.get(f"/s/{invitation.token}").status == 409
    assert Answer.select().count() == 3


def test_it_ends(client, invitation):
    invitation.change(expires_at=now() - timedelta(minutes=1))
    page = client.get(f"/s/{invitation.token}")
    assert page.status == 410
    assert "This survey is over." in page
    assert client.post(f"/s/{invitation.token}", **answers(invitation, "5", "10", "0")).status == 410


def test_an_unknown_link_says_nothing(client, world):
    assert client.get("/s/" + "x" * 43).status == 404


def test_reading_it_changes_nothing(client, invitation):
    client.http.head(f"/s/{invitation.token}")
    client.get(f"/s/{invitation.token}")
    assert type(invitation).get_by_id(invitation.id).answered_at is None


def test_it_speaks_the_persons_language_unless_the_browser_chose_one(client, world, invitation):
    world.carol.change(language="pt")
    assert next(iter(client.get(f"/s/{invitation.token}").all("html")))["lang"] == "pt"
    client.post("/language", language="es", next=f"/s/{invitation.token}")
    assert next(iter(client.get(f"/s/{invitation.token}").all("html")))["lang"] == "es"


@pytest.mark.parametrize("gone", ["hidden", "deleted", "merged into one that is deleted"])
def test_a_ticket_that_is_not_for_customers_any_more_is_not_named_there(client, world, invitation, gone):
    if gone == "hidden":
        world.leak.set_visibility(internal=True, by=world.ben)
    elif gone == "deleted":
        world.leak.remove(by=world.ben)
    else:
        other = Ticket.open(by=world.carol, requester=world.carol, subject="Ink", text="x", channel="form")
        world.leak.merge_into(other, by=world.ben)
        Ticket.get_by_id(other.id).remove(by=world.ben)
    page = client.get(f"/s/{invitation.token}")
    assert page.status == 410
    assert "The press leaks" not in page
    assert client.post(f"/s/{invitation.token}", **answers(invitation, "5", "10", "0")).status == 410
    assert not Answer.select().exists()


def test_nobody_is_asked_about_an_internal_ticket(world):
    Survey.create(title="How did it go?", is_generic=True)
    SurveySettings.set(send_on_close=True)
    world.leak.set_visibility(internal=True, by=world.ben)
    with pytest.raises(NobodyToSurvey):
        world.leak.send_survey(by=world.ben)
    world.leak.close("Done among us", by=world.ben)
    assert not SurveyInvitation.select().exists()
