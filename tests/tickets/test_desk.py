"""The desk's list and ticket page, as agents of each role use them, with script and without."""

import io
import re

import pytest

from app.accounts.contact import Contact
from app.branding.company import Company
from app.catalog.lists import Category, CustomField, Justification, Origin, Priority, Product, Service, TicketType
from app.lib.clock import now
from app.mail.mailbox import Mailbox
from app.messages.message import Message
from app.organizations.equipment import Equipment
from app.surveys.survey import Survey
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket, TicketRead
from app.timeline.event import Event
from tests.counting import statements
from tests.page import both_ways


def number_of(world):
    return world.leak.number


def fresh(world):
    return Ticket.get_by_id(world.leak.id)


# --- the list ------------------------------------------------------------------------------------------------------


def test_the_desk_opens_at_the_unattended_queue(desk, world):
    page = desk(world.ben).get("/desk")
    assert page.h1 == "Unattended 1"
    row = page.link("The press leaks")
    assert row["href"] == f"/desk/tickets/{number_of(world)}"
    assert "Team's turn" in page
    assert "Carol Ruiz" in page.region("Tickets")
    nav = page.region("Main")
    assert nav.link("My tickets1")["href"].endswith("view=mine")
    assert "Presses" in nav


def test_only_agents_come_in(desk, client, world):
    assert client.get("/desk", follow=False).location.startswith("/sign-in")
    assert desk(world.carol).get("/desk").status == 403


@both_ways
def test_filters_answer_the_list_alone_to_htmx_and_all_of_it_to_others(desk, world, htmx):
    page = desk(world.ben).get("/desk/tickets?view=all&status=open", htmx=htmx)
    assert page.whole is not htmx
    assert page.field("Status").value == "open"
    assert "The press leaks" in page
    empty = desk(world.ben).get("/desk/tickets?view=all&status=pending", htmx=htmx)
    assert "No ticket matches." in empty
    assert empty.all("a")[-1].text == "Clear filters"


def test_what_is_chosen_has_a_chip_however_it_came_into_the_address(desk, world):
    """From a customer's card, or from a view of when its field was still on and its entry offered."""
    category = Category.add("Presses")
    ben = desk(world.ben)
    world.leak.edit(category=category, by=world.ben)
    ask = f"/desk/tickets?view=any&requester={world.carol.id}&category={category.id}"
    assert "Customer Carol Ruiz" in ben.get(ask).region("Filters")
    category.change(is_active=False)
    TicketSettings.set(fields_off=["category"])
    page = ben.get(ask)
    assert "Category Presses" in page.region("Filters")
    assert "The press leaks" in page.press("Apply", category="", requester="")


def test_a_day_that_is_chosen_is_said_as_people_say_days(desk, world):
    page = desk(world.ben).get("/desk/tickets?view=all&created_from=2026-11-20")
    assert "Created from 20 Nov 2026" in page.region("Filters").text
    assert page.field("Created from").value == "2026-11-20"


def test_more_filters_offer_customers_boxes_and_fields_of_ones_own(desk, world):
    floor, color = CustomField.add("Floor"), CustomField.add("Colour", kind="choice", choices=["Red", "Blue"])
    world.leak.set_custom(floor, "3º", by=world.ben)
    world.leak.set_custom(color, "Blue", by=world.ben)
    ben = desk(world.ben)
    page = ben.get("/desk/tickets/filters?view=all")
    for field, value in (("Organization", str(world.marlow.id)), ("Floor", "3O"), ("Colour", "Blue")):
        found = page.press("Apply", **{page.field(field)["name"]: value})
        assert "The press leaks" in found
        assert found.field(field).value == value
    assert "No ticket matches." in page.press("Apply", **{f"custom_{color.id}": "Red"})
    assert "No ticket matches." in page.press("Apply", organization="none")


def test_fields_of_ones_own_are_columns(desk, world):
    hours, color = CustomField.add("Hours", kind="number"), CustomField.add("Colour", kind="choice", choices=["Red"])
    world.leak.set_custom(hours, "1234,5", by=world.ben)
    ben = desk(world.ben)
    chosen = f"columns=status,custom_{hours.id},custom_{color.id}"
    form = ben.get(f"/desk/tickets/columns?view=all&{chosen}")
    assert [form.field(name).get("checked", "no") for name in ("Hours", "Colour", "Created")] == ["", "", "no"]
    page = form.press("Apply")
    assert [cell.text for cell in page.all("td")][-2:] == ["1,234.5", ""]
    assert {"Hours", "Colour"} <= {cell.text for cell in page.all("th")}
    with statements() as few:
        ben.get("/desk/tickets?view=all&columns=status")
    with statements() as seen:
        ben.get(f"/desk/tickets?view=all&{chosen}")
    assert len(seen) == len(few) + 1
    assert "1,234.5" in ben.get(f"/desk/tickets?q=oil&{chosen}")
    hours.change(is_active=False)
    assert "1,234.5" not in ben.get(f"/desk/tickets?view=all&{chosen}")


def test_a_search_looks_into_closed_tickets_too(desk, world):
    world.leak.close("Done", by=world.ben)
    page = desk(world.ben).get("/desk/tickets", q="oil")
    assert page.h1 == "Search: oil 1"
    assert "The press leaks" in page
    assert "No ticket matches." in desk(world.ben).get("/desk/tickets", q='" OR ((')


def test_the_list_costs_at_most_ten_statements_and_48_kilobytes(desk, world):
    for place in range(40):
        Ticket.open(
            by=world.ben, channel="desk", requester=world.carol, subject=f"The number {place} of many matters",
            text="A few words about it, long enough to be cut in the list " * 4, assignee=world.ben,
            tags=["oil", "press"], acknowledge=False,
        )  # fmt: skip
    client = desk(world.ben)
    client.get("/desk/tickets?view=all")
    with statements() as seen:
        page = client.get("/desk/tickets?view=all")
    assert len([row for row in page.all("tr") if row.get("class") == "listing__row"]) == 25
    assert len(seen) <= 10, "\n".join(seen)
    assert len(page.html.encode()) <= 48 * 1024
    assert page.link("Next")["href"]


def test_the_address_of_a_filtered_list_says_only_what_was_chosen(desk, world):
    """A form sends the fields that say nothing, too."""
    ben = desk(world.ben)
    page = ben.get("/desk/tickets?view=all&status=open&assignee=&priority=&order=turn", htmx=True)
    assert page.headers["HX-Push-Url"] == "/desk/tickets?view=all&status=open"
    assert "HX-Push-Url" not in ben.get("/desk/tickets?view=all&status=open", htmx=True).headers
    plain = ben.get("/desk/tickets?view=all&status=open&assignee=&order=turn", follow=False)
    assert plain.location == "/desk/tickets?view=all&status=open"
    assert ben.get(plain.location, follow=False).status == 200


def test_pages_keep_the_filters(desk, world):
    for _ in range(30):
        Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Paper", text="x", acknowledge=False)
    page = desk(world.ben).get(f"/desk/tickets?view=all&requester={world.eve.id}")
    second = page.follow("Next")
    assert "26–30 of 30" in second
    assert "The press leaks" not in second
    assert "1–25 of 30" in second.follow("Previous")


def test_a_failing_mailbox_is_told_on_every_page(desk, world):
    Mailbox.create(name="Help", address="help@acme.example", state="confirmed", failing_since=now())
    assert "help@acme.example" in desk(world.ben).get("/desk/tickets").region("Notices")


# --- the page of one ticket ----------------------------------------------------------------------------------------


def test_the_page_tells_the_conversation_and_what_is_known(desk, world):
    page = desk(world.ben).get(f"/desk/tickets/{number_of(world)}")
    assert page.h1 == "1 The press leaks"
    assert "There is oil under the press." in page.region("Message from Carol Ruiz")
    assert "Third time this year" in page.region("Internal note by Ben Ortiz")
    side = page.region("Details of the ticket")
    assert "Ben Ortiz" in side
    assert "carol@marlow.example" in side
    assert "1 ticket" in side
    assert "Ada Moss assigned the ticket to Ben Ortiz" in page.region("Conversation")


def test_the_page_costs_at_most_twelve_statements(desk, world):
    leak = world.leak
    for _ in range(2):
        leak.reply("We come tomorrow", by=world.ben, cc=["dan@marlow.example"])
        leak.hear("Fine", by=world.carol, channel="portal")
    leak.tag_with(["oil"], by=world.ben)
    client = desk(world.ben)
    client.get(f"/desk/tickets/{leak.number}")
    with statements() as seen:
        page = client.get(f"/desk/tickets/{leak.number}")
    assert len(page.all("article")) == 6
    assert len(seen) <= 12, "\n".join(seen)


def test_opening_a_ticket_leaves_the_trace_once(desk, world):
    client = desk(world.ben)
    client.get(f"/desk/tickets/{number_of(world)}")
    first = TicketRead.get(TicketRead.ticket == world.leak).at
    client.get(f"/desk/tickets/{number_of(world)}")
    assert TicketRead.get(TicketRead.ticket == world.leak).at == first
    before = fresh(world)
    assert (before.revision, before.active_at) == (world.leak.revision, world.leak.active_at)


def test_the_way_back_and_on_follows_the_list_one_came_from(desk, world):
    other = Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Paper", text="x")
    client = desk(world.ben)
    client.get("/desk/tickets?view=all&order=oldest")
    page = client.get(f"/desk/tickets/{number_of(world)}")
    assert "1 of 2" in page.region("Position in the list")
    world.leak.edit(by=world.ben, subject="No paper")
    client.get("/desk/tickets?view=closed")
    assert " of " not in client.get(f"/desk/tickets/{number_of(world)}").region("Position in the list")
    client.get("/desk/tickets?view=all&order=oldest")
    assert page.link("Back to “All open”")["href"].endswith(f"view=all&order=oldest#s{world.leak.number}")
    assert page.follow("Next ticket").h1 == f"{other.number} Paper"
    past = client.get(f"/desk/tickets/{number_of(world)}/previous", follow=False)
    assert past.location.endswith(f"view=all&order=oldest#s{world.leak.number}")
    assert client.get(past.location).h1.startswith("All open")


def test_the_way_back_leads_to_the_page_of_the_list_one_came_from(desk, world):
    for number in range(30):
        Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject=f"Paper {number}", text="x")
    client = desk(world.ben)
    second = client.get("/desk/tickets?view=all&order=newest").follow("Next")
    assert "The press leaks" in second
    back = client.get(f"/desk/tickets/{number_of(world)}").link("Back to “All open”")["href"]
    assert "The press leaks" in client.get(back)
    assert client.get(back).region("Tickets").text == second.region("Tickets").text


def test_an_unknown_ticket_and_one_of_a_closed_group_are_not_there(desk, world):
    assert desk(world.ben).get("/desk/tickets/999").status == 404


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("ben", {"Send reply", "Close…", "Send survey"}),
        ("vic", set()),
        ("ines", {"Save note"}),
    ],
)
def test_each_role_sees_what_it_may_do(desk, world, who, sees):
    page = desk(getattr(world, who)).get(f"/desk/tickets/{number_of(world)}")
    offered = {"Send reply", "Save note", "Close…", "Send survey"}
    assert {name for name in offered if name in page} == sees
    assert ("reads tickets" in page) is (who == "vic")
    assert bool(re.search(r"/properties/priority", page.html)) is (who != "vic")


def test_an_internal_ticket_offers_what_stays_inside(desk, world):
    Survey.create(title="How was it?", is_generic=True)
    ben, here = desk(world.ben), f"/desk/tickets/{number_of(world)}"
    to_customers = {"Send reply", "Request authorization", "Send survey", "Download PDF"}
    page = ben.get(here)
    assert {name for name in to_customers if name in page} == to_customers
    assert page.has_button("Print")
    ben.post(f"{here}/visibility", visibility="internal")
    page = ben.get(here)
    assert not {name for name in to_customers if name in page}
    assert not page.has_button("Print")
    assert page.has_field("Internal note")
    ben.post(f"{here}/visibility", visibility="public")
    assert "Send reply" in ben.get(here)


ACTS = [
    ("replies", {"text": "x"}),
    ("authorizations", {"text": "x", "asked_of": "0", "way": "button"}),
    ("closure", {"text": "x"}),
    ("survey-invitations", {}),
    ("assignment", {"assignee": ""}),
    ("properties/subject", {"subject": "Hacked"}),
    ("tags", {"tags": "hacked"}),
    ("copies", {"cc": ""}),
    ("requester", {"name": "x", "email": "x@y.example", "phone": ""}),
    ("visibility", {"visibility": "internal"}),
    ("status", {"status": "pending", "justification": ""}),
]


@pytest.mark.parametrize(("act", "fields"), ACTS)
def test_a_viewer_changes_nothing(desk, world, act, fields):
    before = fresh(world).__data__
    answer = desk(world.vic).post(f"/desk/tickets/{number_of(world)}/{act}", **fields)
    assert answer.status in (403, 422), answer.status
    assert fresh(world).__data__ == before


@pytest.mark.parametrize(("act", "fields"), ACTS[:4])
def test_an_internal_agent_never_writes_to_customers(desk, world, act, fields):
    status = fresh(world).status
    assert desk(world.ines).post(f"/desk/tickets/{number_of(world)}/{act}", **fields).status in (403, 422)
    assert fresh(world).status == status


@pytest.mark.parametrize(
    ("name", "posted"),
    [
        ("visibility", ("visibility", {"visibility": "public"})),
        ("cc", ("copies", {"cc": "eve@rival.example"})),
        ("requester", ("requester", {"name": "Eve", "email": "eve@rival.example", "phone": ""})),
        ("organization", ("properties/organization", {"organization": "2"})),
    ],
)
def test_an_internal_agent_shows_customers_no_ticket(desk, world, name, posted):
    """Neither to all it was hidden from, nor to anybody else, who would read what was said."""
    world.leak.set_visibility(internal=name == "visibility", by=world.ben)
    here, change = f"/desk/tickets/{number_of(world)}", f"/properties/{name}"
    ines, ben, before = desk(world.ines), desk(world.ben), fresh(world).__data__
    assert [f'{change}"' in each.get(f"{here}/properties").html for each in (ines, ben)] == [False, True]
    assert ines.get(f"{here}{change}").status == 403
    assert ines.post(f"{here}/{posted[0]}", **posted[1]).status == 403
    assert (fresh(world).__data__, fresh(world).copies.count()) == (before, 0)


# --- properties ----------------------------------------------------------------------------------------------------


@both_ways
def test_a_property_is_edited_in_place(desk, world, htmx):
    client, high = desk(world.ben), Priority.by_key("high")
    form = client.get(f"/desk/tickets/{number_of(world)}/properties/priority", htmx=htmx)
    page = form.press("Save", within=form.region("Priority"), htmx=htmx, priority=str(high.id))
    assert fresh(world).priority == high
    assert "High" in page.region("Details of the ticket")
    if htmx:
        assert page.by_id("ticket-head").get("hx-swap-oob") == "true"
    assert "changed “Priority” to High" in client.get(f"/desk/tickets/{number_of(world)}/history")


@both_ways
def test_a_refused_property_comes_back_with_what_was_typed(desk, world, htmx):
    page = desk(world.ben).post(f"/desk/tickets/{number_of(world)}/properties/subject", htmx=htmx, subject="  ")
    assert page.status == 422
    assert "Give it a subject." in page.region("Subject")
    bad = desk(world.ben).post(f"/desk/tickets/{number_of(world)}/copies", htmx=htmx, cc="nonsense")
    assert bad.status == 422
    assert bad.field("Copies to").value == "nonsense"


def test_every_property_has_its_page(desk, world):
    client = desk(world.ben)
    names = set(re.findall(r"/properties/(\w+)", client.get(f"/desk/tickets/{number_of(world)}/properties").html))
    assert {"status", "assignee", "due_at", "tags", "cc", "diagnosis", "language", "visibility"} <= names
    for name in names | {"requester"}:
        page = client.get(f"/desk/tickets/{number_of(world)}/properties/{name}")
        assert page.has_button("Save"), name
    assert client.get(f"/desk/tickets/{number_of(world)}/properties/revision").status == 404
    assert client.post(f"/desk/tickets/{number_of(world)}/properties/status", status="open").status == 404


def test_handing_over_tagging_copying_hiding(desk, world):
    client, there = desk(world.ben), f"/desk/tickets/{number_of(world)}"
    client.post(f"{there}/assignment", assignee=str(world.bea.id))
    client.post(f"{there}/group", group=str(world.press_team.id))
    client.post(f"{there}/tags", tags="oil, floor 2")
    client.post(f"{there}/copies", cc="dan@marlow.example; boss@marlow.example")
    client.post(f"{there}/status", status="pending", justification="")
    client.post(f"{there}/properties/serial", serial="OP-77")
    client.post(f"{there}/properties/due_at", due_at="2030-05-06T10:30")
    ticket = fresh(world)
    assert (ticket.assignee, ticket.group, ticket.status, ticket.serial) == (
        world.bea, world.press_team, "pending", "OP-77",
    )  # fmt: skip
    assert {tag.label for tag in ticket.tags} == {"oil", "floor 2"}
    assert {copy.person.email for copy in ticket.copies} == {"dan@marlow.example", "boss@marlow.example"}
    assert ticket.due_at.isoformat() == "2030-05-06T08:30:00+00:00"
    client.post(f"{there}/requester", name="Eve Stone", email="eve@rival.example", phone="1")
    client.post(f"{there}/visibility", visibility="internal")
    ticket = fresh(world)
    assert (ticket.requester, ticket.organization, ticket.is_internal) == (world.eve, world.rival, True)
    assert "Internal" in client.get(there).by_id("ticket-head")


@both_ways
def test_a_status_has_its_reason_and_a_reason_its_status(desk, world, htmx):
    client, there = desk(world.ben), f"/desk/tickets/{number_of(world)}"
    late = Justification.add("The carrier is late")
    late.change(status="pending")
    form = client.get(f"{there}/properties/status", htmx=htmx)
    assert "The carrier is late (Pending)" in form.region("Status")
    assert [each.name for each in form.region("Status").all("select")] == ["Status", "Because"]
    refused = client.post(f"{there}/status", htmx=htmx, status="in_progress", justification=str(late.id))
    assert refused.status == 422
    assert "That reason is for “Pending”." in refused.region("Status")
    assert refused.field("Because").value == str(late.id)
    assert fresh(world).justification is None

    client.post(f"{there}/status", htmx=htmx, status="pending", justification=str(late.id))
    assert fresh(world).justification == late
    assert "The carrier is late" in client.get(there).by_id("ticket-head")
    assert "The carrier is late" in client.get(f"{there}/history")
    assert str(fresh(world).number) in client.get("/desk/tickets", view="all", justification=str(late.id)).text
    client.post(f"{there}/status", status="in_progress", justification="")
    assert fresh(world).justification is None


def test_a_reason_that_was_switched_off_stays_where_it_is_and_is_offered_nowhere_else(desk, world):
    client, late = desk(world.ben), Justification.add("The carrier is late")
    other = Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Ink", text="x")
    world.leak.set_status("pending", by=world.ben, justification=late)
    late.change(is_active=False)
    here, there = (f"/desk/tickets/{ticket.number}/properties/status" for ticket in (world.leak, other))
    assert "The carrier is late" not in client.get(there).region("Status")
    form = client.get(here)
    form.press("Save", within=form.region("Status"))
    assert fresh(world).justification == late
    refused = client.post(f"/desk/tickets/{other.number}/status", status="pending", justification=str(late.id))
    assert refused.status == 422
    assert Ticket.get_by_id(other.id).status == "open"


def test_a_deadline_says_whose_it_is_and_may_be_taken_away(desk, world):
    client, there = desk(world.ben), f"/desk/tickets/{number_of(world)}/properties/due_at"
    assert (fresh(world).due_at, fresh(world).due_source) == (None, "")
    assert desk(world.vic).post(there, due_at="2030-05-06T10:30").status in (403, 422)
    assert "Set by hand." not in client.get(there)
    client.post(there, due_at="2030-05-06T10:30")
    assert fresh(world).due_source == "manual"
    assert "Set by hand." in client.get(there)
    assert client.post(there, due_at="the sixth of May").status == 422
    client.post(there, due_at="")
    assert (fresh(world).due_at, fresh(world).due_source) == (None, "")


@pytest.mark.parametrize(("typed", "source"), [("2030-05-06T10:30", "manual"), ("", "")])
def test_a_new_ticket_has_the_deadline_it_was_given_or_none(desk, world, typed, source):
    form = desk(world.ben).get("/desk/tickets/new")
    form.press("Create ticket Ctrl ↵", requester="Nora Vale", subject="A new press", text="When?", due_at=typed)
    ticket = Ticket.get(Ticket.subject == "A new press")
    assert (ticket.due_at.isoformat() if ticket.due_at else "", ticket.due_source) == (
        "2030-05-06T08:30:00+00:00" if typed else "",
        source,
    )


def test_the_history_says_which_deadline_and_the_one_before(desk, world):
    client, there = desk(world.ben), f"/desk/tickets/{number_of(world)}"
    for typed in ("2030-05-06T10:30", "2030-05-07T10:30", ""):
        client.post(f"{there}/properties/due_at", due_at=typed)
    second, last = world.leak.events.where(Event.kind == "ticket.due_set").order_by(Event.id)[1:]
    page = client.get(f"{there}/history/{second.id}")
    assert "Before 6 May 2030, 10:30" in page
    assert "Deadline 7 May 2030, 10:30" in page
    assert "Before 7 May 2030, 10:30" in client.get(f"{there}/history/{last.id}")


def test_what_is_switched_off_disappears(desk, world):
    TicketSettings.set(fields_off=["priority", "tags", "cc", "visibility", "diagnosis"])
    client, there = desk(world.ben), f"/desk/tickets/{number_of(world)}"
    page = client.get(f"{there}/properties")
    side = page.region("Details of the ticket")
    for label in ("Priority", "Tags", "Copies to", "Visibility", "Diagnosis"):
        assert label not in side, label
    assert client.get(f"{there}/properties/priority").status == 404
    assert client.post(f"{there}/tags", tags="x").status == 404
    assert not client.get("/desk/tickets/new").has_field("Priority")


# --- ending it -----------------------------------------------------------------------------------------------------


@both_ways
def test_closing_asks_for_the_reason_and_keeps_it(desk, world, htmx):
    client, there = desk(world.ben), f"/desk/tickets/{number_of(world)}"
    page = client.get(f"{there}/closure")
    refused = page.press("Close ticket", within=page.by_id("closing"), htmx=htmx, text="")
    assert refused.status == 422
    assert "Write the reason" in refused
    client.post(f"{there}/closure", htmx=htmx, text="The seal is new")
    assert fresh(world).status == "closed_by_team"
    closed = client.get(there)
    assert "The seal is new" in closed.region("Reply by Ben Ortiz")
    again = client.post(f"{there}/closure", htmx=htmx, text="Once more")
    assert again.status == 409
    assert "Once more" in again.html
    closed.press("Reopen", htmx=htmx)
    assert fresh(world).status == "open"


@both_ways
def test_a_closing_is_stopped_when_something_newer_was_said_and_goes_with_the_second_press(desk, world, htmx):
    """The reason is as good as a reply: nobody closes over words they have not seen (T19)."""
    ben, there = desk(world.ben), f"/desk/tickets/{number_of(world)}"
    page = ben.get(there)
    world.leak.hear("It leaks again.", by=world.carol, channel="portal")
    stopped = page.press("Close ticket", within=page.by_id("closing"), htmx=htmx, text="The seal is new")
    assert stopped.status == 409
    assert "It leaks again." in stopped.region("Said meanwhile")
    assert stopped.field("Reason").value == "The seal is new"
    assert fresh(world).status == "answered_by_customer"
    stopped.press("Close ticket", within=stopped.by_id("closing"), htmx=htmx)
    assert fresh(world).status == "closed_by_team"


def test_a_closed_ticket_offers_what_is_possible_and_nothing_else(desk, world):
    ben, there = desk(world.ben), f"/desk/tickets/{number_of(world)}"
    page = ben.get(there)
    assert "Close…" in page
    assert not page.has_button("Reopen")
    world.leak.close("Done", by=world.ben)
    page = ben.get(there)
    assert page.has_button("Reopen")
    assert "Close…" not in page
    assert [each.text for each in page.region("Kind of message").all("a")] == ["Internal note N"]
    assert ben.get(f"{there}/closure").status == 409
    assert not any("/properties/status" in each.get("href") for each in page.all("a"))


def test_closing_what_was_closed_meanwhile_names_who_closed_it(desk, world):
    ben, there = desk(world.ben), f"/desk/tickets/{number_of(world)}"
    page = ben.get(f"{there}/closure")
    world.leak.close("Solved by phone", by=world.bea)
    stopped = page.press("Close ticket", within=page.by_id("closing"), text="The seal is new")
    assert "Bea Lund closed this ticket meanwhile." in stopped.by_id("closing")
    assert fresh(world).messages.where(Message.text == "The seal is new").count() == 0


# --- a new one -----------------------------------------------------------------------------------------------------


def test_who_closes_is_told_that_a_request_goes_with_it(desk, world):
    """Beside "Send and close" too: a withdrawal is sealed and not undone."""
    ben, there = desk(world.ben), f"/desk/tickets/{number_of(world)}"
    warning, hint = "The request that waits for an authorization is withdrawn.", "“Send and close” withdraws"
    for path, words in ((f"{there}/closure", warning), (there, warning), (there, hint)):
        assert words not in ben.get(path)
    world.leak.request_authorization("A new seal", by=world.ben)
    for path, words in ((f"{there}/closure", warning), (there, warning), (there, hint)):
        assert words in ben.get(path)


def test_a_new_ticket_belongs_to_its_writer_and_is_acknowledged(desk, world):
    client = desk(world.ben)
    form = client.get("/desk/tickets/new")
    assert form.field("Assigned to").value == str(world.ben.id)
    page = form.press(
        "Create ticket Ctrl ↵",
        requester="Nora Vale <nora@new.example>", subject="A new press", text="When?", tags="sales",
    )  # fmt: skip
    ticket = Ticket.select().order_by(Ticket.id.desc()).get()
    assert page.h1 == f"{ticket.number} A new press"
    assert f"Ticket {ticket.number} is open." in page
    assert (ticket.assignee, ticket.name, ticket.email, ticket.channel) == (
        world.ben, "Nora Vale", "nora@new.example", "desk",
    )  # fmt: skip
    assert ticket.deliveries.get().letter == "tickets.opened"
    assert ticket.requester.contact


@pytest.mark.parametrize("chosen", [None, "bea"])
def test_who_opens_a_ticket_may_leave_it_to_a_colleague_or_to_nobody(desk, world, chosen):
    form = desk(world.ben).get("/desk/tickets/new")
    who = getattr(world, chosen) if chosen else None
    form.press(
        "Create ticket Ctrl ↵", requester="Nora Vale", subject="A new press", text="When?",
        assignee=str(who.id) if who else "",
    )  # fmt: skip
    assert Ticket.get(Ticket.subject == "A new press").assignee == who


@both_ways
def test_a_refused_ticket_keeps_what_was_typed_and_its_files(desk, world, htmx):
    client = desk(world.ben)
    values = {"requester": "carol@marlow.example", "subject": "", "text": "It leaks again", "online_signature": "y"}
    values |= {"priority": str(Priority.first().id), "assignee": "", "type": "", "origin": ""}
    page = client.post("/desk/tickets", htmx=htmx, files=(io.BytesIO(b"%PDF-1.4 a plan"), "plan.pdf"), **values)
    assert page.status == 422
    assert page.field("Description").value == "It leaks again"
    assert page.field("Requester").value == "carol@marlow.example"
    assert "plan.pdf" in page.region("Already added")


def test_who_may_not_open_tickets_is_not_offered_it(desk, world):
    assert desk(world.vic).get("/desk/tickets/new").status == 403
    assert not desk(world.ines).get("/desk").has_link("New ticket")


def test_who_is_known_by_an_address_alone_is_offered_their_name(desk, world):
    zoe = Contact.register("zoe@lind.example", "zoe@lind.example", offered_name="Zoe Lind")
    first, second = (
        Ticket.open(by=zoe, channel="email", requester=zoe, subject=subject, text="x") for subject in ("One", "Two")
    )
    page = desk(world.ben).get(f"/desk/tickets/{first.number}")
    shown = page.press("Use the name “Zoe Lind”")
    assert "Zoe Lind" in shown.region("Customer")
    assert "Use the name" not in shown
    assert [Ticket.get_by_id(each.id).name for each in (first, second)] == ["Zoe Lind", "Zoe Lind"]
    assert Contact.by_person(zoe.id).person.name == "Zoe Lind"


@both_ways
def test_who_gives_a_ticket_to_a_group_that_shuts_them_out_is_told(desk, world, htmx):
    world.press_team.change(is_restricted=True)
    bea = desk(world.bea)
    page = bea.post("/desk/tickets/1/group", htmx=htmx, group=str(world.press_team.id))
    assert Ticket.get_by_id(world.leak.id).group == world.press_team
    assert page.status == 200
    shown = bea.get("/desk") if htmx else page  # htmx is told to go there
    assert "You can no longer see this ticket" in shown
    assert bea.get("/desk/tickets/1").status == 404


@both_ways
def test_a_copy_to_what_is_no_address_is_said_at_its_field(desk, world, htmx):
    ben = desk(world.ben)
    address = f"/desk/tickets/{number_of(world)}/replies"
    shown = ben.post(address, htmx=htmx, text="We come.", cc="dan@marlow.example, dan")
    assert shown.status == 422
    assert shown.field("Copies to").get("aria-invalid") == "true"
    assert "Copies to: “dan” is not an e-mail address." in shown
    assert shown.field("Reply").value == "We come."


def test_the_customers_other_tickets_are_a_click_away_closed_ones_too(desk, world):
    """As many as the link says."""
    for place in range(2):
        other = Ticket.open(
            by=world.carol, requester=world.carol, subject=f"Older {place}", text="x", channel="form", acknowledge=False
        )
        other.close("Done", by=world.ben)
    ben = desk(world.ben)
    page = ben.get(f"/desk/tickets/{number_of(world)}").region("Customer")
    listed = ben.get(page.link("3 tickets")["href"])
    for subject in ("The press leaks", "Older 0", "Older 1"):
        assert listed.has_link(subject)


def test_every_field_of_the_form_is_on_the_ticket_and_in_its_panel(desk, world):
    """All of SPEC T2, where we are several companies; the rest is the first message's and the conversation's."""
    north = Company.create(name="Acme North", email="north@acme.example", language="en", timezone="Europe/Madrid")
    press = Equipment.enter(by=world.ben, name="Folder", serial="FO-12", organization=world.rival)
    chosen = {
        "type": TicketType.by_key("request"), "category": Category.by_key("problem"), "service": Service.add("Visits"),
        "priority": Priority.by_key("high"), "product": Product.add("Ink"), "origin": Origin.by_key("x"),
        "company": north, "group": world.press_team, "organization": world.rival, "equipment": press,
        "assignee": world.bea,
    }  # fmt: skip
    typed = {
        "subject": "All of it", "phone": "600 100 200", "customer_company": "Stone & Co", "serial": "FO-13",
        "sales_order": "4711", "diagnosis": "Worn blade",
    }  # fmt: skip
    ben = desk(world.ben)
    form = ben.get("/desk/tickets/new")
    labels = (
        "Subject", "Requester", "Description", "Assigned to", "Group", "Priority", "Type", "Category", "Service",
        "Tags", "Copies to", "Deadline", "Internal: only the team sees it, and no mail goes out", "Phone",
        "Customer company", "Organization", "Equipment", "Product", "Serial number", "Sales order", "Channel",
        "Company", "Diagnosis", "Authorizations are signed online",
    )  # fmt: skip
    assert not [label for label in labels if not form.has_field(label)]
    opened = form.press(
        "Create ticket Ctrl ↵", **typed, **{name: str(each.id) for name, each in chosen.items()},
        requester="Eve <eve@rival.example>", text="It cuts nothing.", due_at="2030-05-06T10:30", tags="blade, night",
        cc="boss@rival.example", online_signature=[],
    )  # fmt: skip
    ticket = Ticket.get(Ticket.subject == "All of it")
    assert {name: getattr(ticket, name) for name in chosen} == chosen
    assert {name: getattr(ticket, name) for name in typed} == typed
    assert (ticket.requester, ticket.email, ticket.online_signature) == (world.eve, "eve@rival.example", False)
    assert (ticket.channel, ticket.is_internal) == ("desk", False)
    assert ticket.due_at.isoformat() == "2030-05-06T08:30:00+00:00"
    assert "It cuts nothing." in opened
    panel = ben.get(f"/desk/tickets/{ticket.number}/properties").region("Details of the ticket")
    assert "Created" in [each.text for each in panel.all("dt")]
    said = [each.text for each in panel.all("dd")]
    for value in ("Bea Lund", "Presses", "High", "Request", "Problem", "Visits", "Ink", "FO-13", "4711", "X",
                  "blade, night", "boss@rival.example", "Rival Press", "Stone & Co", "Folder · FO-12", "Acme North",
                  "Worn blade", "No", "6 May 2030, 10:30"):  # fmt: skip
        assert [each for each in said if value in each], value
    assert "600 100 200" in panel


def test_ours_is_not_asked_for_where_we_are_one_company(desk, world):
    ben = desk(world.ben)
    assert not ben.get("/desk/tickets/new").has_field("Company")
    panel = ben.get(f"/desk/tickets/{number_of(world)}/properties").region("Details of the ticket")
    assert "Company" not in [each.text for each in panel.all("dt")]


def test_an_entry_that_is_offered_no_more_stays_where_it_stands(desk, world):
    high = Priority.by_key("high")
    world.leak.edit(by=world.ben, priority=high)
    high.switch(on=False)
    ben, here = desk(world.ben), f"/desk/tickets/{number_of(world)}"
    assert "High" not in [each.text for each in ben.get("/desk/tickets/new").field("Priority").all("option")]
    form = ben.get(f"{here}/properties/priority")
    assert form.field("Priority").value == str(high.id)
    form.press("Save", within=form.region("Priority"))
    assert fresh(world).priority == high
    assert "High" in ben.get(here).region("Details of the ticket")
    ben.post(f"{here}/properties/priority", priority=str(Priority.by_key("low").id))
    assert ben.post(f"{here}/properties/priority", priority=str(high.id)).status == 422


@pytest.mark.parametrize("typed", [" ", "<>"])
def test_a_ticket_for_nobody_is_not_saved(desk, world, typed):
    before = Ticket.select().count()
    form = desk(world.ben).get("/desk/tickets/new")
    refused = form.press("Create ticket Ctrl ↵", requester=typed, subject="Whose?", text="x")
    assert refused.status == 422
    assert refused.field("Requester").get("aria-invalid") == "true"
    assert Ticket.select().count() == before
