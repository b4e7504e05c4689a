"""A portal link in the page of another site: it works there without a cookie, and nowhere that nobody listed."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.lib import db
from app.organizations.organization import Organization
from app.organizations.portal_link import PortalLink
from app.organizations.settings import CustomerSettings
from app.tickets.ticket import Ticket
from tests.journeys.steps import PHONE

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, dict[str, str]]]:
    """Another site, and what its page frames."""
    framed = {"url": ""}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            frame = f'<iframe title="Help" width="420" height="1500" src="{framed["url"]}"></iframe>'
            self.wfile.write(
                f'<!doctype html><html lang="en"><title>Intranet</title><link rel="icon" href="data:,">{frame}'.encode()
            )

        def log_message(self, *words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", framed
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_listed_site_shows_the_link_in_its_page(browsers, live_server, world, elsewhere):
    address, framed = elsewhere
    with db.connection():
        CustomerSettings.set(framing_sites=[address])
        framed["url"] = f"{live_server}/p/{PortalLink.issue(by=world.ben, organization=world.marlow).token}"
    page = browsers.open(viewport={"width": 460, "height": 900})
    page.goto(address)
    frame = page.frame_locator("iframe")
    frame.get_by_label("Who are you?").select_option(label="Dan Webb")
    frame.get_by_label("What is going on, and since when").fill("The press jams.")
    frame.get_by_role("button", name="Send").click()
    frame.get_by_role("heading", name="The press jams.").wait_for()
    frame.get_by_text("Reply", exact=True).click()
    frame.get_by_label("Your message").fill("Since Monday.")
    frame.get_by_role("button", name="Send").click()
    frame.get_by_text("Your message has been sent.").wait_for()
    assert page.context.cookies() == []
    with db.connection():
        ticket = Ticket.select().order_by(Ticket.id.desc()).first()
        assert [each.text for each in ticket.conversation(public_only=True)] == ["The press jams.", "Since Monday."]


def test_a_site_that_nobody_listed_shows_nothing(chromium, live_server, world, elsewhere):
    address, framed = elsewhere
    with db.connection():
        framed["url"] = f"{live_server}/p/{PortalLink.issue(by=world.ben, organization=world.marlow).token}"
    context = chromium.new_context(locale="en")
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").get_by_role("button", name="Send").count() == 0
    assert any(re.search(r"frame-ancestors", words) for words in said), said
    context.close()


def test_the_generic_link_on_a_telephone(browsers, world, accessible):
    with db.connection():
        CustomerSettings.set(generic_organization=Organization.register("Walk-ins").id)
        token = PortalLink.issue(by=world.ben).token
    page = browsers.open(**PHONE)
    page.goto(f"/p/{token}")
    accessible(page)
    page.get_by_label("Your name").fill("Ana Gil")
    page.get_by_label("E-mail").fill("ana@walk.example")
    page.get_by_label("What is going on, and since when").fill("My lamp is dark.")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="My lamp is dark.").wait_for()
    accessible(page)
    with db.connection():
        assert Ticket.select().order_by(Ticket.id.desc()).first().email == "ana@walk.example"
