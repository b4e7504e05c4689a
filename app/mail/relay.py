"""The installation's own server for sending: for mailboxes that have none, and for mail of no mailbox."""

from collections.abc import Iterator
from typing import Any

from peewee import CharField, IntegerField, JSONField, ModelSelect, TextField

from app.accounts.agent import demand
from app.accounts.person import Person
from app.lib.db import Record, UTCDateTimeField, transaction
from app.lib.refusals import Refused
from app.lib.smtp import Smtp
from app.lib.words import lazy_gettext as _l
from app.mail.confirming import PasswordAgain
from app.mail.connecting import opened, sealed
from app.mail.sending import Sends, reports_to, steps_out, try_sending
from app.mail.testing import Tested
from app.timeline.event import record

CONNECTION = ("host", "port", "security", "user", "password")


class NoServerYet(Refused):
    says = _l("Say which server mail leaves by.")
    field = "host"


class Relay(Sends, Tested, Record):
    """One row. It is used only after its test has passed, and no longer once its connection was changed."""

    host = CharField(max_length=200, default="")
    port = IntegerField(default=587)
    security = CharField(max_length=10, default="starttls")  # tls, starttls, none
    user = CharField(max_length=254, default="")
    password = TextField(default="")  # sealed by the vault
    bounce_address = CharField(max_length=254, default="")  # where reports about failed mail go
    state = CharField(max_length=10, default="draft")  # draft, confirmed
    test_steps = JSONField(default=list)
    test_asked_at = UTCDateTimeField(null=True)
    tested_at = UTCDateTimeField(null=True)
    sends_failing_since = UTCDateTimeField(null=True)
    send_failure = TextField(default="")

    @classmethod
    def ours(cls) -> "Relay":
        """The one there is; before it was set up, an unsaved draft."""
        return cls.select().order_by(cls.id).first() or cls()

    @classmethod
    def failing_to_send(cls) -> ModelSelect:
        return cls.select().where(cls.sends_failing_since.is_null(False))

    @property
    def is_confirmed(self) -> bool:
        return self.state == "confirmed"

    @property
    def can_send(self) -> bool:
        return self.is_confirmed and bool(self.host)

    def smtp(self, *, fresh: bool = False) -> Smtp:
        """The way out, not opened yet. Raises Unreadable."""
        password = opened(self.password) if self.user else ""
        return Smtp(self.host, self.port, self.security, self.user, password)

    @transaction()
    def describe(self, *, by: Person, **fields: Any) -> None:
        """Changes it; an empty password leaves the one there is. Raises NotAllowed, NotAnAddress, PasswordAgain."""
        demand(by, "configure")
        changed = self._changed(fields)
        if changed.keys() & set(CONNECTION):
            changed |= {"state": "draft", "test_steps": [], "tested_at": None, "test_asked_at": None}
        for name, value in changed.items():
            setattr(self, name, value)
        self.save()
        record("relay.changed", by=by, names=sorted(set(changed) - {"password"}))

    def _changed(self, fields: dict[str, Any]) -> dict[str, Any]:
        fields = dict(fields)
        password = fields.pop("password", "")
        if fields.get("bounce_address"):
            fields["bounce_address"] = reports_to(fields["bounce_address"])
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
        if "host" in changed and self.password and not password:
            raise PasswordAgain(field="password")  # a stored password goes only to the server it was typed for
        return changed | ({"password": sealed(password)} if password else {})

    def ask_to_test(self, *, by: Person, **fields: Any) -> None:
        """Has it tried in the background; one that passes is used from then on. Raises NotAllowed, NoServerYet."""
        if not self.host:
            raise NoServerYet
        super().ask_to_test(by=by, **fields)

    @property
    def test_plan(self) -> list[str]:
        return steps_out(self.security, bool(self.user))

    def _try(self) -> Iterator[dict[str, Any]]:
        return try_sending(self)

    @transaction()
    def _after_test(self, *, by: Person) -> None:
        self.change(state="confirmed" if self.is_tested else "draft")
        if self.is_tested:
            self.sends_again()
        record("relay.tested", by=by, passed=self.is_tested)

    @transaction()
    def stop(self, *, by: Person) -> None:
        """Nothing leaves by it any more."""
        demand(by, "configure")
        if self.id is None:
            return
        self.change(state="draft", sends_failing_since=None, send_failure="")
        record("relay.changed", by=by, names=["state"])
