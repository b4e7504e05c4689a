"""Bad weather between us and a real mail server: silence, a connection reset half-way, one byte a second, and lies."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable

NEVER = 1 << 60


class Weather:
    """Stands in front of a port of the loopback; what it does can be changed between two conversations.

    `after`: how many bytes of the server's reach us before it `does` "stall", "reset" or "trickle"; `lie` changes what
    the server says, line by line.
    """

    host = "127.0.0.1"

    def __init__(self, port: int) -> None:
        self._to = port
        self.calm()
        self.met = 0  # conversations
        self._listening = socket.create_server((self.host, 0))
        self._open: list[socket.socket] = []
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def calm(self) -> None:
        self.after, self.does, self.lie = NEVER, "", None

    def turn(self, does: str, after: int = 0) -> None:
        self.after, self.does = after, does

    def tell(self, lie: Callable[[bytes], bytes]) -> None:
        self.lie: Callable[[bytes], bytes] | None = lie

    def end(self) -> None:
        self._listening.close()
        for each in self._open:
            with contextlib.suppress(OSError):
                each.close()

    def _serve(self) -> None:
        while True:
            try:
                ours, _ = self._listening.accept()
            except OSError:
                return
            self.met += 1
            theirs = socket.create_connection((self.host, self._to))
            self._open += [ours, theirs]
            threading.Thread(target=self._forward, args=(ours, theirs), daemon=True).start()
            threading.Thread(target=self._back, args=(theirs, ours), daemon=True).start()

    def _forward(self, ours: socket.socket, theirs: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := ours.recv(65536):
                theirs.sendall(data)
            theirs.shutdown(socket.SHUT_WR)

    def _back(self, theirs: socket.socket, ours: socket.socket) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            for line in theirs.makefile("rb"):
                said = self.lie(line) if self.lie else line
                passed += len(said)
                if passed > self.after:
                    self._strike(ours, said)
                    return
                ours.sendall(said)
            ours.shutdown(socket.SHUT_RDWR)

    def _strike(self, ours: socket.socket, said: bytes) -> None:
        if self.does == "reset":
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            ours.close()
        elif self.does == "trickle":
            for byte in said * 1000:
                ours.sendall(bytes([byte]))
                time.sleep(0.2)
