"""The guard where it counts: at the address that is connected to."""

import socket
from contextlib import suppress

import pytest

from isthmus.model.errors import EgressDenied, InvalidDocument, Unreachable
from isthmus.transport.egress import Egress
from isthmus.transport.http.message import Headers, Request
from isthmus.transport.http.resolver import ForbiddenAddressError, GuardedResolver
from isthmus.transport.http.transport import HttpTransport
from isthmus.transport.limits import Limits
from tests.rig.hostile_server import HostileServer, redirect, reply, serve
from tests.rig.names import Names
from tests.transport.conftest import MakeTransport

pytestmark = pytest.mark.anyio

CLOSED = ["10.9.9.9", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "0.0.0.0", "::ffff:127.0.0.1"]  # noqa: S104  # a table, nothing binds


async def get(transport: HttpTransport, url: str) -> bytes:
    return (await transport.bind("c").send(Request("GET", url))).body


def at(server: HostileServer, name: str) -> str:
    return f"http://{name}:{server.port}/"


@pytest.mark.hostile(59)
@pytest.mark.parametrize("address", CLOSED)
async def test_a_name_that_leads_to_a_closed_address_is_refused(make_transport: MakeTransport, address: str) -> None:
    names = Names({"rebind.test": [address]})
    transport = make_transport(allow=(), names=names)
    with pytest.raises(EgressDenied) as caught:
        await get(transport, "http://Rebind.test:8080/path?CANARY")
    assert "Rebind.test:8080" in str(caught.value)
    assert address not in str(caught.value)
    assert "CANARY" not in str(caught.value)


@pytest.mark.hostile(59)
async def test_of_a_mixed_answer_only_open_addresses_are_used(make_transport: MakeTransport) -> None:
    async with serve({"/": reply(200, b"open")}) as server:
        names = Names({"mixed.test": ["169.254.169.254", "10.9.9.9", "127.0.0.1", "::1"]})
        transport = make_transport(allow=("127.0.0.1",), names=names)
        assert await get(transport, at(server, "mixed.test")) == b"open"


@pytest.mark.hostile(59)
async def test_a_name_that_changes_its_mind_never_gets_through(make_transport: MakeTransport) -> None:
    answers = [["127.0.0.1"], ["127.0.0.2"]] * 20
    async with serve({"/": reply(200, b"outside", keep=False)}) as outside:
        reached = 0
        for number in range(len(answers)):
            names = Names({"rebind.test": answers[number:]})
            transport = make_transport(allow=("127.0.0.1",), names=names)
            with suppress(EgressDenied):
                assert await get(transport, at(outside, "rebind.test")) == b"outside"
                reached += 1
    assert reached == 20


@pytest.mark.hostile(59)
async def test_the_name_is_resolved_once_for_check_and_connection(make_transport: MakeTransport) -> None:
    names = Names({"rebind.test": [["127.0.0.1"], ["10.9.9.9"]]})
    async with serve({"/": reply(200, b"x")}) as server:
        assert await get(make_transport(names=names), at(server, "rebind.test")) == b"x"
    assert names.asked == ["rebind.test"]


async def test_literal_addresses_are_not_resolved(make_transport: MakeTransport) -> None:
    names = Names({})
    async with serve({"/": reply(200, b"x")}) as server:
        assert await get(make_transport(names=names), f"{server.url}/") == b"x"
    assert names.asked == []


@pytest.mark.hostile(65)
@pytest.mark.parametrize("allow", ["inside.test", "*.test", "INSIDE.test"])
async def test_a_host_that_is_open_by_name_may_be_private(make_transport: MakeTransport, allow: str) -> None:
    async with serve({"/": reply(200, b"inside")}) as server:
        names = Names({"inside.test": ["127.0.0.1"]})
        assert await get(make_transport(allow=(allow,), names=names), at(server, "inside.test")) == b"inside"


@pytest.mark.hostile(65)
async def test_a_host_that_is_open_on_one_port_is_closed_on_others(make_transport: MakeTransport) -> None:
    async with serve({"/": reply(200, b"one")}) as one, serve({"/": reply(200)}) as other:
        names = Names({"inside.test": ["127.0.0.1"]})
        transport = make_transport(allow=(f"inside.test:{one.port}",), names=names)
        assert await get(transport, at(one, "inside.test")) == b"one"
        with pytest.raises(EgressDenied):
            await get(transport, at(other, "inside.test"))
        with pytest.raises(EgressDenied):
            await get(transport, f"{one.url}/")
    assert other.ledger == []


@pytest.mark.hostile(65)
async def test_metadata_is_closed_even_to_a_host_that_is_open_by_name(make_transport: MakeTransport) -> None:
    names = Names({"metadata.google.internal": ["169.254.169.254"]})
    transport = make_transport(allow=("metadata.google.internal", "0.0.0.0/0", "::/0"), names=names)
    with pytest.raises(EgressDenied):
        await get(transport, "http://metadata.google.internal/computeMetadata/v1/")


@pytest.mark.hostile(61)
async def test_a_warm_socket_serves_its_own_policy_alone(make_transport: MakeTransport) -> None:
    names = Names({"inside.test": ["127.0.0.1"]})
    async with serve({"/": reply(200, b"x")}) as server:
        allowed, forbidden = make_transport(names=names), make_transport(names=names, allow=())
        await get(allowed, at(server, "inside.test"))
        with pytest.raises(EgressDenied):
            await get(forbidden, at(server, "inside.test"))
        await get(allowed, at(server, "inside.test"))
    assert (len(server.ledger), server.connections) == (2, 1)


@pytest.mark.hostile(60)
async def test_a_redirect_to_a_name_is_checked_at_its_address(make_transport: MakeTransport) -> None:
    names = Names({"evil.test": ["127.0.0.2"]})
    scripts = {"*": reply(200)}
    async with serve(scripts, host="127.0.0.2") as inside, serve(scripts) as outside:
        scripts["/"] = redirect(307, f"http://evil.test:{inside.port}/")
        with pytest.raises(EgressDenied):
            await get(make_transport(allow=("127.0.0.1",), names=names), f"{outside.url}/")
    assert (len(outside.ledger), inside.ledger) == (1, [])


@pytest.mark.hostile(64)
async def test_proxies_and_netrc_of_the_environment_are_ignored(
    make_transport: MakeTransport, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("default login me password CANARY\n")
    async with serve({"*": reply(200)}) as proxy, serve({"/": reply(200, b"direct")}) as server:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NETRC", str(netrc))
        assert await get(make_transport(), f"{server.url}/") == b"direct"
    assert proxy.ledger == []
    assert server.ledger[0].header("Authorization") is None


async def test_the_socket_factory_checks_whoever_named_the_address() -> None:
    resolver = GuardedResolver(Egress(["inside.test", "127.0.0.1"]), Names({"inside.test": ["10.9.9.9"]}))

    def open_to(address: str, port: int = 80) -> None:
        resolver.open_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port))).close()

    open_to("127.0.0.1")
    open_to("8.8.8.8")
    with pytest.raises(ForbiddenAddressError):
        open_to("10.9.9.9")
    await resolver.resolve("inside.test", 80)
    open_to("10.9.9.9")
    for address, port in (("10.9.9.9", 81), ("10.9.9.8", 80), ("169.254.169.254", 80)):
        with pytest.raises(ForbiddenAddressError):
            open_to(address, port)


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://nowhere.test/", "name_not_found"), ("http://127.0.0.1:1/", "connection_refused")],
)
async def test_what_cannot_be_reached(make_transport: MakeTransport, url: str, code: str) -> None:
    with pytest.raises(Unreachable) as caught:
        await get(make_transport(names=Names({})), url)
    assert caught.value.code == code


@pytest.mark.hostile(73)
async def test_a_connection_that_is_not_accepted_runs_out_of_time(make_transport: MakeTransport) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            transport = make_transport(limits=Limits(connect=0.2))
            with pytest.raises(Unreachable) as caught:
                await get(transport, f"http://127.0.0.1:{port}/")
    assert caught.value.code == "timed_out"


async def test_ipv6(make_transport: MakeTransport) -> None:
    async with serve({"/": reply(200, b"six")}, host="::1") as server:
        assert await get(make_transport(), f"http://[::1]:{server.port}/") == b"six"
        with pytest.raises(EgressDenied):
            await get(make_transport(allow=("127.0.0.0/8",)), f"http://[::1]:{server.port}/")


@pytest.mark.hostile(47)
@pytest.mark.parametrize("method", ["GET /x HTTP/1.1\r\nX-A: b\r\n\r\nGET", "GE T", "", "M\u00c9THODE", "A\0"])
async def test_a_method_that_is_no_token_is_not_sent(make_transport: MakeTransport, method: str) -> None:
    async with serve({"/": reply(200)}) as server:
        with pytest.raises(InvalidDocument):
            await make_transport().bind("c").send(Request(method, f"{server.url}/"))
    assert server.ledger == []


async def test_headers_do_not_choose_the_destination(make_transport: MakeTransport) -> None:
    async with serve({"/": reply(200)}) as server:
        request = Request("GET", f"{server.url}/", Headers([("Host", "169.254.169.254"), ("X-Forwarded-Host", "x")]))
        await make_transport().bind("c").send(request)
    assert [received.header("host") for received in server.ledger] == [server.address]
