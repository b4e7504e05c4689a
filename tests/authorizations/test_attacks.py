"""Attacks on a decision: each is refused, leaves the request as it was, and stands in the log."""

import re
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from app.authorizations.authorization import Authorization
from app.authorizations.certificate import Certificate
from app.authorizations.decision import Decision
from app.authorizations.evidence import EvidenceRecord
from app.lib.clock import now
from app.mail.outgoing import written
from app.outbox.delivery import Delivery
from app.tickets.personal_link import PersonalLink
from app.tickets.ticket import Ticket
from tests.authorizations.deciding import DRAWN, ITEMS, ask
from tests.browsing import Client
from tests.house.test_traces import contents

HOSTILE = '{{ 7*7 }} {% raw %} ${7*7} <script>alert(1)</script> "><img src=x onerror=alert(1)> %(company)s \r\nBcc: x@y'


@pytest.fixture
def asked(world):
    return ask(world)


@pytest.fixture
def guest(app, world, asked):
    """Carol on a phone, come by the link of the mail."""
    client = Client(app)
    client.get(f"/t/{link(asked).token}")
    return client


def link(asked):
    return PersonalLink.select().where(PersonalLink.ticket == asked.ticket).order_by(PersonalLink.id.desc()).get()


def address(asked, rest=""):
    return f"/portal/tickets/{asked.ticket.number}/authorizations/{asked.number}{rest}"


def sheet(guest, asked):
    return guest.get(address(asked, "/sign"))


def seen(page):
    return next(each["value"] for each in page.all("input") if each.get("name") == "seen")


def refused(act, asked):
    """Does it; then the request waits as before, nothing was decided, and the log says that somebody tried."""
    with capture_logs() as logs:
        page = act()
    assert Authorization.get_by_id(asked.id).state == asked.state
    assert not Decision.select().where(Decision.authorization == asked).exists()
    told = [line for line in logs if line["event"] in ("decision refused", "request")]
    assert told, logs
    return page, logs


def why(logs):
    return [line["why"] for line in logs if line["event"] == "decision refused"]


def test_another_tickets_link_decides_nothing(app, world, asked):
    other = Ticket.open(by=world.eve, requester=world.eve, subject="Other", text="…", channel="form")
    eve = Client(app)
    eve.get(f"/t/{PersonalLink.get(PersonalLink.ticket == other).token}")
    page, _ = refused(lambda: eve.post(address(asked, "/decision"), name="Eve", typed="y", follow=False), asked)
    assert page.status in (303, 404)


@pytest.mark.parametrize("token", ["guess", "A" * 43, "../../etc", "' OR 1=1 --", "x.y~z"])
def test_a_guessed_token_opens_nothing(client, asked, token):
    page, _ = refused(lambda: client.get(f"/t/{token}x", follow=False), asked)
    assert page.status == 404
    assert client.post(address(asked, "/decision"), typed="y", name="Eve", follow=False).status == 303


@pytest.mark.parametrize("ended", ["expires_at", "revoked_at"])
def test_a_link_that_ended_decides_nothing_though_its_page_is_open(guest, asked, ended):
    page = sheet(guest, asked)
    link(asked).change(**{ended: now() - timedelta(seconds=1)})
    answer, _ = refused(lambda: page.press("Confirm authorization", strokes=DRAWN), asked)
    assert "This link is no longer valid" in answer


def test_an_expired_request_is_not_decided(guest, asked):
    page = sheet(guest, asked)
    asked.change(valid_until=now() - timedelta(seconds=1))
    _, logs = refused(lambda: page.press("Confirm authorization", strokes=DRAWN), asked)
    assert why(logs) == ["Expired"]


def test_a_superseded_version_is_not_decided(guest, world, asked):
    page = sheet(guest, asked)
    newer = ask(world, text="Another text", replace=True)
    asked = Authorization.get_by_id(asked.id)
    answer, logs = refused(lambda: page.press("Confirm authorization", strokes=DRAWN), asked)
    assert why(logs) == ["NotPending"]
    assert "We replaced this request" in answer
    assert Authorization.get_by_id(newer.id).is_pending


def test_a_withdrawn_request_is_not_decided(guest, world, asked):
    page = sheet(guest, asked)
    asked.withdraw(by=world.ben)
    _, logs = refused(lambda: page.press("Confirm authorization", strokes=DRAWN), Authorization.get_by_id(asked.id))
    assert why(logs) == ["NotPending"]


@pytest.mark.parametrize("changed", [{}, {"name": "Somebody else"}], ids=["sent twice", "replayed"])
def test_a_second_decision_is_told_so(guest, asked, changed):
    page = sheet(guest, asked)
    page.press("Confirm authorization", strokes=DRAWN)
    with capture_logs() as logs:
        again = page.press("Confirm authorization", strokes=DRAWN, **changed)
    assert again.status == 409
    assert why(logs) == ["NotPending"]
    assert Decision.get().name == "Carol Ruiz"
    assert EvidenceRecord.select().count() == 1
    assert Delivery.select().where(Delivery.letter == "authorizations.authorized").count() == 1


@pytest.mark.parametrize(
    "tampered",
    [
        {"item2": "no", "reason2": "Changed on the way"},
        {"item1": "no", "reason1": "x"},
        {"seen": ""},
        {"seen": "0" * 64},
    ],
)
def test_changed_hidden_fields_sign_nothing(guest, asked, tampered):
    page = sheet(guest, asked)
    answer, logs = refused(lambda: page.press("Confirm authorization", strokes=DRAWN, **tampered), asked)
    assert answer.status == 409
    assert why(logs) == ["NotWhatWasShown"]


def test_a_chosen_part_cannot_become_the_whole_on_the_way(guest, asked):
    page = guest.get(address(asked, "/choice")).press("Continue", item2="no", reason2="Not this")
    for change in ({"item2": "yes"}, {"reason2": "Another reason"}):
        _, logs = refused(lambda: page.press("Confirm authorization", strokes=DRAWN, **change), asked)  # noqa: B023
        assert why(logs) == ["NotWhatWasShown"]


def test_what_was_shown_for_one_version_does_not_sign_another(guest, world, asked):
    old = seen(sheet(guest, asked))
    newer = ask(world, items=[("A far dearer seal", ITEMS[0][1] * 9)], replace=True)
    _, logs = refused(lambda: guest.post(address(newer, "/decision"), name="Carol", strokes=DRAWN, seen=old), newer)
    assert why(logs) == ["NotWhatWasShown"]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_sites_form_decides_nothing(guest, asked, headers):
    for noun in ("decision", "denial", "choice"):
        _, _ = refused(
            lambda: guest._ask(
                address(asked, f"/{noun}"), method="POST", headers=headers,  # noqa: B023
                data={"name": "Carol", "typed": "y", "reasons": "x", "csrf_token": "guess"},
            ),
            asked,
        )  # fmt: skip


@pytest.mark.sealed
def test_hostile_words_are_words_everywhere(portal, desk, world):
    asked = ask(world, text=HOSTILE, items=[(HOSTILE, None), ("A seal", None)])
    letter = written(Delivery.get(letter="authorizations.requested"))
    pages = [
        portal(world.carol).get(f"/portal/tickets/{world.leak.number}").html,
        portal(world.carol).get(address(asked, "/sign")).html,
        portal(world.carol).get(address(asked, "/choice")).html,
        desk(world.ben).get(f"/desk/tickets/{world.leak.number}").html,
        desk(world.ben).get(f"/desk/tickets/{world.leak.number}/authorizations?replaces=1").html,
        letter.html,
    ]
    for html in pages:
        assert "{{ 7*7 }}" in html
        assert "<script>alert" not in html
        assert "<img src=x" not in html
    assert "Bcc" not in "".join(written(each).subject for each in Delivery.select())
    page = portal(world.carol).get(address(asked, "/choice")).press("Continue", item2="no", reason2=HOSTILE)
    page.press("Confirm authorization", strokes=DRAWN, name="<b>Eve</b> {{ 7*7 }}")
    assert Decision.get().is_partial
    page = portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    assert "<script>alert" not in page.html
    assert Certificate.get().state == "ready"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("follow", [True, False])
def test_a_scanner_that_opens_every_link_changes_nothing_but_traces(app, world, asked, method, follow):
    letters = [written(each) for each in Delivery.select() if each.letter != "notifications.happened"]
    links = {found for each in letters for found in re.findall(r"https?://[^\s\"'<>]+", each.text + each.html)}
    before = contents()
    scanner, seen_paths = Client(app), set()
    queue = [re.sub(r"https?://[^/]+", "", found) or "/" for found in links]
    while queue and len(seen_paths) < 60:
        path = queue.pop(0)
        if path in seen_paths or not path.startswith("/"):
            continue
        seen_paths.add(path)
        answer = scanner._ask(path, method=method, follow_redirects=follow)
        if follow and method == "GET" and answer.mimetype == "text/html":
            queue += re.findall(r'(?:href|action|src)="(/[^"#]*)', answer.get_data(as_text=True))
    assert len(seen_paths) > (10 if follow and method == "GET" else 0)
    after = contents()
    assert [name for name in before if before[name] != after[name]] == []
    assert Authorization.get_by_id(asked.id).is_pending
