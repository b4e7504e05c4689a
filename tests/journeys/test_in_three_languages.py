"""The whole life of one ticket, told in each language we speak: form, reply, authorization, closing, survey and PDF."""

import io
from functools import partial

import pypdfium2
import pytest
from flask_babel import force_locale
from playwright.sync_api import expect

from app.accounts.person import Person
from app.authorizations.decision import Decision
from app.config import LANGUAGES
from app.documents.document import TicketDocument
from app.lib.words import gettext
from app.surveys.settings import SurveySettings
from app.surveys.survey import Answer, Survey
from app.tickets.held_form import HeldForm
from app.tickets.settings import FormSettings
from app.tickets.ticket import Ticket
from app.timeline.event import announce_to
from tests.journeys.steps import PHONE, let_in, letter_to, link_for, sign

pytestmark = pytest.mark.sqlite_only
NORA = "nora@new.example"
TEXT = "120 €"  # what is said is the same in all three; what is read is not


def say(language, words, **values):
    with force_locale(language):
        return gettext(words, **values)


@pytest.fixture
def open_house(world):
    """Everybody may write, and a closing asks how it was."""
    FormSettings.set(who_may_open="everyone")
    survey = Survey.write(by=world.ada, title="¿?", introduction="")
    survey.ask(by=world.ada, text="1?", kind="yes_no", choices=[], is_required=True)
    SurveySettings.set(send_on_close=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tickets_life(browsers, app, world, open_house, language, accessible):
    words, phone = partial(say, language), browsers.open(locale=language, **PHONE)
    world.ben.change(language=language)
    desk = browsers.open(locale=language)
    let_in(desk, app, world.ben)

    ticket = written(phone, words, browsers.script, accessible)
    assert (ticket.language, Person.by_email(NORA).language) == (language, language)
    assert words("We have received: %(subject)s", subject="Kilo") in letter_to(NORA, "tickets.opened").subject
    replied(desk, words, ticket, accessible)
    asked(desk, words, ticket, accessible)
    signed(phone, words, browsers.script, accessible)
    assert (Decision.get().outcome, Decision.get().language) == ("authorized", language)
    closed(desk, words, ticket, accessible)
    rated(phone, words, accessible)
    printed(phone, words, ticket, browsers.script)


def written(page, words, script, accessible):
    page.goto("/support/new")
    page.get_by_label(words("Your name")).fill("Nora Vega")
    page.get_by_label(words("E-mail")).fill(NORA)
    page.get_by_label(words("What is it about?")).select_option(words("Problem"))
    page.get_by_label(words("Subject")).fill("Kilo")
    page.get_by_label(words("What is going on, and since when")).fill("Lima")
    accessible(page)
    page.get_by_role("button", name=words("Send")).click()
    if not script:  # nothing else shows that she is a person
        expect(page.get_by_role("heading", level=1)).to_have_text(words("One last step"))
        page.goto(HeldForm.get().url)
        page.get_by_role("button", name=words("Open the ticket")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words("We have received your message"))
    accessible(page)
    return Ticket.select().order_by(Ticket.id.desc()).get()


def replied(page, words, ticket, accessible):
    page.goto(f"/desk/tickets/{ticket.number}")
    page.get_by_role("textbox", name=words("Reply")).fill("Mike")
    page.get_by_role("button", name=words("Send reply")).click()
    expect(page.get_by_label(words("Reply by %(name)s", name="Ben Ortiz")).get_by_text("Mike")).to_be_visible()
    accessible(page)


def asked(page, words, ticket, accessible):
    page.goto(f"/desk/tickets/{ticket.number}?compose=authorization")
    page.get_by_label(words("What the customer authorizes")).fill(TEXT)
    page.get_by_role("radio", name=words("With a signature")).check(force=True)
    page.get_by_role("button", name=words("Request authorization")).click()
    expect(page.get_by_role("region", name=words("Authorization request")).get_by_text(TEXT)).to_be_visible()
    accessible(page)


def signed(page, words, script, accessible):
    page.goto(link_for(NORA, "authorizations.requested"))
    expect(page.get_by_role("heading", name=words("We need your authorization"))).to_be_visible()
    accessible(page)
    page.get_by_role("link", name=words("Authorize and sign")).click()
    title = words("Sign the authorization")
    sheet = page.get_by_role("dialog", name=title) if script else page.get_by_role("main")
    sign(page, sheet, drawn=script, words=words)
    sheet.get_by_role("button", name=words("Confirm authorization")).click()
    expect(page.get_by_role("heading", name=words("Authorized by %(name)s", name="Nora Vega"))).to_be_visible()
    accessible(page)


def closed(page, words, ticket, accessible):
    page.goto(f"/desk/tickets/{ticket.number}/closure")
    page.get_by_label(words("Reason")).fill("November")
    page.get_by_role("button", name=words("Close ticket")).click()
    expect(page.get_by_text(words("Closed by team")).first).to_be_visible()
    accessible(page)


def rated(page, words, accessible):
    page.goto(link_for(NORA, "surveys.sent"))
    page.get_by_role("radio", name=words("Yes")).check(force=True)
    accessible(page)
    page.get_by_role("button", name=words("Send my opinion")).click()
    expect(page.get_by_role("heading", name=words("Thank you for your opinion"))).to_be_visible()
    assert Answer.get().text == "1"


def printed(page, words, ticket, script):
    page.goto(link_for(NORA, "tickets.opened"))
    announce_to(None)  # as if the worker were busy
    page.get_by_role("button", name=words("Download PDF")).click()
    expect(page.get_by_role("heading", name=words("Making the PDF"))).to_be_visible()
    with page.expect_download() as download:
        TicketDocument.get().make()
        if not script:
            page.get_by_role("link", name=words("Refresh")).click()
    document = pypdfium2.PdfDocument(io.BytesIO(download.value.path().read_bytes()))
    said = "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    document.close()
    for each in ("Lima", "Mike", TEXT, words("Closed by team")):
        assert each in said, said
