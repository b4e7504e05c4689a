"""One thread for each mailbox: it fetches when it is time, and between two times it waits on a line of its own for the
server to say that there is news (IDLE, RFC 2177). A server that is slow, lies or is silent holds up nobody else.

Polling goes on beside it: what a line that died unnoticed has not told is fetched when its time comes.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import timedelta

import structlog

from app.lib.clock import now
from app.lib.imap import Imap, ImapProblem
from app.lib.oauth import NoAccess
from app.lib.secrets import Unreadable
from app.mail.mailbox import Mailbox

LOOK = 5.0  # seconds between two looks at which mailboxes there are
LONGEST_REST = 60.0  # seconds; then the mailbox is looked at anew, for it may have been changed
AFTER_A_FAULT = 30.0
WATCH_LASTS = timedelta(minutes=3)
log = structlog.get_logger(__name__)

Unit = Callable[[], AbstractContextManager[None]]


class Keepers:
    """Has a thread for each mailbox that is fetched now, and starts one again that ended."""

    def __init__(self, unit: Unit, afterwards: Callable[[], None]) -> None:
        self._unit, self._afterwards = unit, afterwards
        self._ended = threading.Event()
        self._keepers: dict[int, Keeper] = {}

    def start(self) -> None:
        threading.Thread(target=self._run, name="keepers", daemon=True).start()

    def stop(self) -> None:
        """Wakes whoever waits. Who is fetching may be cut short at any point, as by a kill."""
        self._ended.set()
        for keeper in list(self._keepers.values()):
            keeper.hang_up()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._look()
            except Exception:  # a database that is away for a moment must not end this for good
                log.exception("mailboxes could not be looked up")
            self._ended.wait(LOOK)

    def _look(self) -> None:
        with self._unit():
            wanted = {mailbox.id for mailbox in Mailbox.fetched()}
        self._keepers = {key: each for key, each in self._keepers.items() if each.is_alive()}
        for key in wanted - self._keepers.keys():
            keeper = Keeper(key, self._unit, self._afterwards, self._ended)
            self._keepers[key] = keeper
            keeper.start()


class Keeper(threading.Thread):
    """Keeps one mailbox until it is no longer fetched, or by another process."""

    def __init__(self, mailbox_id: int, unit: Unit, afterwards: Callable[[], None], ended: threading.Event) -> None:
        super().__init__(name=f"mailbox-{mailbox_id}", daemon=True)
        self._id, self._unit, self._afterwards, self._ended = mailbox_id, unit, afterwards, ended
        self._line: Imap | None = None
        self._leads_to: tuple[object, ...] = ()
        self._has_news = False
        self._server_tells = True

    def run(self) -> None:
        try:
            while not self._ended.is_set() and (rest := self._turn()) is not None:
                self._rest(rest)
        except Exception:
            log.exception("a mailbox is no longer kept; it is begun anew", mailbox=self._id)
            self._ended.wait(AFTER_A_FAULT)
        finally:
            self._drop()

    def hang_up(self) -> None:
        """From another thread."""
        if line := self._line:
            line.hang_up()

    def _turn(self) -> float | None:
        """Fetches if it is time. Then how many seconds there are until the next time; None: not ours any longer."""
        with self._unit():
            mailbox = next((each for each in Mailbox.fetched() if each.id == self._id), None)
            if mailbox is None or not mailbox.claim_watch(WATCH_LASTS):
                return None
            if self._has_news or mailbox.is_due:
                self._has_news = False
                if mailbox.fetch():
                    self._afterwards()
            self._lay(mailbox)
            return min(LONGEST_REST, max(0.5, (mailbox.due_at - now()).total_seconds()))

    def _lay(self, mailbox: Mailbox) -> None:
        """Makes the line ready, where there is none yet to this place; it is opened outside of the database's unit."""
        leads_to = mailbox.way_in
        if self._line and leads_to == self._leads_to:
            return
        if leads_to != self._leads_to:
            self._server_tells = mailbox.kind == "imap"
        self._drop()
        self._leads_to = leads_to
        if self._server_tells and not mailbox.failing_since:
            with suppress(NoAccess, Unreadable):  # fetching has told
                self._line = mailbox.imap()

    def _rest(self, seconds: float) -> None:
        """Until there is news, or the time is over."""
        line = self._line
        if line is None:
            self._ended.wait(seconds)
            return
        try:
            if not line.is_open:
                line.open()
                self._server_tells = line.can_wait
                self._has_news = self._server_tells  # what came between the last fetch and now
            if not self._server_tells:
                self._drop()
            elif not self._has_news:
                self._has_news = line.wait(seconds)
        except ImapProblem as problem:
            log.info("a line to a mailbox is gone", mailbox=self._id, problem=str(problem))
            self._drop()
            self._ended.wait(min(seconds, AFTER_A_FAULT))

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line:
            line.close()
