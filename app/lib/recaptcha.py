"""Asks Google, by reCAPTCHA v3, how likely it is that a person sent a form. The one module that speaks to it."""

import hashlib

import structlog

PATIENCE = 3.0  # seconds; somebody is waiting for the form
LONGEST = 4000  # characters of a token
log = structlog.get_logger()


def score(token: str, *, secret: str, action: str, base_url: str) -> float:
    """From 0, a robot, to 1, a person. Whatever goes wrong counts as 0: the form has another way to be proved.

    Never inside a transaction: Google may take its time.
    """
    import requests

    if not token or len(token) > LONGEST:
        return 0.0
    try:
        sent = {"secret": secret, "response": token}
        answer = requests.post(f"{base_url}/api/siteverify", data=sent, timeout=PATIENCE, allow_redirects=False)
        told = answer.json()
        good = answer.ok and told.get("success") is True and told.get("action") == action
        return float(told.get("score", 0.0)) if good else 0.0
    except (requests.RequestException, ValueError, TypeError, AttributeError) as problem:
        log.warning("reCAPTCHA does not answer", why=type(problem).__name__)
        return 0.0


def name_of(token: str) -> str:
    """What names a token, to be used up once."""
    return f"recaptcha:{hashlib.sha256(token.encode()).hexdigest()[:40]}"
