"""How much memory the processes take."""

import http.client
import subprocess
import sys
import time
from pathlib import Path

from tests.bench import load, machine, seed
from tests.bench.figures import Figures
from tests.bench.site import ROOT, Site, header
from tests.house.access import ROWS

WARM, MORE = 1_000, 10_000
# All pages of the house that need no number, and some tickets.
PAGES = {row.path for row in ROWS if row.method == "GET" and "{" not in row.path and "ada" in row.allowed}
# The queue's worker is not here; a provider of mail opens the way back; one sheet is named by its content.
APART = {"/health/ready", "/desk/settings/mailboxes/access", "/static/all/of-the-tests.css"}
PATHS = [*sorted(PAGES - APART), "/desk/tickets/1", "/desk/tickets/2",
         "/desk/tickets?q=compresor"]  # fmt: skip


def measure_web(site: Site, figures: Figures) -> None:
    """A warm web process, and what ten thousand more requests add."""
    boss = header(site.sign_in("boss@bench.example", seed.PASSWORD))
    _visit(site, boss, WARM)
    warm = machine.memory(site.pids[1:])
    figures.add("web process, warm", warm, "MiB", at_most=80)
    _visit(site, boss, MORE)
    figures.add("web process, 10,000 requests later", machine.memory(site.pids[1:]) - warm, "MiB", at_most=2)


def _visit(site: Site, headers: dict[str, str], requests: int) -> None:
    def ask(connection: http.client.HTTPConnection, number: int) -> http.client.HTTPResponse:
        turn, place = divmod(number, len(PATHS))
        visitor = {"X-Forwarded-For": f"{turn % 200 + 11}.7.0.7"}  # a few pages may be asked only so often by one
        connection.request("GET", PATHS[place], headers=headers | visitor)
        return connection.getresponse()

    load.run(site.port, ask, requests=requests, pids=site.pids, expect=(200, 301, 302, 303))


def measure_everything(folder: Path, figures: Figures) -> None:
    """All that `make run` starts, 30 s after the last PDF."""
    site = Site(folder / "whole")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--sample"]
    process = subprocess.Popen(command, env=site.environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    site.process = process  # type: ignore[assignment]
    try:
        end = time.monotonic() + 90
        while not site.answers():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("make run did not start")
            time.sleep(0.5)
        time.sleep(35)
        figures.add("everything that make run starts", machine.memory(site.pids), "MiB", at_most=240)
    finally:
        process.terminate()
        process.wait(15)
