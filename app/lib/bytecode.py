"""Templates are compiled before the first process starts, as catalogs are, and kept for all of them.

A web process that compiles them itself keeps 3 MiB of what that leaves behind, and its first pages wait. Whoever could
write into this folder could write into the database and the keys beside it, too.
"""

import os
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache


def use(app: Flask, folder: Path) -> None:
    """Takes from there what was compiled. Jinja leaves out what is of another source, or of another Python."""
    if folder.is_dir() and os.access(folder, os.W_OK):
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))


def compile_all(app: Flask, folder: Path) -> None:
    """Compiles each template that has changed, which takes a second for all of them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    use(app, folder)
    for name in app.jinja_env.list_templates(extensions=["html", "txt", "css"]):
        app.jinja_env.get_template(name)
