"""Takes a request's body off the wire: media type first, then the size as it comes in.

Nothing here runs before the caller is authenticated. Source: api.md section 1 "Media"; hostile cases 37, 49-51.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

from isthmus.api.json_body import JsonLimits, parse
from isthmus.api.routing import Body
from isthmus.model.errors import Malformed, TooLarge, UnsupportedMedia
from isthmus.model.json import Json

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_UTF8: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class Disconnected(Exception):
    """The client went away before its request was complete; there is nobody to answer."""


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """The caps of a body: bytes, the JSON in them, and the seconds that all of it may take to come in."""

    size: int = 16 * 1024 * 1024
    seconds: float = 120.0
    json: JsonLimits = field(default_factory=JsonLimits)


async def read_body(body: Body | None, headers: Mapping[bytes, bytes], receive: Receive, limits: BodyLimits) -> Json:
    """Read what a route reads; None where there is no body, or where it is ignored.

    Raises UnsupportedMedia, TooLarge, Malformed or Disconnected.
    """
    if not _announced(headers):
        return _absent(body)
    good_type = _is_json(headers)
    _check_encoding(headers)
    _check_length(headers, limits.size)
    data = await _collect(receive, limits, refuse_any=not good_type)
    if not data:
        return _absent(body)
    if body is None:
        raise Malformed("This request takes no body.")
    return None if body.ignored else parse(data, limits.json)


def _announced(headers: Mapping[bytes, bytes]) -> bool:
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0").lstrip(b"0") != b""


def _absent(body: Body | None) -> None:
    if body is not None and body.required:
        raise Malformed("The request has no body: send JSON.")


def _check_length(headers: Mapping[bytes, bytes], size: int) -> None:
    length = headers.get(b"content-length", b"0")
    if not length.isdigit():
        raise Malformed("Content-Length is not a number.")
    if int(length[:20]) > size:
        raise _too_large(size)


def _too_large(size: int) -> TooLarge:
    return TooLarge(f"The body is larger than {size} bytes: send it in parts.")


def _check_encoding(headers: Mapping[bytes, bytes]) -> None:
    if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"identity", b""):
        raise UnsupportedMedia("Compressed bodies are not read: send the JSON as it is, without Content-Encoding.")


def _is_json(headers: Mapping[bytes, bytes]) -> bool:
    """Tell whether the content type is JSON in UTF-8: `application/json`, or `application/<anything>+json`."""
    essence, *parameters = headers.get(b"content-type", b"").decode("latin-1").lower().split(";")
    essence = essence.strip()
    if essence != "application/json" and not (essence.startswith("application/") and essence.endswith("+json")):
        return False
    named = (parameter.partition("=") for parameter in parameters)
    return all(value.strip().strip('"') in _UTF8 for name, _, value in named if name.strip() == "charset")


async def _collect(receive: Receive, limits: BodyLimits, *, refuse_any: bool) -> bytes:
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.seconds):
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Disconnected
                chunk, more = message.get("body", b""), message.get("more_body", False)
                if chunk and refuse_any:
                    raise UnsupportedMedia("Send JSON: Content-Type must be application/json, in UTF-8.")
                size += len(chunk)
                if size > limits.size:
                    raise _too_large(limits.size)
                chunks.append(chunk)
    except TimeoutError:
        raise Malformed(f"The body did not arrive within {limits.seconds:g} s.") from None
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)
