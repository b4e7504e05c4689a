"""Import rules: what a mail says decides what its ticket is given."""

import pytest

from app.catalog.lists import Category, Priority
from app.conditions.condition import Conditions
from app.mail.import_rule import GivesNothing, ImportRule
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.tickets.settings import TicketSettings
from app.tickets.ticket import Ticket
from tests.mail.incoming import mail, receive, support
from tests.page import both_ways


def condition(fact, operator, value):
    return {"fact": fact, "operator": operator, "value": value}


def rule(world, mailbox, *conditions, **fields):
    usual = {"name": "A rule", "joined": "all", "is_active": True, "group": world.press_team}
    return ImportRule.write(by=world.ada, mailbox=mailbox, conditions=list(conditions), **usual | fields)


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        (condition("subject", "has", "saw, press"), True),
        (condition("subject", "has", "SÁW"), True),
        (condition("subject", "has", "sa"), False),
        (condition("subject", "lacks", "press"), True),
        (condition("subject", "is", "the saw stands still"), True),
        (condition("words", "has", "does not start"), True),
        (condition("sender", "ends", "@new.example, @old.example"), True),
        (condition("sender", "is", "nora@new.example"), True),
        (condition("sender", "ends", "@rival.example"), False),
        (condition("recipient", "has", "help"), True),
        (condition("file", "ends", ".pdf"), True),
        (condition("file", "ends", ".exe"), False),
    ],
)
def test_each_condition(world, asked, holds):
    mailbox = support()
    rule(world, mailbox, asked)
    entry = receive(mail(files=(("plan.pdf", b"%PDF"),)))
    assert (Ticket.get_by_id(entry.ticket_id).group == world.press_team) is holds


def test_all_or_any():
    items = [condition("subject", "has", "one"), condition("subject", "has", "two")]
    assert not Conditions("all", items).hold({"subject": "one"})
    assert Conditions("any", items).hold({"subject": "one"})
    assert Conditions("all", []).hold({})
    assert not Conditions("all", [condition("gone", "has", "one")]).hold({"subject": "one"})


def test_the_first_that_holds_gives_and_the_mailbox_gives_the_rest(world):
    high, low = Priority.get(Priority.key == "high"), Priority.get(Priority.key == "low")
    mailbox = support(priority=low, assignee=world.bea)
    rule(world, mailbox, condition("subject", "has", "press"), priority=high)
    rule(world, mailbox, condition("subject", "has", "saw"), category=Category.by_key("problem"), assignee=world.ben)
    rule(world, mailbox, condition("subject", "has", "saw"), priority=high)
    ticket = Ticket.get_by_id(receive(mail()).ticket_id)
    assert (ticket.priority, ticket.assignee, ticket.category.key) == (low, world.ben, "problem")
    assert ticket.group == world.press_team
    assert LedgerEntry.get().cause == "rule"
    assert "A rule" in LedgerEntry.get().detail


def test_a_rule_that_is_off_or_of_another_mailbox_gives_nothing(world):
    mailbox, other = support(), support(address="other@acme.example", is_default=False)
    rule(world, mailbox, is_active=False)
    rule(world, other)
    assert Ticket.get_by_id(receive(mail(), mailbox).ticket_id).group is None


def test_a_rule_gives_something(world):
    with pytest.raises(GivesNothing):
        rule(world, support(), group=None)


@both_ways
def test_an_administrator_writes_orders_and_deletes_rules(desk, world, htmx):
    mailbox, ada = support(), desk(world.ada)
    url = f"/desk/settings/mailboxes/{mailbox.id}/import-rules"
    assert "No rules yet" in ada.get(url)
    filled = {
        "name": "Presses", "joined": "any", "conditions-0-fact": "subject", "conditions-0-operator": "has",
        "conditions-0-value": "press", "conditions-1-fact": "sender", "conditions-1-operator": "ends",
        "conditions-1-value": "", "group": str(world.press_team.id), "is_active": "y",
    }  # fmt: skip
    ada.post(url, htmx=htmx, **filled)
    kept = ImportRule.get()
    assert kept.conditions == [condition("subject", "has", "press")]
    assert "Subject contains one of: press" in ada.get(url)
    page = ada.get(f"{url}/{kept.id}")
    assert page.field("Words of condition 1").value == "press"
    assert page.field("Words of condition 3").value == ""
    ada.post(f"{url}/{kept.id}", htmx=htmx, **filled | {"name": "All presses"})
    ada.post(url, htmx=htmx, **filled | {"name": "Second"})
    ada.post(f"{url}/{ImportRule.get(name='Second').id}/move", htmx=htmx, up="1")
    assert [each.name for each in ImportRule.of(mailbox)] == ["Second", "All presses"]
    ada.post(f"{url}/{kept.id}/removal", htmx=htmx)
    assert [each.name for each in ImportRule.of(mailbox)] == ["Second"]


def test_what_is_switched_off_is_given_by_no_form_and_stays(desk, world):
    """Of a rule that gives nothing else too."""
    mailbox, ada, high = support(), desk(world.ada), Priority.by_key("high")
    given = {"group": None, "priority": high, "category": Category.first()}
    kept = rule(world, mailbox, condition("subject", "has", "saw"), **given)
    mailbox.change(priority=high)
    here = f"/desk/settings/mailboxes/{mailbox.id}"
    for path in (here, f"{here}/import-rules/{kept.id}"):
        assert ada.get(path).has_field("Priority")
    TicketSettings.set(fields_off=["priority", "category"])
    for path in (here, f"{here}/import-rules/new", f"{here}/import-rules/{kept.id}"):
        page = ada.get(path)
        assert not page.has_field("Priority")
        assert not page.has_field("Category")
    ada.get(f"{here}/import-rules/{kept.id}").press("Save", name="The saw")
    there = ImportRule.get()
    assert (there.name, there.priority, there.category) == ("The saw", high, Category.first())
    ada.get(here).press("Save", name="Help desk")
    assert [(each.name, each.priority) for each in Mailbox.select()] == [("Help desk", high)]
    ada.get("/desk/settings/mailboxes/new").press("Save draft", address="two@acme.example", host="imap.acme.example")
    assert Mailbox.get(Mailbox.address == "two@acme.example").priority is None
    came = Ticket.get_by_id(receive(mail(subject="The saw"), Mailbox.get_by_id(mailbox.id)).ticket_id)
    assert (came.priority, came.category) == (Priority.first(), None)


def test_a_rule_that_makes_no_sense_is_refused_and_keeps_what_was_typed(desk, world):
    mailbox, ada = support(), desk(world.ada)
    url = f"/desk/settings/mailboxes/{mailbox.id}/import-rules"
    typed = {
        "joined": "all",
        "conditions-0-fact": "subject",
        "conditions-0-operator": "ends",
        "conditions-0-value": "x",
    }
    for wrong in ({"name": ""}, {"name": "R"}, {"name": "R", "group": str(world.press_team.id)}):
        page = ada.post(url, **typed | wrong)
        assert page.status == 422
        assert page.field("Words of condition 1").value == "x"
    assert not ImportRule.select().exists()
