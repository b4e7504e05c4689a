"""Certificates: one sealed PDF for each decision, made by the worker, kept, with the evidence embedded in it."""

from datetime import timedelta

import structlog
from peewee import CharField, ForeignKeyField, IntegerField

from app.accounts.person import Person
from app.authorizations.certificate_page import html_of
from app.authorizations.decision import Decision
from app.authorizations.exhibit import exhibit
from app.authorizations.keyed import mac
from app.authorizations.seal import Seal, passphrase
from app.authorizations.settings import AuthorizationSettings
from app.lib import pdf_child, sealing
from app.lib.clock import now
from app.lib.db import Record, UTCDateTimeField, after_commit, transaction
from app.lib.files import store
from app.timeline.event import record

LATE = timedelta(minutes=2)  # who asks again after this is not told to wait for a worker that may have died
TRIES = 5
log = structlog.get_logger()


class Certificate(Record):
    """The certificate of one decision, in the ticket's language."""

    decision = ForeignKeyField(Decision, unique=True, backref="certificates", on_delete="CASCADE")
    state = CharField(max_length=10, default="pending")  # pending, ready, failed
    sha256 = CharField(max_length=64, null=True, index=True)  # of the PDF in the store
    mac = CharField(max_length=64, default="")  # that it is the one we made for this decision (keyed.py)
    size = IntegerField(default=0)
    seal = ForeignKeyField(Seal, null=True, on_delete="RESTRICT")
    level = CharField(max_length=3, default="")  # B-B or B-T
    tries = IntegerField(default=0)
    requested_at = UTCDateTimeField(default=now)
    made_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("state", "requested_at"), False),)

    @classmethod
    def due(cls, decision: Decision) -> "Certificate":
        """One to be made, written in the transaction of the decision."""
        return cls.create(decision=decision, requested_at=now())

    @classmethod
    def of(cls, decision: Decision) -> "Certificate | None":
        return cls.find(decision=decision)

    @classmethod
    def make_due(cls, *, limit: int = 25) -> None:
        """The duty of each minute: those that a killed worker left."""
        waiting = cls.select().where(cls.state == "pending", cls.requested_at < now() - timedelta(seconds=60))
        for certificate in list(waiting.order_by(cls.requested_at).limit(limit)):
            certificate.make()

    @property
    def is_ready(self) -> bool:
        return self.state == "ready" and self.sha256 is not None and store().exists(self.sha256)

    @property
    def claim(self) -> str:
        """What its mac is of."""
        return f"certificate:{self.decision_id}:{self.sha256}"

    @transaction()
    def ask_again(self, *, by: Person) -> None:
        """Has one made that failed, or that the worker forgot; one that is ready stays."""
        is_late = self.state == "pending" and self.requested_at < now() - LATE
        if self.decision.erased_at or self.is_ready or not (is_late or self.state in ("failed", "ready")):
            return
        self.change(state="pending", tries=0, requested_at=now())
        record("certificate.requested", by=by, about=self)

    def make(self) -> None:
        """Makes and seals it, once. What cannot be made is said to be so, and may be tried again."""
        if self.is_ready or self.decision.erased_at:
            return
        self.change(tries=self.tries + 1)
        try:
            seal, level, data = self._made()
        except (pdf_child.PdfFailed, sealing.SealFailed) as problem:
            log.error("no certificate", certificate=self.id, why=str(problem)[-2000:])
            self.change(state="failed" if self.tries >= TRIES else "pending")
            return
        stored = store().put(data)
        self.change(state="ready", sha256=stored.sha256, size=stored.size, seal=seal, level=level, made_at=now())
        self.change(mac=mac(self.claim))
        if Certificate.find(id=self.id) is None:  # its person was erased meanwhile
            store().remove(stored.sha256)

    def destroy(self) -> None:
        """Takes the row and the PDF away, in the caller's transaction."""
        self.delete_instance()
        if sha256 := self.sha256:
            after_commit(lambda: store().remove(sha256))

    def _made(self) -> tuple[Seal, str, bytes]:
        decision = self.decision
        asked = decision.authorization
        page, title, words = html_of(decision)
        plain = pdf_child.render_in_child(page, title=title, language=asked.language)
        seal = Seal.current()
        told, data = sealing.seal(
            plain,
            key=seal.key,
            evidence=exhibit(decision),
            passphrase=passphrase(),
            timestamp_url=AuthorizationSettings.timestamp_url,
            by=asked.ticket.company.name,
            **words,
        )
        if problem := told.get("timestamp_problem"):
            log.warning("no timestamp", certificate=self.id, why=problem)
        return seal, told["level"], data

    @property
    def file_name(self) -> str:
        asked = self.decision.authorization
        return f"{asked.ticket.number}-{asked.number}.pdf"
