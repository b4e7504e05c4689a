"""A ticket closed by the team, the survey of the letter answered once, and the PDF."""

import pytest
from playwright.sync_api import expect

from app.documents.document import TicketDocument
from app.surveys.settings import SurveySettings
from app.surveys.survey import Answer, Survey
from app.tickets.ticket import Ticket
from app.timeline.event import announce_to
from tests.journeys.steps import letter_to, link_for, sign_in

pytestmark = pytest.mark.sqlite_only
REASON = "The seal is new and the press is dry."


@pytest.fixture
def survey(world):
    made = Survey.write(by=world.ada, title="How did it go?", introduction="It takes a minute.")
    kinds = {"score": "All in all?", "nps": "Would you recommend us?", "yes_no": "Was it solved?"}
    for kind, text in kinds.items():
        made.ask(by=world.ada, text=text, kind=kind, choices=[], is_required=True)
    made.ask(by=world.ada, text="What could be better?", kind="text", choices=[], is_required=False)
    SurveySettings.set(send_on_close=True)
    return made


def test_closed_with_a_reason_and_rated_once(browsers, world, survey, accessible):
    close_at_the_desk(browsers.open(), browsers.script, world, accessible)
    assert Ticket.get_by_id(world.leak.id).status == "closed_by_team"
    assert REASON in letter_to("carol@marlow.example", "tickets.closed_by_team").text

    carol = browsers.open(viewport={"width": 390, "height": 844})
    address = link_for("carol@marlow.example", "surveys.sent")
    carol.goto(address)
    expect(carol.get_by_role("heading", level=1)).to_have_text("How did it go?")
    accessible(carol)
    carol.get_by_role("group", name="All in all?").get_by_role("radio", name="Good", exact=True).check(force=True)
    carol.get_by_role("group", name="Would you recommend us?").get_by_role("radio", name="9").check(force=True)
    carol.get_by_role("button", name="Send my opinion").click()
    expect(carol.get_by_text("Answer this question.", exact=True)).to_be_visible()
    accessible(carol)
    carol.get_by_role("group", name="Was it solved?").get_by_role("radio", name="Yes").check(force=True)
    carol.get_by_label("What could be better?").fill("Come sooner.")
    carol.get_by_role("button", name="Send my opinion").click()
    expect(carol.get_by_role("heading", name="Thank you for your opinion")).to_be_visible()
    accessible(carol)
    assert [answer.text for answer in Answer.select().order_by(Answer.id)] == ["4", "9", "1", "Come sooner."]
    carol.goto(address)
    expect(carol.get_by_role("heading", level=1)).to_have_text("This survey is done")

    ada = browsers.open()
    sign_in(ada, world.ada, to=f"/desk/tickets/{world.leak.number}")
    expect(ada.get_by_role("region", name="Surveys").get_by_text("Come sooner.")).to_be_visible()
    accessible(ada)


def close_at_the_desk(page, script, world, accessible):
    sign_in(page, world.ben, to=f"/desk/tickets/{world.leak.number}")
    page.get_by_role("link", name="Close…").first.click()
    here = page.get_by_role("dialog") if script else page.get_by_role("main")
    here.get_by_label("Reason").fill(REASON)
    accessible(page)
    here.get_by_role("button", name="Close ticket").click()
    expect(page.get_by_text("Closed by team").first).to_be_visible()
    accessible(page)


def test_the_pdf_comes_while_the_customer_waits(browsers, world, accessible):
    carol = browsers.open()
    sign_in(carol, world.carol, to=f"/portal/tickets/{world.leak.number}")
    accessible(carol)
    announce_to(None)  # as if the worker were busy
    carol.get_by_role("button", name="Download PDF").click()
    expect(carol.get_by_role("heading", name="Making the PDF")).to_be_visible()
    accessible(carol)
    with carol.expect_download() as download:
        TicketDocument.get().make()
        if not browsers.script:
            carol.get_by_role("link", name="Refresh").click()
    assert download.value.suggested_filename == f"ticket-{world.leak.number}.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    if browsers.script:  # the page that waited says so, and offers the file again
        expect(carol.get_by_role("heading", name="The PDF is ready")).to_be_visible()
        accessible(carol)
