"""The search box at the desk: words, operators in three languages, the passage found, and what nobody may find."""

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask_babel import force_locale

from app.accounts.group import Group
from app.attachments.attachment import Attachment
from app.catalog.lists import Category, Priority, Tag, TicketType
from app.lib import passages, search
from app.lib.clock import now
from app.organizations.equipment import Equipment
from app.tickets import findable
from app.tickets.asked import Asked
from app.tickets.ticket import Ticket
from tests.tickets.test_listing import MADRID, listing, numbers


@pytest.fixture
def pump(world):
    """Eve's ticket, unlike Carol's in all that an operator can ask."""
    ticket = Ticket.open(
        by=world.bea, channel="desk", requester=world.eve, subject="Bomba averiada", text="The pump is silent.",
        assignee=world.bea, priority=Priority.by_key("urgent"), category=Category.by_key("problem"), tags=["Garantía"],
        serial="PX-9", cc=["boss@rival.example"], acknowledge=False,
    )  # fmt: skip
    ticket.set_status("pending", by=world.bea)
    return ticket


@pytest.mark.parametrize(
    "words",
    [
        "from:eve", "de:eve", "from:eve@rival.example", 'from:"Eve Stone"', "de:rival", "to:boss@rival", "para:boss",
        "status:pending", "estado:pendiente", "estado:Pendente", "assignee:bea", "asignado:Bea", 'assignee:"Bea Lund"',
        "tag:garantia", "etiqueta:Garantía", "priority:urgent", "prioridad:urgente", "prioridade:urg",
        "category:problem", "categoría:problema", "serial:px-9", "serie:PX", "subject:bomba", "asunto:averi",
        "channel:desk", "is:open assignee:bea", "pump status:pending", "silent from:eve tag:garantia", "garantia",
        "boss@rival.example",
    ],
)  # fmt: skip
def test_an_operator_narrows_in_each_language(world, pump, words):
    assert numbers(world.ben, q=words) == [pump.number], words


@pytest.mark.parametrize(
    "words",
    [
        "from:carol pump",
        "status:open bomba",
        "assignee:ben pump",
        "is:closed",
        "is:cerrado",
        "before:2001",
        "pump tag:x",
    ],
)
def test_an_operator_leaves_out(world, pump, words):
    assert numbers(world.ben, q=words) == [], words


@pytest.mark.parametrize(
    "words",
    [
        "-from:carol", "-de:marlow", "-status:open", "-estado:abierto pump", "-assignee:ben", "-priority:low",
        "pump -is:closed", "-serial:QQ -from:carol", "-tag:x -from:carol", "-to:carol -category:question is:internal",
        "-before:2001 -from:carol", '-subject:"press leaks"', "-channel:form", "-has:files -is:unread",
    ],
)  # fmt: skip
def test_an_operator_with_a_minus_leaves_out_what_it_finds(world, pump, words):
    """What has none of it stays: a ticket of nobody is not one of Ben's."""
    pump.set_visibility(internal=True, by=world.bea)
    world.leak.hand_over(to=world.ben, by=world.ada)
    found = numbers(world.ben, q=words)
    assert pump.number in found, words
    assert world.leak.number not in found, words
    assert pump.number not in numbers(world.ben, q=f"{words} -from:eve"), words


@pytest.mark.parametrize(
    "words",
    [
        "silent bomba",
        "eve silent",
        "silent garantia",
        '"pump is" px-9',
        "boss@rival.example bomba si",
        "silent & bomba",
        f"{'pump ' * 5}bomb",
    ],
)
def test_words_may_stand_in_several_texts_of_a_ticket(world, pump, words):
    assert numbers(world.ben, q=words) == [pump.number]
    assert numbers(world.ben, q=f"{words} oil") == []


@pytest.mark.parametrize(
    "words", ["pump -bomba", "silent -eve", "bomba -silent", '-"pump is" silent', "-garantia pump"]
)
def test_a_word_that_must_not_be_there_is_in_none_of_its_texts(world, pump, words):
    assert numbers(world.ben, q=words) == []
    assert numbers(world.ben, q="silent -oil") == [pump.number]


@pytest.mark.parametrize("words", ["-oil", "is:open -oil", "-oil estado:pendiente", '-"There is oil"', "-oil -carol"])
def test_who_asks_only_what_must_not_be_there_finds_the_rest(world, pump, words):
    assert numbers(world.ben, q=words) == [pump.number]
    assert numbers(world.ben, q="-oil -silent") == []


def test_customers_too_ask_only_what_must_not_be_there(world, portal):
    Ticket.open(by=world.carol, subject="Ink", text="No ink.", channel="form", requester=world.carol)
    page = portal(world.carol).get("/portal", q="-oil")
    assert "Ink" in page
    assert "The press leaks" not in page


def test_a_rare_word_is_found_beside_one_of_which_there_are_more_than_are_looked_at(world, pump, monkeypatch):
    monkeypatch.setattr(search, "NEWEST", 2)
    for _ in range(3):
        world.leak.note("silent", by=world.ben)
    assert numbers(world.ben, q="silent bomba") == [pump.number]
    assert numbers(world.ben, q="bomba -silent") == []


def test_what_restricted_groups_hold_is_not_found_by_several_texts(world, pump):
    assert numbers(world.ben, q="silent bomba") == [pump.number]
    closed = Group.create(name="Secret", is_restricted=True)
    Ticket.get_by_id(pump.id).change(group=closed)
    assert numbers(world.ben, q="silent bomba") == []


@pytest.mark.parametrize("words", ["Lima Rollers", "PO-4711", "order:4711", "from:lima"])
def test_a_ticket_is_found_by_its_company_and_its_order(world, pump, words):
    pump.edit(by=world.ben, customer_company="Lima Rollers", sales_order="PO-4711")
    assert numbers(world.ben, q=words) == [pump.number]


@pytest.mark.parametrize("kept", ["+34 600 55 50 14", "+34600555014", "+34 600-555-014"])
@pytest.mark.parametrize("words", ["600555014", "600 55 50 14", "+34600555014", "600555"])
def test_a_phone_number_is_found_however_it_was_written(world, pump, kept, words):
    pump.edit(by=world.ben, phone=kept)
    assert numbers(world.ben, q=words) == [pump.number]


def test_a_day_begins_where_the_reader_is_and_before_it_leaves_it_out(world, clock):
    clock.move_to(now().replace(hour=22, minute=30))  # half past eleven at night in Madrid, at least
    ticket = Ticket.open(by=world.ben, channel="desk", requester=world.eve, subject="Ink", text="x", acknowledge=False)
    opened = now().astimezone(MADRID).date()
    day, next_day = opened.isoformat(), f"{opened + timedelta(days=1):%d/%m/%Y}"
    for words, is_found in ((f"after:{day}", True), (f"after:{next_day}", False), (f"before:{day}", False),
                            (f"antes:{next_day}", True), ("desde:hoy", True), ("before:today", False)):  # fmt: skip
        assert (ticket.number in numbers(world.ben, q=f"ink {words}")) is is_found, words
    clock.shift(timedelta(days=1))
    for words, is_found in (("after:yesterday", True), ("depois:hoje", False), ("before:ayer", False),
                            ("before:today", True), ("after:1d", True), ("after:0d", False)):  # fmt: skip
        assert (ticket.number in numbers(world.ben, q=f"ink {words}")) is is_found, words


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_all_that_the_help_of_the_box_shows_is_understood(world, desk, language):
    world.ben.change(language=language)
    for name in ("warranty", "garantia"):
        Tag.add(name)
    for name in ("Repair", "Reparación", "Reparação"):
        TicketType.add(name)
    shown = [each.text for each in desk(world.ben).get("/desk/search-help").all("code")]
    assert len(shown) == 16
    for typed in shown:
        asked = Asked.of(typed, MADRID)
        assert (len(asked.filters), asked.unknown, asked.words) == (1, (), ""), typed


@pytest.mark.parametrize(
    "words",
    [
        "is:open is:closed is:unassigned assignee:none group:presses channel:desk before:7d after:today",
        "es:abierto es:cerrado es:sin-asignar asignado:nadie grupo:presses canal:aplicacion antes:7d desde:hoy",
        "e:aberto e:fechado e:por-atribuir atribuido:ninguem grupo:presses canal:formulario antes:7d depois:hoje",
    ],
)
def test_so_is_what_it_says_beside(world, words):
    asked = Asked.of(words, MADRID)
    assert (len(asked.filters), asked.unknown, asked.words) == (8, (), "")


def test_words_of_state_and_dates(world, pump):
    assert numbers(world.ben, q="es:mio") == [world.leak.number]
    assert numbers(world.ben, q="is:unattended") == [world.leak.number]
    assert set(numbers(world.ben, q="after:2001-02-03")) == {world.leak.number, pump.number}
    assert set(numbers(world.ben, q="despues:hoy antes:01/01/2999")) == {world.leak.number, pump.number}
    assert set(numbers(world.ben, q="after:7d")) == {world.leak.number, pump.number}
    assert numbers(world.ben, q="is:unread") == [world.leak.number]
    assert numbers(world.ben, q="is:unassigned") == []
    assert set(numbers(world.bea, q="is:public")) == {world.leak.number, pump.number}


@pytest.mark.parametrize(
    "words",
    [
        'from:"', "status:nothing", "tag:", ":", "is:", "before:31/31/9999", "after:", "from:%", "to:_", "a:b:c",
        "is:is:is", "from:x " * 20, "before:99999d", "status:open,closed", 'assignee:"',
    ],
)  # fmt: skip
def test_nothing_typed_is_an_error(world, pump, desk, words):
    assert desk(world.ben).get("/desk/tickets", q=words).status == 200


def test_what_is_not_understood_is_said_and_looked_for_as_it_stands(world, desk):
    page = desk(world.ben).get("/desk/tickets", q="status:sleepy oil")
    assert "“status:sleepy” was searched for as text" in page


def kept(name, *, by):
    return Attachment.keep(SimpleNamespace(filename=name, stream=io.BytesIO(b"x")), by=by)


def test_a_name_of_a_file_is_found(world):
    noted = world.leak.note("", by=world.ben, files=[kept("esquema-hidraulico.txt", by=world.ben)])
    assert numbers(world.ben, q="hidráulico") == [world.leak.number]
    assert world.leak.number in numbers(world.ben, q="has:files")
    world.leak.reword(noted, "Look at this", by=world.ben)
    assert numbers(world.ben, q="hidráulico look") == [world.leak.number]


def test_a_name_of_a_file_that_is_shown_with_a_request_is_found(world, portal):
    file = kept("oferta_bombas.txt", by=world.ben)
    world.leak.request_authorization("A new pump", by=world.ben, files=[file])
    assert numbers(world.ben, q="bombas") == [world.leak.number]
    assert "The press leaks" in portal(world.carol).get("/portal", q="bombas")


def test_the_passage_shows_what_was_found(world, desk):
    world.leak.note("Long ago. " * 30 + "La válvula estaba rota. " + "And so on. " * 30, by=world.ben)
    row = listing(world.ben, q="valvula rota").page().rows[0]
    assert [part.text for part in row.passage if part.is_hit] == ["válvula", "rota"]
    page = desk(world.ben).get("/desk/tickets", q="valvula")
    assert [mark.text for mark in page.all("mark")] == ["válvula"]
    assert "<script>" not in desk(world.ben).get("/desk/tickets", q="<script> valvula").html


@pytest.mark.parametrize(
    "words", ["valvula", "VÁLVULA", "va\u0301lvula", "cigueña", "ação", "acao", "categori\u0301a:problema"]
)
def test_an_accent_is_none_however_it_is_typed(world, words):
    """Composed or apart, in what is looked for and in what was said: it is found, and marked."""
    world.leak.edit(by=world.ben, category=Category.by_key("problem"))
    world.leak.note("Va\u0301lvula rota; la cigüeña, a ação, problema", by=world.ben)
    row = listing(world.ben, q=words if ":" not in words else f"rota {words}").page().rows[0]
    assert row.number == world.leak.number
    assert len([part for part in row.passage if part.is_hit]) == 1


def test_the_subject_is_marked_and_not_said_again(world, desk):
    row = listing(world.ben, q="leaks").page().rows[0]
    assert [part.text for part in row.marked if part.is_hit] == ["leaks"]
    assert row.passage == ()
    assert [mark.text for mark in desk(world.ben).get("/desk/tickets", q="leaks").all("mark")] == ["leaks"]


def test_a_passage_is_cut_around_the_first_word_and_marks_no_more_than_asked():
    wanted = passages.pattern('presión "de agua" -fuga')
    body = "x " * 100 + "La PRESION de Agua\nbaja. " + "y " * 100
    found = passages.passage(body, wanted)
    assert [part.text for part in found if part.is_hit] == ["PRESION", "de", "Agua"]
    assert found[0].text == "…"
    assert found[-1].text.endswith("…")
    assert passages.passage("nothing", wanted) == ()
    assert passages.pattern("-one") is None


def test_an_edited_subject_is_found_anew_and_authorizations_stay_findable(world):
    world.leak.request_authorization("A new manifold.", by=world.ben)
    world.leak.edit(by=world.ben, subject="Nothing drips")
    assert numbers(world.ben, q="manifold") == [world.leak.number]
    assert numbers(world.ben, q="drips") == [world.leak.number]
    assert numbers(world.ben, q="leaks") == []


@pytest.mark.parametrize("words", ["suggestion", "Sugerencia", "sugestao"])
def test_a_category_is_found_by_its_name_in_each_language(world, words):
    """Whoever gave it, and in whichever language they read its name."""
    with force_locale("es"):
        world.leak.edit(by=world.ben, category=Category.by_key("suggestion"))
    assert numbers(world.ben, q=words) == [world.leak.number]


def test_what_is_renamed_is_found_by_its_new_name_only(world, portal):
    """An organization, a category, a tag, a machine: as the list and the ticket show them."""
    category = Category.add("Lima")
    machine = Equipment.enter(by=world.ben, name="Folder", serial="FO-12", organization=world.marlow)
    world.leak.edit(by=world.ben, category=category, equipment=machine)
    world.leak.tag_with(["quito"], by=world.ben)
    assert numbers(world.ben, q="lima quito FO-12 marlow print") == [world.leak.number]
    world.marlow.amend(by=world.ben, name="Bogota Press")
    category.amend(by=world.ada, name="Caracas")
    Tag.get().amend(by=world.ada, name="Habana")
    machine.amend(by=world.ben, name="Folder", serial="FX-77", organization=world.marlow)
    for words in ("lima", "quito", "FO-12", '"marlow print"', "serial:FO-12", "from:print"):
        assert numbers(world.ben, q=words) == [], words
    for words in ("caracas", "habana", "FX-77", "bogota", "serial:FX-77", "from:bogota", "tag:habana"):
        assert numbers(world.ben, q=words) == [world.leak.number], words
    for words, is_found in (("caracas", True), ("bogota", True), ("habana", False)):
        assert ("The press leaks" in portal(world.carol).get("/portal", q=words)) is is_found, words


def test_all_tickets_of_what_was_renamed_are_found_though_it_takes_many_steps(world, pump, monkeypatch):
    """Each step is short, so that nothing else waits for the last."""
    monkeypatch.setattr(findable, "AT_ONCE", 1)
    monkeypatch.setattr(findable, "A_WHILE", 0.0001)
    category = Category.add("Lima")
    for ticket in (world.leak, pump):
        ticket.edit(by=world.ben, category=category)
    assert Ticket.index_anew(category) == min(world.leak.id, pump.id)
    category.amend(by=world.ada, name="Caracas")
    assert sorted(numbers(world.ben, q="caracas")) == sorted([world.leak.number, pump.number])


def test_the_number_of_a_merged_ticket_finds_the_one_it_went_into(world, pump):
    pump.merge_into(world.leak, by=world.ben)
    assert numbers(world.ben, q=str(pump.number)) == [world.leak.number]


def test_a_copy_that_a_reply_begins_or_ends_is_found_so(world):
    world.leak.reply("We come.", by=world.ben, cc=["manila@marlow.example"])
    assert numbers(world.ben, q="manila") == [world.leak.number]
    Ticket.get_by_id(world.leak.id).reply("On Friday.", by=world.ben, cc=[])
    assert numbers(world.ben, q="manila") == []


def test_customers_find_no_tag_no_note_and_no_diagnosis(world, portal):
    world.leak.tag_with(["lemon"], by=world.ben)
    world.leak.edit(by=world.ben, diagnosis="Worn gasket")
    world.leak.note("They pay late", by=world.ben)
    for words in ("lemon", "gasket", "late"):
        assert numbers(world.ben, q=words) == [world.leak.number], words
        assert "Nothing found for" in portal(world.carol).get("/portal", q=words), words


@pytest.mark.parametrize(
    "words",
    ["press", "-zanzibar", "from:carol", "is:open", "subject:press", "assignee:bea", "tag:oil", "after:2001", "1"],
)
def test_a_restricted_group_is_found_by_no_operator(world, desk, words):
    secret = Group.create(name="Board", is_restricted=True)
    secret.take_in(world.bea)
    world.leak.tag_with(["oil"], by=world.ben)
    world.leak.hand_over(to=world.bea, by=world.ada)
    world.leak.give_to_group(secret, by=world.ada)
    assert numbers(world.ben, q=words) == [], words
    assert "The press leaks" not in desk(world.ben).get("/desk/tickets", q=words)
    assert numbers(world.bea, q=words) == [world.leak.number], words
