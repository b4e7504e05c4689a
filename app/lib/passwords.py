"""Passwords as Argon2id hashes, at a cost two cores can bear (OWASP's minimum: 19 MiB, 2 passes, 1 lane)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_nobody = _hasher.hash("a password that nobody has")


def digest(password: str) -> str:
    return _hasher.hash(password)


def verify(hashed: str | None, password: str) -> bool:
    """Whether the password fits; for a missing hash the same work is done, so that the time tells nothing."""
    try:
        return _hasher.verify(hashed or _nobody, password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def is_dated(hashed: str) -> bool:
    return _hasher.check_needs_rehash(hashed)
