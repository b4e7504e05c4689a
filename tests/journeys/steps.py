"""What happens in every story: somebody signs in, somebody opens the mail they got."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Locator, Page

from app.accounts.person import Person
from app.lib import db
from app.mail.outgoing import written
from app.outbox.delivery import Delivery
from tests.browsing import Client
from tests.people import PASSWORD

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LINK = re.compile(r"https?://\S+/(?:t|s)/[\w.-]+")


def sign_in(page: Page, person: Person, to: str = "") -> None:
    """By the form, with the keyboard's Enter."""
    page.goto(f"/sign-in?next={to}" if to else "/sign-in")
    page.get_by_label("E-mail").first.fill(str(person.email))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password", exact=True).press("Enter")
    page.wait_for_url("**/portal**" if person.contact else "**/desk**")


def let_in(page: Page, app: Flask, person: Person) -> None:
    """Without the form, whose words differ from language to language."""
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = Client(app).sign_in(person).http.get_cookie(name, domain="localhost")
    assert cookie
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": app.extensions["ventanilla"].base_url}])


def letter_to(address: str, name: str = "") -> Any:
    """The newest letter written to somebody, as it goes over the wire; `name` is that of its kind."""
    with db.connection():
        found = Delivery.select().where(Delivery.to_address == address)
        if name:
            found = found.where(Delivery.letter == name)
        return written(found.order_by(Delivery.id.desc()).get())


def link_for(address: str, name: str = "") -> str:
    """The personal link, or the link of the survey, in that letter."""
    found = LINK.search(letter_to(address, name).text)
    assert found, "no link in the letter"
    return found.group()


def sign(page: Page, sheet: Locator, *, drawn: bool, words: Callable[[str], str] = str) -> None:
    """With the mouse, or by a typed name; `words` says the labels in another language."""
    if not drawn:
        sheet.get_by_label(words("I sign by typing my name")).check()
        return
    pad = sheet.get_by_role("img", name=words("Sign here with a finger, a pen or the mouse"))
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 25):
        page.mouse.move(box["x"] + 30 + step * 9, box["y"] + 60 + (step % 4) * 12)
    page.mouse.up()
