"""The edge of the wire: caps on the head of a request, deadlines for clients that dawdle, and errors in our envelope.

httptools refuses what smugglers need (two lengths, length beside chunks, folded headers, bare line feeds). What it has
no opinion on is here. Source: hostile cases 47, 48, 54.
"""

import asyncio
from typing import ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD: Final = 64 * 1024
MAX_HEADERS: Final = 256

_BODY: Final = b'{"errors":[{"code":"malformed_request","message":"This is not a request in HTTP/1.1."}]}'
_ANSWER: Final = (
    b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json; charset=utf-8\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n" % len(_BODY)
) + _BODY


class EdgeProtocol(HttpToolsProtocol):
    """One client's connection. A head has MAX_HEAD bytes, MAX_HEADERS fields and `head_seconds` to come in.

    A client that does not read the last of its answer within `flush_seconds` is cut off.
    """

    head_seconds: ClassVar[float] = 20.0
    flush_seconds: ClassVar[float] = 30.0

    _head_bytes = 0
    _in_head = True
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the parent
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a head before the parser keeps it."""
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD and len(data) < MAX_HEAD:
                self._refuse()
                return
        super().data_received(data)
        if self._in_head and (self._head_bytes > MAX_HEAD or len(self.headers or ()) > MAX_HEADERS):
            self._refuse()

    def on_message_begin(self) -> None:
        """Begin a head; on a connection that is kept open its deadline begins here."""
        super().on_message_begin()
        self._in_head = True
        if self._deadline is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        """End a head. One with too many fields is refused by raising, which the parser turns into a 400."""
        self._in_head = False
        self._head_bytes = 0
        self._stop_waiting()
        if len(self.headers) > MAX_HEADERS or sum(len(n) + len(v) for n, v in self.headers) > MAX_HEAD:
            raise ValueError("The head of the request is too large.")
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Between requests only the idle timeout of the server counts."""
        self._head_bytes = 0
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # what the parser found is for the log
        """Refuse in the envelope that every other refusal has."""
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(_ANSWER)
            self._close()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, also one whose client does not read its answer."""
        self._close()

    def shutdown(self) -> None:
        """Let go of a client that is not in a request."""
        super().shutdown()
        if self.transport.is_closing():
            self.loop.call_later(self.flush_seconds, self._abort)

    def _refuse(self) -> None:
        self.logger.warning("The head of a request is too large or too slow.")
        self.send_400_response("")

    def _await_head(self) -> None:
        self._deadline = self.loop.call_later(self.head_seconds, self._refuse)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _close(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
            self.loop.call_later(self.flush_seconds, self._abort)

    def _abort(self) -> None:
        if self in self.connections:
            self.transport.abort()
