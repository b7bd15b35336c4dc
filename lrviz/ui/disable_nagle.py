"""Let every answer of the server leave at once.

With Nagle's algorithm on, the end of an answer waits up to 40 ms for the browser to acknowledge its beginning. asyncio
switches it off, but only on sockets that name TCP as their protocol. Streamlit binds its listening socket without
naming one and hands it to uvicorn, and there is no hook to reach that socket, so it is looked for among all objects.
Connections inherit the option from it.

This module can go as soon as Streamlit names the protocol, or lets uvicorn bind; tests/ui/test_live.py says when.
"""

from __future__ import annotations

import gc
import socket

FAMILIES = (socket.AF_INET, socket.AF_INET6)


def on_unnamed_sockets() -> None:
    """Switch Nagle's algorithm off on every open stream socket that was made without naming a protocol."""
    for found in gc.get_objects():
        if isinstance(found, socket.socket) and _unnamed(found):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _unnamed(found: socket.socket) -> bool:
    stream = found.type == socket.SOCK_STREAM and found.family in FAMILIES
    return stream and found.proto == 0 and found.fileno() >= 0
