"""From draft to confirmed: only a passed test leads there (SPEC C5), and a changed connection leads back."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.accounts.agent import demand
from app.accounts.person import AddressTaken, Person, clean_address
from app.lib.clock import now
from app.lib.db import transaction
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.mail.connecting import sealed
from app.mail.fetched import FetchedMail
from app.mail.looking_in import steps_in, try_reading
from app.mail.sending import reports_to, steps_out, try_sending
from app.mail.testing import Tested

if TYPE_CHECKING:
    from app.mail.mailbox import Mailbox

CONNECTION = frozenset(
    {
        "kind", "host", "port", "security", "signs_in", "user", "password", "folder", "smtp_host", "smtp_port",
        "smtp_security", "smtp_user", "smtp_password",
    }
)  # fmt: skip
PLACE = frozenset({"kind", "host", "user", "folder"})  # where the mail is: another one numbers it anew
SECRETS = ("password", "smtp_password")


class NotTested(Refused):
    says = _l("Only a mailbox whose test has passed can be confirmed.")
    status = 409


class NoServer(Refused):
    says = _l("Say which server the mail is on.")


class PasswordAgain(Refused):
    """A stored password goes only to the server it was typed for."""

    says = _l("This is another server: type the password again.")


class Confirmable(Tested):
    """Drafting, testing, confirming, and going back."""

    @classmethod
    @transaction()
    def draft(cls: "type[Mailbox]", *, by: Person, **fields: Any) -> "Mailbox":
        """A new mailbox; the first one is the default. Raises NotAllowed, NotAnAddress, AddressTaken, NoServer."""
        demand(by, "configure")
        mailbox = cls(**cls._checked(fields))
        mailbox.is_default = mailbox.is_default or not cls.select().exists()
        mailbox._insist_on_servers()
        mailbox.save(force_insert=True)
        mailbox._be_the_only_default()
        return mailbox

    @transaction()
    def edit(self: "Mailbox", *, by: Person, **fields: Any) -> None:
        """Changes it; an empty password leaves the one there is. A changed connection makes it a draft again.

        Raises NotAllowed, NotAnAddress, AddressTaken, NoServer, PasswordAgain.
        """
        demand(by, "configure")
        self.lock()
        fields = self._checked(fields, keep=self)
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
        self._insist_on_password(changed)
        if changed.get("creates") == "ticket" and self.is_confirmed:
            changed["creates_since_uid"] = self.last_uid  # only what arrives from now on opens tickets (C5)
        if changed.keys() & PLACE:
            changed |= {"uidvalidity": None, "last_uid": 0, "tidied_uid": 0, "place": self.place + 1}
            FetchedMail.delete().where(FetchedMail.mailbox == self).execute()
        elif changed.keys() & {"after_reading", "move_to"}:
            changed["tidied_uid"] = self.last_uid  # what was read before stays where it is
        if changed.keys() & {"host", "signs_in", "user", "smtp_host"}:
            changed |= {"access": "", "access_code": ""}  # given for where it was
        if changed.keys() & CONNECTION:
            changed |= {"state": "draft", "test_steps": [], "tested_at": None, "test_asked_at": None}
        for name, value in changed.items():
            setattr(self, name, value)
        self._insist_on_servers()
        self.save()
        self._be_the_only_default()

    @classmethod
    def _checked(cls: "type[Mailbox]", fields: dict[str, Any], keep: "Mailbox | None" = None) -> dict[str, Any]:
        fields = dict(fields)
        if "address" in fields:
            fields["address"] = clean_address(fields["address"])
            other = cls.get_or_none(cls.address == fields["address"])
            if other and other != keep:
                raise AddressTaken(field="address")
        if fields.get("bounce_address"):
            fields["bounce_address"] = reports_to(fields["bounce_address"])
        for name in SECRETS:
            if not fields.get(name):
                fields.pop(name, None)
            else:
                fields[name] = sealed(fields[name])
        return fields

    def _insist_on_password(self: "Mailbox", changed: dict[str, Any]) -> None:
        if "host" in changed and self.password and "password" not in changed:
            raise PasswordAgain(field="password")
        sends = self.smtp_password or self.password
        if "smtp_host" in changed and sends and not changed.keys() & set(SECRETS):
            raise PasswordAgain(field="smtp_password")

    def _insist_on_servers(self: "Mailbox") -> None:
        if self.is_fetched and not self.host:
            raise NoServer(field="host")

    def _be_the_only_default(self: "Mailbox") -> None:
        if self.is_default:
            cls = type(self)
            cls.update(is_default=False).where(cls.id != self.id).execute()

    # --- the test ----------------------------------------------------------------------------------------------

    @property
    def test_plan(self: "Mailbox") -> list[str]:
        """The steps of its next test."""
        consent = ["consent"] if self.access_code else []
        return [
            *consent,
            *steps_in(self),
            *(steps_out(self.smtp_security, self._signs_in_to_send) if self.smtp_host else ()),
        ]

    @property
    def _signs_in_to_send(self: "Mailbox") -> bool:
        return bool(self.smtp_user or (self.uses_consent and not self.smtp_password))

    def _try(self: "Mailbox") -> Iterator[dict[str, Any]]:
        if self.access_code:
            step = self.redeem_consent()
            yield step
            if not step["passed"]:
                return
        yield from try_reading(self)
        if self.smtp_host:
            yield from try_sending(self)

    def _after_test(self: "Mailbox", *, by: Person) -> None:
        if self.test_then == "confirm" and self.is_tested and not self.asks_about_backlog:
            self.confirm(by=by, backlog=True)

    @property
    def asks_about_backlog(self: "Mailbox") -> bool:
        """Whether somebody has to say what becomes of the mails that wait, before it is confirmed (C5)."""
        return bool(not self.is_confirmed and self.is_tested and self.creates and self.waiting)

    @property
    def test_outcome(self: "Mailbox") -> str:
        """What came of the last test."""
        confirmed = self.is_confirmed and self.tested_at and self.confirmed_at and self.confirmed_at >= self.tested_at
        return _("The mailbox is confirmed.") if confirmed and self.is_tested else self.verdict

    @property
    def waiting(self: "Mailbox") -> int:
        """How many messages the last test found in the folder."""
        return max((step.get("waiting", 0) for step in self.test_steps), default=0)

    @property
    def known_folders(self: "Mailbox") -> list[str]:
        """What the last test found there, to choose from."""
        return next((step["folders"] for step in self.test_steps if step.get("folders")), [])

    # --- confirming --------------------------------------------------------------------------------------------

    @transaction()
    def confirm(self: "Mailbox", *, by: Person, backlog: bool) -> None:
        """From now on it is fetched. `backlog`: what waits there becomes tickets too, where it creates any.

        Of one that is confirmed already nothing changes but the moment.
        Raises NotAllowed, NotTested.
        """
        demand(by, "configure")
        self.lock()
        if self.is_fetched and not self.is_tested:
            raise NotTested
        at_work = {"confirmed_at": now(), "test_then": "", "failing_since": None, "failure": ""}
        if self.is_confirmed:  # what became of the backlog was said then
            self.change(**at_work)
            return
        newest = max((step.get("next", 1) - 1 for step in self.test_steps), default=0)
        passed = None if backlog else newest or None
        self.change(**at_work, state="confirmed", creates_since_uid=passed, fetched_at=None)

    @transaction()
    def back_to_draft(self: "Mailbox", *, by: Person) -> None:
        """No longer fetched, and nothing is sent by it."""
        demand(by, "configure")
        self.lock()
        self.change(state="draft", test_then="", failing_since=None, failure="")

    @transaction()
    def remove(self: "Mailbox", *, by: Person) -> None:
        """Forgets the mailbox; its ledger and its tickets stay."""
        demand(by, "configure")
        self.delete_instance()
