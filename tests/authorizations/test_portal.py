"""Deciding from the portal: signed, denied, too late, by somebody else."""

import json
from datetime import timedelta

import pytest

from app.accounts.invitation import Invitation
from app.authorizations.authorization import Authorization
from app.authorizations.decision import Decision
from app.lib.clock import now
from app.outbox.delivery import Delivery
from app.tickets.personal_link import PersonalLink
from app.tickets.ticket import Ticket
from tests.page import both_ways

TEXT = "Replace the seal of the press for 120 € plus VAT."
DRAWN = json.dumps({"width": 350, "height": 168, "strokes": [[[20, 100], [80, 40], [140, 120], [220, 50], [300, 110]]]})


@pytest.fixture
def asked(world):
    return world.leak.request_authorization(TEXT, by=world.ben)


@pytest.fixture
def address(world, asked):
    return f"/portal/tickets/{world.leak.number}/authorizations/{asked.number}"


def test_who_signed_in_by_a_mailed_link_is_known_by_that_mail(client, world, asked, address):
    client.post("/sign-in/link", email="carol@marlow.example")
    mail, link = Delivery.get(letter="accounts.sign_in_link"), Invitation.get(purpose="sign-in")
    mail.change(answer="250 kept")
    client.post(f"/sign-in/link/{link.token}")
    client.get(f"{address}/sign").press("Confirm authorization", typed="y")
    decision = Decision.get(authorization=asked)
    assert (decision.way, decision.mail_id, decision.mail_answer) == ("account", mail.mail_id, "250 kept")


@both_ways
@pytest.mark.parametrize("way", ["sign", "deny"])
def test_what_was_changed_behind_our_back_is_not_answered(portal, world, asked, address, way, htmx):
    carol = portal(world.carol)
    sheet, button = carol.get(f"{address}/{way}"), {"sign": "Confirm authorization", "deny": "Deny"}[way]
    asked.change(text="Anything")
    page = sheet.press(button, htmx=htmx, typed="y", reason="price", reasons="No")
    assert page.status == 409
    assert "This request is no longer what we asked" in page
    assert not Decision.select().exists()


def state(asked):
    return Authorization.get_by_id(asked.id).state


@both_ways
def test_a_typed_name_signs(portal, world, asked, address, htmx):
    carol = portal(world.carol)
    sheet = carol.get(f"{address}/sign")
    assert TEXT in sheet
    assert sheet.field("First and last name").value == "Carol Ruiz"
    sheet.press("Confirm authorization", htmx=htmx, typed="y", name="Carol M. Ruiz")
    decision = Decision.get(authorization=asked)
    assert (decision.outcome, decision.name, decision.signature_kind) == ("authorized", "Carol M. Ruiz", "typed")
    assert (decision.text, decision.way, decision.person) == (TEXT, "account", world.carol)
    assert decision.ip
    page = carol.get(f"/portal/tickets/{world.leak.number}")
    assert "Authorized by Carol M. Ruiz" in page
    assert "Authorization accepted" in page


@both_ways
def test_a_drawing_signs_and_is_shown_as_a_picture(portal, world, asked, address, htmx):
    carol = portal(world.carol)
    carol.get(f"{address}/sign").press("Confirm authorization", htmx=htmx, strokes=DRAWN)
    assert Decision.get(authorization=asked).signature_kind == "drawn"
    page = carol.get(f"/portal/tickets/{world.leak.number}")
    source = next(each["src"] for each in page.all("img") if "signature" in each["src"])
    drawing = carol.get(source)
    assert drawing.response.mimetype == "image/svg+xml"
    assert "<script" not in drawing.html
    assert portal(world.eve).get(source).status == 404


def test_the_link_of_a_mail_is_evidence(client, world, asked, address):
    mail = Delivery.get(letter="authorizations.requested")
    client.get(f"/t/{mail.link.token}")
    client.get(f"{address}/sign").press("Confirm authorization", strokes=DRAWN)
    decision = Decision.get(authorization=asked)
    assert (decision.way, decision.link, decision.mail_id) == ("link", mail.link, mail.mail_id)


@both_ways
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": " ", "strokes": DRAWN}, "Write your name"),
        ({"strokes": ""}, "Sign first"),
        ({"strokes": "{}"}, "did not arrive well"),
        ({"strokes": json.dumps({"width": 350, "height": 168, "strokes": [[[5, 5]]]})}, "too little"),
        ({"typed": "y", "name": "x"}, "first and last name"),
    ],
)
def test_without_name_or_signature_nothing_is_authorized(portal, world, asked, address, htmx, sent, words):
    refused = portal(world.carol).get(f"{address}/sign").press("Confirm authorization", htmx=htmx, **sent)
    assert refused.status == 422
    assert words in refused
    assert state(asked) == "pending"


@both_ways
def test_all_that_is_missing_is_said_at_once_and_leads_to_its_place(portal, world, asked, address, htmx):
    refused = portal(world.carol).get(f"{address}/sign").press("Confirm authorization", htmx=htmx, name=" ", strokes="")
    summary = next(each for each in refused.all("div") if each.get("class") == "error-summary")
    assert "Not authorized yet." in summary
    assert "draw" not in summary.text.lower()  # without a script there is nothing to draw on
    name, pad = (refused.by_id(each["href"].removeprefix("#")) for each in summary.all("a"))
    assert name.tag == "input"
    assert pad.all("signature-pad")
    assert "Sign first" in refused.by_id("strokes-error")


def test_an_empty_denial_says_that_nothing_is_denied(portal, world, asked, address):
    refused = portal(world.carol).get(f"{address}/deny").press("Deny")
    assert "Not denied yet." in refused
    assert "Not saved" not in refused


def test_no_signature_is_asked_where_none_is_wanted(portal, world):
    world.leak.request_authorization(TEXT, by=world.ben, needs_signature=False)
    carol = portal(world.carol)
    sheet = carol.get(f"/portal/tickets/{world.leak.number}/authorizations/1/sign")
    assert "Your signature" not in sheet
    sheet.press("Confirm authorization")
    assert Ticket.get_by_id(world.leak.id).status == "authorized"


@both_ways
def test_a_denial_keeps_the_reasons(portal, world, asked, address, htmx):
    carol = portal(world.carol)
    carol.get(f"{address}/deny").press("Deny", htmx=htmx, reason="date", reasons="Before Friday.")
    assert Decision.get(authorization=asked).reasons == "The date does not suit me\nBefore Friday."
    page = carol.get(f"/portal/tickets/{world.leak.number}")
    assert "Denied by Carol Ruiz" in page
    assert "Before Friday." in page


@both_ways
@pytest.mark.parametrize("sent", [{}, {"reason": "other"}, {"reasons": "  "}])
def test_a_denial_needs_reasons(portal, world, asked, address, htmx, sent):
    refused = portal(world.carol).get(f"{address}/deny").press("Deny", htmx=htmx, **sent)
    assert refused.status == 422
    assert "Tell us why you deny it." in refused
    assert state(asked) == "pending"


def test_sent_twice_it_is_decided_once(portal, world, asked, address):
    sheet = portal(world.carol).get(f"{address}/sign")
    sheet.press("Confirm authorization", strokes=DRAWN)
    again = sheet.press("Confirm authorization", strokes=DRAWN)
    assert again.status == 409
    assert "already been answered" in again
    assert "Authorized by Carol Ruiz" in again
    assert Decision.select().count() == 1


def test_the_first_decision_stays(portal, world, asked, address):
    carol = portal(world.carol)
    denial = carol.get(f"{address}/deny")
    carol.get(f"{address}/sign").press("Confirm authorization", strokes=DRAWN)
    assert denial.press("Deny", reasons="No").status == 409
    assert state(asked) == "authorized"


@pytest.mark.parametrize("noun", ["sign", "deny"])
def test_a_withdrawn_request_says_so(portal, world, asked, address, noun):
    asked.withdraw(by=world.ben)
    page = portal(world.carol).get(f"{address}/{noun}")
    assert page.status == 409
    assert "We withdrew this request" in page


def test_a_replaced_request_shows_what_changed(portal, world, asked, address):
    world.leak.request_authorization(TEXT.replace("120", "90"), by=world.ben, replace=True)
    page = portal(world.carol).get(f"{address}/sign")
    assert page.status == 409
    assert [each.text for each in page.all("del")] == ["120"]
    assert [each.text for each in page.all("ins")] == ["90"]
    assert page.follow("See the new request").h1 == "Authorization 2"


def test_an_expired_request_says_so(portal, world, address, asked):
    asked.change(valid_until=now() - timedelta(hours=1))
    carol = portal(world.carol)
    page = carol.get(f"{address}/sign")
    assert page.status == 409
    assert "The time to answer" in page
    assert carol.post(f"{address}/decision", name="Carol", strokes=DRAWN).status == 409
    assert state(asked) == "pending"


def test_who_may_authorize_no_longer_can_only_deny(portal, world, asked, address):
    carol = portal(world.carol)
    world.carol.contact.change(may_authorize=False)
    for page in (carol.get(f"{address}/sign"), carol.post(f"{address}/decision", name="Carol", strokes=DRAWN)):
        assert page.status == 403
        assert "You may not authorize here any more." in page
    assert state(asked) == "pending"
    carol.post(f"{address}/denial", reasons="Not my decision any more.")
    assert state(asked) == "denied"


def test_somebody_else_sees_who_decides(portal, world, asked, address):
    world.marlow.change(shares_tickets=True)
    world.dan.set_password("a quiet word for tests")
    dan = portal(world.dan)
    page = dan.get(f"/portal/tickets/{world.leak.number}")
    assert "Carol Ruiz decides this." in page
    assert not page.has_link("Authorize and sign")
    for noun, sent in (("decision", {"name": "Dan", "strokes": DRAWN}), ("denial", {"reasons": "No"})):
        refused = dan.post(f"{address}/{noun}", **sent)
        assert refused.status == 403
        assert "Only Carol Ruiz may decide this." in refused
    assert state(asked) == "pending"


def test_a_stale_form_decides_nothing(portal, world, asked, address):
    assert portal(world.carol).post(f"{address}/decision", name="Carol", strokes=DRAWN, csrf_token="").status == 419
    assert state(asked) == "pending"


def test_a_closed_ticket_takes_the_request_with_it(portal, world, asked, address):
    sheet = portal(world.carol).get(f"{address}/sign")
    world.leak.close("Done otherwise.", by=world.ben)
    assert sheet.press("Confirm authorization", strokes=DRAWN).status == 409
    assert state(asked) == "withdrawn"


def test_another_tickets_request_is_not_there(portal, world, asked):
    other = Ticket.open(by=world.eve, requester=world.eve, subject="Other", text="…", channel="form")
    eve = portal(world.eve)
    assert eve.get(f"/portal/tickets/{other.number}/authorizations/{asked.number}").status == 404
    assert PersonalLink.select().where(PersonalLink.person == world.eve).exists()
