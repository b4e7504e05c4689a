"""Questions to the name system, with little patience: what nobody answers is not asked again for a while."""

import ipaddress
import time
from functools import lru_cache
from typing import Any

PATIENCE = 2.0  # seconds for one question
REST = 60.0  # seconds in which a server that did not answer is not asked
KEPT = 2_000  # answers


class Resolver:
    """Asks the given name server ("address", "address:port"; empty: the system's)."""

    def __init__(self, server: str = "") -> None:
        self._server = server
        self._resolver: Any = None
        self._rests_until = 0.0

    def texts(self, name: str) -> list[bytes]:
        """The TXT records of a name, each in one piece; none where there are none, or nobody answers."""
        return [b"".join(record.strings) for record in self._ask(name, "TXT")]

    def addresses(self, name: str) -> list[str]:
        """The IPv4 addresses of a name."""
        return [record.address for record in self._ask(name, "A")]

    def _ask(self, name: str, kind: str) -> list[Any]:
        from dns.exception import DNSException, Timeout
        from dns.resolver import NoNameservers

        if time.monotonic() < self._rests_until:
            return []
        try:
            self._resolver = self._resolver or self._made()
            return list(self._resolver.resolve(name, kind, search=False))
        except (Timeout, NoNameservers):
            self._rests_until = time.monotonic() + REST
        except (DNSException, ValueError, OSError):  # no such name, no name at all, no server to ask
            pass
        return []

    def _made(self) -> Any:
        from dns.resolver import LRUCache
        from dns.resolver import Resolver as Asking

        made = Asking(configure=not self._server)
        if self._server:
            address, port = _parted(self._server)
            made.nameservers, made.port = [address], port
        made.lifetime = made.timeout = PATIENCE
        made.cache = LRUCache(KEPT)
        return made


@lru_cache(maxsize=4)
def resolver(server: str) -> Resolver:
    """The one of this process for this server, with what it remembers."""
    return Resolver(server)


def _parted(server: str) -> tuple[str, int]:
    """ "10.0.0.1", "10.0.0.1:5353", "[::1]:5353", "::1" """
    address, _, port = server.rpartition(":")
    if address and port.isdigit() and (":" not in address or address.startswith("[")):
        return address.strip("[]"), int(port)
    return server.strip("[]"), 53


def reversed_name(address: str) -> str:
    """The labels of an address as lists of addresses are asked for it ("1.2.3.4" is 4.3.2.1); empty if it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if not found.is_global:
        return ""
    return found.reverse_pointer.rpartition(".in-addr.arpa" if found.version == 4 else ".ip6.arpa")[0]
