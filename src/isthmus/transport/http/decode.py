"""Content codings of an answer, undone while it streams in: the cap counts decoded bytes and bytes on the wire.

gzip and deflate alone are understood, and asked for; at most one of them.
"""

import asyncio
import zlib
from collections.abc import Iterator
from typing import Final

from aiohttp import ClientOSError, ClientResponse

from isthmus.model.errors import Unreachable
from isthmus.transport.http.faults import cut_off, too_large

ACCEPTED: Final = "gzip, deflate"
_STEP: Final = 256 * 1024
_BREATH: Final = 1024 * 1024
_MEMBERS: Final = 64
_GZIP: Final = zlib.MAX_WBITS | 16
_CODINGS: Final = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


async def read_body(answer: ClientResponse, cap: int, shown: str) -> bytes:
    """Read and decode a whole body; raises Unreachable when it is cut off, over `cap` bytes, or coded otherwise."""
    coding = _coding(answer.headers.getall("Content-Encoding", ()), shown)
    length = answer.content_length
    if length is not None and length > cap:
        raise too_large(shown, cap)
    if coding is None and length is not None and "Transfer-Encoding" not in answer.headers:
        return await answer.read()
    return await _stream(answer, Decoder(coding, shown), cap, shown)


async def _stream(answer: ClientResponse, decoder: "Decoder", cap: int, shown: str) -> bytes:
    parts: list[bytes] = []
    raw = decoded = breath = 0
    async for chunk in answer.content.iter_any():
        raw += len(chunk)
        for part in decoder.feed(chunk):
            parts.append(part)
            decoded += len(part)
            if decoded > cap:
                raise too_large(shown, cap)
            if decoded - breath > _BREATH:
                breath = decoded
                await asyncio.sleep(0)
        if raw > cap:
            raise too_large(shown, cap)
    decoder.finish()
    if _was_reset(answer):
        raise cut_off(shown)
    return b"".join(parts)


def _was_reset(answer: ClientResponse) -> bool:
    """Tell a reset from the close that marks the end of a body without a length; to the library both are its end."""
    if answer.content_length is not None or "Transfer-Encoding" in answer.headers:
        return False
    protocol = answer._protocol  # noqa: SLF001  # `connection` is gone by now; a test holds it
    return protocol is not None and isinstance(protocol.exception(), ClientOSError)


def _coding(values: list[str] | tuple[str, ...], shown: str) -> str | None:
    names = [name.strip().lower() for value in values for name in value.split(",")]
    names = [name for name in names if name not in {"", "identity"}]
    if not names:
        return None
    if len(names) > 1 or names[0] not in _CODINGS:
        raise Unreachable(
            "unsupported_encoding",
            f"{shown} coded its answer in a way that was not asked for. Only {ACCEPTED} will do.",
        )
    return _CODINGS[names[0]]


class Decoder:
    """Undoes one coding (None: none) piece by piece; a piece is at most 256 KB, however far it was compressed."""

    def __init__(self, coding: str | None, shown: str) -> None:
        self._coding = coding
        self._shown = shown
        self._engine: zlib._Decompress | None = None
        self._members = 0
        self._trailing = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Give what the data decodes to. What follows a whole stream and is no stream is left out, as browsers do."""
        if self._coding is None:
            yield data
            return
        while data and not self._trailing:
            engine = self._current(data)
            if engine is None:
                return
            yield from self._inflate(engine, data)
            data = engine.unused_data

    def _current(self, data: bytes) -> "zlib._Decompress | None":
        if self._engine is not None and not self._engine.eof:
            return self._engine
        if self._engine is not None and (self._coding != "gzip" or data[0] != 0x1F):  # noqa: PLR2004  # RFC 1952 magic
            self._trailing = True
            return None
        self._members += 1
        if self._members > _MEMBERS:
            raise self._broken()
        self._engine = zlib.decompressobj(_GZIP if self._coding == "gzip" else _deflate_window(data))
        return self._engine

    def _inflate(self, engine: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
        part = b""
        while not engine.eof and (data or len(part) == _STEP):
            try:
                part = engine.decompress(data, _STEP)
            except zlib.error:
                raise self._broken() from None
            data = engine.unconsumed_tail
            if part:
                yield part

    def _broken(self) -> Unreachable:
        return Unreachable("bad_encoding", f"The answer of {self._shown} is not the {self._coding} that it says it is.")

    def finish(self) -> None:
        """Say that nothing more comes; raises Unreachable when more should have."""
        if self._engine is not None and not self._engine.eof:
            raise Unreachable("truncated", f"The compressed answer of {self._shown} ends too early.")


def _deflate_window(data: bytes) -> int:
    """Tell zlib's wrapping (RFC 1950) from the bare stream that some servers send under the same name."""
    return zlib.MAX_WBITS if data[0] & 0x0F == zlib.DEFLATED else -zlib.MAX_WBITS
