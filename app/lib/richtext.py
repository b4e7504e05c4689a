"""Foreign HTML made safe, HTML to text, text to HTML: every way linear in time, whatever comes in."""

import html as entities
import re
from collections.abc import Callable
from dataclasses import dataclass

import nh3

LONGEST = 2_000_000
DEEPEST = 1_000
DEEPEST_STYLE = 60
LONGEST_TAG = 20_000  # its quoted values not counted
MOST_LINES = 50_000  # what follows becomes one line

# The parser repairs nesting; each of these left open is opened again in every block that follows, so they count apart.
_REOPENED = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol optgroup option p pre section
    summary table tbody tfoot thead tr ul
    """.split()
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_TO_BRACKET = re.compile(r"<[a-zA-Z][^>]*")
_TO_END = re.compile(r"<[a-zA-Z](?:[^>\"']++|\"[^\"]*\"|'[^']*')*+")
_AIRY = frozenset("p h1 h2 h3 h4 h5 h6 blockquote ul ol table pre".split())

_TAGS = set(
    """
    a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd
    del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li
    main mark menu nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody
    td tfoot th thead time tr tt u ul var wbr
    """.split()
)
_ATTRIBUTES = {
    "*": {"align", "bgcolor", "class", "color", "dir", "height", "id", "lang", "style", "title", "valign", "width"},
    "a": {"href", "name"},
    "blockquote": {"type"},
    "col": {"span"},
    "colgroup": {"span"},
    "div": {"name", "data-marker", "data-signatureblock"},
    "font": {"face", "size"},
    "hr": {"size", "data-marker", "noshade"},
    "img": {"alt", "src"},
    "li": {"value"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "nowrap", "rowspan"},
    "th": {"colspan", "nowrap", "rowspan", "scope"},
    "ul": {"type"},
}
_STYLES = set(
    """
    background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width
    border-collapse border-color border-left border-left-color border-left-style border-left-width border-radius
    border-right border-spacing border-style border-top border-top-color border-top-style border-top-width
    border-width color direction display font font-family font-size font-style font-weight height letter-spacing
    line-height list-style-type margin margin-bottom margin-left margin-right margin-top max-height max-width
    min-height min-width padding padding-bottom padding-left padding-right padding-top table-layout text-align
    text-decoration text-indent text-transform vertical-align white-space width word-break word-wrap
    """.split()
)
_SILENT = set(
    """
    applet audio canvas embed frameset head iframe math noembed noframes object script style svg template
    textarea title video xml
    """.split()
)
_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    clean_content_tags=_SILENT,
    filter_style_properties=_STYLES,
    url_schemes={"http", "https", "mailto", "tel", "cid"},
    link_rel="noopener noreferrer nofollow",
    strip_comments=True,
)

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)")
_PIECES = re.compile(r"(<[^>]*>)")
_IMAGE = re.compile(r'(<img\b[^>]*?) src="([^"]*)"')
_HIDDEN = re.compile(r'(<img\b[^>]*?) data-remote="([^"]*)"')
_REMOTE = re.compile(r'<img\b[^>]*? data-remote="[^"]*"[^>]*>')
_TINY = re.compile(r' (?:width|height)="0*[012](?:px)?"')
_UNSEEN = re.compile(r"(?:display:\s*none|(?<![-\w])(?:max-)?(?:width|height):\s*0*[012](?:\.\d+)?px)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """HTML that may be shown in the mail frame, and how many remote images were kept from loading."""

    html: str
    blocked: int = 0
    cut: bool = False

    def __str__(self) -> str:
        return self.html


def clean(html: str, *, cid_url: Callable[[str], str] | None = None) -> CleanHtml:
    """Sanitized by our own allow-list; remote images wait in data-remote; cid: images get `cid_url`'s addresses.

    Without it they stay as they are, for `place_images` when the mail is shown. What nests too deep or is too long
    keeps its text and loses its markup.
    """
    cut = len(html) > LONGEST
    if cut:
        html = html[:LONGEST]
    html = html.replace("\0", "")
    if is_too_deep(html) or _has_endless_tag(html):
        return CleanHtml(from_text(_without_tags(html)), 0, True)
    safe = _cleaner.clean(html)
    if "<img" not in safe:
        return CleanHtml(safe, 0, cut)
    return _with_images(safe, cid_url, cut)


def _with_images(safe: str, cid_url: Callable[[str], str] | None, cut: bool) -> CleanHtml:
    blocked = 0

    def place(found: re.Match[str]) -> str:
        nonlocal blocked
        head, address = found.groups()
        if address[:4].lower() == "cid:":
            return f'{head} src="{_mapped(address, cid_url)}"' if cid_url else found.group()
        blocked += 1
        return f'{head} data-remote="{address}"'

    return CleanHtml(_IMAGE.sub(place, safe), blocked, cut)


def _mapped(address: str, cid_url: Callable[[str], str]) -> str:
    return entities.escape(cid_url(entities.unescape(address)[4:]) or "")


def place_images(html: str, *, cid_url: Callable[[str], str] | None = None, remote: bool = False) -> str:
    """Clean HTML as it is shown: its inline images at the addresses given, the remote ones only if asked for."""
    if cid_url:
        html = _IMAGE.sub(
            lambda found: (
                f'{found[1]} src="{_mapped(found[2], cid_url) if found[2][:4].lower() == "cid:" else found[2]}"'
            ),
            html,
        )
    return _REMOTE.sub(lambda found: found[0] if _is_pixel(found[0]) else _shown(found[0]), html) if remote else html


def remote_images(html: str) -> tuple[int, int]:
    """How many pictures a letter wants loaded from elsewhere, and how many that nobody can see: those only tell."""
    tags = _REMOTE.findall(html)
    pixels = sum(map(_is_pixel, tags))
    return len(tags) - pixels, pixels


def _shown(tag: str) -> str:
    return _HIDDEN.sub(r'\1 src="\2"', tag)


def _is_pixel(tag: str) -> bool:
    """Whether a picture is too small to be seen, or hidden."""
    return bool(_TINY.search(tag) or _UNSEEN.search(tag))


def _has_endless_tag(html: str) -> bool:
    """Whether a tag has thousands of attributes, for which a parser needs quadratic time; a long value is none."""
    if len(html) < LONGEST_TAG:
        return False
    tags = (found.group() for pattern in (_TO_BRACKET, _TO_END) for found in pattern.finditer(html))
    return any(len(tag) > LONGEST_TAG and len(_QUOTED.sub("", tag)) > LONGEST_TAG for tag in tags)


def is_too_deep(html: str) -> bool:
    """Whether a parser would need quadratic time or memory for this: counted on open tags, without building a tree."""
    if html.count("<") < DEEPEST:
        return False  # the worst of so few tags costs a twentieth of a second
    depth, deepest = 0, 0
    styles: dict[str, int] = {}
    for closing, name in _TAG.findall(html):
        name = name.lower()
        if name in _VOID:
            continue
        if name in _REOPENED:
            styles[name] = max(0, styles.get(name, 0) + (-1 if closing else 1))
            if styles[name] > DEEPEST_STYLE and sum(styles.values()) > DEEPEST_STYLE:
                return True
        elif closing:
            depth = max(0, depth - 1)
        elif name not in ("p", "li", "td", "tr", "th", "option", "dd", "dt"):
            depth += 1
            deepest = max(deepest, depth)
    return deepest > DEEPEST


def _without_tags(html: str) -> str:
    """The text of hopeless HTML: tags dropped one by one, scripts and styles with their content."""
    out, at = [], 0
    lower = html.lower()
    while at < len(html):
        begin = html.find("<", at)
        if begin < 0:
            out.append(html[at:])
            break
        out.append(html[at:begin])
        end = html.find(">", begin)
        if end < 0:
            break
        name = lower[begin + 1 : begin + 12]
        at = end + 1
        for silent in ("script", "style", "title"):
            if name.startswith(silent):
                close = lower.find("</" + silent, at)
                at = len(html) if close < 0 else close
        if name.startswith(("br", "p", "/p", "div", "/div", "li", "tr", "blockquote")) and (not out or out[-1] != "\n"):
            out.append("\n")
    return re.sub(r"[ \t]*\n[ \t\n]*", "\n", entities.unescape("".join(out))[:LONGEST]).strip()


# ------------------------------------------------------------------ HTML to text


@dataclass(slots=True)
class Line:
    """One line of the text that HTML shows, and the pieces of markup it came from."""

    text: str
    pieces: list[int]


def pieces(safe: str) -> list[str]:
    """Clean HTML as text and tags in turn: every odd piece is a tag. In what `clean` made, < is always markup."""
    return _PIECES.split(safe)


# What a tag does to the lines: one look-up a tag, for most tags of a mail are the same few strings.
_INLINE, _BLOCK, _PARAGRAPH, _BREAK, _ITEM, _RULE, _CELL, _PICTURE, _PRE = range(9)
_ROLES = dict.fromkeys(_BLOCKS, _BLOCK) | dict.fromkeys(_AIRY, _PARAGRAPH)
_ROLES |= {"br": _BREAK, "li": _ITEM, "hr": _RULE, "td": _CELL, "th": _CELL, "img": _PICTURE, "pre": _PRE}


def lines(parts: list[str]) -> list[Line]:
    """The lines that the pieces show, blank ones between paragraphs included."""
    page = _Page()
    roles: dict[str, int] = {}
    for n, piece in enumerate(parts):
        if not n & 1:
            if piece:
                page.write(n, piece)
            continue
        if len(page.lines) > MOST_LINES:
            rest = range(n + 1, len(parts), 2)
            page.lines.append(Line(" ".join(entities.unescape(" ".join(parts[k] for k in rest)).split()), list(rest)))
            break
        role = roles.get(piece)
        if role is None:
            name = piece[2:-1] if piece[1] == "/" else piece[1:-1].partition(" ")[0]
            roles[piece] = role = _ROLES.get(name, _INLINE)
        if role:
            page.mark(n, role, piece[1] == "/")
    if page.text:
        page.end(False)
    return page.lines


class _Page:
    """Lines on their way from pieces."""

    __slots__ = ("blank", "held", "lines", "pre", "text")

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.text: list[str] = []
        self.held: list[int] = []
        self.pre = 0
        self.blank = True

    def write(self, n: int, piece: str) -> None:
        if self.pre:
            piece = entities.unescape(piece)
            for part in piece.split("\n")[:-1]:
                self.text.append(part)
                self.held.append(n)
                self.end(False)
            piece = piece.rpartition("\n")[2]
        elif piece.isspace() and not self.text:
            return
        elif "&" in piece:
            piece = entities.unescape(piece)
        self.text.append(piece)
        self.held.append(n)

    def mark(self, n: int, role: int, closing: bool) -> None:
        if role == _BREAK:
            self.held.append(n)
            self.text.append("")
            self.end(False)
        elif role == _CELL:
            if self.text and not closing:
                self.text.append(" ")
        elif role == _PICTURE:
            self.held.append(n)
            self.text.append("")
        else:
            airy = role in (_PARAGRAPH, _PRE)
            if self.text or (airy and not self.blank):
                self.end(airy)
            if role == _PRE:
                self.pre = max(0, self.pre + (-1 if closing else 1))
            elif role == _ITEM and not closing:
                self.text.append("- ")
            elif role == _RULE:
                self.held.append(n)
                self.text.append("---")
                self.end(False)

    def end(self, airy: bool) -> None:
        """Ends the line; after a paragraph a blank one follows."""
        if self.text:
            line = "".join(self.text)
            line = line.rstrip() if self.pre else " ".join(line.split())
            if line or self.held:
                self.lines.append(Line(line, self.held))
                self.blank = not line
            self.text, self.held = [], []
        if airy and not self.blank:
            self.lines.append(Line("", []))
            self.blank = True


def to_text(html: str) -> str:
    """The text that some HTML shows, a line a block, for search, quotes and plain parts."""
    return shown(lines(pieces(clean(html).html)))


def shown(of: list[Line]) -> str:
    return "\n".join(line.text for line in of).strip("\n")


# ------------------------------------------------------------------ text to HTML

_LINK = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"'\x00-\x20]{1,1500}|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
)
_TAIL = ".,;:!?)]}»”’*_"


def from_text(text: str) -> str:
    """Plain text as HTML: escaped, a <p> a paragraph, <br> a line, web and mail addresses linked."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip("\n")
    paragraphs = (part.strip("\n") for part in re.split(r"\n[ \t]*\n", text))
    return "\n".join(
        "<p>" + "<br>\n".join(_linked(line) for line in part.split("\n")) + "</p>"
        for part in paragraphs
        if part.strip()
    )


def _linked(line: str) -> str:
    if "@" not in line and "://" not in line and "www." not in line:
        return entities.escape(line)
    out, at = [], 0
    for found in _LINK.finditer(line):
        address = found.group()
        while address and address[-1] in _TAIL and not (address[-1] == ")" and "(" in address):
            address = address[:-1]
        out.append(entities.escape(line[at : found.start()]))
        shown_as, at = entities.escape(address), found.start() + len(address)
        if "://" in address or address.startswith("www."):
            target = shown_as if "://" in address else "http://" + shown_as
            out.append(f'<a href="{target}" rel="noopener noreferrer nofollow">{shown_as}</a>')
        elif "@" in address:
            out.append(f'<a href="mailto:{shown_as}">{shown_as}</a>')
        else:
            out.append(shown_as)
    out.append(entities.escape(line[at:]))
    return "".join(out)
