"""Hostile answers: each ends in a typed error, within bounds, and the client goes on working."""

import asyncio
import tracemalloc

import pytest

from isthmus.model.errors import InvalidDocument, Unreachable
from isthmus.transport.http.message import Headers, Request
from isthmus.transport.http.transport import HttpTransport
from isthmus.transport.limits import Limits
from tests.rig.hostile_server import (
    Script,
    answer,
    bomb,
    compressed,
    endless,
    in_turn,
    raw,
    reply,
    reset,
    serve,
    silent,
    slowly,
)
from tests.transport.conftest import MakeTransport

pytestmark = pytest.mark.anyio

CAP = 1024 * 1024
SHORT = Limits(connect=2, total=1.0, idle=0.6, body=CAP)
LONG = Limits(body=CAP)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
OPEN_END = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


@pytest.fixture
def transport(make_transport: MakeTransport) -> HttpTransport:
    return make_transport(limits=LONG)


async def fails(transport: HttpTransport, script: Script, method: str = "POST") -> str:
    """Tell the code of the failure, and see that the next call through the same client works."""
    async with serve({"/bad": script, "/good": reply(200, b"good")}) as server:
        client = transport.bind("c")
        with pytest.raises(Unreachable) as caught:
            await client.send(Request(method, f"{server.url}/bad"))
        assert (await client.send(Request("GET", f"{server.url}/good"))).body == b"good"
        assert server.address in caught.value.message
    return caught.value.code


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw"])
@pytest.mark.parametrize("size", [0, 1, 1000, 300_000])
async def test_a_compressed_answer_is_decoded(transport: HttpTransport, coding: str, size: int) -> None:
    body = bytes(number * 7 % 251 for number in range(size))
    packed = compressed(coding, body)
    name = "gzip" if coding == "gzip" else "Deflate"
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {name}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (packed[:5], packed[5:]) if part) + b"0\r\n\r\n"
    async with serve({"/": reply(200, packed, [("Content-Encoding", name)]), "/chunked": raw(head + chunks)}) as server:
        client = transport.bind("c")
        for path in ("/", "/chunked"):
            assert (await client.send(Request("GET", server.url + path))).body == body


@pytest.mark.hostile(72)
@pytest.mark.parametrize(
    ("body", "decoded"),
    [
        (compressed("gzip", b"one") + compressed("gzip", b"") + compressed("gzip", b"two"), b"onetwo"),
        (compressed("gzip", b"one") + b"\0\0\0\0", b"one"),
        (compressed("gzip", b"one") + b"garbage", b"one"),
        (b"", b""),
    ],
)
async def test_odd_but_whole_gzip(transport: HttpTransport, body: bytes, decoded: bytes) -> None:
    async with serve({"/": reply(200, body, [("Content-Encoding", "gzip")])}) as server:
        assert (await transport.bind("c").send(Request("GET", f"{server.url}/"))).body == decoded


@pytest.mark.hostile(71)
@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_bomb_stops_at_the_cap_of_decoded_bytes(transport: HttpTransport, coding: str) -> None:
    packed = bomb(coding, 400)
    assert len(packed) < CAP
    tracemalloc.start()
    try:
        assert await fails(transport, reply(200, packed, [("Content-Encoding", coding)])) == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 32 * CAP
    finally:
        tracemalloc.stop()


@pytest.mark.hostile(71)
async def test_others_go_on_while_a_bomb_is_read(make_transport: MakeTransport) -> None:
    transport = make_transport(limits=Limits(body=64 * CAP))
    packed = bomb("gzip", 60)
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0)

    async with serve({"/": reply(200, packed, [("Content-Encoding", "gzip")])}) as server:
        heart = asyncio.create_task(beat())
        response = await transport.bind("c").send(Request("GET", f"{server.url}/"))
        heart.cancel()
    assert len(response.body) == 60 * CAP
    assert beats > 30


@pytest.mark.hostile(72)
@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ([("Content-Encoding", "gzip, gzip")], compressed("gzip", compressed("gzip", b"x")), "unsupported_encoding"),
        ([("Content-Encoding", ", ".join(["gzip"] * 50))], b"x", "unsupported_encoding"),
        ([("Content-Encoding", "gzip"), ("Content-Encoding", "deflate")], b"x", "unsupported_encoding"),
        ([("Content-Encoding", "br")], b"x", "unsupported_encoding"),
        ([("Content-Encoding", "zstd")], b"x", "unsupported_encoding"),
        ([("Content-Encoding", "aes128gcm")], b"x", "unsupported_encoding"),
        ([("Content-Encoding", "gzip")], b"this is no gzip", "bad_encoding"),
        ([("Content-Encoding", "deflate")], b"\xff\xff\xff\xff", "bad_encoding"),
        ([("Content-Encoding", "gzip")], compressed("gzip", b"") * 1000, "bad_encoding"),
        ([("Content-Encoding", "gzip")], compressed("gzip", b"x" * 1000)[:-9], "truncated"),
        ([("Content-Encoding", "gzip")], compressed("gzip", b"x" * 1000)[:5], "truncated"),
        ([("Content-Encoding", "gzip")], compressed("gzip", b"x")[:-4] + b"\0\0\0\1", "bad_encoding"),
    ],
)
async def test_what_cannot_be_decoded_is_an_error(
    transport: HttpTransport, headers: list[tuple[str, str]], body: bytes, code: str
) -> None:
    assert await fails(transport, reply(200, body, headers)) == code


async def test_identity_is_no_coding(transport: HttpTransport) -> None:
    async with serve({"/": reply(200, b"plain", [("Content-Encoding", "identity")])}) as server:
        assert (await transport.bind("c").send(Request("GET", f"{server.url}/"))).body == b"plain"


@pytest.mark.hostile(73)
@pytest.mark.parametrize(
    ("script", "code"),
    [
        (raw(b""), "connection_lost"),
        (reset(), "connection_lost"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Le"), "truncated"),
        (raw(answer(200, b"short", length=100)), "truncated"),
        (reset(answer(200, b"short", length=100)), "truncated"),
        (raw(CHUNKED), "truncated"),
        (raw(CHUNKED + b"5\r\nhello\r\n"), "truncated"),
        (raw(CHUNKED + b"5\r\nhel"), "truncated"),
        (reset(CHUNKED + b"5\r\nhello\r\n"), "truncated"),
        (reset(OPEN_END + b"hello"), "truncated"),
        (raw(CHUNKED + b"zz\r\nhello\r\n"), "bad_answer"),
        (endless(CHUNKED + b"1;", b"extension=" * 100), "bad_answer"),
        (raw(answer(200, b"", length=CAP + 1)), "too_large"),
        (raw(answer(200, b"", length=10**30)), "bad_answer"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), "bad_answer"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), "bad_answer"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), "bad_answer"),
        (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "bad_answer"),
        (raw(b"\x15\x03\x01\x00\x02\x02\x0a"), "bad_answer"),
        (raw(b"HTTP/1.1 999999 OK\r\n\r\n"), "bad_answer"),
        (raw(b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"), "bad_answer"),
        (raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n"), "bad_answer"),
        (raw(b"HTTP/1.1 200 " + b"a" * 100_000 + b"\r\n\r\n"), "bad_answer"),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b\r\n" * 5000 + b"\r\n"), "bad_answer"),
        (endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 100), "bad_answer"),
        (endless(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 1000), "bad_answer"),
        (endless(OPEN_END, b"a" * 65536), "too_large"),
        (endless(CHUNKED, b"10000\r\n" + b"a" * 65536 + b"\r\n"), "too_large"),
    ],
)
async def test_a_broken_answer_is_an_error(transport: HttpTransport, script: Script, code: str) -> None:
    assert await fails(transport, script) == code


@pytest.mark.hostile(73)
@pytest.mark.parametrize(
    "script",
    [
        silent(),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", keep=True),
        raw(b"HTTP/1.1 200 OK\r\nContent-Le", keep=True),
        endless(OPEN_END, b"a", 0.05),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01),
        endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 50),
        slowly(30, reply(200)),
    ],
)
async def test_a_slow_answer_runs_out_of_time(make_transport: MakeTransport, script: Script) -> None:
    assert await fails(make_transport(limits=SHORT), script) == "timed_out"


@pytest.mark.hostile(73)
@pytest.mark.parametrize("at", range(1, 60, 7))
async def test_an_answer_cut_at_any_place_is_an_error(transport: HttpTransport, at: int) -> None:
    whole = answer(200, b"hello, this is the body", [("X-Header", "value")])
    assert await fails(transport, raw(whole[:at])) in {"truncated", "connection_lost", "bad_answer"}


@pytest.mark.hostile(76)
async def test_cookies_are_not_kept(transport: HttpTransport) -> None:
    cookies = [("Set-Cookie", f"c{number}=CANARY; Domain=127.0.0.1") for number in range(50)]
    async with serve({"/": reply(200, b"", cookies)}) as server:
        client = transport.bind("c")
        response = await client.send(Request("GET", f"{server.url}/"))
        await client.send(Request("GET", f"{server.url}/"))
    assert len(response.headers.all("set-cookie")) == 50
    assert server.ledger[1].header("Cookie") is None


@pytest.mark.hostile(79)
@pytest.mark.parametrize("status", [204, 304])
async def test_an_answer_without_a_body_ends_at_once(transport: HttpTransport, status: int) -> None:
    head = f"HTTP/1.1 {status} x\r\nContent-Encoding: gzip\r\n\r\n".encode()
    async with serve({"/": raw(head, keep=True)}) as server:
        response = await transport.bind("c").send(Request("GET", f"{server.url}/"))
    assert (response.status, response.body) == (status, b"")


async def test_a_head_has_no_body(transport: HttpTransport) -> None:
    head = answer(200, b"", [("Content-Encoding", "gzip")], length=10)
    async with serve({"/": raw(head, keep=True)}) as server:
        assert (await transport.bind("c").send(Request("HEAD", f"{server.url}/"))).body == b""


async def test_what_is_sent(transport: HttpTransport) -> None:
    headers = Headers(
        [
            ("X-One", "1"),
            ("X-One", "2"),
            ("Accept-Encoding", "br, zstd"),
            ("Content-Length", "99"),
            ("Transfer-Encoding", "chunked"),
            ("Expect", "100-continue"),
            ("Connection", "upgrade"),
            ("Cookie", "a=b"),
            ("X-Name", "Zoë"),
        ]
    )
    async with serve({"*": reply(200)}) as server:
        await transport.bind("c").send(Request("post", f"{server.url}/a%2Fb?c=%20d", headers, b"body"))
    got = server.ledger[0]
    assert (got.method, got.path, got.body) == ("POST", "/a%2Fb?c=%20d", b"body")
    assert [value for name, value in got.headers if name == "X-One"] == ["1", "2"]
    assert (got.header("Accept-Encoding"), got.header("Content-Length")) == ("gzip, deflate", "4")
    assert (got.header("Transfer-Encoding"), got.header("Expect"), got.header("Connection")) == (None, None, None)
    assert (got.header("Cookie"), got.header("Content-Type")) == ("a=b", None)
    assert (got.header("User-Agent") or "").startswith("isthmus/")
    assert (got.header("X-Name") or "").encode("latin-1").decode() == "Zoë"


@pytest.mark.hostile(53)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X", "a\r\nY: b"),
        ("X", "a\nb"),
        ("X", "a\0b"),
        ("X\r\nY", "a"),
        ("X Y", "a"),
        ("X:", "a"),
        ("", "a"),
        ("X", "\ud800"),
    ],
)
async def test_a_header_that_would_break_out_is_refused(transport: HttpTransport, name: str, value: str) -> None:
    async with serve({"*": reply(200)}) as server:
        with pytest.raises(InvalidDocument):
            await transport.bind("c").send(Request("GET", f"{server.url}/", Headers([(name, value)])))
    assert server.ledger == []


@pytest.mark.hostile(154)
async def test_failures_leave_nothing_behind(make_transport: MakeTransport) -> None:
    transport = make_transport(limits=SHORT)
    scripts = {"/a": reset(), "/b": raw(CHUNKED), "/c": endless(OPEN_END, b"a" * 65536), "/d": in_turn(raw(b""))}
    async with serve(scripts) as server:
        client = transport.bind("c")
        tasks = len(asyncio.all_tasks())
        for number in range(80):
            with pytest.raises(Unreachable):
                await client.send(Request("POST", f"{server.url}/{'abcd'[number % 4]}"))
        await asyncio.sleep(0.1)
        assert len(asyncio.all_tasks()) <= tasks + 2
