"""`flask serve` as a person starts it: a real process with its children, on free ports and a folder of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.wire.mailserver import free_port
from tests.wire.worker import ROOT

READY = "Ctrl-C stops everything."


class Serving:
    """One installation; started again, it goes on with the same folder and the same ports."""

    def __init__(self, folder: Path, *options: str, **environment: str) -> None:
        self.folder, self.options = folder, options
        self.log = folder.with_suffix(".log")
        self.port = free_port()
        self.environment = {
            **os.environ,
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "SMTP_LISTENER_PORT": str(free_port()),
            "DEFAULT_LANGUAGE": "en",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, seconds: float = 90) -> float:
        """Waits for the greeting, and returns how long it took."""
        command = ["setpriv", "--pdeathsig", "INT"]  # a test run that is killed leaves nothing behind
        command += [sys.executable, "-m", "flask", "--app", "wsgi", "serve", *self.options]
        began = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        while READY not in self.said():
            assert self.process.poll() is None, f"it ended: {self.said()}"
            assert time.monotonic() - began < seconds, f"no greeting within {seconds} s: {self.said()}"
            time.sleep(0.05)
        return time.monotonic() - began

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def interrupt(self) -> float:
        """Ctrl-C, which a terminal sends to this process alone; returns how long it took to end."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        return time.monotonic() - began

    def running(self) -> dict[int, list[str]]:
        """The processes that work on this folder, with their command lines."""
        mark, found = f"DATA_DIR={self.folder}".encode(), {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found[int(process.name)] = (process / "cmdline").read_bytes().decode().split("\0")
            except OSError:  # it ended meanwhile, or is not ours
                continue
        return {number: command for number, command in found.items() if any(command)}  # a zombie has none

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.interrupt()
