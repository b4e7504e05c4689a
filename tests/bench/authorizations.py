"""Deciding, and the sealed certificate of a decision: each in milliseconds beside its floor in the same run."""

import http.client
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from peewee import fn

from app import create_app
from app.accounts.agent import Agent
from app.accounts.visitor import Access
from app.authorizations.authorization import Authorization
from app.authorizations.certificate_page import html_of
from app.authorizations.exhibit import exhibit
from app.authorizations.signature import Strokes
from app.config import Config
from app.lib import db, migrations, pdf_child, sealing
from app.tickets.personal_link import PersonalLink
from app.tickets.ticket import Ticket
from tests.bench import documents, load, seed
from tests.bench.figures import Figures
from tests.bench.site import Site, token

DECISIONS, ROUNDS, WARM = 56, 30, 3  # no more links than one address may open in a minute
ITEMS = [("Compresor hermético", Decimal(962)), ("Mano de obra y gas", Decimal("286.50"))]
DRAWN = {"width": 350, "height": 168, "strokes": [[[20, 100], [80, 40], [140, 120], [220, 50], [300, 110]]] * 8}
WORDS = {"passphrase": "of the bench", "reason": "Firma", "by": "Bench", "evidence_note": "", "timestamp_url": ""}

Sheet = tuple[str, dict[str, str], dict[str, str]]  # where it is sent, cookies, the form


def measure(site: Site, figures: Figures) -> None:
    sheets = [_open(site, *each) for each in _ask(site.config)]
    decided = load.run(site.port, _deciding(sheets), requests=len(sheets), pids=site.pids, expect=(303,))
    load.run(site.port, _writing(), requests=20, pids=site.pids)
    floor = load.run(site.port, _writing(), requests=len(sheets), pids=site.pids)
    figures.add("decision: p50", decided.p50, "ms", floor=floor.p50)
    figures.add("decision: p99", decided.p99, "ms", floor=floor.p99)
    figures.add("decision: CPU a request", decided.cpu_ms, "ms", floor=floor.cpu_ms)


def measure_certificates(folder: Path, figures: Figures) -> None:
    """In a process of its own, as the worker makes them; the floor is the bare library on the same page."""
    command = [sys.executable, "-m", "tests.bench.authorizations", str(folder / "certificates")]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=dict(os.environ))
    for name, (ours, bare) in json.loads(answer.stdout.splitlines()[-1]).items():
        figures.add(f"{name}: p50", _at(ours, 0.5), "ms", floor=_at(bare, 0.5))
        figures.add(f"{name}: p99", _at(ours, 0.99), "ms", floor=_at(bare, 0.99))


def _at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


# --- decisions -------------------------------------------------------------------------------------------------------


def _ask(config: Config) -> list[tuple[str, int]]:
    """Requests with two items on tickets of the bench, by the verb: each mail's link, and its ticket's number."""
    with create_app(config).app_context(), db.connection():
        agent = Agent.select().where(Agent.role == "administrator").get().person
        # None of an earlier run on a kept installation, nor those whose pages are measured.
        fresh = ~fn.EXISTS(Authorization.select(Authorization.id).where(Authorization.ticket == Ticket.id))
        some = Ticket.select().where(Ticket.closed_at.is_null(), Ticket.email.is_null(False), fresh)
        some = some.where(Ticket.number > max(seed.LONG, seed.SHORT)).limit(DECISIONS)
        asked = [_asked(ticket, agent) for ticket in list(some)]
        found = [(f"/t/{_link(ticket).token}", ticket.number) for ticket in asked]
    db.database.close()
    return found


def _asked(ticket: Ticket, agent: Any) -> Ticket:
    ticket.request_authorization("Autorizo a cambiar el compresor.", by=agent, items=ITEMS)
    return ticket


def _link(ticket: Ticket) -> PersonalLink:
    return PersonalLink.select().where(PersonalLink.ticket == ticket).order_by(PersonalLink.id.desc()).get()


def _open(site: Site, link: str, number: int) -> Sheet:
    """A guest with the sheet before them."""
    address = f"/portal/tickets/{number}/authorizations/1"
    _, cookies, _ = site.ask("GET", link)
    _, cookies, page = site.ask("GET", f"{address}/sign", cookies=cookies)
    seen = re.search(r'name="seen" value="(\w+)"', page)
    if not seen:
        raise RuntimeError(f"{address} cannot be signed")
    form = {"csrf_token": token(page), "name": "Ana Prueba", "strokes": json.dumps(DRAWN), "seen": seen[1]}
    return f"{address}/decision", cookies, form


def _deciding(sheets: list[Sheet]) -> load.Ask:
    def send(connection: http.client.HTTPConnection, number: int) -> http.client.HTTPResponse:
        path, cookies, form = sheets[number]
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers["X-Forwarded-For"] = f"10.2.{number // 250}.{number % 250 + 1}"
        connection.request("POST", path, urlencode(form), headers)
        return connection.getresponse()

    return send


def _writing() -> load.Ask:
    """The bare application: a form of as many bytes, one row, safe on the disk."""
    body = urlencode({"strokes": json.dumps(DRAWN)})

    def send(connection: http.client.HTTPConnection, _: int) -> http.client.HTTPResponse:
        connection.request("POST", "/floor/row", body, {"Content-Type": "application/x-www-form-urlencoded"})
        return connection.getresponse()

    return send


# --- certificates ----------------------------------------------------------------------------------------------------


def _certificates(folder: Path) -> dict[str, tuple[list[float], list[float]]]:
    """Times in milliseconds: ours and the library's alone, for the page and for the seal, by turns."""
    folder.mkdir(parents=True, exist_ok=True)
    with create_app(Config(data_dir=folder, log_level="error")).app_context(), db.connection():
        migrations.apply()
        decision = _decided()
        page, title, _ = html_of(decision)
        evidence = exhibit(decision)
    _, key = sealing.make_key(name="Bench", passphrase=WORDS["passphrase"])
    pdf = pdf_child.render_in_child(page, title=title, language="es")
    drawn = _by_turns(
        lambda: pdf_child.render_in_child(page, title=title, language="es"), lambda: documents._alone(page)
    )
    sealed = _by_turns(lambda: sealing.seal(pdf, key=key, evidence=evidence, **WORDS), lambda: _sealed_alone(pdf, key))
    both = _by_turns(
        lambda: sealing.seal(
            pdf_child.render_in_child(page, title=title, language="es"), key=key, evidence=evidence, **WORDS
        ),
        lambda: (documents._alone(page), _sealed_alone(pdf, key)),
    )
    return {"certificate: PDF": drawn, "certificate: seal": sealed, "certificate: PDF and seal": both}


def _decided() -> Any:
    seed.furnish()
    agent = Agent.enlist("Agent", "agent@bench.example", role="agent")
    customer = seed.Contact.register("Ana Prueba", "ana@prueba.example")
    ticket = Ticket.open(by=customer, requester=customer, subject="Cámara", text="No enfría.", channel="form")
    asked = ticket.request_authorization("Autorizo a cambiar el compresor.", by=agent, items=ITEMS)
    drawn = Strokes.parse(json.dumps(DRAWN))
    return asked.authorize(by=customer, name="Ana Prueba", signature=drawn, access=Access(), language="es")


def _by_turns(ours: Callable[[], object], bare: Callable[[], object]) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + WARM):
        for act, kept in zip((ours, bare), times, strict=True):
            began = time.perf_counter()
            act()
            if number >= WARM:
                kept.append((time.perf_counter() - began) * 1000)
    return times


def _sealed_alone(pdf: bytes, key: bytes) -> None:
    """pyHanko on the same PDF with the same key, and nothing of ours."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    signer = signers.SimpleSigner.load_pkcs12_data(key, [], passphrase=WORDS["passphrase"].encode())
    how = signers.PdfSignatureMetadata(
        field_name="Seal", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    out = io.BytesIO()
    signers.PdfSigner(how, signer=signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)


if __name__ == "__main__":
    print(json.dumps(_certificates(Path(sys.argv[1]))))
    pdf_child.stop()
    sealing.stop()
