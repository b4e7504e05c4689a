"""Runs every measurement; ends with exit status 1 if a target was missed."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import at_scale, authorizations, documents, ingest, large, memory, pages, seed, sending
from tests.bench.figures import Figures
from tests.bench.site import Site
from tests.fixtures.postgres import Server

KEPT = os.environ.get("BENCH_DIR", "")  # where the installation stays for the next run, while the schema is the same
TICKETS = int(os.environ.get("BENCH_TICKETS", "10000"))
FEW = 10_000  # what a larger installation is held against
ON_POSTGRES = os.environ.get("BENCH_DATABASE", "") == "postgres"


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-bench-"))
    figures = Figures()
    server = Server() if ON_POSTGRES else None
    try:
        site = _site(folder, TICKETS, server.start() if server else "")
        _through_the_web(site, folder, figures)
        at_scale.measure_inside(site.config, figures)
        if not server:
            _the_rest(folder, figures)
    finally:
        if server:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if figures.missed:
        print("Missed:", ", ".join(figures.missed), file=sys.stderr)
    return 1 if figures.missed else 0


def _site(folder: Path, tickets: int, database_url: str = "") -> Site:
    kept = Path(KEPT) if KEPT and not database_url else folder  # a throwaway database goes with its files
    site = Site(kept / f"site-{tickets}", database_url)
    seed.make(site.config, tickets)
    return site


def _through_the_web(site: Site, folder: Path, figures: Figures) -> None:
    with _running(site):
        pages.measure(site, figures, is_large=TICKETS > FEW)
        at_scale.measure(site, figures)
        authorizations.measure(site, figures)
    if site.database_url:
        return
    with _running(site):  # a new process: what it holds comes from the pages that are asked of it here, and no load
        memory.measure_web(site, figures)
    if TICKETS > FEW:
        small = _site(folder, FEW)
        with _running(site), _running(small):
            at_scale.compare(site, small, figures)


@contextmanager
def _running(site: Site) -> Iterator[None]:
    site.start()
    try:
        yield
    finally:
        site.stop()


def _the_rest(folder: Path, figures: Figures) -> None:
    """What does not grow with the tickets: mail in and out, paper, memory."""
    ingest.measure(folder, figures)
    large.measure(folder, figures)
    sending.measure(folder, figures)
    documents.measure(folder, figures)
    authorizations.measure_certificates(folder, figures)
    memory.measure_everything(folder, figures)


sys.exit(main())
