"""Tickets at the desk: the room, a module a noun."""

from app.tickets.desk import index, new, properties, show
from app.tickets.desk.room import tickets

__all__ = ["index", "new", "properties", "show", "tickets"]
