"""Several files as one to download."""

import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import PurePath
from typing import IO, TYPE_CHECKING

from app.lib.files import store
from app.lib.refusals import Refused
from app.lib.words import lazy_gettext as _l

if TYPE_CHECKING:
    from app.attachments.attachment import Attachment

MOST = 300 * 1024 * 1024  # bytes
IN_MEMORY = 1024 * 1024


class TooMuch(Refused):
    says = _l("Together these files are too large for one download. Take them one by one.")
    status = 413


def bundle(files: "Iterable[Attachment]") -> IO[bytes]:
    """A zip of these files as they are, no two of the same name. Raises TooMuch."""
    files = list(files)
    if sum(file.size for file in files) > MOST:
        raise TooMuch
    whole = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  whoever sends it closes it
    used: set[str] = set()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            archive.write(store().path(file.sha256), _unused(file.name, used))
    whole.seek(0)
    return whole


def _unused(name: str, used: set[str]) -> str:
    """The name, with a number where another file has it already."""
    path, found, number = PurePath(name), name, 1
    while found.casefold() in used:
        number += 1
        found = f"{path.stem} ({number}){path.suffix}"
    used.add(found.casefold())
    return found
