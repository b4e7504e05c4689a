"""The house's own files, as its tests read them."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    """app/tickets/__init__.py is app.tickets."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def where(path: Path, node: ast.AST | None = None) -> str:
    line = f":{node.lineno}" if isinstance(node, ast.stmt | ast.expr) else ""
    return f"{path.relative_to(ROOT)}{line}"


def templates() -> list[Path]:
    """Those of our pages: letters and documents are drawn by mail programs and by the PDF writer, with other rules."""
    pages = ROOT / "templates"
    return [path for path in all_templates() if not {"emails", "documents"} & set(path.relative_to(pages).parts[1:])]


def all_templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*.*") if path.suffix in (".html", ".txt", ".xml"))


def styles() -> list[Path]:
    return sorted(path for path in (ROOT / "static").rglob("*.css") if "vendor" not in path.parts)


def scripts() -> list[Path]:
    return sorted(path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts)
