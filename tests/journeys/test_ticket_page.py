"""The page of a ticket at each width: where it opens, what covers what, and keys that lead from file to file."""

import io
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from app.attachments.attachment import Attachment
from app.messages.draft import Draft
from app.outbox.settings import SendingSettings
from tests.fixtures.things import picture_of
from tests.journeys.steps import let_in

pytestmark = pytest.mark.sqlite_only

ON_TOP = """(button) => {
  const box = button.getBoundingClientRect();
  return button.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""


@pytest.fixture
def here(world):
    return f"/desk/tickets/{world.leak.number}"


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_it_opens_at_the_last_message(app, browsers, world, here, width):
    if not browsers.script:
        pytest.skip("without a script a page opens at its beginning")
    for number in range(12):
        world.leak.hear(f"Word {number}. " * 20, by=world.carol, channel="link")
    page = browsers.open(viewport={"width": width, "height": 800})
    let_in(page, app, world.ben)
    page.goto(here)
    expect(page.get_by_text("Word 11.").first).to_be_in_viewport()
    expect(page.get_by_text("There is oil under the press.")).not_to_be_in_viewport()


def test_what_is_said_of_a_reply_covers_no_control_and_undo_leads_back(app, browsers, world, here):
    SendingSettings.set(undo_seconds=60)
    page = browsers.open(viewport={"width": 1280, "height": 800})
    let_in(page, app, world.ben)
    page.goto(here)
    page.get_by_role("textbox", name="Reply").fill("Half a thought")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("The reply is on its way.")).to_be_visible()
    if browsers.script:
        for name in ("Template", "Send reply", "Undo"):
            assert page.get_by_role("button", name=name).first.evaluate(ON_TOP), name
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The message is taken back.")).to_be_visible()
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("There is oil under the press.")
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("Half a thought")
    page.reload()
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("Half a thought")


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_the_menu_opens_under_its_button_however_far_one_has_scrolled(app, browsers, world, here, width):
    for number in range(8):
        world.leak.hear(f"Word {number}. " * 30, by=world.carol, channel="link")
    page = browsers.open(viewport={"width": width, "height": 800})
    let_in(page, app, world.ben)
    page.goto(here)
    opener = page.get_by_role("button", name="More actions")
    for place in (0, 100, 100_000):
        page.mouse.move(width / 2, 400)
        page.mouse.wheel(0, place)
        opener.click()
        menu = page.locator(".menu__list:popover-open")
        expect(menu).to_be_in_viewport(ratio=1)
        button, box = opener.bounding_box(), menu.bounding_box()
        assert 0 <= box["y"] - (button["y"] + button["height"]) < 20, place
        page.keyboard.press("Escape")


def test_what_was_just_typed_and_sent_is_no_draft(app, browsers, world, here):
    page = browsers.open()
    let_in(page, app, world.ben)
    page.goto(here)
    page.get_by_role("textbox", name="Reply").fill("Quickly said")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("The reply is on its way.")).to_be_visible()
    page.wait_for_timeout(500)
    page.reload()
    expect(page.get_by_role("textbox", name="Reply")).to_have_value("")
    assert not Draft.select().exists()


def test_arrows_lead_from_file_to_file(app, browsers, world, here):
    if not browsers.script:
        pytest.skip("keys are a script's")
    files = [
        Attachment.keep(SimpleNamespace(filename=name, stream=io.BytesIO(picture_of())), by=world.carol)
        for name in ("one.png", "two.png")
    ]
    world.leak.hear("Look.", by=world.carol, channel="link", files=files)
    page = browsers.open()
    let_in(page, app, world.ben)
    page.goto(f"{here}/attachments/{files[0].id}")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="two.png")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="one.png")).to_be_visible()
