"""An administrator dresses the company: looks, chooses, confirms; everybody sees it."""

import io

import pytest
from PIL import Image

from app.branding.company import Company
from app.lib import db
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.sqlite_only


def test_a_company_is_dressed(browsers, world, accessible):
    page = browsers.open()
    sign_in(page, world.ada, to="/desk/settings/looks")
    sample = page.get_by_role("img", name="A page of the portal in light colors")
    page.get_by_label("Roof tile").check()
    if not browsers.script:  # else the preview comes by itself
        page.get_by_role("button", name="Preview").click()
    page.get_by_text("Not confirmed yet: only you see it.").wait_for()
    assert sample.get_attribute("data-theme") == "teja"
    zone = page.get_by_role("button", name="Portal logo")
    zone.set_input_files(picture("logo.png"))
    if not browsers.script:
        page.get_by_role("button", name="Preview").click()
    page.get_by_alt_text("Portal logo as it is now").wait_for()
    accessible(page)
    with db.connection():
        assert Company.ours().theme == "tinta"
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Everybody sees it from now on").wait_for()
    visitor = browsers.open(color_scheme="dark")
    visitor.goto("/support")
    visitor.get_by_role("link", name="Acme Service").get_by_role("img").wait_for()
    assert visitor.locator("html").get_attribute("data-theme") == "teja"
    accessible(visitor)


def test_files_chosen_while_a_preview_is_on_its_way_are_kept(browsers, world):
    """Two at once, and one whose dialog was open when the preview came; without script nothing comes by itself."""
    page = browsers.open()
    sign_in(page, world.ada, to="/desk/settings/looks")
    page.get_by_role("button", name="Portal logo").set_input_files(picture("logo.png"))
    with page.expect_file_chooser() as dialog:
        page.get_by_role("button", name="Favicon").click()
    page.get_by_role("button", name="Desk logo").set_input_files(picture("desk.png"))
    if browsers.script:
        page.get_by_alt_text("Desk logo as it is now").wait_for()
    dialog.value.set_files(picture("icon.png"))
    if not browsers.script:
        page.get_by_role("button", name="Preview").click()
    for place in ("Portal logo", "Desk logo", "Favicon"):
        page.get_by_alt_text(f"{place} as it is now").wait_for()


def test_the_last_of_quick_choices_is_the_one_shown_and_confirmed(browsers, world):
    page = browsers.open()
    sign_in(page, world.ada, to="/desk/settings/looks")
    if not browsers.script:  # nothing comes by itself: nothing to be quicker than
        page.get_by_label("Roof tile").check()
        page.get_by_role("button", name="Confirm").click()
    else:  # a preview on its way gives way to the next one, and to Confirm
        confirm = page.get_by_role("button", name="Confirm").element_handle()
        page.get_by_role("group", name="Theme").evaluate(
            """(themes, confirm) => {
                for (const each of themes.querySelectorAll("input")) each.click();
                themes.querySelector("[value=teja]").click();
                confirm.click();
            }""",
            confirm,
        )
    page.get_by_text("Everybody sees it from now on").wait_for()
    with db.connection():
        assert Company.ours().theme == "teja"


def picture(name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": logo()}


def logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 100), "teal").save(out, "PNG")
    return out.getvalue()
