"""Serves the application: one socket, one line on stdout when it accepts requests, and a drain when told to stop."""

import asyncio
import contextlib
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn

from isthmus.api.edge import EdgeProtocol
from isthmus.model.errors import SetupError

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_LAST_WORDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Tls:
    """The certificate chain and its private key, both PEM files."""

    cert: Path
    key: Path


def listen(host: str, port: int) -> socket.socket:
    """Bind a port, 0 for any free one. Raises SetupError where that cannot be."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise SetupError(f"The host {host!r} (ISTHMUS_HOST) is not an address of this machine.") from None
    family, kind, protocol, _, address = found[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        bound.close()
        raise SetupError(f"Cannot listen on {host} port {port}: {error.strerror}.") from None
    bound.setblocking(False)
    return bound


def base_url(bound: socket.socket, host: str, *, tls: bool) -> str:
    """Write the address of a bound socket under the name that the operator gave it."""
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if tls else 'http'}://{shown}:{bound.getsockname()[1]}"


class Server(uvicorn.Server):
    """Stops on SIGTERM or SIGINT: `draining` is called at once, requests in flight are finished, the exit is clean.

    A second signal ends it without waiting.
    """

    def __init__(self, config: uvicorn.Config, *, ready: Callable[[], None], draining: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._draining = draining

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that requests are accepted, once they are."""
        await super().startup(sockets)
        self._ready()

    def stop(self) -> None:
        """Begin to drain; called again, end at once."""
        self._draining()
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop accepting, wait for what is in flight; what is left then is answered 503 before anything is closed."""
        await super().shutdown(sockets)
        left = list(self.server_state.tasks)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=_LAST_WORDS)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals for the time of serving; off the main thread there are none to take."""
        loop = asyncio.get_running_loop()
        try:
            for number in _SIGNALS:
                loop.add_signal_handler(number, self.stop)
        except (RuntimeError, ValueError):
            yield
            return
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)


def check(tls: Tls) -> None:
    """Try a certificate and its key. Raises SetupError where they cannot be read or do not belong together."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.cert, tls.key)
    except OSError as error:  # ssl.SSLError is one
        why = error.reason if isinstance(error, ssl.SSLError) else error.strerror
        raise SetupError(f"The certificate {tls.cert} or its key {tls.key} cannot be used: {why}.") from None


def make_config(app: Any, *, grace: float, tls: Tls | None = None) -> uvicorn.Config:
    """Configure the server; a certificate was checked before."""
    return uvicorn.Config(
        app,
        http=EdgeProtocol,
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=max(1, round(grace)),
        ssl_certfile=tls.cert if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
