"""Limits on how often an address may try: flask-limiter, in memory or in Redis; and answers that take their time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, IPv6Network, ip_address, ip_network

from flask import Flask, Response, request
from flask_limiter import Limiter
from limits import parse

from app.config import Config
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

NEIGHBOURS = 64  # bits: whoever has one IPv6 address has all of its network
NETWORKS = {4: 24, 6: 48}  # bits: what one customer of a provider gets, or one provider of servers hands out


class TooOften(Refused):
    """For forms that show themselves again, with what was typed."""

    says = _l("That was sent too often from here. What you typed is still there: wait a few minutes and press again.")
    status = 429


def visitor() -> str:
    """Who is counted: the address, or the network of an IPv6 one."""
    given = request.remote_addr or "127.0.0.1"
    try:
        address = ip_address(given)
    except ValueError:
        return given
    if not isinstance(address, IPv6Address):
        return given
    inside = address.ipv4_mapped
    return str(inside) if inside else str(IPv6Network((address, NEIGHBOURS), strict=False))


def network() -> str:
    """The network of the address: a robot with many addresses has them side by side."""
    given = request.remote_addr or "127.0.0.1"
    try:
        address = ip_address(given)
    except ValueError:
        return given
    address = getattr(address, "ipv4_mapped", None) or address
    return str(ip_network((address, NETWORKS[address.version]), strict=False))


limiter = Limiter(key_func=visitor, headers_enabled=False)


def init_app(app: Flask, config: Config) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = config.rate_limit_storage
    limiter.init_app(app)


def insist(what: str, who: str, *limits: str) -> None:
    """Counts one try of `who`. Raises TooOften, for a form to be shown again, where a decorator's 429 would lose it."""
    for each in limits:
        if not limiter.limiter.hit(parse(each), what, who):
            raise TooOften


def was_refused(response: Response) -> bool:
    """For limits that count only what went wrong."""
    return response.status_code >= 400


@contextmanager
def at_least(seconds: float) -> Iterator[None]:
    """Takes this long whatever happens inside, so that the time of an answer tells nothing."""
    ends = time.monotonic() + seconds
    try:
        yield
    finally:
        time.sleep(max(0.0, ends - time.monotonic()))
