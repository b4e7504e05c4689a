"""The PDF of a ticket names each item of a request, what became of it, and the sentence that was signed."""

from app.authorizations.item import Choice
from app.authorizations.settings import AuthorizationSettings
from app.documents.contents import html_of
from app.tickets.ticket import Ticket
from tests.authorizations.deciding import ask, decide


def test_items_stand_in_the_pdf_with_what_became_of_them(world):
    decide(ask(world), world.carol, Choice({2: "We do it ourselves"}))
    page, _ = html_of(Ticket.get_by_id(world.leak.id), face="portal", language="en", timezone="Europe/Madrid")
    for words in (
        "1. A new seal: €962.00", "2. Labour and gas: €286.50 · Not authorized: We do it ourselves", "Total: €1,248.50",
        "Authorized total: €962.00", "Authorized in part", "For €962.00. I do not authorize: 2. Labour and gas.",
    ):  # fmt: skip
        assert words in page


def test_the_mailed_code_stands_in_the_pdf(world):
    AuthorizationSettings.set(code_above=1000)
    asked = ask(world)
    decide(asked, world.carol, code=asked.send_code(by=world.carol).digits)
    page, _ = html_of(Ticket.get_by_id(world.leak.id), face="portal", language="en", timezone="Europe/Madrid")
    assert "One-time code" in page
    assert "Confirmed" in page
