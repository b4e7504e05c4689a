"""Keys of DKIM: made or taken in, what is published of them, signing, and whether the world can read it."""

import re
from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

BITS = 2048
SIGNED = (
    b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"reply-to", b"in-reply-to", b"references",
    b"mime-version", b"content-type", b"auto-submitted", b"list-id",
)  # fmt: skip
# Once more than they are there: nobody can add a second one to a signed letter (RFC 6376, section 8.15).
TWICE = (b"from", b"to", b"subject", b"date", b"reply-to")
PATIENCE = 5.0


class NotAKey(ValueError):
    """What was pasted is no RSA key that can sign."""


def made() -> str:
    """A new private key, as PEM."""
    return _pem(rsa.generate_private_key(public_exponent=65537, key_size=BITS))


def taken(pasted: str) -> str:
    """A pasted private key, as this house keeps it. Raises NotAKey."""
    try:
        key = load_pem_private_key(pasted.strip().encode(), password=None)
    except (ValueError, TypeError) as problem:
        raise NotAKey(str(problem)[:200]) from None
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 1024:
        raise NotAKey("RSA of 1024 bits at least")
    return _pem(key)


def record_of(pem: str) -> str:
    """The TXT record to publish at `<selector>._domainkey.<domain>`."""
    public = load_pem_private_key(pem.encode(), password=None).public_key()
    written = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={b64encode(written).decode()}"


def sign(raw: bytes, *, selector: str, domain: str, pem: str) -> bytes:
    """The letter with its signature in front."""
    import dkim

    there = {line.partition(b":")[0].strip().lower() for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")}
    headers = [name for name in SIGNED if name in there] + list(TWICE)
    header: bytes = dkim.sign(
        raw, selector.encode(), domain.encode(), pem.encode(), include_headers=headers,
        canonicalize=(b"relaxed", b"relaxed"),
    )  # fmt: skip
    return header + raw


def published(selector: str, domain: str) -> list[str]:
    """The TXT records found there; none where there is no such name. Raises OSError when no server answers."""
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(f"{selector}._domainkey.{domain}", "TXT", lifetime=PATIENCE)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as problem:
        raise OSError(str(problem)[:200]) from None
    return [b"".join(each.strings).decode("utf-8", "replace") for each in answer]


def same(found: str, wanted: str) -> bool:
    """Whether a published record holds this key, however it is spaced."""
    return _key_in(found) == _key_in(wanted) != ""


def _key_in(text: str) -> str:
    tags = dict(part.strip().partition("=")[::2] for part in text.split(";"))
    return re.sub(r"\s+", "", tags.get("p", ""))


def _pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
