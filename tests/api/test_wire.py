"""Raw sockets: what no well-behaved client would send, and how much of it is read."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
import uvicorn

from isthmus.api.edge import EdgeProtocol
from tests.rig import bodies
from tests.rig.service import Service


def dial(service: Service) -> socket.socket:
    address = urlsplit(service.url)
    return socket.create_connection((address.hostname, address.port), timeout=30)


def exchange(service: Service, request: bytes) -> bytes:
    """Send bytes and read until the service hangs up."""
    with dial(service) as wire:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused while sending; the answer is there
            wire.sendall(request)
        answer = b""
        with suppress(ConnectionResetError):
            while chunk := wire.recv(65_536):
                answer += chunk
        return answer


def head(service: Service, *lines: str, method: str = "POST", path: str = "/v1/connections") -> bytes:
    fixed = (f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {service.token}", *lines)
    return ("\r\n".join(fixed) + "\r\n\r\n").encode("latin-1")


@pytest.mark.hostile(47)
@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 5"),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: 5, 6",),
        ("Content-Length: +5",),
        ("Content-Length: -1",),
        ("Content-Length: 0x5",),
        ("Content-Length: \xb2",),
        ("Content-Length: 99999999999999999999999",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding: identity",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding : chunked",),
        ("X-Folded: a\r\n b",),
        ("X-Nul: a\0b",),
        (" leading: space",),
        ("no-colon",),
        ("X-Large: " + "a" * 100_000,),
        tuple(f"X-{n}: 1" for n in range(10_000)),
        tuple(f"X-{n}: 1" for n in range(300)),
    ],
    ids=lambda lines: repr(lines[0])[:40],
)
def test_ambiguous_heads_are_refused_and_the_connection_closed(service: Service, lines: tuple[str, ...]) -> None:
    smuggled = b"GET /v1/tokenInfo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + service.token.encode() + b"\r\n\r\n"
    answer = exchange(service, head(service, "Content-Type: application/json", *lines) + b"0\r\n\r\n" + smuggled)
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"_userId" not in answer
    assert b'{"errors":[{"code":' in answer


@pytest.mark.hostile(47)
@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /v1/tokenInfo HTTP/1.1\nHost: x\n\n",
        b"GET  /v1/tokenInfo HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET /v1/\xfftokenInfo HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"CONNECT evil:80 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET * HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\0" * 100,
        b"G" * 70_000,
    ],
    ids=lambda line: repr(line[:24]),
)
def test_what_is_no_request_is_refused(service: Service, request_line: bytes) -> None:
    answer = exchange(service, request_line)
    assert answer == b"" or answer.split()[1] in {b"400", b"401"}
    assert b"_userId" not in answer
    assert service.get("/healthz").status_code == 200


def test_an_absolute_address_is_read_as_its_path(service: Service) -> None:
    request = head(service, "Connection: close", method="GET", path="http://evil/healthz?x=/v1")
    answer = exchange(service, request)
    assert answer.split()[1] in {b"200", b"400", b"404"}


@pytest.mark.hostile(37)
@pytest.mark.parametrize("announced", ["Content-Length: 104857600", "Transfer-Encoding: chunked"])
def test_a_body_without_a_token_is_not_read(service: Service, announced: str) -> None:
    request = f"POST /v1/connections HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{announced}\r\n\r\n"
    with dial(service) as wire:
        wire.sendall(request.encode())
        answer = wire.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 401")
        assert b"connection: close" in answer
        sent = 0
        with suppress(BrokenPipeError, ConnectionResetError):
            while sent < 104_857_600:
                sent += wire.send(b"x" * 65_536)
                time.sleep(0.001)
        assert sent < 8_000_000, "what the sockets of both sides hold, and no more"


def test_a_client_that_waits_for_100_continue_is_refused_before_it_sends(service: Service) -> None:
    request = head(service, "Content-Length: 100000000", "Content-Type: application/json", "Expect: 100-continue")
    with dial(service) as wire:
        wire.sendall(request)
        assert wire.recv(65_536).startswith(b"HTTP/1.1 413")


@pytest.mark.hostile(54)
def test_a_thousand_pipelined_requests_are_answered_in_order(service: Service) -> None:
    first = service.create("connections", bodies.connection(name="first"))
    second = service.create("connections", bodies.connection(name="second"))
    wanted = [first, second] * 500
    requests = [head(service, method="GET", path=f"/v1/connections/{id_}") for id_ in wanted]
    with dial(service) as wire:
        threading.Thread(target=wire.sendall, args=(b"".join(requests),), daemon=True).start()
        answer = b""
        while answer.count(b"HTTP/1.1 200") < 1000 or not answer.endswith(b"}"):
            chunk = wire.recv(1 << 20)
            assert chunk, "the service hung up"
            answer += chunk
    documents = [part.split(b"\r\n\r\n", 1)[1] for part in answer.split(b"HTTP/1.1 200")[1:]]
    assert [orjson.loads(document)["_id"] for document in documents] == wanted


@pytest.mark.hostile(54)
def test_a_client_that_leaves_at_any_byte_does_no_harm(service: Service) -> None:
    body = orjson.dumps(bodies.connection(name="cut off"))
    request = head(service, "Content-Type: application/json", f"Content-Length: {len(body)}") + body
    for size in range(1, len(request), 7):
        with dial(service) as wire:
            wire.sendall(request[:size])
    assert service.get("/healthz").status_code == 200
    assert "cut off" not in service.get("/v1/connections?include=name").text


class Hasty(EdgeProtocol):
    head_seconds = 0.2
    flush_seconds = 0.2


async def _large_answer(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x" * 50_000_000})


@pytest.fixture
def hasty() -> Iterator[tuple[str, int]]:
    config = uvicorn.Config(
        _large_answer, http=Hasty, port=0, lifespan="off", access_log=False, log_level="critical", timeout_keep_alive=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[:2]
    server.should_exit = True
    thread.join(20)
    assert not thread.is_alive(), "a client kept the server from stopping"


@pytest.mark.hostile(48)
def test_a_head_that_does_not_come_is_cut_off(hasty: tuple[str, int]) -> None:
    for beginning in (b"", b"GET /healthz HTT"):
        with socket.create_connection(hasty, timeout=30) as wire:
            wire.sendall(beginning)
            assert wire.recv(65_536).startswith(b"HTTP/1.1 400")
            assert wire.recv(65_536) == b""


@pytest.mark.hostile(48)
def test_a_client_that_does_not_read_its_answer_is_cut_off(hasty: tuple[str, int]) -> None:
    with socket.create_connection(hasty, timeout=30) as wire:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(3)
        received = 0
        with suppress(ConnectionResetError):
            while chunk := wire.recv(1 << 20):
                received += len(chunk)
        assert received < 50_000_000


@pytest.mark.hostile(47)
def test_a_request_in_http_1_1_names_its_host(service: Service) -> None:
    token = f"Authorization: Bearer {service.token}\r\n"
    answer = exchange(service, f"GET /v1/tokenInfo HTTP/1.1\r\n{token}Connection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert exchange(service, f"GET /v1/tokenInfo HTTP/1.0\r\n{token}\r\n".encode()).startswith(b"HTTP/1.1 200 ")
