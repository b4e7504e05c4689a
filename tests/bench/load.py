"""A bounded load: so many requests by eight keep-alive connections, with what each took."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.bench import machine

CONCURRENCY = 8


@dataclass
class Run:
    """What a load showed: requests a second, milliseconds, and the server's CPU for each request."""

    rate: float
    took: list[float]  # ms, each request
    cpu_ms: float
    size: int

    @property
    def p50(self) -> float:
        return statistics.median(self.took)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.took, n=100)[98]


def together(runs: Sequence[Run]) -> Run:
    """What several runs of as many requests showed."""
    return Run(
        rate=statistics.harmonic_mean([run.rate for run in runs]),
        took=[each for run in runs for each in run.took],
        cpu_ms=statistics.mean([run.cpu_ms for run in runs]),
        size=runs[-1].size,
    )


Ask = Callable[[http.client.HTTPConnection, int], http.client.HTTPResponse]


def getting(path: str, headers: dict[str, str]) -> Ask:
    def ask(connection: http.client.HTTPConnection, _: int) -> http.client.HTTPResponse:
        connection.request("GET", path, headers=headers)
        return connection.getresponse()

    return ask


def run(port: int, ask: Ask, *, requests: int, pids: list[int], expect: tuple[int, ...] = (200,)) -> Run:
    """Asks `requests` times and raises RuntimeError on any other status than expected."""
    took: list[float] = []
    sizes: list[int] = []
    wrong: list[str] = []
    numbers = iter(range(requests))
    lock = threading.Lock()

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while not wrong:
            with lock:
                number = next(numbers, None)
            if number is None:
                break
            start = time.perf_counter()
            answer = ask(connection, number)
            body = answer.read()
            took.append((time.perf_counter() - start) * 1000)
            sizes.append(len(body))
            if answer.status not in expect:
                wrong.append(f"{answer.status} {body[:200]!r}")
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(CONCURRENCY)]
    before, began = machine.cpu(pids), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, used = time.perf_counter() - began, machine.cpu(pids) - before
    if wrong:
        raise RuntimeError(f"the server answered {wrong[0]}")
    return Run(requests / wall, took, used * 1000 / requests, int(statistics.mean(sizes)))
