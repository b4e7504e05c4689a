"""What our own mail server found out about a sender: its Authentication-Results (RFC 8601), never anyone else's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.mail.parsed import ParsedMail

PROVED, CLAIMED, FAILED = "proved", "claimed", "failed"

_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_RESULT = re.compile(r"\s*([\w-]{1,40})(?:/\d+)?\s*=\s*([\w-]{1,40})(.*)$", re.DOTALL)
_PROPERTY = re.compile(r"([\w-]{1,40}\.[\w-]{1,40})\s*=\s*(\"[^\"]*\"|[^\s;]+)")


@dataclass(frozen=True, slots=True)
class Proof:
    """The results by method ("" if not said), and what they mean for the From address."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    verdict: str = CLAIMED


def check(mail: ParsedMail, authserv_id: str, signers: Iterable[str] = ()) -> Proof:
    """The results that the trusted server wrote at the top; where there are none, a signature of ours to check.

    `signers`: the domains whose DKIM signature we found to hold. Without either a sender is only claimed.
    """
    results = results_of(mail, authserv_id)
    domain = mail.from_address.rpartition("@")[2].lower()
    if results is not None:
        return _weigh(results, domain)
    if any(_is_aligned(signer, domain) for signer in signers):
        return Proof(dkim="pass", verdict=PROVED)
    return Proof()


def results_of(mail: ParsedMail, authserv_id: str) -> list[tuple[str, str, dict[str, str]]] | None:
    """What the trusted server found out; None where it said nothing, or nobody is trusted."""
    topmost = mail.header("authentication-results")
    return _parse(topmost[:8000], authserv_id) if authserv_id and topmost else None


def _parse(value: str, authserv_id: str) -> list[tuple[str, str, dict[str, str]]] | None:
    """(method, result, properties) of each; None if another server wrote this."""
    for _ in range(5):  # comments may stand within comments
        value, dropped = _COMMENT.subn(" ", value)
        if not dropped:
            break
    head, _, rest = value.partition(";")
    if head.split()[:1] == [] or head.split()[0].strip('"').lower() != authserv_id.strip().lower():
        return None
    results = []
    for piece in _pieces(rest)[:50]:
        found = _RESULT.match(piece)
        if found:
            properties = {name.lower(): text.strip('"').lower() for name, text in _PROPERTY.findall(found[3])}
            results.append((found[1].lower(), found[2].lower(), properties))
    return results


def _pieces(rest: str) -> list[str]:
    """Parted at semicolons outside quotes."""
    pieces, quoted = [""], False
    for char in rest:
        quoted = quoted != (char == '"')
        if char == ";" and not quoted:
            pieces.append("")
        else:
            pieces[-1] += char
    return pieces


def _weigh(results: list[tuple[str, str, dict[str, str]]], domain: str) -> Proof:
    said = {"spf": "", "dkim": "", "dmarc": ""}
    aligned = False
    for method, result, properties in results:
        if method not in said:
            continue
        if not said[method] or result == "pass":
            said[method] = result
        if method == "dkim" and result == "pass":
            aligned |= _is_aligned(properties.get("header.d") or properties.get("header.i", ""), domain)
        elif method == "spf" and result == "pass":
            aligned |= _is_aligned(properties.get("smtp.mailfrom") or properties.get("smtp.helo", ""), domain)
        elif method == "dmarc" and properties.get("header.from", domain) != domain:
            said["dmarc"] = "" if result == "pass" else result
    return Proof(**said, verdict=_verdict(said, aligned))


def _verdict(said: dict[str, str], aligned: bool) -> str:
    if said["dmarc"] == "fail":
        return FAILED
    if said["dmarc"] == "pass" or aligned:
        return PROVED
    if said["spf"] == "fail" or said["dkim"] == "fail":
        return FAILED
    return CLAIMED


def _is_aligned(identity: str, domain: str) -> bool:
    """Relaxed alignment without a list of public suffixes: the same domain, or one below the other."""
    signer = identity.rpartition("@")[2].strip(".")
    if not signer or not domain or "." not in signer:
        return False
    return signer == domain or domain.endswith("." + signer) or signer.endswith("." + domain)
