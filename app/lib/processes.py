"""Which process has taken a piece of work, and whether it still lives: what a killed one had taken is given back."""

import os
import socket
from secrets import token_hex

# A number of its own for each start: after a restart of a container the new process often has the old one's id.
_start = token_hex(4)


def myself() -> str:
    """The name under which this process takes work: host, process id, start."""
    return f"{socket.gethostname()}/{os.getpid()}/{_start}"


def lives(name: str) -> bool:
    """Whether that process may still be at work. One of another host is not ours to judge: its claim ends by age."""
    host, _, rest = name.partition("/")
    pid, _, start = rest.partition("/")
    if host != socket.gethostname():
        return True
    if pid == str(os.getpid()):
        return start == _start
    return os.path.exists(f"/proc/{pid}")
