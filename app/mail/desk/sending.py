"""The installation's own server for sending, and the DKIM keys of its domains."""

from typing import Any

from flask import abort, g, request, url_for

from app.lib.pages import done, page, wants_block
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.mail.desk.room import mail
from app.mail.dkim_key import DkimKey
from app.mail.forms import DkimForm, RelayForm
from app.mail.relay import Relay
from app.outbox.wire import is_live

PAGE = "mail/desk/sending.html"


@mail.get("/settings/sending")
def edit_relay() -> Any:
    return _page()


@mail.post("/settings/sending")
def update_relay() -> Any:
    """Saved; and, as the button said, tested, and used if that goes well."""
    relay, form, here = Relay.ours(), RelayForm(), url_for("desk.mail.edit_relay")
    try:
        relay.describe(by=g.me, **form.answers())
        if request.form.get("do") != "test":
            return done(here, said=_("Saved."))
        relay.ask_to_test(by=g.me)
    except Refused as problem:
        return _page(relay_form=form.refuse(problem), status=problem.status)
    return done(url_for("desk.mail.edit_relay", _anchor="test"))


@mail.get("/settings/sending/test")
def show_relay_test() -> Any:
    """How far its test is. When it has ended the page tells of it too, around what is being typed."""
    relay = Relay.ours()
    if relay.is_testing or not wants_block():
        return _page(block="test")
    said = _("The test has passed. Mail leaves by this server.") if relay.can_send else relay.verdict
    told = {"said": said, "is_bad": not relay.is_tested}
    return done(url_for("desk.mail.edit_relay"), PAGE, "relay", morphs=True, **told, **_values(relay))


@mail.post("/settings/sending/draft")
def create_relay_draft() -> Any:
    Relay.ours().stop(by=g.me)
    return done(url_for("desk.mail.edit_relay"), said=_("Nothing leaves by this server any more."))


@mail.post("/settings/sending/keys")
def create_key() -> Any:
    form = DkimForm()
    try:
        DkimKey.add(by=g.me, **form.answers())
    except Refused as problem:
        return _page(key_form=form.refuse(problem), status=problem.status)
    return _back(_("The key is there. Publish its record, then check it."))


@mail.post("/settings/sending/keys/<int:number>/check")
def create_key_check(number: int) -> Any:
    _key(number).ask_to_check(by=g.me)
    return done(_there())


@mail.get("/settings/sending/keys")
def index_keys() -> Any:
    """The keys, while name servers are being asked about one of them."""
    return _page("key_list")


@mail.post("/settings/sending/keys/<int:number>/switch")
def update_key_switch(number: int) -> Any:
    key = _key(number)
    key.switch(on="on" in request.form, by=g.me)
    return _back(_("Mail is signed from now on.") if "on" in request.form else _("Mail is no longer signed."))


@mail.post("/settings/sending/keys/<int:number>/removal")
def destroy_key(number: int) -> Any:
    _key(number).remove(by=g.me)
    return _back(_("The key is gone."))


def _key(number: int) -> DkimKey:
    return DkimKey.by_number(number) or abort(404)


def _there() -> str:
    return url_for("desk.mail.edit_relay", _anchor="keys")


def _back(said: str) -> Any:
    return done(_there(), said=said)


def _page(
    block: str | None = None,
    *,
    relay_form: RelayForm | None = None,
    key_form: DkimForm | None = None,
    status: int = 200,
) -> Any:
    return page(PAGE, block, status=status, **_values(Relay.ours(), relay_form, key_form))


def _values(relay: Relay, form: RelayForm | None = None, key_form: DkimForm | None = None) -> dict[str, Any]:
    form = form or RelayForm.of(relay)
    key_form = key_form or DkimForm(formdata=None, selector="ventanilla")
    return {"relay": relay, "form": form, "key_form": key_form, "keys": DkimKey.all(), "is_live": is_live()}
