"""Work in a child process with limits of memory and time, that ends when nothing is left to do.

What is large (a PDF library) or reads strangers' bytes (mail) happens there: whatever goes wrong, the worker goes on.
A message between the two is a list of byte strings.
"""

import atexit
import contextlib
import fcntl
import os
import resource
import select
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
# No key, no address of a database; how memory is given back, which app/cli.py decides for all our processes.
KEPT_ENVIRONMENT = (
    "PATH", "LANG", "LC_ALL", "TMPDIR", "TZ", "MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_",
    "GLIBC_TUNABLES",
)  # fmt: skip
CHUNK = ROOM = 1024 * 1024


class Gone(Exception):
    """The child ended before it answered."""


class TooSlow(Exception):
    """No answer within the time; the child was ended."""


class Garbled(Exception):
    """The answer is not one to our question: the program on the disk is another one than ours, after an update."""


class Child:
    """The worker's side: starts `python -m <module>` when asked, and again when it is gone.

    `idle`: seconds that the child waits for a question before it ends; `memory`: bytes of its address space. One
    thread at a time may ask; several questions may be asked ahead, and are answered in their order.
    """

    def __init__(self, module: str, *, idle: float, memory: int) -> None:
        self.module, self.idle, self.memory = module, idle, memory
        self.process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._unanswered = 0
        _started.add(self)

    def is_running(self) -> bool:
        return self.process is not None and self._owner == os.getpid() and self.process.poll() is None

    def ask(self, *question: bytes) -> None:
        """Sends a question without waiting for its answer. What is asked ahead must be small: paths, not files.

        While a child that is gone still owes answers, no other is started: whoever waits for the first of them is told
        that it is gone, and asks all again. An answer of another child would be taken for that one.
        """
        if not self.is_running():
            if self._unanswered:
                return
            self.start()
        self._unanswered += 1
        with contextlib.suppress(BrokenPipeError):  # who waits for the answer hears of it
            _write(self.process.stdin, question)  # type: ignore[union-attr, arg-type]

    def answer(self, seconds: float) -> list[bytes]:
        """The answer to the oldest question that has none yet. Raises TooSlow, Gone."""
        process = self.process
        if process is None or process.stdout is None:
            raise Gone
        try:
            answer = _read(process.stdout, until=time.monotonic() + seconds)
            self._unanswered -= 1
            return answer
        except TooSlow:
            self.end()
            raise
        except EOFError as problem:
            self.end()
            raise Gone from problem

    def start(self) -> None:
        self.end()
        # A session of its own: Ctrl-C and a stop of the worker's group let the work in hand be finished.
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module, str(self.idle), str(self.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd=ROOT,
            env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
            start_new_session=True,
        )
        self._owner = os.getpid()
        if hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux: room for answers that nobody has come for yet
            with contextlib.suppress(OSError):
                fcntl.fcntl(self.process.stdout, fcntl.F_SETPIPE_SZ, ROOM)  # type: ignore[arg-type]

    def end(self) -> None:
        """Lets go of the process. After a fork it is the other process's child: only the ends of the pipes are ours."""
        process, self.process, self._unanswered = self.process, None, 0
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]
        if self._owner == os.getpid():
            process.kill()
            process.wait()
        else:
            process.returncode = 0  # not ours to wait for


class Lone:
    """One child for all threads of a process: they wait for each other, and one question is answered at a time."""

    def __init__(self, module: str, *, idle: float, memory: int) -> None:
        self._child = Child(module, idle=idle, memory=memory)
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._lock._at_fork_reinit)  # type: ignore[attr-defined]

    def ask(self, *question: bytes, seconds: float) -> list[bytes]:
        """The answer. Raises Gone, TooSlow."""
        with self._lock:
            if self.is_running():
                with contextlib.suppress(Gone):  # it may have ended, idle, just as we asked
                    return self._asked(question, seconds)
            return self._asked(question, seconds)

    def _asked(self, question: Sequence[bytes], seconds: float) -> list[bytes]:
        self._child.ask(*question)
        return self._child.answer(seconds)

    def is_running(self) -> bool:
        return self._child.is_running()

    def end(self) -> None:
        """Ends the child, if there is one; the next question starts another."""
        with self._lock:
            self._child.end()


class Pool:
    """Children of one kind, one for each thread that asks; each serves the next thread, too, if that comes soon."""

    def __init__(self, module: str, *, idle: float, memory: int) -> None:
        self._make = partial(Child, module, idle=idle, memory=memory)
        self._free: list[Child] = []
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._lock._at_fork_reinit)  # type: ignore[attr-defined]

    @contextmanager
    def child(self) -> Iterator[Child]:
        """A child for this thread alone. Whoever leaves questions unanswered ends it."""
        with self._lock:
            mine = self._free.pop() if self._free else self._make()
        try:
            yield mine
        finally:
            with self._lock:
                self._free.append(mine)

    def prepare(self) -> None:
        """There will be work soon: has a child running by then."""
        with self.child() as mine:
            if not mine.is_running():
                mine.start()


_started: "weakref.WeakSet[Child]" = weakref.WeakSet()


@atexit.register
def end_all() -> None:
    """Ends every child; whoever asks again starts another."""
    for child in list(_started):
        child.end()


def serve(answer: Callable[[list[bytes]], Sequence[bytes]], arguments: Sequence[str]) -> None:
    """The child's side: answers until nobody asks for the idle time, or the worker is gone.

    `arguments` are those of `Child`: idle seconds, bytes of memory.
    """
    idle, memory = float(arguments[0]), int(arguments[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.nice(5)  # a customer who waits for a page goes first
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, answers = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    os.dup2(2, 1)  # what a library prints must not end up among the answers
    while select.select([source], [], [], idle)[0]:
        try:
            question = _read(source)
        except EOFError:
            return
        _write(answers, answer(question))


def _write(pipe: IO[bytes], message: Iterable[bytes]) -> None:
    parts = list(message)
    head = len(parts).to_bytes(4, "big") + b"".join(len(part).to_bytes(4, "big") for part in parts)
    for data in (head, *parts):
        view = memoryview(data)
        while view:
            view = view[pipe.write(view) or 0 :]


def _read(pipe: IO[bytes], until: float | None = None) -> list[bytes]:
    """The next message. Raises EOFError; TooSlow when it is not whole at the moment `until`."""
    count = int.from_bytes(_exactly(pipe, 4, until), "big")
    sizes = _exactly(pipe, 4 * count, until)
    return [_exactly(pipe, int.from_bytes(sizes[at : at + 4], "big"), until) for at in range(0, 4 * count, 4)]


def _exactly(pipe: IO[bytes], size: int, until: float | None) -> bytes:
    data = bytearray()
    while len(data) < size:
        if until is not None and not select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
            raise TooSlow
        piece = pipe.read(min(CHUNK, size - len(data)))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)
