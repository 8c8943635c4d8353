"""Bodies as they come off the wire, without a wire."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from isthmus.api.receive import BodyLimits, Disconnected, Receive, read_body
from isthmus.api.routing import Body
from isthmus.model.errors import Malformed, TooLarge, UnsupportedMedia

pytestmark = pytest.mark.anyio

JSON = {b"content-type": b"application/json", b"transfer-encoding": b"chunked"}


def arriving(chunks: Iterable[bytes | None], pause: float = 0.0) -> Receive:
    """Hand out chunks, None for a client that goes away; count what was taken in `taken`."""
    waiting = list(chunks)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause)
        chunk = waiting.pop(0) if waiting else b""
        if chunk is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": bool(waiting)}

    return receive


async def test_chunks_are_put_together() -> None:
    assert await read_body(Body(), JSON, arriving([b'{"a"', b":", b"1}"]), BodyLimits()) == {"a": 1}


async def test_a_client_that_goes_away_is_not_answered() -> None:
    with pytest.raises(Disconnected):
        await read_body(Body(), JSON, arriving([b"{", None]), BodyLimits())


@pytest.mark.hostile(48)
async def test_a_body_that_does_not_come_in_time_is_given_up() -> None:
    with pytest.raises(Malformed, match="did not arrive within"):
        await read_body(Body(), JSON, arriving([b"1"] * 1000, pause=0.01), BodyLimits(seconds=0.05))


async def test_no_more_is_read_than_the_cap() -> None:
    taken = 0

    async def endless() -> dict[str, Any]:
        nonlocal taken
        taken += 1000
        return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

    with pytest.raises(TooLarge):
        await read_body(Body(), JSON, endless, BodyLimits(size=10_000))
    assert taken <= 11_000


@pytest.mark.parametrize("length", [b"+5", b"-5", b"5,5", b"\xb2", b"0x5", b"five"])
async def test_a_length_that_is_no_number_is_refused(length: bytes) -> None:
    with pytest.raises(Malformed):
        await read_body(
            Body(), {b"content-type": b"application/json", b"content-length": length}, arriving([]), BodyLimits()
        )


async def test_what_is_announced_as_too_large_is_not_read() -> None:
    async def never() -> dict[str, Any]:
        raise AssertionError("it was read")

    headers = {b"content-type": b"application/json", b"content-length": b"9" * 30}
    with pytest.raises(TooLarge):
        await read_body(Body(), headers, never, BodyLimits())


async def test_another_type_is_refused_at_its_first_byte() -> None:
    headers = {b"content-type": b"text/plain", b"transfer-encoding": b"chunked"}
    assert await read_body(Body(required=False), headers, arriving([b"", b""]), BodyLimits()) is None
    with pytest.raises(UnsupportedMedia):
        await read_body(Body(required=False), headers, arriving([b"", b"x", b"y" * 100]), BodyLimits())
