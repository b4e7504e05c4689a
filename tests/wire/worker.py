"""A real `huey_consumer` process over an installation's own folder and database."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """Started with the settings of a test's Config; `kill` is SIGKILL, `stop` the graceful end."""

    def __init__(self, config: Any, **environment: str) -> None:
        self.environment = {
            **os.environ,
            "DATA_DIR": str(config.data_dir),
            "DATABASE_URL": config.database_url,
            "QUEUE_URL": config.queue_url,
            "SECRET_KEY": config.secret_key,
            "BASE_URL": config.base_url,
            "PORT": str(config.port),
            "DEFAULT_LANGUAGE": config.language,
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        self.log = Path(config.data_dir) / "worker.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Worker":
        command = ["setpriv", "--pdeathsig", "TERM"]  # a test run that is killed leaves nothing behind
        command += [
            sys.executable,
            "-m",
            "huey.bin.huey_consumer",
            "tasks.huey",
            "-w",
            "2",
            "-k",
            "thread",
            "-g",
            "TERM",
        ]
        command += ["--shutdown-timeout", "4", "-d", "0.05", "-m", "0.2", "-f"]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        self._wait_until_ready()
        return self

    def _wait_until_ready(self, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while "Huey consumer started" not in self.said():
            assert self.process is not None
            assert self.process.poll() is None, f"the worker ended: {self.said()}"
            assert time.monotonic() < end, f"the worker did not start: {self.said()}"
            time.sleep(0.05)

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(10)
        self.process = None
        self.log.write_bytes(b"")  # so that the next start is not taken for this one's
