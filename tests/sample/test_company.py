"""The sample company: built by the verbs, quickly, and found as the pictures show it."""

import pytest

from app.accounts.person import Person
from app.accounts.session import Session
from app.attachments.attachment import Attachment
from app.catalog.lists import CustomField
from app.lib.clock import now
from app.lib.files import store
from app.mail.mailbox import Mailbox
from app.outbox.delivery import Delivery
from app.sample import company
from app.surveys.survey import Answer, Survey
from app.tickets.lifecycle import STATUSES
from app.tickets.ticket import Ticket
from app.timeline.event import Event

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def frigal(app):
    company.build()


def test_it_has_tickets_in_every_status(frigal):
    assert {ticket.status for ticket in Ticket.select()} == set(STATUSES)
    assert Ticket.get(Ticket.number == 2417).subject == "La cámara frigorífica 2 no baja de 9 °C"
    assert Ticket.select().count() == 45


def test_nothing_in_it_happened_later_than_now_or_out_of_order(frigal):
    tickets = list(Ticket.select().order_by(Ticket.number))
    assert [each.number for each in tickets] == [each.number for each in sorted(tickets, key=lambda t: t.created_at)]
    assert all(each.created_at <= each.active_at for each in tickets)


def test_everybody_in_it_carries_the_mark(frigal):
    unmarked = [each.name for each in Person.select().where(Person.robot.is_null(), ~Person.is_sample)]
    assert unmarked == []


def test_its_sign_ins_open(frigal):
    assert len(company.sign_ins()) == 3
    for _, email, password in company.sign_ins():
        assert Session.person_of(email, password).is_sample


def test_a_changed_password_is_not_printed(frigal):
    Person.by_email("marta@frigal.example").set_password("a word of my own")
    assert [email for _, email, _ in company.sign_ins()] == ["iker@frigal.example", "lucia@bahiaazul.example"]


def test_only_the_latest_mail_still_leaves(frigal):
    waiting = Delivery.select().where(Delivery.state == "waiting").count()
    assert 3 <= waiting <= 15
    assert Delivery.select().where(Delivery.state == "sent").count() > 80


def test_agents_have_read_all_but_the_latest(frigal):
    unread = [each for each in Ticket.select() if not each.read.count() and each.last_heard_at]
    assert 0 < len(unread) < 12
    assert all(each.last_heard_at > now() - company.FRESH for each in unread)


def test_its_history_makes_nobody_jump(frigal):
    assert not Event.select().where(Event.settled_at.is_null()).exists()


def test_the_two_surveys_have_answers(frigal):
    assert Survey.generic().title == "¿Cómo ha ido?"
    assert Survey.select().count() == 2
    assert Answer.select().where(Answer.number == 5).count() >= 4


def test_a_signature_was_drawn(frigal):
    decision = Ticket.get(Ticket.number == 2412).authorizations.get().decision
    assert decision.signature_kind == "drawn"
    assert decision.link is not None


def test_its_files_are_in_the_store(frigal):
    assert all(store().exists(each.sha256) for each in Attachment.select())
    assert Attachment.get(Attachment.name == "panel-camara-2.png").is_image


def test_its_papers_have_a_first_page_to_look_at(frigal):
    papers = list(Attachment.select().where(Attachment.content_type == Attachment.PAGED))
    assert len(papers) == 3
    assert all(each.is_drawn and each.danger == "" for each in papers)


def test_each_signs_with_their_own_hand(frigal):
    signed = ("Limpieza de conductos de la planta 3", "Sustituir ventilador del evaporador EV-3")
    hands = {Ticket.get(Ticket.subject == subject).authorizations.get().decision.signature for subject in signed}
    assert len(hands) == 2


def test_some_tickets_say_more_in_fields_of_their_own(frigal, portal):
    assert {each.kind for each in CustomField.all()} == {"choice", "date", "number"}
    chamber = Ticket.get(Ticket.number == 2417)
    assert all(text for _field, text in chamber.custom())
    page = portal(chamber.requester).get(f"/portal/tickets/{chamber.number}")
    assert "Visita acordada" in page
    assert "Horas de marcha" not in page


def test_mail_reaches_it(frigal):
    box = Mailbox.get(Mailbox.is_default)
    assert (box.kind, box.state, box.creates) == ("forwarded", "confirmed", "ticket")
