"""The pages people wait for, each beside the bare page of as many bytes."""

import http.client
import re
from urllib.parse import urlencode

from tests.bench import load, seed
from tests.bench.figures import Figures
from tests.bench.site import Site, header, token

ROUNDS, REQUESTS = 5, 120  # of the page and of its floor by turns, so that a slow moment of the machine strikes both
LARGEST_LIST = 48 * 1024
FORM = {
    "name": "Ana Prueba",
    "email": "ana@prueba.example",
    "phone": "",
    "company": "",
    "subject": "Una cámara no enfría",
    "text": "Desde ayer no baja de nueve grados.",
    "nickname_of_pet": "",
}


def measure(site: Site, figures: Figures, is_large: bool) -> None:
    """`is_large`: so many tickets that a search is held against the bare page (at_scale.py), not against the list."""
    boss = site.sign_in("boss@bench.example", seed.PASSWORD)
    customer = site.sign_in("person0@firm0.example", seed.PASSWORD)
    theirs = _first(site, "/portal/tickets", customer)
    listing = _page(site, figures, "desk list", "/desk/tickets", boss, at_least=0.4)
    figures.add("desk list: size", listing.size, "bytes", at_most=LARGEST_LIST)
    short = _page(site, figures, "ticket page", f"/desk/tickets/{seed.SHORT}", boss, at_least=0.4)
    long = _page(site, figures, "ticket of 500 messages", f"/desk/tickets/{seed.LONG}", boss)
    ratio = long.cpu_ms / short.cpu_ms
    figures.add("500 messages beside 6", long.cpu_ms, "ms CPU", floor=short.cpu_ms, ratio=ratio, at_most=3)
    _page(site, figures, "portal ticket page", f"/portal/tickets/{theirs}", customer, at_least=0.5)
    found = _page(site, figures, "search, two words", "/desk/tickets?q=compresor+factura", boss)
    ratio, most = found.cpu_ms / listing.cpu_ms, None if is_large else 1.5
    figures.add("search beside the list", found.cpu_ms, "ms CPU", floor=listing.cpu_ms, ratio=ratio, at_most=most)
    _form(site, figures)


def _first(site: Site, path: str, cookies: dict[str, str]) -> int:
    status, _, page = site.ask("GET", path, cookies=cookies)
    found = re.search(rf'href="{path}/(\d+)[?"]', page)
    if status != 200 or not found:
        raise RuntimeError(f"{path} shows no ticket ({status})")
    return int(found[1])


def _page(
    site: Site,
    figures: Figures,
    name: str,
    path: str,
    cookies: dict[str, str],
    at_least: float | None = None,
    slowest: float | None = None,
) -> load.Run:
    """Held against the bare page: its requests a CPU second `at_least`, its p99 at most `slowest` times."""
    _, cookies, _ = site.ask("GET", path, cookies=cookies)  # as a browser that has been here
    ask = load.getting(path, header(cookies))
    size = load.run(site.port, ask, requests=60, pids=site.pids).size
    bare = load.getting(f"/floor/page?number=1&bytes={size}", header(cookies))
    load.run(site.port, bare, requests=60, pids=site.pids)
    rounds = [
        [load.run(site.port, each, requests=REQUESTS, pids=site.pids) for each in (ask, bare)] for _ in range(ROUNDS)
    ]
    shown, floor = (load.together(runs) for runs in zip(*rounds, strict=True))
    figures.add(f"{name}: requests", shown.rate, "1/s", floor=floor.rate)
    figures.add(f"{name}: p50", shown.p50, "ms", floor=floor.p50)
    tail = shown.p99 / floor.p99 if slowest else None
    figures.add(f"{name}: p99", shown.p99, "ms", floor=floor.p99, ratio=tail, at_most=slowest)
    ratio = floor.cpu_ms / shown.cpu_ms
    figures.add(f"{name}: CPU a request", shown.cpu_ms, "ms", floor=floor.cpu_ms, ratio=ratio, at_least=at_least)
    return shown


def _form(site: Site, figures: Figures) -> None:
    """The public form, sent by a browser that has its page, each time from another network."""
    _, cookies, page = site.ask("GET", "/support/new")
    fields = {**FORM, "category": "1", "csrf_token": token(page)}
    headers = {**header(cookies), "Content-Type": "application/x-www-form-urlencoded"}

    def send(connection: http.client.HTTPConnection, number: int) -> http.client.HTTPResponse:
        body = urlencode({**fields, "email": f"ana{number}@prueba.example"})
        address = {"X-Forwarded-For": f"{number % 100 + 11}.{number // 100 + 1}.0.7"}  # a network of their own
        connection.request("POST", "/support/new", body, headers | address)
        return connection.getresponse()

    sent = load.run(site.port, send, requests=160, pids=site.pids, expect=(303,))
    figures.add("form submit: requests", sent.rate, "1/s")
    figures.add("form submit: p50", sent.p50, "ms")
    figures.add("form submit: p99", sent.p99, "ms")
    figures.add("form submit: CPU a request", sent.cpu_ms, "ms")
