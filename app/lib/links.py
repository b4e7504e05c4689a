"""Addresses in mails and documents: BASE_URL in front of a path."""

_base: list[str] = ["http://127.0.0.1:8000"]


def use(base_url: str) -> None:
    """Sets the address that people see; create_app says it once."""
    _base[:] = [base_url.rstrip("/")]


def absolute(path: str) -> str:
    return _base[0] + path
