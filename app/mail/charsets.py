"""Turns the bytes of a mail into text, whatever its label says: charsets as browsers map them, else detection."""

import codecs
import re

# What senders write, and what they mean (the map that browsers use).
MEANT = {
    "": "",
    "ascii": "",
    "us-ascii": "",
    "ansi_x3.4-1968": "",
    "iso646-us": "",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "iso88591": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "x-ansi": "cp1252",
    "ansi": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "dos-874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "cp936": "gb18030",
    "936": "gb18030",
    "euc-cn": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cp950": "big5hkscs",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ksc5601": "cp949",
    "ksc_5601": "cp949",
    "korean": "cp949",
    "euc-kr": "cp949",
    "windows-949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "x-euc-jp": "euc_jp",
    "eucjp": "euc_jp",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
    "utf-8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode": "utf-16",
    "utf-16": "utf-16",
    "ucs-2": "utf-16",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "koi8": "koi8-r",
    "cp-850": "cp850",
    "unknown-8bit": "",
    "unknown": "",
    "x-unknown": "",
    "x-user-defined": "",
    "default": "",
    "default_charset": "",
    "binary": "",
    "8bit": "",
    "none": "",
}
# Codecs that are no charset of a text: a label like "hex" or "idna" must not run them.
NOT_TEXT = {
    "idna",
    "punycode",
    "rot13",
    "hex",
    "base64",
    "zlib",
    "bz2",
    "uu",
    "quopri",
    "raw_unicode_escape",
    "unicode_escape",
    "undefined",
    "mbcs",
    "oem",
}
_ASIDE = re.compile(r"[\s\"'<>=;,]+")
_C1 = {i: ch for i in range(0x80, 0xA0) if (ch := bytes([i]).decode("cp1252", "ignore"))}
_known: dict[str, str] = {}


def _letters(ranges: str) -> re.Pattern[str]:
    return re.compile(f"[{ranges}]")


def codec(label: str) -> str:
    """The Python codec for a charset label; "" if there is none that decodes text."""
    label = label[:60]
    found = _known.get(label)
    if found is None:
        found = _look_up(label)
        if len(_known) < 500:
            _known[label] = found
    return found


def _look_up(label: str) -> str:
    name = _ASIDE.sub("", label).strip("*").lower().replace("charset", "")
    name = name.split("'")[0]
    for guess in (name, name.replace("_", "-"), name.removeprefix("x-")):
        if guess in MEANT:
            return MEANT[guess]
    for guess in (name, name.replace("windows", "cp").replace("-", ""), name.removeprefix("x-"), "cp" + name):
        try:
            info = codecs.lookup(guess)
        except (LookupError, ValueError, UnicodeError):
            continue
        plain = info.name.replace("-", "_")
        if getattr(info, "_is_text_encoding", True) and plain not in NOT_TEXT:
            return MEANT.get(info.name, info.name)
    return ""


def decode(data: bytes, label: str = "") -> str:
    """The text that these bytes mean; never raises, and gives no lone surrogate."""
    if data.isascii() and b"\x1b" not in data and (name := codec(label)) not in _TRICKY:
        return data.decode("ascii")
    name = codec(label)
    for bom, codec_name in _BOMS:
        if data.startswith(bom):
            return _clean(data[len(bom) :].decode(codec_name, "replace"))
    if name:
        text = _strictly(data, name)
        if text is not None:
            return _clean(text)
    if name != "utf-8":
        text = _strictly(data, "utf-8")
        if text is not None:
            return text
    if name and _mostly(data, name):
        return _clean(_leniently(data, name))
    return _clean(detect(data))


_TRICKY = {
    "utf-7",
    "hz",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "cp037",
    "cp500",
    "cp1026",
    "cp1140",
    "cp273",
    "cp424",
    "cp875",
    "cp864",
}
_BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]


def _strictly(data: bytes, name: str) -> str | None:
    try:
        if name == "cp1252":
            return _western(data)
        if name == "iso2022_jp_ext":
            return _japanese_mail(data)
        return data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def _western(data: bytes) -> str | None:
    """windows-1252 decodes anything; bytes that are good UTF-8 were labelled wrongly."""
    if any(data.find(lead) >= 0 for lead in (b"\xc3", b"\xe2\x80", b"\xc2")):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return data.decode("latin-1").translate(_C1)


def _japanese_mail(data: bytes) -> str | None:
    """iso-2022-jp as Windows writes it: half-width kana by ESC ( I, the NEC and IBM rows, raw Shift_JIS beside them."""
    try:
        return data.decode("iso2022_jp_ext")
    except UnicodeDecodeError:
        pass
    if b"\x1b" not in data:
        return _strictly(data, "cp932")
    out, double, kana = [], False, False
    for n, piece in enumerate(data.split(b"\x1b")):
        if n and piece[:2] in (b"$B", b"$@"):
            double, kana, piece = True, False, piece[2:]
        elif n and piece[:3] == b"$(D":
            double, kana, piece = True, False, piece[3:]
        elif n and piece[:2] in (b"(B", b"(J", b"(I"):
            double, kana, piece = False, piece[1:2] == b"I", piece[2:]
        if double:
            head, newline, rest = piece.partition(b"\n")
            out.append(bytes(b | 0x80 if 0x20 < b < 0x7F else b for b in head).decode("euc_jp", "replace"))
            out.append((newline + rest).decode("cp932", "replace"))
        elif kana:
            out.append(bytes(b | 0x80 if 0x20 < b < 0x60 else b for b in piece).decode("cp932", "replace"))
        else:
            out.append(piece.decode("cp932", "replace"))
    return "".join(out)


def _mostly(data: bytes, name: str) -> bool:
    """Whether the label is right but for some broken bytes."""
    if name == "utf-8":
        text = data[:20000].decode("utf-8", "replace")
        good = sum(1 for ch in text if ch > "\x7f" and ch != "\ufffd")
        return good >= text.count("\ufffd") and good > 0
    if name in ("cp1252", "utf-7"):
        return name == "cp1252"
    text = _leniently(data[:20000], name)
    high = sum(1 for ch in text if ch > "\x7f")
    return text.count("\ufffd") * 5 <= high


def _leniently(data: bytes, name: str) -> str:
    try:
        return data.decode(name, "replace")
    except (UnicodeError, LookupError, ValueError):
        return data.decode("latin-1").translate(_C1)


def _clean(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


# Detection: each candidate is decoded strictly and judged by how much of what came out are letters of its own script.
_JUDGES = [
    ("gb18030", _letters("\u4e00-\u9fff\u3000-\u303f\uff00-\uffef")),
    ("big5hkscs", _letters("\u4e00-\u9fff\u3000-\u303f\uff00-\uffef")),
    ("cp932", _letters("\u3040-\u30ff\u4e00-\u9fff\u3000-\u303f")),
    ("euc_jp", _letters("\u3040-\u30ff\u4e00-\u9fff\u3000-\u303f")),
    ("cp949", _letters("\uac00-\ud7a3")),
    ("cp1251", _letters("\u0430-\u044f\u0451")),
    ("koi8-r", _letters("\u0430-\u044f\u0451")),
    ("cp1252", _letters("\u00e0-\u00f6\u00f8-\u00ff\u2018-\u201d\u20ac\u2013")),
    (
        "cp1250",
        _letters(
            "\u0105\u0107\u010d\u010f\u0119\u011b\u013e\u0142\u0144\u0148\u0151\u0155\u0159\u015b\u0161"
            "\u0165\u016f\u0171\u017a\u017c\u017e\u00e1\u00e9\u00ed\u00f3\u00f4\u00fa\u00fd\u00e4\u00f6"
            "\u00fc"
        ),
    ),
    ("cp1253", _letters("\u03ac-\u03ce")),
    ("cp1255", _letters("\u05d0-\u05ea")),
    ("cp1256", _letters("\u0621-\u064a")),
    ("cp874", _letters("\u0e01-\u0e5b")),
]
_KANA = re.compile("[\u3040-\u30ff]")
_COMMON_HANZI = set(
    "的一是不了在人有我他这個中大来上国和也子时道说地要就你对生能而那得于着下自之年过發们后作里用家可会到以为出"
)


def detect(data: bytes) -> str:
    """The likeliest text of unlabelled 8-bit bytes, from a sample of them."""
    if b"\x1b$" in data[:4096] or b"\x1b(J" in data[:4096]:
        return _japanese_mail(data) or data.decode("latin-1")
    if data[:400].count(b"\0") * 3 > len(data[:400]):
        return data.decode(
            "utf-16-le" if data[1:400:2].count(b"\0") > data[0:400:2].count(b"\0") else "utf-16-be", "replace"
        )
    sample = _sample(data)
    best, best_score = "cp1252", 0.0
    high_bytes = sum(1 for b in sample if b > 0x7F)
    for name, letters in _JUDGES:
        try:
            text = sample.decode(name, "strict" if name != "cp1252" else "replace")
        except (UnicodeDecodeError, LookupError):
            continue
        score = _score(text, name, letters, high_bytes)
        if score > best_score:
            best, best_score = name, score
    if best == "cp1252":
        return data.decode("latin-1").translate(_C1)
    return data.decode(best, "replace")


def _sample(data: bytes) -> bytes:
    """Some 2,000 bytes, whole lines, those with high bytes first."""
    lines = [line for line in data[:40000].split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)
    if len(sample) > 2000:
        cut = sample.rfind(b"\n", 0, 2000)
        sample = sample[: cut if cut > 200 else 2000]
        while sample and sample[-1] > 0x7F and cut <= 200:
            sample = sample[:-1]
    return sample


def _score(text: str, name: str, letters: re.Pattern[str], high_bytes: int) -> float:
    high = [ch for ch in text if ch > "\x7f"]
    if not high:
        return 0.0
    fit, wide = len(letters.findall(text)) / len(high), high_bytes / len(high)
    if name in _ALPHABETS:
        mixed = len(_MIXED.findall(text)) / len(high)
        odd = len(_ALPHABETS[name].findall(text)) / len(high)
        return fit * (1.0 - min(1.0, mixed)) * max(0.0, 0.9 - 3 * odd)
    if name == "cp1252":
        if len(high) <= 2:
            return fit * 0.92
        return fit * (0.45 + 0.5 * min(1.0, len(_MIXED.findall(text)) / len(high)))
    if name == "cp1250":
        return fit * 0.62
    fit *= 1.0 - min(0.8, len(_MIXED.findall(text)) / len(high))
    if name in ("cp932", "euc_jp"):
        kana = len(_KANA.findall(text))
        return fit * (0.97 if kana * 5 > len(high) and wide > 1.5 else 0.4)
    if name == "cp949":
        return fit * (0.95 if wide > 1.6 else 0.3)
    common = sum(1 for ch in high if ch in _COMMON_HANZI)
    return fit * (0.6 + min(0.35, 2.5 * common / len(high))) if wide > 1.6 else fit * 0.2


# A letter of the Latin alphabet beside one that is not ASCII: the mark of Western text, and of no other alphabet.
_MIXED = re.compile("[a-zA-Z][\u0080-\uffff]|[\u0080-\uffff](?=[a-zA-Z])")
# What does not happen inside a word of that alphabet.
_ALPHABETS = {
    "cp1251": re.compile("[\u0430-\u044f][\u0410-\u042f]|[\u0430-\u044f][^\u0400-\u045f\\W\\d]"),
    "koi8-r": re.compile("[\u0430-\u044f][\u0410-\u042f]"),
    "cp1253": re.compile("\u03c2(?=[\u03ac-\u03ce])|[\u03ac-\u03ce][\u0386-\u03ab]"),
    "cp1255": re.compile("[\u05da\u05dd\u05df\u05e3\u05e5](?=[\u05d0-\u05ea])"),
    "cp1256": re.compile("[\u0621-\u064a][a-z\u00e0-\u00ff]"),
    "cp874": re.compile(
        "(?<![\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
        "|[\u0e40-\u0e44](?![\u0e01-\u0e2e])|[\u0e4f-\u0e5b\u0e3f]"
    ),
}
