"""The production server under measurement, and a browser's cookies for it."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from app.cli import MALLOC
from app.config import Config
from tests.bench import machine

ROOT = Path(__file__).resolve().parents[2]
THREADS = "16"
# The tests' environment holds drivers that an installation on SQLite has not; LEAN hides them.
LEAN = Path(__file__).parent / "lean"
PATH = os.pathsep.join((str(LEAN), str(ROOT)))


class Site:
    """gunicorn as `flask serve` starts it, on a free port, over a database that the bench made.

    With `database_url` that one, else SQLite in the folder.
    """

    def __init__(self, folder: Path, database_url: str = "") -> None:
        self.folder, self.database_url = folder, database_url
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        ours = {"DATA_DIR": str(self.folder), "PORT": str(self.port), "LOG_LEVEL": "error"}
        ours["DATABASE_URL"] = self.database_url
        path = str(ROOT) if self.database_url else PATH
        ours["TRUSTED_PROXIES"] = "1"  # so that a form can come from many visitors, each within the limits
        return {**os.environ, **ours, "QUEUE_URL": "", "BASE_URL": "", "PYTHONPATH": path, **MALLOC}

    @property
    def config(self) -> Config:
        """For what the bench does in this database without a server."""
        return Config(data_dir=self.folder, log_level="error", database_url=self.database_url)

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "tests.bench.served:app", "--worker-class", "gthread"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", THREADS, "--keep-alive", "30"]
        command += ["--no-control-socket", "--log-level", "error"]
        self.process = subprocess.Popen(command, env=self.environment, cwd=ROOT)
        end = time.monotonic() + 60
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the web server did not start")
            time.sleep(0.2)

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/health/live")[0] == 200
        except OSError:
            return False

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(20)

    @property
    def pids(self) -> list[int]:
        return machine.family(self.process.pid) if self.process else []

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, cookies: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        """(status, cookies after it, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(form) if form is not None else None, headers)
        answer = connection.getresponse()
        jar = dict(cookies or {})
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                jar[key] = rest.split(";")[0]
        body = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer.status, jar, body

    def sign_in(self, email: str, password: str) -> dict[str, str]:
        """The cookies of somebody signed in."""
        _, cookies, page = self.ask("GET", "/sign-in")
        form = {"csrf_token": token(page), "email": email, "password": password, "next": ""}
        status, cookies, page = self.ask("POST", "/sign-in", form, cookies)
        if status != 303:
            raise RuntimeError(f"signing in as {email} gave {status}")
        return cookies


def token(page: str) -> str:
    """The CSRF token of a page's first form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if not found:
        raise RuntimeError("the page has no form with a token")
    return found[1]


def header(cookies: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()), "Accept-Language": "es"}
