"""A two-page ticket as a PDF, as the worker makes it, beside xhtml2pdf on the same HTML alone."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

from app.lib import pdf, pdf_child
from tests.bench import machine
from tests.bench.figures import Figures
from tests.tickets.sample_document import html_of, sample_document

ROUNDS = 8


def measure(folder: Path, figures: Figures) -> None:
    floor, ours = (_child(how) for how in ("floor", "ours"))
    figures.add("ticket PDF, two pages", ours, "ms CPU", floor=floor, ratio=ours / floor, at_most=1.5)


def _child(how: str) -> float:
    command = [sys.executable, "-m", "tests.bench.documents", how]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=dict(os.environ))
    return float(json.loads(answer.stdout.splitlines()[-1]))


def _alone(html: str) -> None:
    """xhtml2pdf with the same fonts and nothing else of ours."""
    from xhtml2pdf import pisa
    from xhtml2pdf.default import DEFAULT_CSS

    pdf._register(pdf.LATIN_FACES)
    page = f"<html><head><title>2417</title></head><body>{html}</body></html>"
    css = DEFAULT_CSS + pdf._stylesheet(pdf.LATIN_FACES)
    pisa.CreatePDF(page, dest=io.BytesIO(), encoding="utf-8", default_css=css)


def _as_the_worker(html: str) -> None:
    pdf_child.render_in_child(html, title="2417", language="es")


if __name__ == "__main__":
    said = sample_document()["messages"]
    page = html_of(sample_document(messages=said * 6))
    draw = {"floor": _alone, "ours": _as_the_worker}[sys.argv[1]]
    draw(page)  # the libraries are loaded, the fonts registered
    pids = machine.family(os.getpid())
    used = machine.cpu(pids)
    for _ in range(ROUNDS):
        draw(page)
    print(json.dumps((machine.cpu(pids) - used) * 1000 / ROUNDS))
    pdf_child.stop()
