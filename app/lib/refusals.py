"""What the domain says when it will not do what was asked."""

from typing import Any

from app.lib.words import lazy_gettext as _l


class Refused(Exception):
    """Base of every refusal. A subclass is one reason: `says` is its sentence for the person who asked.

    `status` is the HTTP status a page answers with; `field` names the form field that is at fault, if one is.
    Keyword arguments fill the placeholders of the sentence.
    """

    says: Any = _l("That is not possible now.")
    status = 422
    field: str | None = None

    def __init__(self, *, field: str | None = None, **values: Any) -> None:
        super().__init__(type(self).__name__)
        self.values = values
        if field:
            self.field = field

    @property
    def sentence(self) -> str:
        text = str(self.says)
        return text % self.values if self.values else text

    def __str__(self) -> str:
        return self.sentence
