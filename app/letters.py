"""The letters of the whole house: each emails.py, by its feature."""

from types import ModuleType

from app.accounts import emails as accounts
from app.authorizations import emails as authorizations
from app.messages import emails as messages
from app.notifications import emails as notifications
from app.outbox.letters import register
from app.surveys import emails as surveys
from app.tickets import emails as tickets

MODULES: list[ModuleType] = [accounts, authorizations, messages, notifications, surveys, tickets]


def register_all() -> None:
    """Names every letter function as `feature.function`."""
    for module in MODULES:
        register(module.__name__.split(".")[1], module)
