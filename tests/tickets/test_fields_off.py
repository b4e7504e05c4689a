"""A field that is switched off for the installation vanishes everywhere, and comes back with what stood in it (T6)."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.catalog.lists import Category, Priority, Product, Service
from app.documents.contents import Contents
from app.lib.clock import now
from app.organizations.settings import CustomerSettings
from app.reports.panel import Panel
from app.tickets.asked import Asked
from app.tickets.columns import COLUMNS
from app.tickets.settings import OPTIONAL_FIELDS, TicketSettings
from app.tickets.ticket import Ticket

pytestmark = pytest.mark.sqlite_only

# field -> (its labels, what stands in it on the ticket below)
FIELDS = {
    "visibility": (["Visibility"], []),
    "category": (["Category", "What is it about?"], ["Zcategory"]),
    "service": (["Service"], ["Zservice"]),
    "priority": (["Priority"], ["Zpriority"]),
    "due_at": (["Deadline"], ["Due today", "Overdue"]),
    "cc": (["Copies to", "Cc"], ["copy@zanzibar.example"]),
    "tags": (["Tags", "Tag", "Add tags"], ["ztag"]),
    "product": (["Product"], ["Zproduct"]),
    "serial": (["Serial number"], ["ZSERIAL"]),
    "sales_order": (["Sales order"], ["ZORDER"]),
    "diagnosis": (["Diagnosis"], ["Zdiagnosis"]),
    "customer_company": (["Customer company", "Your company"], ["Zcompany"]),
}


@pytest.fixture
def ticket(world):
    ticket = Ticket.open(
        by=world.ben, requester=world.eve, subject="It squeaks", text="Loudly.", channel="desk", acknowledge=False,
        category=Category.add("Zcategory"), service=Service.add("Zservice"),
        priority=Priority.add("Zpriority"), product=Product.add("Zproduct"),
        serial="ZSERIAL", sales_order="ZORDER", diagnosis="Zdiagnosis", customer_company="Zcompany",
        cc=["copy@zanzibar.example"], tags=["ztag"], assignee=world.ben,
    )  # fmt: skip
    ticket.set_due(now() - timedelta(hours=1), by=world.ada)
    return ticket


def everywhere(ticket, world, desk, portal, client):
    """Each place a ticket is shown, asked for or chosen by: name -> page."""
    ben, here = desk(world.ben), f"/desk/tickets/{ticket.number}"
    columns = ",".join(COLUMNS)
    return {
        "list": ben.get(f"/desk/tickets?view=all&columns={columns}"),
        "board": ben.get("/desk/tickets?view=all&layout=board"),
        "filters": ben.get("/desk/tickets/filters?view=all"),
        "ticket": ben.get(f"{here}?part=public"),  # without the history: what was done with a field was done
        "properties": ben.get(f"{here}/properties"),
        "composer": ben.get(f"{here}/replies"),
        "new": ben.get("/desk/tickets/new"),
        "export": ben.get("/desk/tickets/export?view=all"),
        "portal": portal(world.eve).get(f"/portal/tickets/{ticket.number}"),
        "portal's list": portal(world.eve).get("/portal"),
        "form": client.get("/support/new"),
    }


def labels_of(page):
    named = page.all("label", "th", "dt", "legend", "summary", "button", "option")
    return {node.text for node in named} | {node.name for node in page.all("input", "select", "textarea")}


def paper(ticket):
    """What the two PDFs say of it: to the team, to the customer."""
    here, zone, customer = Ticket.get_by_id(ticket.id), ZoneInfo("Europe/Madrid"), ticket.requester
    told = [Contents(here, face, "en", zone, reader) for face, reader in (("desk", None), ("portal", customer))]
    return str([each.as_dictionary()["fields"] for each in told])


def test_every_field_that_can_be_switched_off_is_tried():
    assert set(FIELDS) == {name for name, _label in OPTIONAL_FIELDS}


@pytest.mark.parametrize("name", FIELDS)
def test_it_is_nowhere_while_it_is_off_and_back_when_it_is_on(desk, portal, client, world, ticket, name):
    labels, words = FIELDS[name]
    CustomerSettings.set(uses_equipment=True)
    shown = everywhere(ticket, world, desk, portal, client)
    assert any(label in labels_of(page) for page in shown.values() for label in labels)
    assert all(any(word in page.html for page in shown.values()) for word in words[:1])

    TicketSettings.set(fields_off=[name])
    for place, page in everywhere(ticket, world, desk, portal, client).items():
        left = [label for label in labels if label in labels_of(page)]
        known = [option["value"] for option in page.all("option") if option.get("value")]  # who is offered as requester
        left += [word for word in words if word in page.html and not any(word in each for each in known)]
        assert not left, f"{place}: {left}"
    written = paper(ticket)
    assert not [each for each in (*labels, *words) if f"'{each}'" in written], written
    ben, here = desk(world.ben), f"/desk/tickets/{ticket.number}"
    assert ben.get(f"{here}/properties/{name}").status == 404

    TicketSettings.set(fields_off=[])
    back = everywhere(ticket, world, desk, portal, client)
    assert all(any(word in page.html for page in back.values()) for word in words[:1])


@pytest.mark.parametrize("name", ["category", "priority", "tags", "due_at", "cc", "serial", "visibility"])
def test_no_form_of_an_older_page_changes_it(desk, world, ticket, name):
    TicketSettings.set(fields_off=[name])
    before = Ticket.get_by_id(ticket.id).__data__
    ben, here = desk(world.ben), f"/desk/tickets/{ticket.number}"
    noun = {"tags": "tags", "cc": "copies", "visibility": "visibility"}.get(name, f"properties/{name}")
    assert ben.post(f"{here}/{noun}", **{name: "1"}).status == 404
    act = {"tags": "tag"}.get(name, name)
    if name in ("category", "priority", "tags"):
        answer = ben.post("/desk/batches", act=act, ticket=str(ticket.id), list="view=all", tags_add="x", **{name: "1"})
        assert "Choose what the tickets should be changed to." in answer
    assert Ticket.get_by_id(ticket.id).__data__ == before


def test_without_deadlines_no_list_is_in_their_order(desk, world, ticket):
    later = Ticket.open(by=world.ben, requester=world.eve, subject="Later", text="Due first.", channel="desk")
    later.set_due(now() - timedelta(days=2), by=world.ada)
    ben = desk(world.ben)

    def listed(query):
        page = ben.get(f"/desk/tickets?{query}")
        return page.html.find("Later") < page.html.find("It squeaks"), labels_of(page)

    is_by_deadline, labels = listed("view=all")
    assert is_by_deadline
    assert "Due soonest" in labels
    TicketSettings.set(fields_off=["due_at"])
    for query in ("view=all", "view=all&order=due"):
        is_by_deadline, labels = listed(query)
        assert not is_by_deadline, f"{query}: the oldest stands first"
        assert "Due soonest" not in labels
        assert "Oldest" in labels


@pytest.mark.parametrize(
    ("name", "examples", "keys", "reports"),
    [
        ("priority", ["priority:high"], ["P"], []),
        ("tags", ["tag:warranty"], ["T"], []),
        ("cc", ["to:press@"], [], []),
        ("visibility", ["is:internal"], [], []),
        ("serial", ["serial:OP-77"], [], []),
        ("sales_order", ["order:4711"], [], []),
        ("category", ["category:problem"], [], ["by-category"]),
        ("due_at", ["is:overdue"], ["G H"], ["in-time", "in-time-over-time"]),
    ],
)
def test_nothing_tells_of_it_while_it_is_off(desk, world, name, examples, keys, reports):
    """Neither the words on searching, nor the keys, nor the panels."""
    ben = desk(world.ben)

    def told():
        known = [each["value"] for each in ben.get("/desk/panels/new").all("input") if each.get("name") == "cards"]
        typed = [each.text for each in ben.get("/desk/search-help").all("code")]
        pressed = ["".join(each.text.split()) for each in ben.get("/desk/keys").all("dt")]
        return {*known, *typed, *pressed}

    wanted = {*examples, *("".join(key.split()) for key in keys), *reports}
    assert wanted <= told()
    TicketSettings.set(fields_off=[name])
    assert not wanted & told()


def test_panels_are_without_what_is_off_and_keep_it(desk, world):
    ben, panel = desk(world.ben), Panel.compose(by=world.ben, title="Mine", cards=["in-time", "open", "by-category"])
    TicketSettings.set(fields_off=["due_at", "category"])
    problem = Category.by_key("problem").id
    page = ben.get(f"/desk/panels?category={problem}")
    assert "Closed in time" not in page
    assert "By category" not in page
    assert not page.has_field("Category")
    assert "1 in the team's turn" in page.region("Open now"), "an older address narrows by nothing that is off"
    assert ben.get("/desk/panels/figures/in-time.csv").status == 404
    ben.post(f"/desk/panels/{panel.id}", title="Mine", cards=["per-day"])
    TicketSettings.set(fields_off=[])
    assert Panel.get_by_id(panel.id).cards == ["per-day", "in-time", "by-category"]
    assert "Closed in time" in ben.get("/desk/panels")


def test_the_search_box_does_not_know_what_is_off(world, ticket):
    assert Asked.of("serial:ZSERIAL is:overdue", ZoneInfo("Europe/Madrid")).unknown == ()
    TicketSettings.set(fields_off=["serial", "due_at"])
    asked = Asked.of("serial:ZSERIAL is:overdue from:eve", ZoneInfo("Europe/Madrid"))
    assert asked.unknown == ("serial:ZSERIAL", "is:overdue")
    assert [each.name for each in asked.filters] == ["from"]


def test_what_a_ticket_is_never_without_cannot_be_switched_off(desk, world):
    always = ["requester", "assignee", "number", "subject", "text", "description"]
    offered = desk(world.ada).get("/desk/settings/sections/TicketSettings").region("Fields switched off")
    assert not {each["value"] for each in offered.all("input")} & set(always)
    TicketSettings.set(fields_off=[*always, "serial"])
    assert TicketSettings.fields_off == ["serial"]


def test_what_is_off_is_not_needed(portal, world):
    """The category is, where the public form asks for it."""
    carol = portal(world.carol)
    refused = carol.get("/support/new").press("Send", subject="Ink", text="Pale.", category="")
    assert refused.status == 422
    TicketSettings.set(fields_off=["category"])
    refused.press("Send")
    assert Ticket.get(Ticket.subject == "Ink").category is None
