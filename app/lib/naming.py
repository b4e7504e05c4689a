"""What people are called."""


def called(name: str) -> str:
    """By the first name; "Dr. Soler" by all of it, for "Hello, Dr." greets nobody. Of nothing, nothing."""
    first, *rest = name.split() or [""]
    return f"{first} {called(' '.join(rest))}" if rest and first.endswith(".") else first
