"""What a mail says and brings, as a message keeps it."""

from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import force_locale

from app.attachments.attachment import Attachment
from app.lib.files import store
from app.lib.words import gettext as _
from app.mail.authentication import CLAIMED
from app.mail.enclosed import masked_file
from app.mail.masking import masked

if TYPE_CHECKING:
    from app.mail.filing import Filing

# What reading leaves out of a mail that goes over a limit (MAIL.md, rule 19).
LIMITS = frozenset({"too_deep", "too_many_parts", "too_many_headers", "headers_too_long", "too_large"})


class Saying:
    """The words and the files of a mail that is filed."""

    @property
    def _is_unreadable(self: "Filing") -> bool:
        return "unreadable" in self.mail.defects

    @property
    def _is_cut(self: "Filing") -> bool:
        """Whether it went over a limit, so that some of it was not looked at (rule 19)."""
        return not LIMITS.isdisjoint(self.mail.defects)

    def _text(self: "Filing") -> str:
        """What the sender says; a mail without words still says so."""
        if self.entry.only_headers:
            return self._in_our_language("too_large")
        if self._is_unreadable:
            return self._in_our_language("unreadable")
        inner = self._forwarded
        text = inner.text if inner else self._words()
        text = masked(text) if text else self._in_our_language("no_text")
        return f"{text}\n\n{self._in_our_language('cut')}" if self._is_cut else text

    def _words(self: "Filing") -> str:
        """What the person wrote, with the name below it."""
        mail = self.mail
        visible = mail.visible.strip()
        if not visible:
            return mail.text.strip()
        return f"{visible}\n\n{mail.sign_off}" if mail.sign_off else visible

    def _in_our_language(self: "Filing", which: str) -> str:
        with force_locale(self.house.company.language):
            if which == "no_subject":
                return _("(no subject)")
            if which == "cut":
                return _("(This mail has more in it than is read. It is attached as it came.)")
            if which == "unreadable":
                return _("This mail could not be read. It is attached as it came.")
            if which == "too_large":
                limit = current_app.extensions["ventanilla"].mail_size_limit_mb
                return _(
                    "This mail was larger than %(limit)s MB. Only its headers were kept; the rest is on its server.",
                    limit=limit,
                )
            return _("(an e-mail without text)")

    def _origin(self: "Filing") -> dict[str, Any]:
        """What the message keeps of the mail it came in."""
        mail = self.mail
        folded = bool(mail.visible.strip()) and not self._forwarded
        html = None if self._forwarded and mail.carried else mail.html  # which is only what was written about it
        return {
            "html": masked(html) if html else None,
            "quoted": masked(mail.folded) if folded else "",
            "fold": mail.fold if folded else "",
            "mail_id": self.mail_id,
            "references": " ".join(mail.references[-30:])[:8000],
            "proof": CLAIMED if self._forwarded else self.proof.verdict,
        }

    def _name(self: "Filing") -> str:
        return (self.mail.from_name or self.mail.from_address or "?")[:200]

    def _whole(self: "Filing") -> Attachment:
        """The mail as a file, without any token of ours."""
        raw = store().read(self.entry.raw_sha256)
        return Attachment.keep_part(masked_file(raw, "text/plain"), "message.eml")

    def _files(self: "Filing") -> list[Attachment]:
        whole = [self._whole()] if self._is_unreadable or self._is_cut else []
        return whole + [
            Attachment.keep_part(
                part.content, part.name, content_id=part.content_id, is_inline=part.inline, stored=stored
            )
            for part, stored in zip(self.mail.attachments, self.kept, strict=True)
        ]
