"""What the recorder and the observer are told."""

import asyncio

import pytest

from isthmus.model.errors import EgressDenied, Unreachable
from isthmus.transport.egress import Egress
from isthmus.transport.gate import Gates
from isthmus.transport.http.exchange import Exchange
from isthmus.transport.http.message import Headers, Request
from isthmus.transport.http.transport import HttpTransport
from tests.rig.hostile_server import in_turn, raw, redirect, reply, reset, serve, silent
from tests.rig.names import Names
from tests.transport.conftest import LOCAL, MakeTransport

pytestmark = pytest.mark.anyio


async def test_every_hop_and_every_attempt_is_recorded(make_transport: MakeTransport) -> None:
    seen: list[Exchange] = []
    scripts = {
        "/a": redirect(302, "/b"),
        "/b": in_turn(reset(), reply(503, b"busy", [("Retry-After", "0")]), reply(200, b"done")),
    }
    async with serve(scripts) as server:
        client = make_transport().bind("c", recorder=seen.append)
        await client.send(Request("GET", f"{server.url}/a", Headers([("X-Mine", "1"), ("Connection", "close")])))
    outcomes = [(one.request.url.rpartition("/")[2], one.response and one.response.status) for one in seen]
    assert outcomes == [("a", 302), ("b", None), ("b", 503), ("a", 302), ("b", 200)]
    assert len({one.id for one in seen}) == len(seen)
    assert [one.started for one in seen] == sorted(one.started for one in seen)
    assert all(one.elapsed >= 0 and (one.response is None) is (one.error is not None) for one in seen)
    sent = dict(seen[0].request.headers)
    assert (sent["X-Mine"], sent["Accept-Encoding"], "Connection" in sent) == ("1", "gzip, deflate", False)


async def test_failures_are_recorded(make_transport: MakeTransport) -> None:
    seen: list[Exchange] = []
    async with serve({"/": raw(b"junk\r\n\r\n"), "/silent": silent()}) as server:
        client = make_transport(names=Names({"inside.test": ["10.9.9.9"]})).bind("c", recorder=seen.append)
        with pytest.raises(Unreachable):
            await client.send(Request("POST", f"{server.url}/"))
        with pytest.raises(EgressDenied):
            await client.send(Request("GET", "http://inside.test/"))
        task = asyncio.create_task(client.send(Request("GET", f"{server.url}/silent")))
        await server.arrived(2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    errors = [one.error or "" for one in seen]
    assert ["valid HTTP" in errors[0], "egress" in errors[1], "given up" in errors[2]] == [True] * 3


async def test_the_observer_counts() -> None:
    seen: list[tuple[str, float]] = []
    transport = HttpTransport(Egress(LOCAL), Gates(), observer=lambda *told: seen.append(told))
    async with serve({"/": reply(200), "/lost": reset()}) as server:
        await transport.bind("c").send(Request("GET", f"{server.url}/"))
        with pytest.raises(Unreachable):
            await transport.bind("c").send(Request("POST", f"{server.url}/lost"))
    await transport.close()
    assert [outcome for outcome, seconds in seen if seconds >= 0] == ["200", "connection_lost"]
