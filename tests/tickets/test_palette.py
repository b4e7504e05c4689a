"""The command palette: tickets, customers, places; never what one may not see. And the list of keys."""

from app.tickets.saved_view import SavedView
from app.tickets.ticket import Ticket


def test_it_finds_tickets_customers_and_places(desk, world):
    ben = desk(world.ben)
    found = ben.get("/desk/go", q="press")
    assert f"{world.leak.number} The press leaks" in found.region("Tickets")
    assert "Presses" in found.region("Go to")
    assert "Carol Ruiz" in ben.get("/desk/go", q="carol").region("Customers")
    assert f"{world.leak.number} The press leaks" in ben.get("/desk/go", q=f"#{world.leak.number}")
    assert "Nothing has these words." in ben.get("/desk/go", q="xyzzy")


def test_it_offers_the_sidebar_where_nothing_is_typed_and_settings_to_who_keeps_them(desk, world):
    assert "My tickets" in desk(world.ben).get("/desk/go").region("Go to")
    assert "Mailboxes" in desk(world.ada).get("/desk/go", q="mailb").region("Go to")
    assert "Nothing has these words." in desk(world.ben).get("/desk/go", q="mailb")


def test_places_need_no_accents_and_saved_views_are_among_them(desk, world):
    SavedView.keep(by=world.ben, name="Façade jobs", query="view=all", shared=False)
    SavedView.keep(by=world.bea, name="Facade of others", query="view=all", shared=False)
    world.ada.change(language="es")
    assert "Categorías" in desk(world.ada).get("/desk/go", q="categorias").region("Ir a")
    found = desk(world.ben).get("/desk/go", q="facade").region("Go to")
    assert [line.text for line in found.all("a")] == ["Façade jobs"]


def test_a_ticket_of_a_restricted_group_is_not_found(desk, world):
    world.press_team.change(is_restricted=True)
    secret = Ticket.open(
        by=world.eve, requester=world.eve, subject="Zanzibar", text="x", channel="form", group=world.press_team
    )
    for words in ("zanzibar", str(secret.number)):
        assert "Zanzibar" not in desk(world.bea).get("/desk/go", q=words)
        assert "Zanzibar" in desk(world.ben).get("/desk/go", q=words)


def test_the_dialog_gets_the_results_alone(desk, world):
    found = desk(world.ben).get("/desk/go", q="press", htmx=True)
    assert not found.whole
    assert "The press leaks" in found


def test_the_keys_are_listed(desk, world):
    page = desk(world.ben).get("/desk/keys")
    assert "Command palette" in page
    assert "Back to the list" in page


def test_the_keys_are_those_of_the_role_and_lead_back(desk, world):
    shown = {name: desk(person).get("/desk/keys") for name, person in (("ben", world.ben), ("vic", world.vic))}
    for words in ("Reply", "Internal note", "Assign", "Close…", "New ticket", "Undo"):
        said = f"<dd>{words}</dd>"
        assert said in shown["ben"].html
        assert said not in shown["vic"].html
    assert "<dd>Back to the list</dd>" in shown["vic"].html
    assert shown["ben"].link("Back")["href"] == "/desk/tickets"


def test_each_key_that_is_listed_stands_on_its_page(desk, world):
    """But those that no control has: walking, ticking, and what the browser or the palette itself hears."""
    ben = desk(world.ben)
    listed = ben.get("/desk/keys")
    pages = {
        "Everywhere": "/desk",
        "In the list": "/desk/tickets?view=all",
        "On a ticket": f"/desk/tickets/{world.leak.number}",
    }
    by_script = {"J / K", "↵", "X", "⇧ X", "Ctrl K", "Ctrl ↵", "Z", "Esc"}
    for heading, path in pages.items():
        keys = {" ".join(each.text.split()) for each in listed.region(heading).all("dt")} - by_script
        page = ben.get(path)
        there = {each.get(name) for each in page.all() for name in ("data-keys", "aria-keyshortcuts")}
        assert len(keys) >= 4
        assert keys <= there, (heading, keys - there)
