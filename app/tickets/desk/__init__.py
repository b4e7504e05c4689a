"""Tickets at the desk: the room, a module a noun."""

from app.tickets.desk import (
    batches,
    board,
    doubts,
    entries,
    export,
    going,
    index,
    joining,
    new,
    properties,
    removing,
    show,
    views,
)
from app.tickets.desk.room import tickets

__all__ = [
    "batches", "board", "doubts", "entries", "export", "going", "index", "joining", "new", "properties", "removing",
    "show", "tickets", "views",
]  # fmt: skip
