"""Every kind of event has its sentence, at the desk and, where customers are told, in the portal."""

import re

import pytest
from flask_babel import force_locale

from app.lib import db
from app.timeline.event import Event, record
from app.timeline.wording import DETAILS, WORDINGS, describe, plain

pytestmark = pytest.mark.sqlite_only


def said(kind, face="desk", by=None, **details):
    return plain(Event(kind=kind, details=details, by=by), face)


@pytest.mark.parametrize("kind", WORDINGS)
def test_every_wording_can_be_said(app, kind):
    event = Event(kind=kind.partition(":")[0], details={}, by=None)
    for sentence in WORDINGS[kind]:
        if sentence is not None:
            assert set(re.findall(r"%\((\w+)\)s", str(sentence))) <= {"who", "field", *DETAILS}
    assert describe(event)


def test_variants_are_picked_by_what_happened(world):
    ben = world.ben
    assert said("ticket.assigned", by=ben, to="Ben Ortiz") == "Ben Ortiz took the ticket"
    assert said("ticket.assigned", by=ben, to="Bea Lund") == "Ben Ortiz assigned the ticket to Bea Lund"
    assert said("ticket.assigned", by=ben, to=None) == "Ben Ortiz unassigned the ticket"
    assert said("ticket.edited", by=ben, field="priority", was="Low", now="High") == (
        "Ben Ortiz changed “Priority” to High"
    )
    assert said("ticket.edited", by=ben, field="online_signature", now=False) == (
        "Ben Ortiz turned “Online signature” off"
    )
    assert said("ticket.tagged", by=ben, tags=["oil", "press"]) == "Ben Ortiz set the tags: oil, press"
    assert said("ticket.closed", rule="resolved").startswith("The ticket was closed automatically")
    assert said("ticket.status_set", by=ben, status="pending", why="Waiting for a part") == (
        "Ben Ortiz set the ticket to pending: Waiting for a part"
    )
    assert said("ticket.status_set", by=ben, status="in_progress", why="In the workshop") == (
        "Ben Ortiz set the ticket in progress: In the workshop"
    )
    assert said("ticket.status_set", by=ben, status="resolved", why="By phone") == (
        "Ben Ortiz marked the ticket as resolved: By phone"
    )
    assert said("ticket.status_set", "portal", by=ben, status="resolved", why="By phone") == (
        "Ben Ortiz marked it as resolved"
    )


def test_customers_are_told_only_what_concerns_them(world):
    assert said("ticket.edited", "portal", by=world.ben, field="priority", now="High") == ""
    assert said("message.noted", "portal", by=world.ben) == ""
    assert said("ticket.closed", "portal", by=world.ben) == "Ben Ortiz closed the ticket"


def test_what_people_typed_is_text_never_markup(world):
    event = Event(kind="ticket.tagged", details={"tags": ["<script>"]}, by=world.ben)
    assert "&lt;script&gt;" in describe(event)
    assert describe(event).startswith("<b>Ben Ortiz</b>")


def test_a_kind_of_a_newer_version_is_no_error(world):
    with db.transaction():
        event = record("ticket.teleported", by=world.ben, ticket=world.leak)
    with force_locale("es"):
        assert describe(event) == "ticket.teleported"
        assert describe(event, "portal") == ""
