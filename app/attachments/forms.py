"""A form with files: those of a refused one wait a day as drafts, so that nobody chooses them twice."""

import secrets
from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, MultipleFileField

from app.attachments.attachment import LARGEST, MOST, Attachment, megabytes
from app.lib.forms import Form
from app.lib.refusals import Refused
from app.lib.words import gettext as _
from app.lib.words import lazy_gettext as _l


class FilesForm(Form):
    """Base of the forms that take files. The key names this one form: its drafts, and that it is done once."""

    files = MultipleFileField(_l("Photos or documents"))
    draft_key = HiddenField()
    most = MOST

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.kept: list[Attachment] = []
        self._unfit: list[Refused] = []
        if not 20 <= len(self.draft_key.data or "") <= 64:
            self.draft_key.data = self.new_key()

    @staticmethod
    def new_key() -> str:
        """For a form that nobody has sent yet."""
        return secrets.token_urlsafe(24)

    @property
    def limits(self) -> dict[str, Any]:
        """What a browser can check before it sends megabytes; the server checks all the same."""
        return {
            "data-largest": LARGEST,
            "data-most": self.most,
            "data-too-large": _("too large: %(limit)s at most; left out.", limit=megabytes(LARGEST)),
            "data-too-many": _("Too many files: %(limit)s at most; the others are left out.", limit=self.most),
        }

    @property
    def key(self) -> str:
        return self.draft_key.data or ""

    def take_files(self, *, by: Any, still_wanted: list[str]) -> None:
        """As `keep_files`; what is wrong with a file is said with all the rest, when the form insists."""
        try:
            self.keep_files(by=by, still_wanted=still_wanted)
        except Refused as problem:
            self._unfit.append(problem)

    def missing(self) -> Iterable[Refused]:
        return self._unfit

    def keep_files(self, *, by: Any, still_wanted: list[str]) -> None:
        """Keeps the files chosen now beside those kept before; `still_wanted` are the ids whose tick is still set.

        Raises TooLarge, TooMany, Empty, NotWelcome.
        """
        for draft in Attachment.drafts(self.key, by=by):
            if str(draft.id) in still_wanted:
                self.kept.append(draft)
            else:
                draft.discard()
        problem = None
        for upload in self.files.data or []:  # one by one: a bad file does not cost the good ones
            try:
                already = len(self.kept)
                self.kept += Attachment.keep_all([upload], by=by, draft_key=self.key, already=already, most=self.most)
            except Refused as refused:
                problem = problem or refused
        if problem:
            raise problem
