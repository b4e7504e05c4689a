"""PDFs are made in a child process that ends when nothing is left to do, so that the worker itself stays small."""

import atexit
import contextlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import threading
import traceback
import warnings
from pathlib import Path
from typing import IO

from app.lib import pdf

ROOT = Path(__file__).resolve().parents[2]
IDLE = 20.0  # seconds a child waits for the next page before it ends
SECONDS = 60.0  # the longest a page may take, the start of a child included
MEMORY = 768 * 1024 * 1024  # bytes of address space; the libraries alone take 90 million
KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TZ")  # no key, no address of a database


class PdfFailed(Exception):
    """The page could not be made into a PDF; the words are the child's last ones."""


class PdfTooSlow(PdfFailed):
    """The page took longer than it may; the child was ended."""


class _Gone(Exception):
    """The child ended before it answered."""


def render_in_child(html: str, *, title: str, language: str, seconds: float = SECONDS) -> bytes:
    """As `pdf.render`, in the child process; any number of threads may ask, one page is made at a time."""
    request = json.dumps({"html": html, "title": title, "language": language}).encode()
    with _lock:
        try:
            answer, data = _child.ask(request, seconds)
        except _Gone:  # it may have ended, idle, just as we asked; a fresh one gets one chance
            try:
                answer, data = _child.ask(request, seconds)
            except _Gone as problem:
                raise PdfFailed("the child ended without an answer") from problem
    for message in answer["warnings"]:
        pdf.complain(message, stacklevel=3)
    if "error" in answer:
        raise PdfFailed(answer["error"])
    return data


def stop() -> None:
    """Ends the child, if there is one; the next page starts another."""
    with _lock:
        _child.end()


def is_running() -> bool:
    return _child.is_running()


class Child:
    """The worker's side: starts the process when asked, and again when it is gone."""

    def __init__(self, idle: float = IDLE, memory: int = MEMORY) -> None:
        self.idle, self.memory = idle, memory
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0

    def is_running(self) -> bool:
        return self.process is not None and self.owner == os.getpid() and self.process.poll() is None

    def ask(self, request: bytes, seconds: float) -> tuple[dict, bytes]:
        if not self.is_running():
            self.start()
        process, late = self.process, threading.Event()
        assert process is not None and process.stdin is not None and process.stdout is not None  # noqa: S101, PT018

        def end() -> None:
            late.set()
            process.kill()

        clock = threading.Timer(seconds, end)
        clock.daemon = True
        clock.start()
        try:
            _write(process.stdin, request)
            answer = json.loads(_read(process.stdout))
            return answer, _read(process.stdout)
        except (BrokenPipeError, EOFError) as problem:
            self.end()
            if late.is_set():
                raise PdfTooSlow(f"no PDF after {seconds:g} s") from problem
            raise _Gone from problem
        finally:
            clock.cancel()

    def start(self) -> None:
        self.end()
        # A session of its own: Ctrl-C and a stop of the worker's group let the page in work be finished.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.lib.pdf_child", str(self.idle), str(self.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
            start_new_session=True,
        )
        self.owner = os.getpid()

    def end(self) -> None:
        """Lets go of the process. After a fork it is the other process's child: only the ends of the pipes are ours."""
        process, self.process = self.process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]
        if self.owner == os.getpid():
            process.kill()
            process.wait()
        else:
            process.returncode = 0  # not ours to wait for


_child = Child()
_lock = threading.Lock()
os.register_at_fork(after_in_child=_lock._at_fork_reinit)  # type: ignore[attr-defined]
atexit.register(stop)


def _write(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(4, "big") + data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    head = pipe.read(4)
    data = pipe.read(int.from_bytes(head, "big")) if len(head) == 4 else b""
    if len(head) < 4 or len(data) < int.from_bytes(head, "big"):
        raise EOFError
    return data


def _answer(request: bytes) -> tuple[dict, bytes]:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always", pdf.PdfWarning)
        try:
            data, words = pdf.render(**json.loads(request)), {}
        except Exception:
            data, words = b"", {"error": traceback.format_exc(limit=-5)}
    return {"warnings": [str(one.message) for one in seen if isinstance(one.message, pdf.PdfWarning)]} | words, data


def serve(idle: float, memory: int) -> None:
    """The child's side: answers pages until nobody asks for `idle` seconds or the worker is gone."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.nice(5)  # a customer who waits for a page goes first
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up among the answers
    while select.select([source], [], [], idle)[0]:
        try:
            request = _read(source)
        except EOFError:
            return
        answer, data = _answer(request)
        _write(answers, json.dumps(answer).encode())
        _write(answers, data)


if __name__ == "__main__":
    serve(float(sys.argv[1]), int(sys.argv[2]))
