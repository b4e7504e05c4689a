"""Going live and going back: the one switch between the sandbox and the world."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from peewee import fn

from app.accounts.agent import demand
from app.accounts.person import Person
from app.accounts.session import Session
from app.branding.company import Company
from app.lib.clock import now
from app.lib.db import Record, transaction
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l
from app.outbox.delivery import Delivery
from app.outbox.wire import WireSettings, is_live
from app.sandbox.erasing import erase
from app.sandbox.sample import SampleRow, has_sample_password
from app.timeline.event import Event, record

HERE_ONLY = {"127.0.0.1", "localhost", "::1", ""}


class NotReady(Refused):
    says = _l("Something on the list is still missing.")


class AlreadyLive(Refused):
    says = _l("Ventanilla is already live.")
    status = 409


class NotLive(Refused):
    says = _l("Ventanilla is in the sandbox already.")
    status = 409


class NoCompanyName(Refused):
    says = _l("Give the name of your company: it takes the place of the sample's.")
    field = "company_name"


@dataclass(frozen=True)
class Check:
    """One thing that going live wants."""

    key: str
    title: Any
    help: Any
    is_met: bool


def checks(by: Person, base_url: str) -> list[Check]:
    """What is there and what is missing, in the order in which one does it."""
    return [
        Check(
            "mailbox",
            _l("A confirmed mailbox that sends"),
            _l("Add your support address with its outgoing server, then test and confirm it."),
            _sending_mailbox() is not None,
        ),
        Check(
            "password",
            _l("An account of your own"),
            _l("The sample password is known to everybody. Choose your own in your profile, or invite yourself."),
            has_own_account(by),
        ),
        Check(
            "address",
            _l("The address people will use"),
            _l("Set BASE_URL in the environment and start again: every link in a mail begins with it."),
            (urlsplit(base_url).hostname or "") not in HERE_ONLY,
        ),
    ]


def has_own_account(person: Person) -> bool:
    """A way in that the printed password does not open."""
    return bool(person.password_hash) and not has_sample_password(person)


def waiting_here() -> int:
    """How many mails of this sandbox still wait: going live cancels them."""
    return _waiting("sandbox")


def waiting_outside() -> int:
    """How many mails wait for the live wire: after going back they stay, and leave when it is live again."""
    return _waiting("live")


def _waiting(wire: str) -> int:
    query = Delivery.select(fn.COUNT(Delivery.id)).where(Delivery.state.in_(["waiting", "deferred"]))
    return query.where(Delivery.wire == wire).scalar()


def has_sample() -> bool:
    return Person.select().where(Person.is_sample).exists() or SampleRow.select().exists()


@transaction()
def go_live(*, by: Person, base_url: str, erasing: bool, company_name: str = "") -> None:
    """From now on mail leaves and is fetched. Raises NotAllowed, AlreadyLive, NotReady, NoCompanyName.

    Sample sign-ins end, mail that waits in the sandbox is cancelled, and the sample company is erased or kept.
    """
    demand(by, "configure")
    if is_live():
        raise AlreadyLive
    if not all(check.is_met for check in checks(by, base_url)):
        raise NotReady
    by.change(is_sample=False)
    _take_over_company(company_name, erasing=erasing)
    _end_sample_sign_ins()
    cancelled = Delivery.cancel_waiting(wire="sandbox")
    _revoke_links(by=by)
    if erasing:
        erase(staying=by)
    _choose_default_mailbox()
    WireSettings.set(mode="live")
    record("wire.opened", by=by, cancelled=cancelled, erased=erasing)


@transaction()
def go_back(*, by: Person) -> None:
    """Stops sending and fetching. What waits for the live wire stays, and leaves when it is live again."""
    demand(by, "configure")
    if not is_live():
        raise NotLive
    WireSettings.set(mode="sandbox")
    record("wire.closed", by=by, waiting=waiting_outside())


def _revoke_links(*, by: Person) -> None:
    """Links whose mails ended in the sandbox: everybody at the desk could read them, and no customer ever did."""
    links: Any = Record.records["PersonalLink"]
    seen_here = Delivery.select(Delivery.link).where(Delivery.wire == "sandbox", Delivery.link.is_null(False))
    links.update(revoked_at=now(), revoked_by=by).where(links.id.in_(seen_here), links.revoked_at.is_null()).execute()


def _sending_mailbox() -> Any:
    boxes: Any = Record.records["Mailbox"]
    query = boxes.select().where(boxes.state == "confirmed", boxes.smtp_host != "")
    return query.order_by(boxes.is_default.desc(), boxes.id).first()


def _choose_default_mailbox() -> None:
    """The default one must be able to send: the sample's own cannot."""
    boxes, sending = Record.records["Mailbox"], _sending_mailbox()
    boxes.update(is_default=False).where(boxes.id != sending.id).execute()
    sending.change(is_default=True)


def needs_company_name() -> bool:
    """Whether our company is still the sample's."""
    return SampleRow.holds(Company.ours())


def _take_over_company(name: str, *, erasing: bool) -> None:
    """Erasing the sample, its company becomes ours: renamed, without the sample's address, telephone and logos."""
    company = Company.ours()
    if not erasing or not SampleRow.holds(company):
        return
    if not name.strip():
        raise NoCompanyName
    address = _sending_mailbox().address
    company.change(name=name.strip()[:120], tagline="", address="", phone="", website="", email=address)
    if not Event.select().where(Event.kind == "company.dressed", Event.by.is_null(False)).exists():
        company.undress()
    SampleRow.delete().where(SampleRow.kind == "Company", SampleRow.row_id == company.id).execute()


def _end_sample_sign_ins() -> None:
    """Nobody comes in any more by what was printed on a screen."""
    sample = Person.select(Person.id).where(Person.is_sample)
    Session.update(ended_at=now()).where(Session.person.in_(sample), Session.ended_at.is_null()).execute()
    Person.update(password_hash=None).where(Person.is_sample).execute()
