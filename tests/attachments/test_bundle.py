"""All files of a message as one download."""

import io
import zipfile
from types import SimpleNamespace

import pytest

from app.attachments.attachment import Attachment
from app.attachments.bundle import TooMuch, bundle
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
    there = f"/portal/tickets/{world.leak.number}/messages"
    assert portal(world.carol).get(f"{there}/{sent.note.id}/files.zip").status == 404
    assert portal(world.eve).get(f"{there}/{sent.heard.id}/files.zip").status == 404


def test_what_is_too_large_together_is_refused(world, sent):
    sent.files[0].size = 400 * 1024 * 1024
    with pytest.raises(TooMuch):
        bundle(sent.files)
