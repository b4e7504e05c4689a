"""From draft to confirmed: only a passed test leads there (SPEC C5), and a changed connection leads back."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.accounts.agent import demand
from app.accounts.person import AddressTaken, Person, clean_address
from app.lib.clock import now
from app.lib.db import transaction
from app.lib.imap import FOLDER, LOGIN, NAME, REFUSED, TIMEOUT, TLS, ImapProblem
from app.lib.refusals import Refused
from app.lib.secrets import Unreadable
from app.lib.words import lazy_gettext as _l
from app.lib.words import ngettext
from app.mail.connecting import FAILURES, sealed

if TYPE_CHECKING:
    from app.mail.mailbox import Mailbox

CONNECTION = frozenset(
    {
        "kind", "host", "port", "security", "user", "password", "folder", "smtp_host", "smtp_port", "smtp_security",
        "smtp_user", "smtp_password",
    }
)  # fmt: skip
SECRETS = ("password", "smtp_password")

STEPS: dict[str, Any] = {
    "in_server": _l("Incoming server"),
    "in_tls": _l("Encryption"),
    "in_login": _l("Access"),
    "in_folder": _l("Folder"),
    "out_server": _l("Outgoing server"),
    "out_tls": _l("Encryption for sending"),
    "out_login": _l("Access for sending"),
}
# Which step of reading each cause belongs to; those before it have passed.
READING = ["in_server", "in_tls", "in_login", "in_folder"]
FAULT = {NAME: 0, REFUSED: 0, TIMEOUT: 0, TLS: 1, LOGIN: 2, FOLDER: 3}
SENDING = {"name": "out_server", "connect": "out_server", "tls": "out_tls", "login": "out_login"}


class NotTested(Refused):
    says = _l("Only a mailbox whose test has passed can be confirmed.")
    status = 409


class NoServer(Refused):
    says = _l("Say which server the mail is on.")


class Confirmable:
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
        """Changes it; an empty password leaves the one there is. A changed connection makes it a draft again."""
        demand(by, "configure")
        self.lock()
        fields = self._checked(fields, keep=self)
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
        if changed.get("creates") == "ticket" and self.is_confirmed:
            changed["creates_since_uid"] = self.last_uid  # only what arrives from now on opens tickets (C5)
        if "host" in changed or "folder" in changed or "user" in changed:
            changed |= {"uidvalidity": None, "last_uid": 0}
        if changed.keys() & CONNECTION:
            changed |= {"state": "draft", "test_steps": [], "tested_at": None}
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
        for name in SECRETS:
            if not fields.get(name):
                fields.pop(name, None)
            else:
                fields[name] = sealed(fields[name])
        return fields

    def _insist_on_servers(self: "Mailbox") -> None:
        if self.kind == "imap" and not self.host:
            raise NoServer(field="host")

    def _be_the_only_default(self: "Mailbox") -> None:
        if self.is_default:
            cls = type(self)
            cls.update(is_default=False).where(cls.id != self.id).execute()

    # --- the test ----------------------------------------------------------------------------------------------

    def test(self: "Mailbox", *, by: Person) -> bool:
        """Tries everything, step by step, and keeps what it found. Talks to servers: never inside a transaction."""
        demand(by, "configure")
        steps = [*self._try_reading(), *self._try_sending()]
        self.change(test_steps=steps, tested_at=now())
        return self.is_tested

    @property
    def is_tested(self: "Mailbox") -> bool:
        return bool(self.test_steps) and all(step["passed"] for step in self.test_steps)

    @property
    def waiting(self: "Mailbox") -> int:
        """How many messages the last test found in the folder."""
        return max((step.get("waiting", 0) for step in self.test_steps), default=0)

    def _try_reading(self: "Mailbox") -> Iterator[dict[str, Any]]:
        if self.kind != "imap":
            return
        started = time.monotonic()
        steps = [step for step in READING if step != "in_tls" or self.security != "none"]
        try:
            with self.imap() as imap:
                status = imap.status()
        except (ImapProblem, Unreadable) as problem:
            cause = getattr(problem, "cause", "key")
            failed = READING[FAULT.get(cause, 2)]
            for step in steps[: steps.index(failed) if failed in steps else 0]:
                yield _step(step, passed=True)
            yield _step(failed, passed=False, cause=cause, said=getattr(problem, "detail", ""))
            return
        took = round((time.monotonic() - started) * 1000)
        for step in steps[:-1]:
            yield _step(step, passed=True, took=took if step == "in_server" else None)
        yield _step("in_folder", passed=True, waiting=status.count, next=status.uidnext)

    def _try_sending(self: "Mailbox") -> Iterator[dict[str, Any]]:
        if not self.smtp_host:
            return
        try:
            wire = self.smtp()
        except Unreadable:
            yield _step("out_login", passed=False, cause="key")
            return
        for step in wire.check():
            if step.name != "name" or not step.passed:
                cause = {"name": "name", "connect": "refused"}.get(step.name, step.name)
                yield _step(SENDING[step.name], passed=step.passed, cause=cause, said=step.detail)

    # --- confirming --------------------------------------------------------------------------------------------

    @transaction()
    def confirm(self: "Mailbox", *, by: Person, backlog: bool) -> None:
        """From now on it is fetched. `backlog`: what waits there becomes tickets too, where it creates any.

        Raises NotAllowed, NotTested.
        """
        demand(by, "configure")
        self.lock()
        if self.kind == "imap" and not self.is_tested:
            raise NotTested
        newest = max((step.get("next", 1) - 1 for step in self.test_steps), default=0)
        self.change(
            state="confirmed",
            confirmed_at=now(),
            creates_since_uid=None if backlog else newest or None,
            failing_since=None,
            failure="",
            fetched_at=None,
        )

    @transaction()
    def back_to_draft(self: "Mailbox", *, by: Person) -> None:
        """No longer fetched, and nothing is sent by it."""
        demand(by, "configure")
        self.lock()
        self.change(state="draft", failing_since=None, failure="")

    @transaction()
    def remove(self: "Mailbox", *, by: Person) -> None:
        """Forgets the mailbox; its ledger and its tickets stay."""
        demand(by, "configure")
        self.delete_instance()

    @property
    def steps(self: "Mailbox") -> list[dict[str, str]]:
        """The last test in words, as `ui.steps` draws it."""
        return [
            {
                "state": "passed" if step["passed"] else "failed",
                "title": str(STEPS[step["step"]]),
                "detail": self._detail(step),
            }
            for step in self.test_steps
        ]

    @staticmethod
    def blame(step: dict[str, Any]) -> str:
        """What a failed step says is wrong."""
        return str(FAILURES.get(step.get("cause") or "broken", FAILURES["broken"]))

    def _detail(self: "Mailbox", step: dict[str, Any]) -> str:
        if not step["passed"]:
            return f"{self.blame(step)} ({step['said']})" if step.get("said") else self.blame(step)
        if step["step"] == "in_server":
            return f"{self.host}, {step['took']} ms" if step.get("took") is not None else self.host
        if step["step"] == "in_folder":
            counted = step["waiting"]
            return ngettext("%(folder)s, %(num)s message", "%(folder)s, %(num)s messages", counted, folder=self.folder)
        return self.smtp_host if step["step"] == "out_server" else ""


def _step(step: str, *, passed: bool, cause: str = "", said: str = "", **facts: Any) -> dict[str, Any]:
    return {"step": step, "passed": passed, "cause": "" if passed else cause, "said": said[:300]} | facts
