"""Runs every measurement; ends with exit status 1 if a target was missed."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench import documents, ingest, memory, pages, seed
from tests.bench.figures import Figures
from tests.bench.site import Site

TICKETS = int(os.environ.get("BENCH_TICKETS", "10000"))


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-bench-"))
    figures = Figures()
    try:
        site = Site(folder / "site")
        seed.make(site.folder, TICKETS)
        site.start()
        try:
            pages.measure(site, figures)
            memory.measure_web(site, figures)
        finally:
            site.stop()
        ingest.measure(folder, figures)
        documents.measure(folder, figures)
        memory.measure_everything(folder, figures)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if figures.missed:
        print("Missed:", ", ".join(figures.missed), file=sys.stderr)
    return 1 if figures.missed else 0


sys.exit(main())
