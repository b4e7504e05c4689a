"""What must not grow with the number of tickets: pages of a list, counters, searches, many changed, an idle poll."""

import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from app import create_app
from app.accounts.person import Person
from app.accounts.teams import Teams
from app.config import Config
from app.lib import db
from app.lib.tally import Tally
from app.tickets import batch as batches
from app.tickets.batch import Batch, Quiet
from app.tickets.listing import Listing
from app.tickets.saved_view import SavedView, SavedViews
from app.tickets.sidebar import want_views
from app.tickets.views import VIEWS
from tests.bench import load, pages, seed
from tests.bench.figures import Figures
from tests.bench.site import Site, header

FAR = 500  # pages from the first
CHANGED = 1000  # tickets of one batch
SAVED = ("view=all&category=1&priority=2", "view=all&has=news", "view=all&type=1&tag=factura", "view=mine&due=overdue")
SEARCHES = {"two words": "compresor+factura", "a rare word": seed.RARE, "a frequent word": "compresor"}


def measure(site: Site, figures: Figures) -> None:
    """Through the server, each page beside its floor or its like."""
    boss = site.sign_in("boss@bench.example", seed.PASSWORD)
    first = pages._page(site, figures, "all tickets, first page", "/desk/tickets?view=any", boss)
    address, place = _far(site, boss)
    far = pages._page(site, figures, f"all tickets, page {place}", address, boss)
    ratio = far.cpu_ms / first.cpu_ms
    figures.add("a far page beside the first", far.cpu_ms, "ms CPU", floor=first.cpu_ms, ratio=ratio, at_most=1.3)
    for name, words in SEARCHES.items():
        pages._page(site, figures, f"search, {name}", f"/desk/tickets?q={words}", boss, at_least=0.25, slowest=3)
    pages._page(site, figures, "dashboard", "/desk/panels", boss)
    _poll(site, figures, boss)


def compare(site: Site, small: Site, figures: Figures) -> None:
    """The list of a large installation beside that of a small one, by turns."""
    for name, path in (("desk list", "/desk/tickets"), ("all tickets, first page", "/desk/tickets?view=any")):
        asks = []
        for each in (site, small):
            cookies = each.sign_in("boss@bench.example", seed.PASSWORD)
            _, cookies, _ = each.ask("GET", path, cookies=cookies)
            asks.append((each, load.getting(path, header(cookies))))
        rounds = [
            [load.run(each.port, ask, requests=pages.REQUESTS, pids=each.pids) for each, ask in asks]
            for _ in range(pages.ROUNDS)
        ]
        large, little = (load.together(runs[1:]) for runs in zip(*rounds, strict=True))  # the first is to warm up
        ratio = large.cpu_ms / little.cpu_ms
        words = f"{name}, beside that of few tickets"
        figures.add(words, large.cpu_ms, "ms CPU", floor=little.cpu_ms, ratio=ratio, at_most=1.3)


def _far(site: Site, cookies: dict[str, str]) -> tuple[str, int]:
    """The address of a page far away, found as people find it: by "next"."""
    address, place = "/desk/tickets?view=any", 1
    while place < FAR:
        _, _, text = site.ask("GET", address, cookies=cookies)
        found = re.search(r'rel="next" href="([^"]+)"', text)
        if not found:
            break
        address, place = found[1].replace("&amp;", "&"), place + 1
    return address, place


def _poll(site: Site, figures: Figures, cookies: dict[str, str]) -> None:
    _, cookies, text = site.ask("GET", "/desk/tickets?view=all", cookies=cookies)
    found = re.search(r'hx-get="(/desk/tickets/news[^"]+)"', text)
    if not found:
        raise RuntimeError("the list asks for no news")
    headers = {**header(cookies), "HX-Request": "true"}
    ask = load.getting(found[1].replace("&amp;", "&"), headers)
    empty = load.getting("/desk/bench-empty", headers)
    rounds: list[list[load.Run]] = []
    for _ in range(pages.ROUNDS):
        each = [load.run(site.port, one, requests=400, pids=site.pids, expect=(204,)) for one in (ask, empty)]
        rounds.append(each)
    polled, floor = (load.together(runs) for runs in zip(*rounds, strict=True))
    figures.add("idle poll: requests a worker serves", polled.rate, "1/s", floor=floor.rate)
    ratio = polled.cpu_ms / floor.cpu_ms
    figures.add("idle poll: CPU a request", polled.cpu_ms, "ms", floor=floor.cpu_ms, ratio=ratio, at_most=1.5)


def measure_inside(config: Config, figures: Figures) -> None:
    """Without a server: the counters' statement, and a change of a thousand as the worker makes it."""
    app = create_app(config)
    with app.app_context(), db.connection():
        boss = Person.get(Person.email == "boss@bench.example")
        _counters(boss, figures)
        _change(boss, figures)
    db.database.close()


def _counters(boss: Person, figures: Figures) -> None:
    views = [SavedView.keep(by=boss, name=query, query=query, shared=False) for query in SAVED]
    times = []
    for _ in range(30):
        figure, saved = Tally(), SavedViews(boss).all
        want_views(figure, me=boss, teams=Teams(boss), zone=ZoneInfo("Europe/Madrid"), saved=saved)
        began = time.perf_counter()
        figure["view-all"]
        times.append((time.perf_counter() - began) * 1000)
    for view in views:  # an installation that is kept shows the next run the same pages
        view.delete_instance()
    figures.add("all counters, one statement", statistics.median(times), "ms", at_most=4)


def _change(boss: Person, figures: Figures) -> None:
    listing = Listing(boss, Teams(boss), ZoneInfo("Europe/Madrid"), VIEWS["any"])
    ids, held = listing.everything(CHANGED), _Held()
    batch = Batch.ask("priority", ids, by=boss, to=1 + time.time_ns() % 4)
    real, batches.transaction = batches.transaction, held  # type: ignore[assignment]
    try:
        began = time.perf_counter()
        batch.run(quiet={"ticket.edited": Quiet((), is_all=True)})
        wall = time.perf_counter() - began
    finally:
        batches.transaction = real
    if (done := Batch.get_by_id(batch.id).done) != len(ids):
        raise RuntimeError(f"{done} of {len(ids)} tickets were changed")
    figures.add(f"change of {len(ids)} tickets", wall, "s", at_most=2)
    figures.add("its longest transaction", max(held.times) * 1000, "ms", at_most=200)


class _Held:
    """Transactions, and savepoints inside them, that remember how long each was open."""

    def __init__(self) -> None:
        self.times: list[float] = []

    @contextmanager
    def __call__(self) -> Iterator[None]:
        began = time.perf_counter()
        with db.transaction():
            yield
        self.times.append(time.perf_counter() - began)
