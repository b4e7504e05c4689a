"""By what a letter leaves: its mailbox, the installation's own server, or the sandbox; connections last for a round."""

from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from flask import current_app

from app.lib.causes import LOGIN
from app.lib.oauth import NoAccess
from app.lib.secrets import Unreadable
from app.lib.smtp import Accepted, Smtp, SmtpUnreachable
from app.mail.dkim_key import DkimKey
from app.mail.mailbox import Mailbox
from app.mail.relay import Relay
from app.outbox.delivery import Delivery


class NoWire(Exception):
    """There is nothing to send by: nothing is confirmed for sending, or what signs in cannot be read."""

    def __init__(self, cause: str, words: str) -> None:
        super().__init__(words)
        self.cause = cause


class Ways:
    """The mailboxes, the own server and the keys, read once a round."""

    @cached_property
    def mailboxes(self) -> list[Mailbox]:
        """The default one first, then the confirmed ones."""
        ranked = Mailbox.select().order_by(Mailbox.is_default.desc(), Mailbox.state == "draft", Mailbox.id)
        return list(ranked)

    @cached_property
    def relay(self) -> Relay:
        return Relay.ours()

    @cached_property
    def keys(self) -> dict[str, DkimKey]:
        return DkimKey.active()

    def mailbox(self, delivery: Delivery) -> Mailbox | None:
        """The mailbox a letter is from: the ticket's own, else the default one, else any that can be used."""
        own = delivery.ticket.mailbox_id if delivery.ticket else None
        usable = [each for each in self.mailboxes if delivery.wire == "sandbox" or self._sends(each)]
        return next((each for each in usable if each.id == own), next(iter(usable), None))

    def _sends(self, mailbox: Mailbox) -> bool:
        return mailbox.can_send or (mailbox.is_confirmed and self.relay.can_send)

    def out(self, delivery: Delivery) -> Mailbox | Relay | None:
        """What a letter of the live wire goes over: its mailbox's own server, else the installation's."""
        mailbox = self.mailbox(delivery)
        if mailbox and mailbox.can_send:
            return mailbox
        return self.relay if self.relay.can_send else None


@dataclass
class Kept:
    """One connection of a round."""

    way: Any = None
    wire: Smtp | None = None
    problem: Exception | None = None
    is_fresh: bool = False


class Wires:
    """The connections of one round, kept while it lasts; a server that is down is asked once a round."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self._kept: dict[Any, Kept] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        for each in self._kept.values():
            if each.wire:
                each.wire.close()

    def send(self, delivery: Delivery, sender: str, raw: bytes) -> Accepted:
        """Hands the letter over. Raises SmtpRefused, SmtpUnreachable, NoWire."""
        kept = self._of(delivery)
        if kept.problem:
            raise kept.problem
        try:
            answer = self._over(kept, delivery, sender, raw)
        except (SmtpUnreachable, NoWire) as problem:
            kept.problem = problem
            self._note_failure(kept, delivery, problem)
            raise
        if kept.way is not None:
            kept.way.sends_again()
        return answer

    def _of(self, delivery: Delivery) -> Kept:
        if delivery.wire == "sandbox":
            return self._kept.setdefault("sandbox", Kept())
        way = self.ways.out(delivery)
        return self._kept.setdefault((type(way), way and way.id), Kept(way))

    def _over(self, kept: Kept, delivery: Delivery, sender: str, raw: bytes) -> Accepted:
        kept.wire = kept.wire or self._open(kept, delivery)
        try:
            return kept.wire.send(sender, delivery.to_address, raw)
        except SmtpUnreachable as problem:
            if problem.cause != LOGIN or not kept.wire.is_token or kept.is_fresh:
                raise
        kept.is_fresh = True  # a token that was just refused is asked for anew, once
        kept.wire = self._open(kept, delivery)
        return kept.wire.send(sender, delivery.to_address, raw)

    def _open(self, kept: Kept, delivery: Delivery) -> Smtp:
        if delivery.wire == "sandbox":
            return Smtp("127.0.0.1", current_app.extensions["ventanilla"].sandbox_smtp_port, "none")
        if kept.way is None:
            raise NoWire("unset", "No mailbox is confirmed for sending")
        try:
            wire: Smtp = kept.way.smtp(fresh=kept.is_fresh)
        except Unreadable:
            raise NoWire("key", "The mailbox's password cannot be read with this installation's key") from None
        except NoAccess as problem:
            raise NoWire(problem.cause, f"Access to the mailbox: {problem.cause}") from None
        return wire

    def _note_failure(self, kept: Kept, delivery: Delivery, problem: Exception) -> None:
        """Every page of the desk says so, until it sends again (C9d)."""
        if delivery.wire == "sandbox":
            return
        way = kept.way if kept.way is not None else self.ways.relay
        if way.id is None:
            way.save()
        way.fails_to_send(getattr(problem, "cause", ""), getattr(problem, "detail", ""))
