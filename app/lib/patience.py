"""An end to every command. A timeout ends silence; a server that says a byte now and then would be heard for ever."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def patience(wire: Callable[[], socket.socket | None], seconds: float) -> Iterator[None]:
    """Hangs up when the time is over: whoever reads from the socket then gets an error. Raises TimeoutError."""
    is_over = threading.Event()

    def hang_up() -> None:
        is_over.set()
        with suppress(OSError, AttributeError):
            wire().shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as problem:
        if is_over.is_set():
            raise TimeoutError(f"not finished within {seconds:.0f} s") from problem
        raise
    finally:
        timer.cancel()
