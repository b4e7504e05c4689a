"""Files that go out with a letter: as many as fit, the others stay on the ticket's page."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.attachments.attachment import Attachment
from app.lib.files import store
from app.lib.letters import Enclosure

LARGEST_IN_ALL = 10_000_000  # bytes; many servers refuse a mail above 20 MB, and base64 adds a third


class FileGone(Exception):
    """The bytes of an attached file are no longer in the store: the letter cannot be what it says it is."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The file {name} is no longer stored")


@dataclass
class Enclosed:
    """What goes with the letter, and what was too large for it."""

    files: list[Enclosure] = field(default_factory=list)
    named: list[Attachment] = field(default_factory=list)
    left: list[Attachment] = field(default_factory=list)

    @property
    def words(self) -> dict[str, list[Attachment]]:
        """For the templates of a letter."""
        return {"files_named": self.named, "files_left": self.left}


def enclose(attachments: Iterable[Attachment]) -> Enclosed:
    """Takes the files in their order while they fit. Raises FileGone."""
    chosen, room = Enclosed(), LARGEST_IN_ALL
    for attachment in attachments:
        if attachment.size > room:
            chosen.left.append(attachment)
            continue
        room -= attachment.size
        try:
            content = store().read(attachment.sha256)
        except FileNotFoundError:
            raise FileGone(attachment.name) from None
        chosen.named.append(attachment)
        chosen.files.append(Enclosure(attachment.name, attachment.content_type, content))
    return chosen
