"""What happens in the background. The consumer loads this package: `huey_consumer tasks.huey`."""

from tasks import keeping, mail, timetable
from tasks.queue import huey, react_with
from tasks.reactions import react

react_with(react)

__all__ = ["huey", "keeping", "mail", "react", "timetable"]
