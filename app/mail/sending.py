"""What a mailbox and the installation's own server share: a way out that is tested, that fails, and that comes back."""

from collections.abc import Iterator
from typing import Any, Protocol

from app.accounts.person import NotAnAddress, clean_address
from app.lib.clock import now
from app.lib.oauth import NoAccess
from app.lib.secrets import Unreadable
from app.lib.smtp import Smtp
from app.mail.connecting import FAILURES

OUT_STEPS = {"name": "out_server", "connect": "out_server", "tls": "out_tls", "login": "out_login"}
PLAIN_CAUSES = {"name": "name", "connect": "refused"}


class WayOut(Protocol):
    """Whatever mail can leave by."""

    def smtp(self, *, fresh: bool = False) -> Smtp: ...


class Sends:
    """Knows since when it cannot send, and why (C9d)."""

    sends_failing_since: Any
    send_failure: str

    def fails_to_send(self, cause: str, said: str = "") -> None:
        """Notes the first failure, and the latest reason."""
        failure = f"{cause}: {said}"[:500] if said else cause
        if self.sends_failing_since is None or self.send_failure != failure:
            since = self.sends_failing_since or now()
            self.change(sends_failing_since=since, send_failure=failure)  # type: ignore[attr-defined]

    def sends_again(self) -> None:
        if self.sends_failing_since is not None:
            self.change(sends_failing_since=None, send_failure="")  # type: ignore[attr-defined]

    @property
    def send_failure_sentence(self) -> str:
        """Why it fails, in words."""
        cause, _, said = self.send_failure.partition(": ")
        return f"{FAILURES.get(cause, FAILURES['broken'])}" + (f" ({said})" if said else "")


def reports_to(address: str) -> str:
    """The address for reports about failed mail. Raises NotAnAddress at its field."""
    try:
        return clean_address(address)
    except NotAnAddress:
        raise NotAnAddress(field="bounce_address") from None


def steps_out(security: str, signs_in: bool) -> list[str]:
    """The steps of a test of a server for sending."""
    return ["out_server", *(["out_tls"] if security != "none" else []), *(["out_login"] if signs_in else [])]


def try_sending(way: WayOut) -> Iterator[dict[str, Any]]:
    """The steps of a test of a server for sending, as a test page keeps them. Talks to the server."""
    try:
        wire = way.smtp()
    except (NoAccess, Unreadable) as problem:
        yield step_of("out_login", passed=False, cause=getattr(problem, "cause", "key"))
        return
    for step in wire.check():
        if step.name != "name" or not step.passed:
            cause = step.cause or PLAIN_CAUSES.get(step.name, step.name)
            yield step_of(OUT_STEPS[step.name], passed=step.passed, cause=cause, said=step.detail)


def step_of(step: str, *, passed: bool, cause: str = "", said: str = "", **facts: Any) -> dict[str, Any]:
    """One step of a test, as it is kept: its name, whether it passed, else the cause and what the server said."""
    return {"step": step, "passed": passed, "cause": "" if passed else cause, "said": said[:300]} | facts
