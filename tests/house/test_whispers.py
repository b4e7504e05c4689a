"""What the team says among itself never reaches a customer: on no page, in no letter, in no PDF, by no search."""

import io

import pypdfium2
import pytest
from flask import Flask

from app.attachments.attachment import Attachment
from app.authorizations.authorization import Authorization
from app.documents.document import TicketDocument
from app.lib.files import store
from app.mail.outgoing import written
from app.tickets.ticket import Ticket
from tests.browsing import Client
from tests.house.access import CUSTOMERS, PORTAL, PUBLIC
from tests.outbox.test_letters import deliveries, upload  # noqa: F401  a fixture
from tests.world import CANARY


@pytest.fixture
def whispers(world, things):
    """Notes, a file of one, a whole internal ticket of Carol's, and colleagues who share their tickets."""
    leak = world.leak
    file = Attachment.keep(upload(f"{CANARY}.txt", CANARY.encode()), by=world.ben)
    leak.note(f"See this. {CANARY}", by=world.ben, files=[file])
    hidden = Ticket.open(
        by=world.ben, requester=world.carol, subject=f"Hidden {CANARY}", text=CANARY, channel="desk", is_internal=True
    )
    world.marlow.change(shares_tickets=True)
    return things | {"note_file": file.id, "hidden": hidden.number}


def visitors(app: Flask, world, things) -> dict[str, Client]:
    """Every customer signed in, and somebody who came by the link of a mail."""
    people = {who: Client(app).sign_in(getattr(world, who)) for who in sorted(CUSTOMERS)}
    people["guest"] = Client(app)
    people["guest"].get(f"/t/{things['token']}")
    return people


def test_no_page_of_a_customer_tells_a_note(app: Flask, world, whispers):
    read = 0
    for who, browser in visitors(app, world, whispers).items():
        for row in [*PORTAL, *PUBLIC]:
            if row.method == "GET":
                answer = browser.http.get(row.path.format(**whispers), buffered=True)
                assert CANARY.encode() not in answer.get_data(), f"{row.path} as {who}"
                read += answer.status_code == 200
    assert read > 60


def test_the_file_of_a_note_and_an_internal_ticket_are_not_there(app: Flask, world, whispers):
    addresses = [f"/portal/tickets/{whispers['number']}/attachments/{whispers['note_file']}"]
    addresses += [f"{addresses[0]}/original", f"/portal/tickets/{whispers['hidden']}"]
    for who, browser in visitors(app, world, whispers).items():
        for address in addresses:
            answer = browser.http.get(address, buffered=True)
            assert answer.status_code in (303, 404), f"{address} as {who}"
            assert CANARY.encode() not in answer.get_data()


def test_nothing_of_a_ticket_that_became_internal_is_there(app: Flask, world, things):
    """Nor of what was asked, signed, filed or printed before; and no search or list names it."""
    leak = world.leak
    Authorization.get(ticket=leak, number=things["pending"]).withdraw(by=world.ben)
    people = visitors(app, world, things)
    addresses = [row.path.format(**things) for row in PORTAL if row.method == "GET" and "{number}" in row.path]
    assert [path for path in addresses if people["carol"].http.get(path, buffered=True).status_code == 200]
    Ticket.get_by_id(leak.id).set_visibility(internal=True, by=world.ben)
    for who, browser in people.items():
        for path in addresses:
            assert browser.http.get(path, buffered=True).status_code == 404, f"{path} as {who}"
    for path in ("/portal", "/portal/tickets?q=leaks", f"/s/{things['survey_token']}"):
        assert leak.subject not in people["carol"].http.get(path, buffered=True).get_data(as_text=True), path


@pytest.mark.parametrize("words", ["canary", "third time", "pays late", "hidden"])
def test_no_search_of_a_customer_finds_a_note(app: Flask, world, whispers, words: str):
    for who in ("carol", "dan"):
        browser = Client(app).sign_in(getattr(world, who))
        for tab in ("", "company"):
            found = browser.get("/portal/tickets", q=words, tab=tab).region("List of tickets")
            assert not [each for each in found.all("a") if "/portal/tickets/" in each.get("href")], f"as {who}"
    carol = Client(app).sign_in(world.carol)
    assert "The press leaks" in carol.get("/portal/tickets", q="oil").region("List of tickets")
    agent = Client(app).sign_in(world.ben).get("/desk/tickets", q="third time", view="any")
    assert "The press leaks" in agent  # who may read the note, finds it


def test_no_letter_tells_a_note(world, deliveries):  # noqa: F811
    for name, delivery in deliveries.items():
        letter = written(delivery)
        words = " ".join([letter.subject, letter.text, letter.html, *(file.name for file in letter.attachments)])
        assert CANARY not in words, name
        assert CANARY.encode() not in letter.to_bytes(), name


@pytest.mark.parametrize("face", ["portal", "desk"])
def test_no_pdf_tells_a_note(world, whispers, face: str):
    world.leak.touch()
    asked = TicketDocument.ask(Ticket.get_by_id(world.leak.id), by=world.carol, face=face, language="en")
    made = TicketDocument.get_by_id(asked.id)
    document = pypdfium2.PdfDocument(io.BytesIO(store().read(made.sha256)))
    said = "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    document.close()
    assert "We come on Friday." in said
    assert CANARY not in said
