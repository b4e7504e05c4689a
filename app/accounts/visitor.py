"""Who stands at the portal: a customer signed in, or one person narrowed to one ticket by a personal link."""

from dataclasses import dataclass
from typing import Any

from app.accounts.person import Person


@dataclass(frozen=True)
class Visitor:
    """`ticket_id` is None for someone signed in; a guest sees that ticket and nothing else."""

    person: Person
    ticket_id: int | None = None
    link: Any = None  # the PersonalLink of a guest
    session: Any = None  # the Session of someone signed in

    @property
    def is_guest(self) -> bool:
        return self.ticket_id is not None

    @property
    def name(self) -> str:
        return self.person.name


@dataclass(frozen=True)
class Access:
    """How somebody reached us when they decided: what evidence keeps (SPEC W6)."""

    ip: str = ""
    user_agent: str = ""
    link: Any = None
    session: Any = None
