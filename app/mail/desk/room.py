"""The room of mail: mailboxes for who configures, the ledger for who may look into quarantine."""

from flask import Blueprint, g, request

from app.accounts.agent import demand

mail = Blueprint("mail", __name__)


@mail.before_request
def only_administrators() -> None:
    demand(g.me, "quarantine" if request.path.startswith("/desk/mail/") else "configure")
    g.nav.here = "settings"
