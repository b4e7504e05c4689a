"""Sealing a PDF (PAdES), checking a sealed one, and the keys for it; run as a child process by app/lib/sealing.py.

The libraries cost a hundred megabytes and read strangers' files, so that no other module imports this one.
"""

import io
import json
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import parser  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from app.lib.child import serve

FIELD = "Seal"
YEARS = 15
BITS = 3072
SMALLEST_RSA = 2048
EVIDENCE = "evidence.json"
LARGEST_EVIDENCE = 4_000_000


# --- keys ------------------------------------------------------------------------------------------------------------


def make_key(question: dict[str, Any], _parts: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
    """A key and a certificate that it signs itself, as PKCS#12: what an installation seals with from the start."""
    key = rsa.generate_private_key(65537, BITS)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, question["name"][:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Ventanilla"),
        ]
    )
    began = datetime.now(UTC) - timedelta(minutes=5)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(began).not_valid_after(began + timedelta(days=365 * YEARS))
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    certificate = builder.add_extension(_usage(), critical=True).sign(key, hashes.SHA256())
    encryption = BestAvailableEncryption(question["passphrase"].encode())
    kept = pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, encryption)
    return _told(certificate), kept


def read_key(question: dict[str, Any], parts: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
    """A company's own PKCS#12: what it is, why it will not do (`problem`), and the same under our passphrase."""
    try:
        bundle = pkcs12.load_pkcs12(parts[0], question["password"].encode())
    except (ValueError, TypeError):
        return {"problem": "unreadable"}, b""
    if bundle.key is None or bundle.cert is None:
        return {"problem": "no-key"}, b""
    certificate, now = bundle.cert.certificate, datetime.now(UTC)
    if problem := _unfit(bundle.key, certificate, now):
        return {**_told(certificate), "problem": problem}, b""
    others = [each.certificate for each in bundle.additional_certs]
    encryption = BestAvailableEncryption(question["passphrase"].encode())
    kept = pkcs12.serialize_key_and_certificates(b"seal", bundle.key, certificate, others, encryption)  # type: ignore[arg-type]
    return _told(certificate), kept


def _unfit(key: Any, certificate: x509.Certificate, now: datetime) -> str:
    """Why this certificate cannot seal, in one word; empty: it can."""
    if certificate.not_valid_after_utc <= now:
        return "expired"
    if certificate.not_valid_before_utc > now:
        return "not-yet"
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < SMALLEST_RSA:
        return "weak"
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        return "weak"
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return ""
    return "" if usage.digital_signature or usage.content_commitment else "usage"


def _usage() -> x509.KeyUsage:
    wanted = {"digital_signature", "content_commitment"}
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in wanted for name in names})


def _told(certificate: x509.Certificate) -> dict[str, Any]:
    """What a page says of a certificate."""
    return {
        "fingerprint": certificate.fingerprint(hashes.SHA256()).hex(),
        "pem": certificate.public_bytes(Encoding.PEM).decode(),
        "subject": _named(certificate.subject),
        "issuer": _named(certificate.issuer),
        "not_before": certificate.not_valid_before_utc.isoformat(),
        "not_after": certificate.not_valid_after_utc.isoformat(),
        "is_self_signed": certificate.subject == certificate.issuer,
    }


def _named(name: x509.Name) -> str:
    said = [str(part.value) for part in name if part.oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)]
    return ", ".join(dict.fromkeys(said)) or name.rfc4514_string()


# --- sealing ---------------------------------------------------------------------------------------------------------


def seal(question: dict[str, Any], parts: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
    """The PDF with the evidence embedded, sealed: PAdES B-T where the timestamp authority answers, else B-B.

    `parts`: the PDF, the PKCS#12, the evidence. A timestamp that fails costs the timestamp, never the document.
    """
    from pyhanko.sign import timestamps

    url = question["timestamp_url"]
    if url:
        try:
            return {"level": "B-T"}, _sealed(question, parts, timestamps.HTTPTimeStamper(url, timeout=10))
        except Exception as problem:
            said = f"{type(problem).__name__}: {problem}"[:300]
            return {"level": "B-B", "timestamp_problem": said}, _sealed(question, parts, None)
    return {"level": "B-B"}, _sealed(question, parts, None)


def _sealed(question: dict[str, Any], parts: Sequence[bytes], timestamper: Any) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    pdf, key, evidence = parts
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    _embed(writer, evidence, question["evidence_note"])
    signer = signers.SimpleSigner.load_pkcs12_data(key, [], passphrase=question["passphrase"].encode())
    if signer is None:
        raise ValueError("the key of the seal cannot be read with our passphrase")
    how = signers.PdfSignatureMetadata(
        field_name=FIELD,
        reason=question["reason"],
        name=question["by"],
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    out = io.BytesIO()
    signers.PdfSigner(how, signer=signer, timestamper=timestamper).sign_pdf(writer, output=out)
    return out.getvalue()


def _embed(writer: Any, evidence: bytes, note: str) -> None:
    from pyhanko.pdf_utils import embed

    file = embed.EmbeddedFileObject.from_file_data(writer, evidence, mime_type="application/json")
    spec = embed.FileSpec(file_spec_string=EVIDENCE, file_name=EVIDENCE, embedded_data=file, description=note)
    embed.embed_file(writer, spec)


# --- checking --------------------------------------------------------------------------------------------------------


def check(_question: dict[str, Any], parts: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
    """What holds of a sealed PDF, whoever sealed it; and the evidence embedded in what the seal covers."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(parts[0]), strict=False)
        seals = reader.embedded_regular_signatures
    except Exception as problem:
        return {"problem": "unreadable", "detail": type(problem).__name__}, b""
    if not seals:
        return {"problem": "unsealed"}, b""
    try:
        found = _checked(seals[0], parts[0]) | {"seals": len(seals)}
    except Exception as problem:
        return {"problem": "broken", "detail": f"{type(problem).__name__}: {problem}"[:200]}, b""
    return found, _evidence(reader, seals[0])


def _is_tight(data: bytes, seal: Any) -> bool:
    """Whether the gap that no seal can cover, its own place, holds the seal and zeros, as we write them.

    Else a byte could be changed there, or something hidden.
    """
    _, start, end, _ = (int(each) for each in seal.byte_range)
    written = data[start:end].strip(b"<>").decode("ascii")
    held = bytes.fromhex(written)
    return written == written.upper() and not any(held[parser.peek(held) :])


def _checked(seal: Any, data: bytes) -> dict[str, Any]:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    certificate = x509.load_der_x509_certificate(seal.signer_cert.dump())
    trusted = ValidationContext(trust_roots=[seal.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(seal, signer_validation_context=trusted, ts_validation_context=trusted)
    sealed_at = seal.self_reported_timestamp
    stamp = status.timestamp_validity
    moment = stamp.timestamp if stamp and stamp.intact and stamp.valid else sealed_at
    return {
        **_told(certificate),
        "is_intact": bool(status.intact and status.valid and _is_tight(data, seal)),
        "is_whole": status.coverage is not None and status.coverage.name == "ENTIRE_FILE",
        "sealed_at": sealed_at.isoformat() if sealed_at else None,
        "was_in_force": bool(moment and certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc),
        "timestamp": stamp.timestamp.isoformat() if stamp and stamp.intact and stamp.valid else None,
        "timestamp_by": str(stamp.signing_cert.subject.human_friendly) if stamp else None,
    }


def _evidence(reader: Any, seal: Any) -> bytes:
    """The embedded evidence as it was when the seal was set; empty where there is none."""
    try:
        root = reader.get_historical_root(seal.signed_revision)
        names = root["/Names"]["/EmbeddedFiles"]["/Names"]
        for place in range(0, len(names), 2):
            if str(names[place]) == EVIDENCE:
                data: bytes = names[place + 1]["/EF"]["/F"].data
                return data if len(data) <= LARGEST_EVIDENCE else b""
    except Exception:
        return b""
    return b""


TASKS: dict[str, Callable[[dict[str, Any], Sequence[bytes]], tuple[dict[str, Any], bytes]]] = {
    "make_key": make_key, "read_key": read_key, "seal": seal, "check": check,
}  # fmt: skip


def _answer(question: list[bytes]) -> list[bytes]:
    asked = json.loads(question[0])
    try:
        told, data = TASKS[asked["task"]](asked, question[1:])
    except Exception:
        told, data = {"error": traceback.format_exc(limit=-5)}, b""
    return [json.dumps(told).encode(), data]


if __name__ == "__main__":
    serve(_answer, sys.argv[1:])
