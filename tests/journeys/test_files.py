"""Files chosen for an answer: left out when too large, taken out again, sent with a bar; else the plain field."""

import pytest
from playwright.sync_api import expect

from app.attachments.attachment import LARGEST, Attachment
from app.tickets.personal_link import PersonalLink
from tests.fixtures.browser import script_only
from tests.journeys.steps import PHONE

pytestmark = pytest.mark.sqlite_only


def chosen(name, data=b"words"):
    return {"name": name, "mimeType": "text/plain", "buffer": data}


def test_a_customer_sends_files(browsers, world, accessible):
    link = PersonalLink.issue(world.leak, world.carol)
    page = browsers.open(**PHONE)
    page.goto(f"/t/{link.token}")
    page.get_by_text("Reply", exact=True).first.click()
    page.get_by_label("Your message").fill("Look at these.")
    field = page.get_by_label("Photos or documents")
    field.set_input_files([chosen("one.txt"), chosen("two.txt"), chosen("three.txt")])
    if browsers.script:
        field.set_input_files([chosen("one.txt"), chosen("two.txt"), chosen("huge.txt", bytes(LARGEST + 1))])
        expect(page.get_by_text("huge.txt: too large: 20 MB at most; left out.")).to_be_visible()
        page.get_by_role("button", name="Remove: two.txt").click()
        expect(page.get_by_text("two.txt")).to_have_count(0)
        accessible(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Look at these.")).to_be_visible()
    names = {each.name for each in Attachment.select()}
    assert names == ({"one.txt"} if browsers.script else {"one.txt", "two.txt", "three.txt"})


@script_only
def test_the_bar_shows_how_far_the_sending_is(browsers, world):
    link = PersonalLink.issue(world.leak, world.carol)
    page = browsers.open()
    page.goto(f"/t/{link.token}")
    page.get_by_text("Reply", exact=True).first.click()
    page.evaluate(
        """() => {
          globalThis.shares = [];
          const seen = new Set();
          new MutationObserver(() => {
            const bar = document.querySelector("file-names progress");
            if (!bar || seen.has(bar)) return;
            seen.add(bar);
            const look = () => { globalThis.shares.push(bar.value); if (bar.isConnected) setTimeout(look, 5); };
            look();
          }).observe(document.body, { childList: true, subtree: true });
        }"""
    )
    page.get_by_label("Photos or documents").set_input_files(
        [chosen("large.txt", b"x" * 15_000_000), chosen("empty.txt", b"")]
    )
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("“empty.txt” is empty.").first).to_be_visible()  # refused, and the good file is kept
    expect(page.get_by_label("large.txt")).to_be_checked()
    assert page.evaluate("Math.max(...globalThis.shares)") > 0
    page.get_by_label("Your message").fill("One large file.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("One large file.")).to_be_visible()
    assert Attachment.get(name="large.txt").message
