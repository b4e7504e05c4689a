"""Each verb of the domain that demands a right, and how it is asked for: told of `by` alone, all else is in order."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from app.accounts.contact import Contact
from app.accounts.group import Group
from app.accounts.invitation import Invitation
from app.accounts.person import Person
from app.authorizations.authorization import Authorization
from app.catalog.lists import CustomField
from app.mail import outbox
from app.mail.blocking import BlockedSender
from app.mail.dkim_key import DkimKey
from app.mail.import_rule import ImportRule
from app.mail.ledger import LedgerEntry
from app.mail.mailbox import Mailbox
from app.mail.provider import MailProvider
from app.mail.relay import Relay
from app.messages.message import Message
from app.messages.reply_template import ReplyTemplate
from app.outbox.delivery import Delivery
from app.reports.panel import Panel
from app.sandbox import going_live
from app.surveys.survey import Question, Survey
from app.tickets.acts import ACTS
from app.tickets.batch import Batch
from app.tickets.opening import open_at_desk
from app.tickets.saved_view import SavedView
from app.tickets.ticket import Ticket
from app.whatsapp.opening import open_message

WORDS: dict[str, Any] = {"name": "Otto Null", "email": "otto@null.example", "language": None}
RIGHTS: dict[str, Any] = {
    "role": "administrator", "title": "", "is_internal": False, "is_available": True, "is_active": True,
}  # fmt: skip
QUESTION: dict[str, Any] = {"text": "Was it quick?", "kind": "yes_no", "choices": [], "is_required": False}
LETTER: dict[str, Any] = {"subject": "Oil", "text": "There is oil."}


def around(world: Any, things: dict[str, Any]) -> SimpleNamespace:
    """What the verbs are asked of: the world, and what the things' numbers name."""
    pending, signed = (Authorization.get(Authorization.number == things[name]) for name in ("pending", "signed"))
    found = {
        "heard": Message.get_by_id(things["message"]), "note": Message.get_by_id(things["note"]),
        "delivery": Delivery.get_by_id(things["delivery"]), "entry": LedgerEntry.get_by_id(things["entry"]),
        "survey": Survey.get_by_id(things["survey"]), "question": Question.get_by_id(things["question"]),
        "mailbox": Mailbox.get_by_id(things["mailbox"]), "rule": ImportRule.get_by_id(things["import_rule"]),
        "blocked": BlockedSender.get_by_id(things["blocked"]), "key": DkimKey.get_by_id(things["key"]),
        "template": ReplyTemplate.get_by_id(things["template"]), "view": SavedView.get_by_id(things["view"]),
        "invitation": Invitation.get_by_id(things["invitation"]), "contact": Contact.by_person(world.carol.id),
        "linked": Ticket.get(Ticket.number == things["linked"]), "field": CustomField.add("Floor"),
    }  # fmt: skip
    return SimpleNamespace(**vars(world), **found, pending=pending, signed=signed)


VERBS: dict[str, Callable[[Any, Person], Any]] = {
    "accounts.agent.Agent.amend": lambda t, by: t.ben.agent.amend(by=by, **RIGHTS),
    "accounts.contact.Contact.amend": lambda t, by: t.contact.amend(by=by, **WORDS),
    "accounts.contact.Contact.enter": lambda t, by: Contact.enter(by=by, **WORDS),
    "accounts.contact.Contact.write_again": lambda t, by: t.contact.write_again(by=by),
    "accounts.group.Group.describe": lambda t, by: t.press_team.describe(by=by, name="Press", members=[]),
    "accounts.group.Group.found": lambda t, by: Group.found(by=by, name="Night", members=[]),
    "accounts.invitation.Invitation.invite_agent": lambda t, by: Invitation.invite_agent(
        "Otto Null", "otto@null.example", role="administrator", is_internal=False, by=by
    ),
    "accounts.invitation.Invitation.invite_contact": lambda t, by: Invitation.invite_contact(t.eve, by=by),
    "accounts.invitation.Invitation.send_again": lambda t, by: t.invitation.send_again(by=by),
    "accounts.invitation.Invitation.withdraw": lambda t, by: t.invitation.withdraw(by=by),
    "authorizations.authorization.Authorizable.request_authorization": lambda t, by: t.leak.request_authorization(
        "A new belt for 60 €.", by=by, replace=True
    ),
    "authorizations.authorization.Authorization.remind": lambda t, by: t.pending.remind(by=by),
    "authorizations.authorization.Authorization.withdraw": lambda t, by: t.pending.withdraw(by=by),
    "mail.blocking.BlockedSender.block": lambda t, by: BlockedSender.block("junk.example", by=by),
    "mail.blocking.BlockedSender.unblock": lambda t, by: t.blocked.unblock(by=by),
    "mail.confirming.Confirmable.back_to_draft": lambda t, by: t.mailbox.back_to_draft(by=by),
    "mail.confirming.Confirmable.confirm": lambda t, by: t.mailbox.confirm(by=by, backlog=False),
    "mail.confirming.Confirmable.draft": lambda t, by: Mailbox.draft(by=by, name="Two", address="two@acme.example"),
    "mail.confirming.Confirmable.edit": lambda t, by: t.mailbox.edit(by=by, name="Other"),
    "mail.confirming.Confirmable.remove": lambda t, by: t.mailbox.remove(by=by),
    "mail.consenting.Consenting.begin_consent": lambda t, by: t.mailbox.begin_consent(by=by),
    "mail.dkim_key.DkimKey.add": lambda t, by: DkimKey.add(by=by, domain="two.invalid", selector="ventanilla"),
    "mail.dkim_key.DkimKey.ask_to_check": lambda t, by: t.key.ask_to_check(by=by),
    "mail.dkim_key.DkimKey.check": lambda t, by: t.key.check(by=by),
    "mail.dkim_key.DkimKey.remove": lambda t, by: t.key.remove(by=by),
    "mail.dkim_key.DkimKey.switch": lambda t, by: t.key.switch(on=False, by=by),
    "mail.fetching.Fetchable.ask_to_fetch": lambda t, by: t.mailbox.ask_to_fetch(by=by),
    "mail.import_rule.ImportRule.amend": lambda t, by: t.rule.amend(by=by, name="Other"),
    "mail.import_rule.ImportRule.move": lambda t, by: t.rule.move(by=by, up=True),
    "mail.import_rule.ImportRule.remove": lambda t, by: t.rule.remove(by=by),
    "mail.import_rule.ImportRule.write": lambda t, by: ImportRule.write(
        by=by, mailbox=t.mailbox, name="Two", conditions=[], group=t.press_team
    ),
    "mail.outbox.cancel": lambda t, by: outbox.cancel(t.delivery, by=by),
    "mail.outbox.retry": lambda t, by: outbox.retry(t.delivery, by=by),
    "mail.outbox.retry_all": lambda t, by: outbox.retry_all(by=by),
    "mail.provider.MailProvider.register": lambda t, by: MailProvider.named("google").register(by=by, client_id="1"),
    "mail.quarantine.Quarantinable.discard": lambda t, by: t.entry.discard(by=by),
    "mail.quarantine.Quarantinable.process_again": lambda t, by: t.entry.process_again(by=by),
    "mail.relay.Relay.describe": lambda t, by: Relay.ours().describe(by=by, host="127.0.0.1"),
    "mail.relay.Relay.stop": lambda t, by: Relay.ours().stop(by=by),
    "mail.testing.Tested.ask_to_test": lambda t, by: t.mailbox.ask_to_test(by=by),
    "mail.testing.Tested.test": lambda t, by: t.mailbox.test(by=by),
    "messages.claimable.Claimable.confirm_claim": lambda t, by: t.leak.confirm_claim(t.heard, by=by),
    "messages.claimable.Claimable.dismiss_claim": lambda t, by: t.leak.dismiss_claim(t.heard, by=by),
    "messages.conversational.Conversational.note": lambda t, by: t.leak.note("Oil again.", by=by),
    "messages.conversational.Conversational.reply": lambda t, by: t.leak.reply("We come.", by=by),
    "messages.reply_template.ReplyTemplate.move": lambda t, by: t.template.move(up=True, by=by),
    "messages.reply_template.ReplyTemplate.remove": lambda t, by: t.template.remove(by=by),
    "messages.reply_template.ReplyTemplate.rewrite": lambda t, by: t.template.rewrite(by=by, name="T", text="Ta."),
    "messages.reply_template.ReplyTemplate.switch": lambda t, by: t.template.switch(on=False, by=by),
    "messages.reply_template.ReplyTemplate.write": lambda t, by: ReplyTemplate.write(by=by, name="T", text="Ta."),
    "messages.undoable.Undoable.take_back": lambda t, by: t.leak.take_back(t.note, by=by, draft_key="k" * 24),
    "messages.version.Revisable.reword": lambda t, by: t.leak.reword(t.note, "Second time.", by=by),
    "reports.panel.Panel.compose": lambda t, by: Panel.compose(by=by, title="Mine", cards=["open"]),
    "sandbox.going_live.go_back": lambda t, by: going_live.go_back(by=by),
    "sandbox.going_live.go_live": lambda t, by: going_live.go_live(by=by, base_url="https://a.example", erasing=True),
    "surveys.surveyable.Surveyable.send_survey": lambda t, by: t.linked.send_survey(by=by),
    "surveys.writable.Askable.move": lambda t, by: t.question.move(up=True, by=by),
    "surveys.writable.Askable.remove": lambda t, by: t.question.remove(by=by),
    "surveys.writable.Askable.reword": lambda t, by: t.question.reword(by=by, **QUESTION),
    "surveys.writable.Askable.switch": lambda t, by: t.question.switch(on=False, by=by),
    "surveys.writable.Writable.ask": lambda t, by: t.survey.ask(by=by, **QUESTION),
    "surveys.writable.Writable.describe": lambda t, by: t.survey.describe(by=by, title="How?", introduction=""),
    "surveys.writable.Writable.make_generic": lambda t, by: t.survey.make_generic(by=by),
    "surveys.writable.Writable.switch": lambda t, by: t.survey.switch(on=False, by=by),
    "surveys.writable.Writable.write": lambda t, by: Survey.write(by=by, title="Another"),
    "tickets.assignable.Assignable.give_to_group": lambda t, by: t.leak.give_to_group(t.press_team, by=by),
    "tickets.assignable.Assignable.hand_over": lambda t, by: t.leak.hand_over(to=t.bea, by=by),
    "tickets.closable.Closable.close": lambda t, by: t.leak.close("Done.", by=by),
    "tickets.closable.Closable.reopen": lambda t, by: t.leak.reopen(by=by),
    "tickets.closable.Closable.set_status": lambda t, by: t.leak.set_status("in_progress", by=by),
    "tickets.custom.Customizable.set_custom": lambda t, by: t.leak.set_custom(t.field, "2", by=by),
    "tickets.deliverable.Deliverable.send_again": lambda t, by: t.leak.send_again(t.delivery, by=by),
    "tickets.doubtful.Doubtful.join_maybe": lambda t, by: t.leak.join_maybe(by=by),
    "tickets.doubtful.Doubtful.keep_apart": lambda t, by: t.leak.keep_apart(by=by),
    "tickets.editable.Editable.edit": lambda t, by: t.leak.edit(by=by, subject="Oil"),
    "tickets.editable.Editable.set_copies": lambda t, by: t.leak.set_copies(["dan@marlow.example"], by=by),
    "tickets.editable.Editable.set_due": lambda t, by: t.leak.set_due(None, by=by),
    "tickets.editable.Editable.set_requester": lambda t, by: t.leak.set_requester(
        by=by, name="Eve Stone", email="eve@rival.example"
    ),
    "tickets.editable.Editable.set_visibility": lambda t, by: t.leak.set_visibility(internal=True, by=by),
    "tickets.editable.Editable.tag_with": lambda t, by: t.leak.tag_with(["oil"], by=by),
    "tickets.intervention.Intervenable.retract_intervention": lambda t, by: t.leak.retract_intervention(1, by=by),
    "tickets.mergeable.Mergeable.merge_into": lambda t, by: t.leak.merge_into(t.linked, by=by),
    "tickets.mergeable.Mergeable.separate": lambda t, by: t.leak.separate(by=by),
    "tickets.opening.open_at_desk": lambda t, by: open_at_desk(by=by, name="Carol", email=None, **LETTER),
    "tickets.relatable.Relatable.relate": lambda t, by: t.leak.relate("relates", t.linked, by=by),
    "tickets.relatable.Relatable.unrelate": lambda t, by: t.leak.unrelate(t.linked.number, by=by),
    "tickets.removable.Removable.purge": lambda t, by: t.leak.purge(by=by),
    "tickets.removable.Removable.remove": lambda t, by: t.leak.remove(by=by),
    "tickets.removable.Removable.restore": lambda t, by: t.leak.restore(by=by),
    "tickets.restorable.Restorable.put_back": lambda t, by: t.leak.put_back({}, {}, by=by),
    "tickets.saved_view.SavedView.keep": lambda t, by: SavedView.keep(by=by, name="All", query="view=all", shared=True),
    "tickets.snoozable.Snoozable.snooze": lambda t, by: t.leak.snooze(None, by=by),
    "tickets.splittable.Splittable.duplicate": lambda t, by: t.leak.duplicate(by=by),
    "tickets.splittable.Splittable.split_off": lambda t, by: t.leak.split_off([t.heard.id], subject="Oil", by=by),
    "tickets.ticket.Ticket.open": lambda t, by: Ticket.open(by=by, requester=t.carol, channel="desk", **LETTER),
    "tickets.watchable.Watchable.follow": lambda t, by: t.leak.follow(by=by),
    "whatsapp.opening.open_message": lambda t, by: open_message(t.leak, "Hello.", by=by),
}

# Whose rule is not one word of a role.
OTHERWISE: dict[str, Callable[[Any, Person], Any]] = {
    "tickets.batch.Batch.ask": lambda t, by: [
        Batch.ask(act, [t.leak.id], by=by, draft=True) for act in ACTS if not by.agent.may(ACTS[act].needs)
    ],
    "tickets.intervention.Intervenable.note_intervention": lambda t, by: t.leak.note_intervention(
        "Looked.", minutes=5, by=by
    ),
    "tickets.saved_view.SavedView.amend": lambda t, by: t.view.amend(by=by, name="Mine", shared=True),
    "tickets.saved_view.SavedView.move": lambda t, by: t.view.move(up=True, by=by),
    "tickets.saved_view.SavedView.remove": lambda t, by: t.view.remove(by=by),
}
