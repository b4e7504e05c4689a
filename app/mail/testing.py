"""What a mailbox and the installation's own server share: a test that runs in the background, each step told as it is
known to who looks on.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask_babel import format_date

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.clock import now
from app.lib.db import transaction
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l
from app.lib.words import ngettext
from app.mail.connecting import FAILURES
from app.timeline.event import record

UNHEARD = timedelta(seconds=15)  # after which a test that has not begun says so: perhaps no worker runs
LONGEST = timedelta(minutes=5)  # after which a test that has not ended never will

STEPS: dict[str, Any] = {
    "consent": _l("Access from the provider"),
    "in_name": _l("Name of the incoming server"),
    "in_server": _l("Incoming server"),
    "in_tls": _l("Encryption"),
    "in_login": _l("Access"),
    "in_folder": _l("Folder"),
    "out_server": _l("Outgoing server"),
    "out_tls": _l("Encryption for sending"),
    "out_login": _l("Access for sending"),
}


class Tested:
    """Fields `test_steps`, `test_asked_at`, `tested_at`; `test_plan` and `_try` say what is tried."""

    id: int
    test_steps: list[dict[str, Any]]
    test_asked_at: datetime | None  # names the test that is running; another one, or a changed connection, ends it
    tested_at: datetime | None

    @property
    def test_plan(self) -> list[str]:
        """The steps there will be if each of them passes."""
        raise NotImplementedError

    def _try(self) -> Iterator[dict[str, Any]]:
        """Talks to the servers, and tells each step when it has ended."""
        raise NotImplementedError

    def _after_test(self, *, by: Person) -> None:
        """What follows from a test that has ended."""

    @transaction()
    def ask_to_test(self, *, by: Person, **fields: Any) -> None:
        """Has everything tried in the background. Raises NotAllowed."""
        demand(by, "configure")
        moment = now()
        self.lock()  # type: ignore[attr-defined]
        self.change(test_asked_at=moment, test_steps=[], tested_at=None, **fields)  # type: ignore[attr-defined]
        record("test.asked", by=by, about=self, asked=moment.isoformat())  # type: ignore[arg-type]

    def awaits(self, asked: str) -> bool:
        """Whether the test that was asked for then is still wanted."""
        return self.is_testing and self.test_asked_at.isoformat() == asked  # type: ignore[union-attr]

    def test(self, *, by: Person) -> bool:
        """Tries everything and keeps each step as it ends. Talks to servers: never inside a transaction."""
        demand(by, "configure")
        steps: list[dict[str, Any]] = []
        asked = self.test_asked_at
        for step in self._try():
            steps.append(step)
            if not self._note(asked, test_steps=steps):
                return False  # nobody waits for this one any more
        if not self._note(asked, test_steps=steps, tested_at=now(), test_asked_at=None):
            return False
        self._after_test(by=by)
        return self.is_tested

    def _note(self, asked: datetime | None, **fields: Any) -> bool:
        cls: Any = type(self)
        mine = cls.test_asked_at.is_null() if asked is None else (cls.test_asked_at == asked)
        for name, value in fields.items():
            setattr(self, name, value)
        return bool(cls.update(fields).where(cls.id == self.id, mine).execute())

    @property
    def is_tested(self) -> bool:
        """Whether every step of the last test has passed."""
        return self.tested_at is not None and all(step["passed"] for step in self.test_steps)

    @property
    def is_testing(self) -> bool:
        return self.test_asked_at is not None and self.test_asked_at > now() - LONGEST

    @property
    def test_waits(self) -> bool:
        """Whether a test was asked for and nobody has begun it, though it is time."""
        return bool(self.is_testing and not self.test_steps and self.test_asked_at < now() - UNHEARD)  # type: ignore[operator]

    @property
    def verdict(self) -> str:
        """How the last test ended, in words."""
        if self.test_asked_at is not None and not self.is_testing:
            return _("The test did not come to its end. Test again.")
        if self.tested_at is None:
            return ""
        if not self.test_steps:
            return _("It has no server of its own to test.")
        return _("The test has passed.") if self.is_tested else _("The test has failed. What is wrong is marked.")

    @property
    def steps(self) -> list[dict[str, str]]:
        """The test in words, as `ui.steps` draws it: what is known, then what is being tried and what comes after."""
        known = [
            {
                "state": "passed" if step["passed"] else "failed",
                "title": str(STEPS[step["step"]]),
                "detail": self._detail(step),
            }
            for step in self.test_steps
        ]
        if not self.is_testing or any(not step["passed"] for step in self.test_steps):
            return known
        ended = {step["step"] for step in self.test_steps}
        ahead = [step for step in self.test_plan if step not in ended]
        states = ["running", *["waiting"] * len(ahead)]
        return known + [
            {"state": state, "title": str(STEPS[step]), "detail": ""}
            for state, step in zip(states, ahead, strict=False)
        ]

    @staticmethod
    def blame(step: dict[str, Any]) -> str:
        """What a failed step says is wrong, and what to do."""
        return str(FAILURES.get(step.get("cause") or "broken", FAILURES["broken"]))

    def _detail(self, step: dict[str, Any]) -> str:
        if not step["passed"]:
            there = _("There are: %(folders)s.", folders=", ".join(step["folders"])) if step.get("folders") else ""
            said = f"({step['said']})" if step.get("said") else ""
            return " ".join(filter(None, [self.blame(step), said, there]))
        return DETAILS[step["step"]](self, step) if step["step"] in DETAILS else ""


def _server_detail(mailbox: Any, step: dict[str, Any]) -> str:
    return f"{mailbox.host}, {step['took']} ms" if step.get("took") is not None else str(mailbox.host)


def _tls_detail(mailbox: Any, step: dict[str, Any]) -> str:
    if not step.get("until"):
        return str(step.get("version", ""))
    until = format_date(datetime.fromisoformat(step["until"]), "MMM y")
    return _("%(version)s, certificate until %(month)s", version=step["version"], month=until)


def _folder_detail(mailbox: Any, step: dict[str, Any]) -> str:
    folder, counted = mailbox.folder if mailbox.kind == "imap" else "POP3", step["waiting"]
    words = ngettext("%(folder)s, %(num)s message", "%(folder)s, %(num)s messages", counted, folder=folder)
    if not step.get("tells"):
        return words
    at_once = _("It tells of new mail at once.")
    return f"{words}. {at_once}"


# What a step that has passed says of itself.
DETAILS: dict[str, Any] = {
    "in_name": lambda mailbox, step: step.get("at", ""),
    "in_server": _server_detail,
    "in_tls": _tls_detail,
    "in_folder": _folder_detail,
    "out_server": lambda way, step: getattr(way, "smtp_host", None) or way.host,
}
