"""All files of a message as one download."""

import io
import zipfile
from types import SimpleNamespace

import pytest

from app.accounts.visitor import Access
from app.attachments.attachment import Attachment
from app.attachments.bundle import TooMuch, bundle
from app.outbox.settings import SendingSettings
from app.tickets.ticket import Ticket
from tests.fixtures.things import picture_of
from tests.world import CANARY


def keep(name, data, by):
    return Attachment.keep(SimpleNamespace(filename=name, stream=io.BytesIO(data)), by=by)


@pytest.fixture
def sent(world):
    """Two files of the same name in one message of Carol's, and one of a note."""
    files = [keep("oil.png", picture_of(), world.carol), keep("oil.png", picture_of() + b" ", world.carol)]
    heard = world.leak.hear("Look", by=world.carol, channel="portal", files=files)
    note = world.leak.note("Inside", by=world.ben, files=[keep(f"{CANARY}.png", picture_of(), world.ben)])
    return SimpleNamespace(files=files, heard=heard, note=note)


@pytest.mark.parametrize("door", ["desk", "portal"])
def test_all_files_of_a_message_come_as_one(desk, portal, world, sent, door):
    who = desk(world.ben) if door == "desk" else portal(world.carol)
    page = who.get(f"/{door}/tickets/{world.leak.number}/attachments/{sent.files[0].id}")
    answer = who.http.get(page.link("All as zip")["href"], buffered=True)
    archive = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    assert archive.namelist() == ["oil.png", "oil (2).png"]
    assert archive.testzip() is None
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("door", ["desk", "portal"])
def test_files_that_cannot_be_looked_at_come_as_one_too(desk, portal, world, door):
    """Offered beside them where they are several; one alone is just saved."""
    who = desk(world.ben) if door == "desk" else portal(world.carol)
    here = f"/{door}/tickets/{world.leak.number}"
    world.leak.hear("One", by=world.carol, channel="portal", files=[keep("one.txt", b"1", world.carol)])
    assert not who.get(here).has_link("All as zip")
    files = [keep(name, b"2", world.carol) for name in ("two.txt", "three.txt")]
    world.leak.hear("Two", by=world.carol, channel="portal", files=files)
    answer = who.http.get(who.get(here).link("All as zip")["href"], buffered=True)
    assert zipfile.ZipFile(io.BytesIO(answer.get_data())).namelist() == ["two.txt", "three.txt"]


def test_customers_do_not_get_the_files_of_a_note_nor_strangers_any(portal, world, sent):
    there, hidden = f"/portal/tickets/{world.leak.number}/attachments", Attachment.get(Attachment.message == sent.note)
    assert portal(world.carol).get(f"{there}/{hidden.id}/all.zip").status == 404
    assert portal(world.eve).get(f"{there}/{sent.files[0].id}/all.zip").status == 404


@pytest.mark.parametrize("door", ["desk", "portal"])
def test_the_files_of_a_request_are_looked_at_one_after_the_other_and_come_as_one(desk, portal, world, sent, door):
    """Those of a message beside it are not among them; where its ticket was merged into another one, too."""
    other = Ticket.open(by=world.carol, requester=world.carol, subject="Ink", text="No ink", channel="form")
    files = [keep(name, picture_of(), world.ben) for name in ("offer.png", "plan.png")]
    asked = other.request_authorization("As in the offer.", by=world.ben, files=files)
    asked.deny(by=world.carol, reasons="Too dear", access=Access(), language="en")
    who = desk(world.ben) if door == "desk" else portal(world.carol)
    for merged in (False, True):
        if merged:
            Ticket.get_by_id(other.id).merge_into(world.leak.lock(), by=world.ben)
        page = who.get(f"/{door}/tickets/{other.number}/attachments/{files[0].id}")
        assert "1 of 2" in page
        assert page.follow("Next").h1 == "plan.png"
        shown = who.get(f"/{door}/tickets/{(world.leak if merged else other).number}")
        ways = {each["href"] for each in shown.all("a") if each.name == "All as zip"}
        way = f"/{door}/tickets/{other.number}/attachments/{files[0].id}/all.zip"
        assert way in ways
        assert page.link("All as zip")["href"].endswith(f"/attachments/{files[0].id}/all.zip")
        answer = who.http.get(way, buffered=True)
        assert zipfile.ZipFile(io.BytesIO(answer.get_data())).namelist() == ["offer.png", "plan.png"]


def test_pictures_within_the_text_of_a_mail_are_not_among_its_files(desk, world):
    inner = Attachment.keep_part(picture_of(), "logo.png", content_id="logo", is_inline=True)
    files = [keep(name, b"2", world.carol) for name in ("two.txt", "three.txt")]
    world.leak.hear("Look", by=world.carol, channel="email", files=[inner, *files])
    ben = desk(world.ben)
    answer = ben.http.get(ben.get(f"/desk/tickets/{world.leak.number}").link("All as zip")["href"], buffered=True)
    assert zipfile.ZipFile(io.BytesIO(answer.get_data())).namelist() == ["two.txt", "three.txt"]


def test_files_of_what_can_still_be_taken_back_are_nobodys_yet(portal, world, clock):
    SendingSettings.set(undo_seconds=10)
    files = [keep(name, picture_of(), world.ben) for name in ("one.png", "two.png")]
    world.leak.reply("Look", by=world.ben, files=files)
    carol, there = portal(world.carol), f"/portal/tickets/{world.leak.number}/attachments/{files[0].id}"
    ways = ("", "/original", "/thumbnail", "/all.zip")
    assert [carol.get(f"{there}{way}").status for way in ways] == [404] * 4
    clock.shift(11)
    assert [carol.get(f"{there}{way}").status for way in ways] == [200] * 4


def test_what_is_too_large_together_is_refused(world, sent):
    sent.files[0].size = 400 * 1024 * 1024
    with pytest.raises(TooMuch):
        bundle(sent.files)
