"""What a file is, by its first bytes and its name together; what the sender's program claims is not asked."""

import filetype  # type: ignore[import-untyped]

from app.lib.filenames import extension

UNKNOWN = "application/octet-stream"
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."

# What people send to a help desk. Kinds of text have no signature: their bytes must look like text.
TEXTS = {
    "txt": "text/plain", "log": "text/plain", "md": "text/plain", "csv": "text/csv", "tsv": "text/plain",
    "json": "application/json", "xml": "text/plain", "ics": "text/calendar", "vcf": "text/vcard",
    "eml": "message/rfc822", "asc": "text/plain",
}  # fmt: skip
BINARIES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "bmp": "image/bmp", "heic": "image/heic", "heif": "image/heic", "avif": "image/avif", "tif": "image/tiff",
    "tiff": "image/tiff", "psd": "image/vnd.adobe.photoshop", "dwg": "image/vnd.dwg", "dxf": UNKNOWN,
    "pdf": "application/pdf", "rtf": "application/rtf", "doc": "application/msword",
    "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint", "msg": "application/vnd.ms-outlook",
    "docx": f"{OFFICE}wordprocessingml.document", "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "pptx": f"{OFFICE}presentationml.presentation", "odt": f"{OPEN}text", "ods": f"{OPEN}spreadsheet",
    "odp": f"{OPEN}presentation", "pages": UNKNOWN, "numbers": UNKNOWN, "key": UNKNOWN,
    "zip": "application/zip", "7z": "application/x-7z-compressed", "rar": "application/x-rar-compressed",
    "gz": "application/gzip", "tar": "application/x-tar",
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "opus": "audio/ogg", "wav": "audio/x-wav",
    "aac": "audio/aac", "amr": "audio/amr", "mp4": "video/mp4", "m4v": "video/x-m4v", "mov": "video/quicktime",
    "webm": "video/webm", "3gp": "video/3gpp", "avi": "video/x-msvideo", "mkv": "video/x-matroska",
    "p7s": "application/pkcs7-signature", "p7m": "application/pkcs7-mime",
}  # fmt: skip
ALLOWED = TEXTS | BINARIES
PROGRAMS = {
    "application/x-msdownload", "application/x-executable", "application/wasm", "application/x-deb",
    "application/x-rpm", "application/x-google-chrome-extension", "application/x-shockwave-flash",
    "application/vnd.ms-cab-compressed",
}  # fmt: skip
# What can hide something in it: the zips, of which office documents are some, and PDF.
PACKED = {BINARIES["pdf"], BINARIES["zip"], *(kind for kind in BINARIES.values() if kind.startswith((OFFICE, OPEN)))}
PAGES = (b"<!doctype html", b"<html", b"<script", b"<svg", b"#!")
HEAD = 8192  # bytes that are enough to tell


def kind(head: bytes, name: str) -> str:
    """The content type of a file with this beginning and name; UNKNOWN if they do not fit together."""
    found = filetype.guess_mime(head)
    wanted = ALLOWED.get(extension(name))
    if found in PROGRAMS:
        return found
    if wanted is None:
        return UNKNOWN
    if extension(name) in TEXTS:
        return wanted if _is_text(head) else UNKNOWN
    if found in BINARIES.values() and not (found == "application/zip" and wanted.startswith((OFFICE, OPEN))):
        return found  # a photograph named .jpg that is a PNG is still a photograph
    return UNKNOWN if wanted.startswith(("image/", "application/pdf")) else wanted


def is_welcome(head: bytes, name: str) -> bool:
    """Whether a form takes it: a kind people send to a help desk, and no program under another name."""
    return extension(name) in ALLOWED and filetype.guess_mime(head) not in PROGRAMS and not _is_page(head)


def _is_text(head: bytes) -> bool:
    return b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))


def _is_page(head: bytes) -> bool:
    """A web page or a script by another name."""
    return head.lstrip(b"\xef\xbb\xbf\r\n\t ")[:14].lower().startswith(PAGES)
