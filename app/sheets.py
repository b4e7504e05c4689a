"""The style sheets, in the order in which they are linked; they are served as one."""

import hashlib
import re
from functools import cache

from app.lib.assets import FOLDER

SHEETS = (
    "base/layers.css", "base/tokens.css", "base/reset.css", "base/elements.css", "base/layout.css",
    "components/icon.css", "components/button.css", "components/field.css", "components/choice.css",
    "components/badge.css", "components/avatar.css", "components/card.css", "components/table.css",
    "components/tabs.css", "components/menu.css", "components/dialog.css", "components/alert.css",
    "components/flash.css", "components/attachment.css", "components/empty.css", "components/pager.css",
    "components/progress.css", "components/steps.css", "components/chip.css",
    "timeline/timeline.css", "tickets/listing.css", "tickets/bulk.css", "tickets/board.css",
    "tickets/ticket.css", "tickets/conversation.css",
    "tickets/composer.css", "tickets/properties.css", "tickets/new-ticket.css", "tickets/portal.css",
    "authorizations/authorization.css", "authorizations/signature.css", "surveys/survey.css", "sandbox/sandbox.css",
    "branding/look.css", "organizations/portal-link.css", "reports/reports.css",
    "authorizations/verify.css",
    "faces/desk.css", "faces/sidebar.css", "faces/settings.css", "faces/portal.css", "base/utilities.css",
    "base/print.css",
)  # fmt: skip


HALF = r"((?:[^(),]|\((?:[^()]|\([^()]*\))*\))*)"
TONES = re.compile(rf"light-dark\({HALF},\s*{HALF}\)")
LIGHT = r"\1"
RULE = re.compile(r"^  (\S[^{}\n]*) \{([^{}]*)\}", re.MULTILINE)
TOKEN = re.compile(r"(--[\w-]+): ([^;]+);")


def joined() -> str:
    """All sheets as one: forty links would cost each page three kilobytes and the browser forty questions."""
    text = "\n".join((FOLDER / sheet).read_text(encoding="utf-8") for sheet in SHEETS)
    return f"{text}\n{_light_alone()}"


def _light_alone() -> str:
    """The light tones alone, for browsers that know no light-dark(): Safari before 17.5, Chrome before 123."""
    rules = [":root, [data-mode] { color-scheme: light; }"]
    for selector, body in RULE.findall((FOLDER / "base/tokens.css").read_text(encoding="utf-8")):
        toned = " ".join(f"{name}: {value};" for name, value in TOKEN.findall(body) if TONES.search(value))
        if toned:
            rules.append(f"{selector} {{ {TONES.sub(LIGHT, toned)} }}")
    return f"@layer tokens {{ @supports not (color: light-dark(#000, #fff)) {{ {' '.join(rules)} }} }}"


@cache
def address() -> str:
    """Where the whole stands; under /static, so that `url(../…)` in a sheet means what it says."""
    return f"/static/all/{hashlib.sha256(joined().encode()).hexdigest()[:12]}.css"
