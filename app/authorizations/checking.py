"""What holds of a certificate that somebody brings, and what does not (the public page /verify)."""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import get_locale

from app.authorizations.evidence import EvidenceRecord
from app.authorizations.exhibit import is_consistent, read
from app.authorizations.seal import Seal
from app.authorizations.verification import holds
from app.lib import moments, sealing
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l

LARGEST = 10_000_000  # bytes
PROBLEMS: dict[str, Any] = {
    "unreadable": _l("This is no PDF that can be read: it is another kind of file, or it was damaged or changed."),
    "unsealed": _l("This PDF carries no seal."),
    "broken": _l("The seal in this PDF cannot be read: it was damaged or changed."),
}


class NoFile(Refused):
    says = _l("Choose a file.")
    field = "file"


class TooLargeFile(Refused):
    says = _l("The file is too large to be a certificate of ours.")
    field = "file"
    status = 413


class Finding(NamedTuple):
    """One thing that holds, does not hold, or is only said (None)."""

    holds: bool | None
    words: str
    detail: str = ""


class Checked(NamedTuple):
    """All findings, and what the certificate says where it can be believed."""

    findings: list[Finding]
    exhibit: dict[str, Any] | None

    @property
    def is_good(self) -> bool:
        return all(finding.holds is not False for finding in self.findings)

    @property
    def decision(self) -> str:
        """What was decided, in words."""
        agreement = self.exhibit["agreement"] if self.exhibit else {}
        if agreement.get("outcome") != "authorized":
            return _("Denied")
        is_whole = all(item["authorized"] for item in agreement["items"])
        return _("Authorized") if is_whole else _("Authorized in part")

    @property
    def local_time(self) -> str:
        """When, where the company is."""
        record = self.exhibit["record"] if self.exhibit else {}
        there, zone = datetime.fromisoformat(record["local_time"]), ZoneInfo(record["timezone"])
        return moments.long(there, zone, str(get_locale()))


def check(data: bytes) -> Checked:
    """Nothing is kept of the file. Raises NoFile, TooLargeFile, Busy, NotCheckable."""
    if not data:
        raise NoFile
    if len(data) > LARGEST:
        raise TooLargeFile
    told, evidence = sealing.check(data)
    if problem := told.get("problem"):
        return Checked([Finding(False, str(PROBLEMS[problem]))], None)
    seal = Seal.by_fingerprint(told["fingerprint"])
    exhibit = read(evidence)
    findings = [*_of_the_seal(told, seal), *_of_the_evidence(exhibit)]
    is_believed = told["is_intact"] and told["is_whole"] and seal is not None and exhibit and is_consistent(exhibit)
    return Checked(findings, exhibit if is_believed else None)


def _of_the_seal(told: dict[str, Any], seal: Seal | None) -> list[Finding]:
    sealed_at = _moment(told["sealed_at"])
    found = [
        Finding(True, _("It carries a seal."), _("Of %(name)s, %(moment)s", name=told["subject"], moment=sealed_at)),
        Finding(told["is_intact"], _("No byte under the seal was changed."))
        if told["is_intact"]
        else Finding(False, _("Something under the seal was changed.")),
        Finding(True, _("The seal covers the whole file: nothing was added afterwards."))
        if told["is_whole"] and told["seals"] == 1
        else Finding(False, _("Something was added to the file after it was sealed.")),
    ]
    if seal is None:
        found.append(Finding(False, _("It was not sealed by this installation."), told["fingerprint"]))
    else:
        whose = (
            _("With its own key") if seal.is_own else _("With the company's key, issued by %(name)s", name=seal.issuer)
        )
        found.append(Finding(True, _("It was sealed by this installation."), whose))
    in_force = told["was_in_force"]
    words = (
        _("The certificate of the seal was in force.")
        if in_force
        else _("The certificate of the seal was not in force.")
    )
    return [*found, Finding(in_force, words), _of_the_time(told)]


def _of_the_time(told: dict[str, Any]) -> Finding:
    if told["timestamp"]:
        detail = f"{told['timestamp_by']}, {_moment(told['timestamp'])}"
        return Finding(True, _("A timestamp authority confirmed the time."), detail)
    return Finding(None, _("The time is the one of the company's server: no timestamp authority was asked."))


def _of_the_evidence(exhibit: dict[str, Any] | None) -> list[Finding]:
    if exhibit is None:
        return [Finding(False, _("There is no evidence of ours in the file."))]
    if not is_consistent(exhibit):
        return [Finding(False, _("The evidence in the file does not match its own hashes."))]
    found = [
        Finding(True, _("Text, decision and signature match the hashes of the evidence."), exhibit["record_sha256"])
    ]
    record = EvidenceRecord.get_or_none(EvidenceRecord.sha256 == exhibit["record_sha256"])
    if record is None:
        return [*found, Finding(False, _("This installation's chain has no such record."))]
    found.append(Finding(True, _("It is record %(number)s of this installation's chain.", number=record.number)))
    if holds(record):
        return [*found, Finding(True, _("What the installation keeps still says the same."))]
    return [*found, Finding(False, _("What the installation keeps has been changed since."))]


def _moment(iso: str | None) -> str:
    return datetime.fromisoformat(iso).strftime("%Y-%m-%d %H:%M:%S UTC") if iso else "—"
