"""Fields of the installation's own: kept per type, asked on both forms, edited at the desk, told in portal and PDF."""

import io
from datetime import date

import pytest

from app.catalog.lists import CustomField, Priority, TicketType
from app.documents.contents import Contents
from app.tickets.custom import NotSuchAValue, tidy
from app.tickets.settings import FormSettings
from app.tickets.ticket import Ticket
from tests.page import both_ways


def field(name="Floor", **details):
    return CustomField.add(name, **details)


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", " 3rd ", "3rd"), ("text", None, ""), ("number", "12,50", "12.5"), ("number", "1e3", "1000"),
        ("number", "", ""), ("date", date(2026, 11, 26), "2026-11-26"), ("choice", "Red", "Red"),
        ("yes_no", "yes", "yes"), ("yes_no", False, "no"),
    ],
)  # fmt: skip
def test_a_value_is_kept_as_its_kind_says(world, kind, given, kept):
    assert tidy(field(kind=kind, choices=["Red"]), given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("number", "many"),
        ("number", "NaN"),
        ("number", "1e9999999"),
        ("number", "1e-2000"),
        ("number", "1" * 16),
        ("date", "soon"),
        ("choice", "Blue"),
        ("yes_no", "maybe"),
    ],
)
def test_what_is_no_such_value_is_refused(world, kind, given):
    with pytest.raises(NotSuchAValue):
        tidy(field(kind=kind, choices=["Red"]), given)


@pytest.mark.parametrize("kind", ["number", "date", "yes_no"])
def test_what_stands_in_a_field_of_another_kind_now_is_shown_as_it_is(desk, portal, world, kind):
    """No page of a ticket breaks because somebody at the settings thought better of it."""
    floor = field(for_customers=True)
    world.leak.set_custom(floor, "third =1", by=world.ben)
    floor.change(kind=kind)
    ben, here = desk(world.ben), f"/desk/tickets/{world.leak.number}"
    for path in (here, f"/desk/tickets?view=all&columns=custom_{floor.id}"):
        assert "third =1" in ben.get(path), path
    assert "third =1" in ben.get("/desk/tickets/export?view=all").html
    assert ben.get(f"{here}/properties/custom_{floor.id}").status == 200
    assert "third =1" in portal(world.carol).get(f"/portal/tickets/{world.leak.number}")


def test_an_administrator_adds_a_field(desk, world):
    ada = desk(world.ada)
    page = ada.get("/desk/settings/lists/fields/new")
    refused = page.press("Save", name="Colour", kind="choice", choices="")
    assert "one a line" in refused
    refused.press("Save", choices="Red\nBlue\n\nRed", on_form="y")
    made = CustomField.get(CustomField.name == "Colour")
    assert (made.choices, made.on_form, made.type) == (["Red", "Blue"], True, None)
    assert "Colour" in ada.get("/desk/settings/lists/fields")
    assert ada.get(f"/desk/settings/lists/fields/{made.id}").field("Choices").value == "Red\nBlue"


@both_ways
def test_it_is_edited_in_place_and_stands_in_the_history(desk, world, htmx):
    floor = field()
    ben = desk(world.ben)
    here = f"/desk/tickets/{world.leak.number}/properties/custom_{floor.id}"
    page = ben.get(here)
    page.press("Save", **{f"custom_{floor.id}": "3rd"}, htmx=htmx)
    assert "3rd" in ben.get(f"/desk/tickets/{world.leak.number}").region("Details of the ticket")
    assert "Ben Ortiz changed “Floor” to 3rd" in ben.get(f"/desk/tickets/{world.leak.number}/history")
    assert desk(world.vic).post(here, **{f"custom_{floor.id}": "4th"}).status == 403


def test_a_choice_that_is_offered_no_more_stays_where_it_stands(desk, world):
    """Whoever opens it and saves takes nothing away."""
    color = field("Colour", kind="choice", choices=["Red", "Blue"])
    world.leak.set_custom(color, "Red", by=world.ben)
    color.change(choices=["Blue", "Green"])
    ben, here = desk(world.ben), f"/desk/tickets/{world.leak.number}/properties/custom_{color.id}"
    form = ben.get(here)
    assert form.field("Colour").value == "Red"
    assert form.press("Save", within=form.region("Colour")).status == 200
    assert dict(world.leak.custom())[color] == "Red"
    ben.post(here, **{f"custom_{color.id}": "Green"})
    assert "Red" not in [each.text for each in ben.get(here).field("Colour").all("option")]
    assert ben.post(here, **{f"custom_{color.id}": "Red"}).status == 422


def test_an_emptied_field_is_empty_and_says_so(desk, world):
    floor = field()
    world.leak.set_custom(floor, "3rd", by=world.ben)
    ben, here = desk(world.ben), f"/desk/tickets/{world.leak.number}"
    ben.post(f"{here}/properties/custom_{floor.id}", **{f"custom_{floor.id}": " "})
    assert not dict(world.leak.custom())[floor]
    assert not world.leak.custom_values.exists()
    assert "3rd" not in ben.get(here).region("Details of the ticket")
    last = world.leak.events.order_by(world.leak.events.model.id.desc()).first()
    assert (last.details["was"], last.details["now"]) == ({"kind": "text", "text": "3rd"}, None)


def test_a_wrong_value_comes_back_at_its_field(desk, world):
    size = field("Size", kind="choice", choices=["Small"])
    here = f"/desk/tickets/{world.leak.number}/properties/custom_{size.id}"
    assert desk(world.ben).post(here, **{f"custom_{size.id}": "Huge"}).status == 422
    assert not dict(world.leak.custom())[size]


def test_a_field_of_another_type_is_not_there(desk, world):
    other = field("Route", type=TicketType.by_key("request"))
    page = desk(world.ben).get(f"/desk/tickets/{world.leak.number}")
    assert "Route" not in page
    assert desk(world.ben).get(f"/desk/tickets/{world.leak.number}/properties/custom_{other.id}").status == 404
    world.leak.edit(by=world.ben, type=TicketType.by_key("request"))
    assert "Route" in desk(world.ben).get(f"/desk/tickets/{world.leak.number}")


def test_the_desk_form_asks_for_it(desk, world):
    floor, when = field(is_required=True), field("Since", kind="date")
    page = desk(world.ben).get("/desk/tickets/new")
    given = {"requester": "Zoe", "subject": "New", "text": "x", f"custom_{when.id}": "2026-11-20"}
    refused = page.press("Create ticket Ctrl ↵", **given)
    assert refused.status == 422
    assert "Fill this in." in refused
    refused.press("Create ticket Ctrl ↵", **{f"custom_{floor.id}": "2nd"})
    ticket = Ticket.get(Ticket.subject == "New")
    assert {each.label: text for each, text in ticket.custom()} == {"Floor": "2nd", "Since": "2026-11-20"}


def test_the_public_form_asks_only_for_what_it_should(portal, world):
    FormSettings.set(who_may_open="registered")
    floor, hidden = field(on_form=True), field("Cost")
    page = portal(world.carol).get("/support/new")
    assert page.has_field("Floor (optional)")
    assert "Cost" not in page
    category = next(each["value"] for each in page.field("What is it about?").all("option") if each["value"])
    given = {
        "subject": "Stairs",
        "text": "x",
        "category": category,
        f"custom_{floor.id}": "5th",
        f"custom_{hidden.id}": "9",
    }
    page.press("Send", **given)
    ticket = Ticket.get(Ticket.subject == "Stairs")
    assert {each.label: text for each, text in ticket.custom()} == {"Floor": "5th", "Cost": ""}


KINDS = {  # kind -> (what a form sends, what people read)
    "text": ("3rd", "3rd"), "number": ("12.5", "12.5"), "date": ("2026-11-20", "20 Nov 2026"),
    "choice": ("Red", "Red"), "yes_no": ("no", "No"),
}  # fmt: skip


@pytest.mark.parametrize("way", ["desk", "form"])
def test_each_kind_is_asked_for_on_both_forms_and_told_on_desk_portal_and_paper(app, desk, portal, world, way):
    own = {
        kind: field(f"A {kind}", kind=kind, choices=["Red", "Blue"], on_form=True, for_customers=True, is_required=True)
        for kind in KINDS
    }
    given = {f"custom_{own[kind].id}": sent for kind, (sent, _read) in KINDS.items()}
    if way == "desk":
        form, button, told = desk(world.ben).get("/desk/tickets/new"), "Create ticket Ctrl ↵", {"requester": "Zoe"}
    else:
        form, button, told = portal(world.carol).get("/support/new"), "Send", {"category": "1"}
    refused = form.press(button, subject="Stairs", text="x", **told)
    assert refused.status == 422
    assert {kind for kind in KINDS if refused.field(f"A {kind}").get("aria-invalid") == "true"} == set(KINDS)
    refused.press(button, **given)
    ticket = Ticket.get(Ticket.subject == "Stairs")
    ticket.change(requester=world.carol)
    shown = desk(world.ben).get(f"/desk/tickets/{ticket.number}").region("Details of the ticket")
    read = portal(world.carol).get(f"/portal/tickets/{ticket.number}").region("Details of the ticket")
    with app.app_context():
        paper = Contents(ticket, "portal", "en", ticket.company.zone, world.carol).as_dictionary()["fields"]
    for kind, (_sent, words) in KINDS.items():
        for place in (shown, read):
            labels, values = ([each.text for each in place.all(tag)] for tag in ("dt", "dd"))
            assert words in values[labels.index(f"A {kind}")]
        assert dict(paper)[f"A {kind}"] == words


def test_a_field_that_is_switched_off_is_nowhere_and_comes_back_with_what_stood_in_it(desk, portal, world):
    FormSettings.set(who_may_open="registered")
    floor = field(on_form=True, for_customers=True, is_required=True)
    world.leak.set_custom(floor, "3rd", by=world.ben)
    ben, carol = desk(world.ben), portal(world.carol)

    def places():
        here, side = world.leak.number, "Details of the ticket"  # what was done with it stays in the history
        pages = [ben.get("/desk/tickets/new"), carol.get("/support/new")]
        pages += [ben.get(f"/desk/tickets/{here}").region(side), carol.get(f"/portal/tickets/{here}").region(side)]
        paper = Contents(world.leak, "portal", "en", world.leak.company.zone, world.carol).as_dictionary()["fields"]
        return ["Floor" in page.text for page in pages], "Floor" in dict(paper)

    assert places() == ([True] * 4, True)
    floor.switch(on=False)
    assert places() == ([False] * 4, False)
    assert ben.get(f"/desk/tickets/{world.leak.number}/properties/custom_{floor.id}").status == 404
    floor.switch(on=True)
    assert places() == ([True] * 4, True)
    assert dict(world.leak.custom())[floor] == "3rd"


def test_customers_read_what_is_for_them_in_portal_and_pdf(app, portal, world):
    told, kept = field("Floor", for_customers=True), field("Margin")
    world.leak.set_custom(told, "3rd", by=world.ben)
    world.leak.set_custom(kept, "40 %", by=world.ben)
    page = portal(world.carol).get(f"/portal/tickets/{world.leak.number}")
    assert "3rd" in page
    assert "40 %" not in page
    with app.app_context():
        fields = dict(
            Contents(world.leak, "portal", "en", world.leak.company.zone, world.carol).as_dictionary()["fields"]
        )
    assert fields["Floor"] == "3rd"
    assert "Margin" not in fields


@pytest.mark.parametrize(
    ("kind", "value", "english", "spanish"),
    [("date", "2026-11-06", "6 Nov 2026", "6 nov 2026"), ("number", "18450.5", "18,450.5", "18.450,5"),
     ("yes_no", "yes", "Yes", "Sí")],
)  # fmt: skip
def test_values_are_written_as_the_reader_does(desk, portal, world, kind, value, english, spanish):
    told = field("Known", kind=kind, for_customers=True)
    world.leak.set_custom(told, value, by=world.ben)
    ben, carol = desk(world.ben), portal(world.carol)
    assert english in ben.get(f"/desk/tickets/{world.leak.number}").region("Details of the ticket")
    assert english in carol.get(f"/portal/tickets/{world.leak.number}")
    world.ben.change(language="es")
    assert spanish in ben.get(f"/desk/tickets/{world.leak.number}").by_id("properties")


@pytest.mark.parametrize(
    ("language", "typed", "shown"),
    [
        ("es", "18.450", "18.450"), ("es", "1.234.567,25", "1.234.567,25"), ("es", "12,5", "12,5"),
        ("es", "-12.5", "-12,5"), ("en", "18,450", "18,450"), ("en", "12,5", "12.5"), ("pt", "0.125", "0,125"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_the_reader_writes_it(desk, world, language, typed, shown):
    hours = field("Hours", kind="number")
    world.ben.change(language=language)
    ben, here = desk(world.ben), f"/desk/tickets/{world.leak.number}"
    save = {"en": "Save", "es": "Guardar", "pt": "Guardar"}[language]
    ben.get(f"{here}/properties/custom_{hours.id}").press(save, **{f"custom_{hours.id}": typed})
    assert shown in ben.get(here).by_id("properties")


def test_what_is_no_number_is_said_and_stays(desk, world):
    hours = field("Hours", kind="number")
    world.ben.change(language="es")
    editor = f"/desk/tickets/{world.leak.number}/properties/custom_{hours.id}"
    page = desk(world.ben).post(editor, **{f"custom_{hours.id}": "1.23.4"})
    assert page.status == 422
    assert "Escríbelo así: 1250,4" in page
    assert page.field("Hours").value == "1.23.4"


# --- what is missing in a list is added on the way (T5) -------------------------------------------------------------


def test_an_agent_adds_a_missing_type_while_opening_a_ticket_and_while_editing_one(desk, world):
    ben = desk(world.ben)
    page = ben.get("/desk/tickets/new")
    page.press("Create ticket Ctrl ↵", requester="Zoe", subject="New", text="x", new_type="Warranty")
    assert Ticket.get(Ticket.subject == "New").type.label == "Warranty"
    ben.get(f"/desk/tickets/{world.leak.number}/properties/origin").press("Save", new="Radio")
    assert world.leak.lock().origin.label == "Radio"
    taken = ben.get(f"/desk/tickets/{world.leak.number}/properties/type").press("Save", new="warranty")
    assert "already one with this name" in taken
    assert taken.field("Or a new one").get("aria-invalid") == "true"
    page = ben.get("/desk/tickets/new")
    taken = page.press("Create ticket Ctrl ↵", requester="Zoe", subject="Newer", text="x", new_origin="chat")
    assert taken.field("Channel, if it is not listed").get("aria-invalid") == "true"
    assert not Ticket.select().where(Ticket.subject == "Newer").exists()


def test_all_that_is_wrong_with_a_new_ticket_is_said_at_once(desk, world):
    """Fields, the words of the verbs and files; nothing that was typed, and no good file, is lost."""
    hours = field("Hours", kind="number", is_required=True)
    page = desk(world.ben).get("/desk/tickets/new")
    files = [(io.BytesIO(b"a pump"), "pump.txt"), (io.BytesIO(b""), "empty.txt")]
    refused = page.press(
        "Create ticket Ctrl ↵", requester="eve@", subject="", text="Jam.", new_type="incïdent",
        cc="good@x.example, bad", files=files, **{f"custom_{hours.id}": "1.2.3"},
    )  # fmt: skip
    assert refused.status == 422
    wrong = ("Requester", "Subject", "Type, if it is not listed", "Copies to", "Hours")
    assert all(refused.field(name).get("aria-invalid") == "true" for name in wrong)
    assert "“empty.txt” is empty." in refused
    assert "pump.txt" in refused
    assert refused.field("Description").value == "Jam."


def test_what_else_is_wrong_with_the_form_leaves_no_entry_behind(desk, world):
    """The form comes back with the word, and is sent again."""
    page = desk(world.ben).get("/desk/tickets/new")
    refused = page.press(
        "Create ticket Ctrl ↵", requester="Zoe", subject="New", text="x", new_type="Warranty", new_origin="Radio",
        cc="nonsense",
    )  # fmt: skip
    assert refused.status == 422
    assert "Warranty" not in [each.label for each in TicketType.all()]
    refused.press("Create ticket Ctrl ↵", cc="")
    ticket = Ticket.get(Ticket.subject == "New")
    assert (ticket.type.label, ticket.origin.label) == ("Warranty", "Radio")
    assert [each.label for each in TicketType.active()] == ["Incident", "Request", "Warranty"]


def test_a_list_that_is_switched_off_whole_asks_for_nothing(desk, world):
    for entry in (*TicketType.active(), *Priority.active()):
        entry.switch(on=False)
    page = desk(world.ben).get("/desk/tickets/new")
    assert not page.has_field("Priority")
    page.press("Create ticket Ctrl ↵", requester="Zoe", subject="New", text="x")
    ticket = Ticket.get(Ticket.subject == "New")
    assert (ticket.type, ticket.priority) == (None, None)


# --- only of one type (T20) -----------------------------------------------------------------------------------------


def test_what_a_type_needs_is_asked_for_where_that_type_is_chosen(desk, world):
    request = TicketType.by_key("request")
    route = field("Route", type=request, is_required=True)
    page = desk(world.ben).get("/desk/tickets/new")
    given = {"requester": "Zoe", "text": "x"}
    page.press("Create ticket Ctrl ↵", **given, subject="An incident", **{f"custom_{route.id}": "9"})
    assert not Ticket.get(Ticket.subject == "An incident").custom()
    assert not Ticket.get(Ticket.subject == "An incident").custom_values.exists()

    page = desk(world.ben).get("/desk/tickets/new")
    refused = page.press("Create ticket Ctrl ↵", **given, subject="A request", type=str(request.id))
    assert refused.status == 422
    assert refused.by_id(f"custom_{route.id}").get("aria-invalid") == "true"
    refused.press("Create ticket Ctrl ↵", **{f"custom_{route.id}": "7"})
    assert [text for _field, text in Ticket.get(Ticket.subject == "A request").custom()] == ["7"]


@pytest.mark.parametrize("chosen", ["another type", "a new type"])
def test_what_another_type_needs_is_not(desk, world, chosen):
    field("Route", type=TicketType.by_key("request"), is_required=True)
    told = {"new_type": "Warranty", "type": str(TicketType.by_key("request").id)} if chosen == "a new type" else {}
    page = desk(world.ben).get("/desk/tickets/new")
    page.press("Create ticket Ctrl ↵", requester="Zoe", subject="New", text="x", **told)
    assert Ticket.get(Ticket.subject == "New")


def test_the_public_form_asks_what_tickets_of_the_first_type_have(portal, world):
    """Its tickets are of that type."""
    request = TicketType.by_key("request")
    field("Route", type=request, on_form=True, for_customers=True)
    field("Fault", type=TicketType.by_key("incident"), on_form=True)
    carol = portal(world.carol)
    form = carol.get("/support/new")
    assert form.has_field("Fault (optional)")
    assert not form.has_field("Route (optional)")
    request.move(up=True)
    form = carol.get("/support/new")
    assert form.has_field("Route (optional)")
    assert not form.has_field("Fault (optional)")


def test_paper_and_portal_tell_only_what_tickets_of_that_type_have(portal, world):
    request = TicketType.by_key("request")
    route = field("Route", type=request, for_customers=True)
    world.leak.edit(by=world.ben, type=request)
    world.leak.set_custom(route, "N-6", by=world.ben)

    def told():
        paper = Contents(world.leak, "portal", "en", world.leak.company.zone, world.carol).as_dictionary()["fields"]
        return "N-6" in portal(world.carol).get(f"/portal/tickets/{world.leak.number}"), dict(paper).get("Route")

    assert told() == (True, "N-6")
    world.leak.edit(by=world.ben, type=TicketType.by_key("incident"))
    assert told() == (False, None)
    world.leak.edit(by=world.ben, type=request)
    assert told() == (True, "N-6")
