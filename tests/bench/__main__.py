"""Runs every measurement; ends with exit status 1 if a target was missed."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench import at_scale, authorizations, documents, ingest, large, memory, pages, seed, sending
from tests.bench.figures import Figures
from tests.bench.site import Site

KEPT = os.environ.get("BENCH_DIR", "")  # where the installation stays for the next run, while the schema is the same
TICKETS = int(os.environ.get("BENCH_TICKETS", "10000"))


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-bench-"))
    figures = Figures()
    try:
        site = Site((Path(KEPT) if KEPT else folder) / f"site-{TICKETS}")
        seed.make(site.folder, TICKETS)
        site.start()
        try:
            pages.measure(site, figures)
            at_scale.measure(site, figures)
            authorizations.measure(site, figures)
            memory.measure_web(site, figures)
        finally:
            site.stop()
        at_scale.measure_inside(site.folder, figures)
        ingest.measure(folder, figures)
        large.measure(folder, figures)
        sending.measure(folder, figures)
        documents.measure(folder, figures)
        authorizations.measure_certificates(folder, figures)
        memory.measure_everything(folder, figures)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if figures.missed:
        print("Missed:", ", ".join(figures.missed), file=sys.stderr)
    return 1 if figures.missed else 0


sys.exit(main())
