"""Compiles the translators' catalogs, so that a checkout needs no step between editing a .po and seeing it."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_all(folder: Path) -> list[Path]:
    """Writes each .mo that is missing or older than its .po, and returns those written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        language = source.parent.parent.name
        with source.open("rb") as po:
            catalog = read_po(po, locale=language)
        draft = target.with_suffix(".tmp")
        with draft.open("wb") as mo:
            write_mo(mo, catalog)
        draft.replace(target)
        written.append(target)
    return written
