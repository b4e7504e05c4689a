"""The import rules of a mailbox."""

from typing import Any

from flask import abort, g, request, url_for

from app.lib.pages import done, page
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.mail.desk.mailboxes import mailbox_of
from app.mail.desk.room import mail
from app.mail.forms import ImportRuleForm
from app.mail.import_rule import ImportRule
from app.mail.mailbox import Mailbox

LIST, PAGE = "mail/desk/import_rules.html", "mail/desk/import_rule.html"
RULES = "/settings/mailboxes/<int:number>/import-rules"


@mail.get(RULES)
def index_rules(number: int) -> Any:
    mailbox = mailbox_of(number)
    return page(LIST, mailbox=mailbox, rules=ImportRule.of(mailbox))


@mail.get(f"{RULES}/new")
def new_rule(number: int) -> Any:
    return page(PAGE, mailbox=mailbox_of(number), rule=None, form=ImportRuleForm.of(None))


@mail.post(RULES)
def create_rule(number: int) -> Any:
    mailbox, form = mailbox_of(number), ImportRuleForm.of(None)
    try:
        ImportRule.write(by=g.me, mailbox=mailbox, **form.answers())
    except Refused as problem:
        return page(PAGE, mailbox=mailbox, rule=None, form=form.refuse(problem), status=problem.status)
    return _back(mailbox)


@mail.get(f"{RULES}/<int:place>")
def edit_rule(number: int, place: int) -> Any:
    mailbox, rule = _rule(number, place)
    return page(PAGE, mailbox=mailbox, rule=rule, form=ImportRuleForm.of(rule))


@mail.post(f"{RULES}/<int:place>")
def update_rule(number: int, place: int) -> Any:
    mailbox, rule = _rule(number, place)
    form = ImportRuleForm.of(rule)
    try:
        rule.amend(by=g.me, **form.answers())
    except Refused as problem:
        return page(PAGE, mailbox=mailbox, rule=rule, form=form.refuse(problem), status=problem.status)
    return _back(mailbox)


@mail.post(f"{RULES}/<int:place>/move")
def update_rule_place(number: int, place: int) -> Any:
    mailbox, rule = _rule(number, place)
    rule.move(by=g.me, up="up" in request.form)
    return _back(mailbox)


@mail.post(f"{RULES}/<int:place>/removal")
def destroy_rule(number: int, place: int) -> Any:
    mailbox, rule = _rule(number, place)
    rule.remove(by=g.me)
    return done(url_for("desk.mail.index_rules", number=mailbox.id), said=_("The rule was deleted."))


def _rule(number: int, place: int) -> tuple[Mailbox, ImportRule]:
    mailbox = mailbox_of(number)
    return mailbox, ImportRule.by_number(mailbox, place) or abort(404)


def _back(mailbox: Mailbox) -> Any:
    return done(url_for("desk.mail.index_rules", number=mailbox.id), said=_("Saved."))
