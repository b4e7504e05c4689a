"""What rspamd thinks of a mail, asked over HTTP. One that is not there, or is slow, is no obstacle."""

import json
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

PATIENCE = 6.0  # seconds
LONGEST_ANSWER = 1024 * 1024


class NoAnswer(Exception):
    """It could not be asked, or what it said was no answer."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """Its action, such as "no action" or "reject", and the score."""

    action: str
    score: float


def ask(url: str, raw: Path, *, sender: str, recipient: str, ip: str) -> Opinion:
    """Sends it the mail in this file, as delivered by `ip`. Raises NoAnswer."""
    about = {"From": sender, "Rcpt": recipient, "IP": ip}
    headers = {name: value for name, value in about.items() if value and value.isascii() and value.isprintable()}
    with raw.open("rb") as mail:
        headers |= {"Content-Length": str(raw.stat().st_size), "Content-Type": "application/octet-stream"}
        request = urllib.request.Request(f"{url.strip().rstrip('/')}/checkv2", data=mail, headers=headers)  # noqa: S310
        try:
            with _direct.open(request, timeout=PATIENCE) as answer:
                said = json.loads(answer.read(LONGEST_ANSWER))
            return Opinion(str(said["action"]), float(said["score"]))
        except (URLError, OSError, ValueError, KeyError, TypeError) as problem:
            raise NoAnswer(str(problem)) from problem


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a neighbour: never by way of a proxy
