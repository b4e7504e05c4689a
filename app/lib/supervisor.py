"""Keeps the processes of one installation running, from one terminal, and ends them together.

It is started as a script by `flask serve`, with its plan as one JSON argument, and imports nothing of ours: so it
stays small, and nothing that breaks elsewhere can take it down.
"""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 4.6  # seconds from the wish to stop until what still runs is killed
STEADY = 60  # a process that lived this long starts its back-off anew
LONGEST_PAUSE = 30
START_LIMIT = 90
PR_SET_PDEATHSIG = 1


class Child:
    """One process that should be running."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = command
        self.pause = 1.0
        self.due = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then asks each child to finish its work.
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_end_with_parent)
        self.started = time.monotonic()

    def look_after(self) -> None:
        """Notices that the process ended, and starts it again when its pause is over."""
        if self.is_running:
            return
        if self.process is not None:
            if time.monotonic() - self.started > STEADY:
                self.pause = 1.0
            say(f"The {self.name} ended ({_reason(self.process.returncode)}); it starts again in {self.pause:.0f} s.")
            self.process, self.due = None, time.monotonic() + self.pause
            self.pause = min(LONGEST_PAUSE, self.pause * 2)
        elif time.monotonic() >= self.due:
            self.start()


class Supervisor:
    """Runs a plan: {"processes": {name: command}, "live": {host, port, path, as_host}, "greeting": [line]}."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.children = [Child(name, command) for name, command in plan["processes"].items()]
        self.stopping = False

    def run(self) -> int:
        for each in STOP_SIGNALS:
            signal.signal(each, self._stop)
        for child in self.children:
            child.start()
        failure = self._wait_until_live()
        while not self.stopping and not failure:
            for child in self.children:
                child.look_after()
            time.sleep(0.2)
        self._end()
        if failure:
            say(failure)
        return 1 if failure else 0

    def _stop(self, *_: Any) -> None:
        self.stopping = True

    def _wait_until_live(self) -> str:
        """Greets when the web server answers; else says why not. A child that fails at once will fail again."""
        end = time.monotonic() + START_LIMIT
        while not self.stopping:
            for child in self.children:
                if not child.is_running:
                    return f"Ventanilla did not start: the {child.name} ended; its last words stand above."
            if is_live(**self.plan["live"]):
                for line in self.plan["greeting"]:
                    say(line)
                return ""
            if time.monotonic() > end:
                return f"Ventanilla did not start: the web server gave no answer within {START_LIMIT} s."
            time.sleep(0.1)
        return ""

    def _end(self) -> None:
        """Asks all to finish, waits, and kills what has not."""
        end = time.monotonic() + PATIENCE
        running = [child.process for child in self.children if child.process and child.is_running]
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(max(0.05, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                _kill_group(process)


def is_live(host: str, port: int, path: str, as_host: str) -> bool:
    """Asks by hand, since http.client would bring all of TLS and e-mail with it."""
    request = f"GET {path} HTTP/1.1\r\nHost: {as_host}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((host, port), timeout=2) as connection:
            connection.sendall(request.encode())
            return connection.recv(64).split()[1:2] == [b"200"]
    except OSError:
        return False


def say(line: str) -> None:
    print(line, flush=True)


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # its own children too, which share its session
    process.wait()


def _reason(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"


def _end_with_parent() -> None:
    """Runs in the child: should the supervisor be killed outright, Linux tells the child to finish."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(Supervisor(json.loads(sys.argv[1])).run())
