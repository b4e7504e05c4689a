"""Words as a search compares them: without case, accents and doubled spaces."""

import unicodedata


def unaccented(text: str | None) -> str | None:
    """The text without its accents; what SQLite knows as f_unaccent, which PostgreSQL has of its own."""
    if text is None or text.isascii():
        return text
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def folded(text: str) -> str:
    return " ".join((unaccented(text) or "").casefold().split())


def has_words(text: str, words: str) -> bool:
    """Whether each of these words begins somewhere in the text."""
    there = folded(text)
    return all(word in there for word in folded(words).split())
