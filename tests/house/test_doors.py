"""Every address is behind a door, has a row in access.py, and lets in exactly who the row says."""

import pytest
from flask import Flask

from tests.browsing import Client
from tests.house.access import EVERYBODY, ROWS, Row

pytestmark = pytest.mark.sqlite_only

DOORS = ("desk.", "portal.", "public.", "static")
ACTS = [row for row in ROWS if row.method == "POST"]


def test_every_address_has_a_row(app: Flask):
    there = {(rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods & {"GET", "POST"}}
    there = {pair for pair in there if pair[0] != "static"}
    written = {(row.endpoint, row.method) for row in ROWS}
    assert there - written == set(), "addresses without a row in tests/house/access.py"
    assert written - there == set(), "rows of addresses that are gone"


def test_every_address_is_behind_a_door(app: Flask):
    assert not [rule.endpoint for rule in app.url_map.iter_rules() if not rule.endpoint.startswith(DOORS)]


def test_nothing_is_changed_by_get(app: Flask):
    """Forms post; an address that takes both asks with one and acts with the other."""
    assert not [rule for rule in app.url_map.iter_rules() if rule.methods & {"PUT", "PATCH", "DELETE"}]


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_look(app: Flask, world, things, who: str):
    """Looking changes nothing (test_traces.py), so that one world does for all pages."""
    browser = browser_of(app, world, who)
    wrong = []
    for row in ROWS:
        if row.method == "GET":
            path = row.path.format(**things)
            answer = (
                browser.http.get(path, buffered=True) if row.is_foreign else browser.get(path, follow=False).response
            )
            if is_let_in(answer, row) != (who in row.allowed):
                wrong.append(f"{path}: {answer.status_code}")
    assert not wrong, f"as {who}: {wrong}"


@pytest.mark.sqlite_only  # roles are asked before anything is written
@pytest.mark.parametrize("row", ACTS, ids=[f"{row.path}" for row in ACTS])
def test_who_may_act(app: Flask, world, things, row: Row):
    """With an empty form: who may not is told so, and not what the form lacks. They come first and change nothing."""
    path = row.path.format(**things)
    for who in sorted(EVERYBODY, key=lambda each: each in row.allowed):
        answer = browser_of(app, world, who).post(path, follow=False).response
        assert is_let_in(answer, row) == (who in row.allowed), f"as {who}: {answer.status_code}"


def browser_of(app: Flask, world, who: str) -> Client:
    return Client(app) if who == "nobody" else Client(app).sign_in(getattr(world, who))


def is_let_in(answer, row: Row) -> bool:
    """Nobody is refused by being asked to sign in but where the row says that this is the answer."""
    to_sign_in = answer.status_code in (302, 303) and "/sign-in" in (answer.location or "")
    return answer.status_code not in (401, 403, 404) and (row.leads_to_sign_in or not to_sign_in)
