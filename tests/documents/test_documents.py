"""The PDF of a ticket: asked for, made, kept; public words only."""

import io
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest

from app.accounts.visitor import Access
from app.authorizations.signature import Strokes, TypedSignature
from app.documents.document import TicketDocument
from app.lib import pdf_child
from app.lib.files import store
from app.messages.message import Message
from app.outbox.settings import SendingSettings
from app.tickets.ticket import Ticket
from app.timeline.event import Event
from tasks import reactions
from tests.page import both_ways
from tests.world import CANARY

DRAWN = '{"width": 350, "height": 168, "strokes": [[[20, 100], [80, 40], [140, 120], [220, 50], [300, 110]]]}'


def words(data):
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    text = "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    document.close()
    return text


@pytest.fixture
def decided(world):
    asked = world.leak.request_authorization("Replace the seal for 120 €.", by=world.ben)
    way = Access(ip="203.0.113.9", user_agent="A browser")
    asked.authorize(by=world.carol, name="Carol Ruiz", signature=Strokes.parse(DRAWN), access=way, language="en")
    return asked


def test_a_customer_downloads_the_pdf(portal, world, decided):
    page = portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    file = page.press("Download PDF")
    assert file.response.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"] == f"attachment; filename=ticket-{world.leak.number}.pdf"
    said = words(file.response.get_data())
    for each in ("The press leaks", "There is oil", "Replace the seal for 120 €.", "203.0.113.9", decided.text_sha256):
        assert each in said.replace("\r\n", "\n").replace("\n", "") or each in said
    assert f"Ticket\n{world.leak.number}\n" in said.replace("\r\n", "\n")
    assert "UTC+01:00" in said
    assert CANARY not in said


def test_the_pdf_says_what_was_done_when_how_long_and_by_whom(portal, world):
    """Of what customers read: not what was noted while only the team saw the ticket."""
    done = datetime(2026, 1, 20, 8, 30, tzinfo=UTC)
    world.leak.note_intervention("Changed the seal.", minutes=65, by=world.ben, done_at=done)
    world.leak.set_visibility(internal=True, by=world.ben)
    world.leak.note_intervention("Asked the maker.", minutes=5, by=world.ben)
    world.leak.set_visibility(internal=False, by=world.ben)
    file = portal(world.carol).get(f"/portal/tickets/{world.leak.number}").press("Download PDF")
    said = words(file.response.get_data())
    assert "Changed the seal." in said
    assert "Ben Ortiz, Intervention, 1:05 h" in said
    assert "09:30" in said, "in the reader's zone"
    assert "Asked the maker." not in said


def test_printing_opens_the_same_file(portal, world):
    carol = portal(world.carol)
    saved = carol.get(f"/portal/tickets/{world.leak.number}").press("Download PDF")
    shown = carol.get(f"/portal/tickets/{world.leak.number}").press("Print")
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert shown.response.get_data() == saved.response.get_data()
    assert TicketDocument.select().count() == 1


def test_a_changed_ticket_gets_a_new_one(portal, world):
    carol = portal(world.carol)
    carol.post(f"/portal/tickets/{world.leak.number}/documents")
    world.leak.reply("We come tomorrow.", by=world.ben)
    file = carol.post(f"/portal/tickets/{world.leak.number}/documents")
    assert "We come tomorrow." in words(file.response.get_data())
    assert TicketDocument.select().count() == 2


def test_names_in_any_script_come_out(world):
    world.leak.hear("Здравствуйте. Καλημέρα. 漏水しています。 שלום", by=world.carol, channel="portal")
    document = TicketDocument.ask(world.leak, by=world.carol, face="portal", language="en")
    document = TicketDocument.get_by_id(document.id)
    assert document.state == "ready"


@both_ways
def test_who_waits_sees_it_come(portal, world, htmx, monkeypatch):
    monkeypatch.setattr(TicketDocument, "make", lambda self: None)
    carol = portal(world.carol)
    waiting = carol.post(f"/portal/tickets/{world.leak.number}/documents")
    assert waiting.h1 == "Making the PDF"
    assert "every 2s" in waiting.html
    monkeypatch.undo()
    TicketDocument.get().make()
    there = carol.get(waiting.link("Refresh")["href"], htmx=htmx)
    if htmx:
        assert "every 2s" not in there.html
        there = there.follow("Download PDF")
    assert there.response.mimetype == "application/pdf"


def test_a_lost_one_is_made_by_the_sweep(world, clock, monkeypatch):
    monkeypatch.setattr(reactions, "react_to", lambda event_id: None)
    document = TicketDocument.ask(world.leak, by=world.carol, face="portal", language="en")
    assert TicketDocument.get_by_id(document.id).state == "pending"
    clock.shift(61)
    reactions.sweep()
    assert TicketDocument.get_by_id(document.id).is_ready


def test_one_that_fails_says_so_and_can_be_tried_again(portal, world, monkeypatch):
    def fail(*arguments, **named):
        raise pdf_child.PdfFailed("no")

    monkeypatch.setattr(pdf_child, "render_in_child", fail)
    carol = portal(world.carol)
    failed = carol.post(f"/portal/tickets/{world.leak.number}/documents")
    assert failed.h1 == "The PDF could not be made"
    monkeypatch.undo()
    assert failed.press("Try again").response.mimetype == "application/pdf"


def test_asked_again_while_it_is_made_it_is_one_job(world, monkeypatch):
    monkeypatch.setattr(TicketDocument, "make", lambda self: None)
    for _ in range(3):
        TicketDocument.ask(world.leak, by=world.carol, face="portal", language="en")
    assert Event.select().where(Event.kind == "document.requested").count() == 1


def test_somebody_elses_is_not_there(portal, world):
    document = TicketDocument.ask(world.leak, by=world.carol, face="portal", language="en")
    eve = portal(world.eve)
    for path in ("", "/file"):
        assert eve.get(f"/portal/tickets/{world.leak.number}/documents/{document.id}{path}").status == 404
    assert eve.post(f"/portal/tickets/{world.leak.number}/documents").status == 404


def test_the_desks_is_not_the_portals(portal, world):
    document = TicketDocument.ask(world.leak, by=world.ben, face="desk", language="en")
    path = f"/portal/tickets/{world.leak.number}/documents/{document.id}"
    assert portal(world.carol).get(path).status == 404


def test_a_denial_and_a_typed_name_stand_in_it_too(world):
    asked = world.leak.request_authorization("A pump.", by=world.ben)
    asked.deny(by=world.carol, reasons="Too dear.", access=Access(), language="en")
    asked = world.leak.request_authorization("A seal.", by=world.ben)
    signature = TypedSignature("Carol Ruiz")
    asked.authorize(by=world.carol, name="Carol Ruiz", signature=signature, access=Access(), language="en")
    document = TicketDocument.ask(world.leak, by=world.ben, face="desk", language="es")
    assert TicketDocument.get_by_id(document.id).is_ready


def test_an_agent_gets_the_desks_own(desk, world):
    file = desk(world.ben).post(f"/desk/tickets/{world.leak.number}/documents", purpose="print")
    assert file.response.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("inline")
    said = words(file.response.get_data())
    assert "There is oil" in said
    assert CANARY not in said


def test_who_waits_at_the_desk_sees_a_page(desk, world, monkeypatch):
    monkeypatch.setattr(TicketDocument, "make", lambda self: None)
    waiting = desk(world.ben).post(f"/desk/tickets/{world.leak.number}/documents")
    assert waiting.h1 == "Making the PDF"


def test_what_was_held_when_it_was_asked_for_is_in_the_next_one(world, clock):
    SendingSettings.set(undo_seconds=10)
    world.leak.reply("We bring a maracuya.", by=world.ben)
    first = TicketDocument.ask(world.leak.lock(), by=world.carol, face="portal", language="en")
    first.make()
    assert TicketDocument.ask(world.leak, by=world.carol, face="portal", language="en") == first
    clock.shift(timedelta(seconds=11))
    second = TicketDocument.ask(world.leak, by=world.carol, face="portal", language="en")
    assert (second.is_ready, second.revision) == (False, world.leak.revision)
    second.make()
    with store().open(second.sha256) as file:
        assert "maracuya" in words(file.read())
    assert TicketDocument.ask(world.leak, by=world.carol, face="portal", language="en").is_ready


@pytest.mark.parametrize("taken_out_by", ["taking a merge apart", "splitting"])
def test_a_pdf_that_holds_what_was_taken_out_since_is_given_to_nobody(world, portal, clock, taken_out_by):
    """It may be somebody else's conversation."""
    other = Ticket.open(by=world.eve, subject="Ink", text="Of the pitahaya.", channel="form", requester=world.eve)
    other.merge_into(world.leak, by=world.ben)
    document = TicketDocument.ask(world.leak.lock(), by=world.carol, face="portal", language="en")
    document.make()
    path = f"/portal/tickets/{world.leak.number}/documents/{document.id}/file"
    assert portal(world.carol).get(path).status == 200
    clock.shift(timedelta(seconds=1))
    if taken_out_by == "splitting":
        moved = world.leak.messages.order_by(Message.id.desc()).first()
        world.leak.split_off([moved.id], subject="Ink", by=world.ben)
    else:
        Ticket.get_by_id(other.id).separate(by=world.ben)
    assert portal(world.carol).get(path).status == 404
