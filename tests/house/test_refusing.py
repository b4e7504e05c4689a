"""Forms that are refused before any room sees them, and what the log keeps of an address."""

import logging

import pytest

from app.tickets.ticket import Ticket
from tests.page import Page

HERE = "/desk/tickets/1/notes"


def send(browser, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return browser._ask(HERE, method="POST", data={"text": "Typed a while ago", "csrf_token": "old"}, headers=names)


@pytest.mark.parametrize("headers", [{}, {"Sec_Fetch_Site": "same-origin"}, {"Origin": "http://localhost"}])
def test_an_old_form_keeps_what_was_typed(desk, world, headers):
    answer = send(desk(world.ben), **headers)
    assert answer.status_code == 419
    assert "Typed a while ago" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site", "Origin": "http://localhost"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_what_another_site_sent_is_not_offered_to_be_sent_again(desk, world, headers):
    """A press of "Send again" would do, with a fresh token, what the other site wanted."""
    answer = send(desk(world.ben), **headers)
    assert answer.status_code == 403
    assert "Typed a while ago" not in answer.text
    assert Ticket.get_by_id(world.leak.id).messages.count() == 2


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303), ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 303), ({"Origin": "null"}, 303),
        ({"Origin": "http://localhost:8443"}, 303), ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403), ({"Origin": "https://localhost.evil.example"}, 403),
    ],
)  # fmt: skip
def test_another_sites_form_is_refused_though_its_token_is_right(desk, world, headers, status):
    ben = desk(world.ben)
    said = {"text": "With a token", "csrf_token": ben.token}
    answer = ben._ask(f"/desk/tickets/{world.leak.number}/notes", method="POST", data=said, headers=headers)
    assert answer.status_code == status
    assert (world.leak.messages.count() == 2) == (status == 403)


def test_an_agent_is_refused_at_the_desk_with_the_way_back(desk, portal, world):
    request = world.leak.request_authorization("A new seal.", by=world.ben)
    request.withdraw(by=world.ben)
    there = f"/desk/tickets/{world.leak.number}"
    headers = {"Referer": f"http://localhost{there}?view=all"}
    data = {"csrf_token": (ben := desk(world.ben)).token}
    answer = ben._ask(f"{there}/authorizations/1/withdrawal", method="POST", data=data, headers=headers)
    page = Page(answer, ben)
    assert page.status == 409
    assert page.all("html")[0]["data-face"] == "desk"
    assert page.link("Back")["href"] == f"{there}?view=all"
    foreign = ben._ask(f"{there}/messages/9999", headers={"Referer": "https://evil.example/desk"})
    assert Page(foreign, ben).link("Back")["href"] == "/desk"
    assert portal(world.carol).get("/desk").all("html")[0]["data-face"] == "portal"


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/t/{}", "GET"), ("/t/{}", "POST"), ("/t/{}/", "GET"), ("/t/{}/x", "GET"), ("/s/{}/", "GET"),
        ("/sign-in/link/{}/", "GET"), ("/invitations/{}/", "POST"), ("/set-up/{}.", "GET"), ("/inline/{}", "PUT"),
        ("/nothing/{}", "GET"),
    ],
)  # fmt: skip
def test_no_token_reaches_the_log(client, world, caplog, path, method):
    token = "sEcReT" * 7
    with caplog.at_level(logging.DEBUG):
        client._ask(path.format(token), method=method, data={"csrf_token": client.token} if method == "POST" else None)
    assert "sEcReT" not in caplog.text
    assert f"/{path.split('/')[1]}" in caplog.text
