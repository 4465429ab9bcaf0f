"""A wire between two sites that a test can cut: refuse, lose the answer, or break off in the middle of a request."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Literal

Fault = Literal["none", "refuse", "lose the answer", "break off"]


class Wire:
    """Listens on a port of its own and passes on to `port`; `fault` holds for the next `times` connections."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._fault: Fault = "none"
        self._times = 0
        self._bytes = self._good = 0
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def spoil(self, fault: Fault, times: int = 1, *, after_bytes: int = 0, after: int = 0) -> None:
        """Spoil the next connections but the first `after`; `after_bytes` says where a request breaks off."""
        self._fault, self._times, self._bytes, self._good = fault, times, after_bytes, after

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        fault = self._next_fault()
        with client:
            if fault == "refuse":
                return
            with socket.create_connection(("127.0.0.1", self._target)) as target:
                back = threading.Thread(target=self._back, args=(target, client, fault), daemon=True)
                back.start()
                self._forth(client, target, fault)
                back.join()

    def _next_fault(self) -> Fault:
        if self._good > 0:
            self._good -= 1
            return "none"
        self._times -= 1
        return self._fault if self._times >= 0 else "none"

    def _forth(self, client: socket.socket, target: socket.socket, fault: Fault) -> None:
        passed = 0
        while data := _read(client):
            if fault == "break off" and passed + len(data) > self._bytes:
                _end(target)
                _end(client)
                return
            passed += len(data)
            target.sendall(data)
        _half_close(target)

    def _back(self, target: socket.socket, client: socket.socket, fault: Fault) -> None:
        while data := _read(target):
            if fault == "lose the answer":
                break
            client.sendall(data)
        _end(client)


def _read(source: socket.socket) -> bytes:
    try:
        return source.recv(65536)
    except OSError:
        return b""


def _half_close(target: socket.socket) -> None:
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
