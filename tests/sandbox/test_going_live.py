"""Going live and going back: what it wants, what it ends, what it keeps."""

import pytest

from app.accounts.agent import Agent, NotAllowed
from app.accounts.contact import Contact
from app.accounts.invitation import Invitation
from app.accounts.person import Person
from app.accounts.session import NobodyKnown, Session
from app.branding.company import Company
from app.lib.db import Record
from app.mail.mailbox import Mailbox
from app.organizations.settings import CustomerSettings
from app.outbox.delivery import Delivery
from app.outbox.wire import current_wire, is_live
from app.sample import company
from app.sandbox.going_live import AlreadyLive, NoCompanyName, NotReady, checks, go_back, go_live
from app.sandbox.sample import SAMPLE_PASSWORD, SampleRow, Stranger
from app.tickets.personal_link import PersonalLink
from app.tickets.ticket import Ticket
from tests.people import PASSWORD

OUTSIDE = "https://help.acme.test"


@pytest.fixture
def frigal(app):
    company.build()


@pytest.fixture
def zoe(frigal):
    """The newcomer: invited by the sample's administrator, with a password of her own."""
    marta = Person.by_email("marta@frigal.example")
    invited = Invitation.invite_agent("Zoe Lind", "zoe@acme.test", role="administrator", is_internal=False, by=marta)
    return invited.register(name="Zoe Lind", password=PASSWORD)


@pytest.fixture
def mailbox(frigal):
    return Mailbox.create(
        name="Help",
        address="help@acme.test",
        kind="imap",
        state="confirmed",
        creates="ticket",
        smtp_host="smtp.acme.test",
    )


def missing(by, base_url=OUTSIDE):
    return [check.key for check in checks(by, base_url) if not check.is_met]


def test_it_wants_a_mailbox_an_own_password_and_an_address(frigal):
    marta = Person.by_email("marta@frigal.example")
    assert missing(marta, "http://127.0.0.1:8000") == ["mailbox", "password", "address"]
    with pytest.raises(NotReady):
        go_live(by=marta, base_url="http://127.0.0.1:8000", erasing=False)
    assert not is_live()


def test_who_changed_the_sample_password_has_one_of_their_own(frigal, mailbox):
    marta = Person.by_email("marta@frigal.example")
    marta.set_password(PASSWORD)
    assert missing(marta) == []


def test_a_draft_or_a_mailbox_that_cannot_send_is_not_enough(zoe, mailbox):
    mailbox.change(state="draft")
    assert missing(zoe) == ["mailbox"]
    mailbox.change(state="confirmed", smtp_host="")
    assert missing(zoe) == ["mailbox"]


def test_only_an_administrator_goes_live(zoe, mailbox):
    with pytest.raises(NotAllowed):
        go_live(by=Person.by_email("iker@frigal.example"), base_url=OUTSIDE, erasing=False)


def test_keeping_the_sample_ends_its_sign_ins_and_cancels_what_waits(zoe, mailbox):
    lucia = Person.by_email("lucia@bahiaazul.example")
    Session.start(lucia)
    before = Ticket.select().count()
    links = PersonalLink.select().where(PersonalLink.revoked_at.is_null())
    assert links.exists()
    go_live(by=zoe, base_url=OUTSIDE, erasing=False)
    assert not links.clone().exists()  # everybody at the desk could read them
    assert is_live()
    assert current_wire() == "live"
    assert Ticket.select().count() == before
    assert Session.live_ones(lucia) == []
    with pytest.raises(NobodyKnown):
        Session.person_of("lucia@bahiaazul.example", SAMPLE_PASSWORD)
    assert not Delivery.select().where(Delivery.wire == "sandbox", Delivery.state.in_(["waiting", "deferred"])).exists()
    assert Mailbox.get(Mailbox.is_default) == mailbox
    assert company.sign_ins() == []
    assert Session.person_of("zoe@acme.test", PASSWORD) == zoe


def test_erasing_the_sample_leaves_nothing_of_it(zoe, mailbox):
    Stranger.remember("Ana", "ana@new.example")
    ana = Contact.register("Ana", "ana@new.example")
    Ticket.open(by=ana, requester=ana, subject="Play", text="Only a play.", channel="email")
    go_live(by=zoe, base_url=OUTSIDE, erasing=True, company_name="Acme Care")
    assert [person.name for person in Person.select().where(Person.robot.is_null())] == ["Zoe Lind"]
    assert Ticket.select().count() == 0
    for kind in (
        "Organization",
        "Site",
        "PortalLink",
        "Equipment",
        "ReplyTemplate",
        "Survey",
        "Group",
        "Message",
        "Authorization",
        "Stranger",
    ):
        assert Record.records[kind].select().count() == 0, kind
    assert [box.address for box in Mailbox.select()] == ["help@acme.test"]
    ours = Company.ours()
    assert (ours.name, ours.email) == ("Acme Care", "help@acme.test")
    assert (ours.theme, ours.picture("portal_logo"), ours.picture("favicon")) == ("tinta", None, None)
    assert CustomerSettings.generic_organization is None
    assert SampleRow.select().count() == 0
    assert Agent.get(Agent.person == zoe).is_administrator


def test_a_look_that_was_chosen_in_the_sandbox_stays(zoe, mailbox):
    ours = Company.ours()
    ours.dress(by=zoe, theme="mar", pictures={"home_logo": None})
    go_live(by=zoe, base_url=OUTSIDE, erasing=True, company_name="Acme Care")
    assert Company.ours().theme == "mar"


def test_erasing_keeps_what_a_ticket_of_ones_own_needs(zoe, mailbox):
    olga = Contact.register("Olga Real", "olga@real.test")
    iker, cold = Person.by_email("iker@frigal.example"), Record.records["Category"].get(name="Frío industrial")
    ticket = Ticket.open(by=olga, requester=olga, subject="Real", text="Real.", channel="form", category=cold)
    ticket.hand_over(to=iker, by=zoe)
    ticket.reply("An answer", by=iker)
    go_live(by=zoe, base_url=OUTSIDE, erasing=True, company_name="Acme Care")
    kept = Ticket.get()
    assert (kept.number, kept.category.name, kept.category.is_active) == (ticket.number, "Frío industrial", False)
    assert not kept.messages.where(Record.records["Message"].text == "An answer").get().author.is_active
    with pytest.raises(NobodyKnown):
        Session.person_of("iker@frigal.example", SAMPLE_PASSWORD)


def test_erasing_wants_a_name_for_the_company(zoe, mailbox):
    with pytest.raises(NoCompanyName):
        go_live(by=zoe, base_url=OUTSIDE, erasing=True)
    assert not is_live()
    assert Ticket.select().count() == 45


def test_the_sample_administrator_may_stay_with_a_password_of_their_own(frigal, mailbox):
    marta = Person.by_email("marta@frigal.example")
    marta.set_password(PASSWORD)
    go_live(by=marta, base_url=OUTSIDE, erasing=True, company_name="Acme Care")
    assert Session.person_of("marta@frigal.example", PASSWORD) == marta


def test_once_is_enough(zoe, mailbox):
    go_live(by=zoe, base_url=OUTSIDE, erasing=False)
    with pytest.raises(AlreadyLive):
        go_live(by=zoe, base_url=OUTSIDE, erasing=False)


def test_links_that_left_while_it_was_live_stay(zoe, mailbox):
    go_live(by=zoe, base_url=OUTSIDE, erasing=False)
    ticket = Ticket.get(Ticket.number == 2417)
    ticket.reply("We come tomorrow.", by=zoe)
    link = PersonalLink.select().order_by(PersonalLink.id.desc()).get()
    go_back(by=zoe)
    go_live(by=zoe, base_url=OUTSIDE, erasing=False)
    assert PersonalLink.get_by_id(link.id).is_live


def test_going_back_keeps_what_waits_for_the_world(zoe, mailbox):
    go_live(by=zoe, base_url=OUTSIDE, erasing=False)
    ticket = Ticket.get(Ticket.number == 2431)
    ticket.reply("We are on our way", by=zoe)
    go_back(by=zoe)
    assert current_wire() == "sandbox"
    waiting = Delivery.get(Delivery.wire == "live")
    assert waiting.state in ("waiting", "deferred")
    assert waiting not in Delivery.claim_due(wires=["sandbox"])


def test_the_page_lists_what_is_missing_and_does_nothing(desk, world):
    ada = desk(world.ada)
    shown = ada.get("/desk/settings/live")
    assert "Missing" in shown.region("What it takes")
    refused = ada.post("/desk/settings/live", sure="y")
    assert refused.status == 422
    assert not is_live()


def test_the_page_goes_live_and_back(app, desk, world):
    Mailbox.create(
        name="Help", address="help@acme.example", kind="imap", state="confirmed", smtp_host="smtp.acme.example"
    )
    object.__setattr__(app.extensions["ventanilla"], "base_url", OUTSIDE)
    ada = desk(world.ada)
    shown = ada.get("/desk/settings/live").press("Go live", sure="y")
    assert is_live()
    assert shown.h1 == "Going back to the sandbox"
    shown.press("Go back to the sandbox")
    assert not is_live()
