"""When a request is sent again, and when it is not."""

import asyncio
from datetime import UTC, datetime

import pytest

from isthmus.model.errors import Unreachable
from isthmus.transport.egress import Egress
from isthmus.transport.gate import Gates
from isthmus.transport.http.backoff import Backoff, retry_after
from isthmus.transport.http.message import Headers, Request, Response
from isthmus.transport.http.transport import HttpTransport
from isthmus.transport.limits import Limits
from tests.rig.hostile_server import in_turn, raw, reply, reset, serve, silent
from tests.transport.conftest import LOCAL, MakeTransport

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def answered(status: int = 429, *values: str, header: str = "Retry-After") -> Response:
    return Response(status, Headers((header, value) for value in values), b"", "http://x/")


@pytest.mark.hostile(77)
@pytest.mark.parametrize(
    ("values", "seconds"),
    [
        (["7"], 7),
        (["0"], 0),
        ([" 2.5 "], 2.5),
        (["900"], 900),
        (["901"], 900),
        (["1e9"], 900),
        (["inf"], 900),
        (["9" * 400], 900),
        (["-1"], None),
        (["-inf"], None),
        (["NaN"], None),
        (["soon"], None),
        ([""], None),
        (["7, 8"], None),
        ([], None),
        (["x", "3"], 3),
        ([str(number) for number in range(5, 55)], 5),
        (["Sun, 01 Mar 2026 12:00:09 GMT"], 9),
        (["Sun, 01 Mar 2026 13:00:09 +0100"], 9),
        (["Sunday, 01-Mar-26 12:00:09 GMT"], 9),
        (["Thu, 01 Jan 1970 00:00:00 GMT"], 0),
        (["Fri, 31 Dec 9999 23:59:59 GMT"], 900),
        (["Fri, 31 Dec 99999 23:59:59 GMT"], None),
        (["Sun, 32 Mar 2026 12:00:09 GMT"], None),
    ],
)
def test_when_to_come_back(values: list[str], seconds: float | None) -> None:
    assert retry_after(answered(429, *values), clock=lambda: NOW) == seconds


def test_the_header_may_have_another_name() -> None:
    response = answered(429, "3", header="X-Wait")
    assert retry_after(response, "x-wait") == 3
    assert retry_after(response) is None


@pytest.mark.parametrize(
    ("status", "value", "repeated", "waited", "repeats"),
    [
        (429, "1", 0, 0, True),
        (503, "1", 0, 0, True),
        (429, "10", 0, 0, True),
        (429, "10.1", 0, 0, False),
        (429, "2", 2, 8, True),
        (429, "2", 2, 8.1, False),
        (429, "0", 3, 0, False),
        (500, "1", 0, 0, False),
        (200, "1", 0, 0, False),
        (429, "soon", 0, 0, False),
    ],
)
def test_the_budget_of_waits(status: int, value: str, repeated: int, waited: float, repeats: bool) -> None:  # noqa: FBT001  # a table
    wait = Backoff().wait(answered(status, value), repeated, waited)
    assert (wait is not None) is repeats
    assert wait is None or float(value) <= wait <= float(value) * 1.1


@pytest.mark.hostile(144)
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_short_wait_is_waited_for(make_transport: MakeTransport, status: int, method: str) -> None:
    busy = reply(status, b"busy", [("Retry-After", "0.05")])
    async with serve({"/": in_turn(busy, busy, reply(200, b"done"))}) as server:
        response = await make_transport().bind("c").send(Request(method, f"{server.url}/", body=b"x"))
    assert (response.status, [one.body for one in server.ledger]) == (200, [b"x"] * 3)


@pytest.mark.parametrize("headers", [[("Retry-After", "3600")], [("Retry-After", "-1")], []])
async def test_a_long_or_unknown_wait_is_handed_back(
    make_transport: MakeTransport, headers: list[tuple[str, str]]
) -> None:
    async with serve({"/": reply(429, b"busy", headers)}) as server:
        client = make_transport().bind("c")
        for _ in range(2):
            assert (await client.send(Request("GET", f"{server.url}/"))).body == b"busy"
    assert len(server.ledger) == 2


async def test_repeats_are_bounded(make_transport: MakeTransport) -> None:
    async with serve({"/": reply(429, b"busy", [("Retry-After", "0")])}) as server:
        response = await make_transport().bind("c").send(Request("GET", f"{server.url}/"))
    assert (response.status, len(server.ledger)) == (429, 4)


async def test_the_retry_header_of_the_connection(make_transport: MakeTransport) -> None:
    busy = reply(429, b"", [("Retry-After", "0.01"), ("X-Wait", "3600")])
    async with serve({"/": in_turn(busy, reply(200))}) as server:
        client = make_transport().bind("c", retry_header="X-Wait")
        assert (await client.send(Request("GET", f"{server.url}/"))).status == 429


@pytest.mark.hostile(151)
async def test_everybody_at_the_gate_waits_meanwhile() -> None:
    gates = Gates()
    transport = HttpTransport(Egress(LOCAL), gates)
    busy = reply(429, b"", [("Retry-After", "1")])
    async with serve({"/busy": in_turn(busy, reply(200)), "/other": reply(200)}) as server:
        client = transport.bind("c", concurrency=5)
        first = asyncio.create_task(client.send(Request("GET", f"{server.url}/busy")))
        await server.arrived(1)
        await asyncio.sleep(0.1)
        assert gates.size("c") == 0
        others = [asyncio.create_task(client.send(Request("GET", f"{server.url}/other"))) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert (len(server.ledger), gates.size("c")) == (1, 3)
        await asyncio.gather(first, *others)
    await transport.close()
    assert len(server.ledger) == 5


@pytest.mark.parametrize("lost", [raw(b""), reset()])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_a_lost_connection_is_tried_once_more(make_transport: MakeTransport, lost: object, method: str) -> None:
    assert callable(lost)
    async with serve({"/": in_turn(reply(200), lost, reply(200))}) as server:
        client = make_transport().bind("c")
        for _ in range(2):
            assert (await client.send(Request(method, f"{server.url}/"))).status == 200
    assert [one.method for one in server.ledger] == [method] * 3
    assert [one.connection for one in server.ledger] == [0, 0, 1]


async def test_a_connection_lost_twice_is_an_error(make_transport: MakeTransport) -> None:
    async with serve({"/": reset()}) as server:
        with pytest.raises(Unreachable) as caught:
            await make_transport().bind("c").send(Request("GET", f"{server.url}/"))
    assert (caught.value.code, len(server.ledger)) == ("connection_lost", 2)


@pytest.mark.hostile(144)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_what_may_not_be_sent_twice_is_not(make_transport: MakeTransport, method: str) -> None:
    async with serve({"/": reset()}) as server:
        with pytest.raises(Unreachable):
            await make_transport().bind("c").send(Request(method, f"{server.url}/"))
    assert len(server.ledger) == 1


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_an_answer_that_had_begun_is_not_asked_for_again(make_transport: MakeTransport, method: str) -> None:
    async with serve({"/": raw(b"HTTP/1.1 200 OK\r\nContent-Le")}) as server:
        with pytest.raises(Unreachable):
            await make_transport().bind("c").send(Request(method, f"{server.url}/"))
    assert len(server.ledger) == 1


@pytest.mark.hostile(143)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_a_timeout_is_not_repeated(make_transport: MakeTransport, method: str) -> None:
    async with serve({"/": silent()}) as server:
        with pytest.raises(Unreachable) as caught:
            await make_transport(limits=Limits(idle=0.4)).bind("c").send(Request(method, f"{server.url}/"))
    assert (caught.value.code, len(server.ledger)) == ("timed_out", 1)
