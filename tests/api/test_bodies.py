"""What comes with a request: media types, sizes, JSON that is none, methods that are not there."""

import gzip
import http.client
import json
from contextlib import closing, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from isthmus.api.routes import all_routes
from isthmus.api.routing import Route
from tests.rig import bodies
from tests.rig.service import Service, serving

JSON = {"Content-Type": "application/json"}
READING = [route for route in all_routes() if route.body is not None and not route.body.ignored]


@pytest.fixture(scope="module")
def path(service: Service) -> str:
    return f"/v1/connections/{service.create('connections', bodies.connection())}"


def raw(service: Service, method: str, target: str, body: Any, headers: dict[str, str]) -> tuple[int, bytes]:
    """Send a request just as it stands; an iterator goes out in chunks."""
    address = urlsplit(service.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    with closing(connection):
        # A service that has refused already may hang up on what is still coming; its answer is there all the same.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(
                method, target, body=body, headers={"Authorization": f"Bearer {service.token}", **headers}
            )
        answer = connection.getresponse()
        return answer.status, answer.read()


def _path(route: Route) -> str:
    return "/".join("0" * 24 if part.startswith("{") else part for part in route.path.split("/"))


@pytest.mark.parametrize("route", READING, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_that_reads_refuses_what_is_not_json(service: Service, route: Route) -> None:
    answer = service.call(route.method, _path(route), data=b"{", headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "malformed_request"
    answer = service.call(route.method, _path(route), data=b"a=1")
    assert answer.status_code == 415


@pytest.mark.hostile(50)
@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-7",
        "application/json; charset=utf-16",
        "application/jsonx",
        "application/xml",
    ],
)
def test_other_media_types_are_415(service: Service, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    status, body = raw(service, "POST", "/v1/connections", json.dumps(bodies.connection()).encode(), headers)
    assert status == 415
    assert json.loads(body)["errors"][0]["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "APPLICATION/JSON", 'application/json; charset="UTF-8"', "application/json-patch+json"],
)
def test_json_by_its_other_names(service: Service, content_type: str) -> None:
    status, _ = raw(service, "POST", "/v1/connections", json.dumps(bodies.connection()), {"Content-Type": content_type})
    assert status == 201


@pytest.mark.hostile(51)
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, gzip", "zstd"])
def test_compressed_bodies_are_415(service: Service, encoding: str) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    status, _ = raw(service, "POST", "/v1/connections", bomb, {**JSON, "Content-Encoding": encoding})
    assert status == 415


@pytest.mark.hostile(49)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000, 400),
        (b"[" * 2_000 + b"]" * 2_000, 413),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 413),
        (b"[" + b"{}," * 1_100_000 + b"{}]", 413),
        (b'{"a": NaN}', 400),
        (b'{"a": Infinity}', 400),
        (b'{"a": 1e999}', 400),
        (b'{"a": 1, "a": 2}', 400),
        (b'{"a": "\\ud800"}', 400),
        (b'{"a": "\\u0000"}', 400),
        (b"\xef\xbb\xbf{}", 400),
        ('{"a": 1}'.encode("utf-16"), 400),
        (b"{} trailing", 400),
        (b'{"' + b"k" * 65_536 + b'": 1}', 413),
        (b'{"a": ' + b"9" * 5_000 + b"}", 400),
        (b"null", 422),
        (b'"{}"', 422),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_hostile_json(service: Service, body: bytes, status: int) -> None:
    answer = service.call("POST", "/v1/connections", data=body, headers=JSON)
    assert answer.status_code == status
    assert answer.json()["errors"]


def test_a_body_over_the_cap_is_413_whether_or_not_it_says_how_long_it_is(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with serving(tmp_path_factory.mktemp("small") / "data", max_body_bytes=10_000) as service:
        announced = raw(service, "POST", "/v1/connections", b'"' + b"x" * 20_000 + b'"', JSON)
        streamed = raw(service, "POST", "/v1/connections", iter([b'"', *[b"x" * 1_000] * 20, b'"']), JSON)
        assert announced[0] == streamed[0] == 413
        assert json.loads(announced[1])["errors"][0]["code"] == "too_large"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (None, {}, 200),
        (b"", JSON, 200),
        (iter([]), JSON, 200),
        (b"", {"Content-Type": "text/plain"}, 200),
        (b"{}", JSON, 200),
        (b"{ignored", JSON, 200),
        (b"x=1", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
    ids=["none", "empty json", "empty chunks", "empty text", "json", "ignored", "form"],
)
def test_the_body_of_an_action_is_optional_and_ignored(
    service: Service, path: str, body: Any, headers: dict[str, str], status: int
) -> None:
    assert raw(service, "POST", f"{path}/ping", body, headers)[0] == status


@pytest.mark.parametrize("body", [None, b""])
def test_a_body_that_is_needed_and_not_there_is_400(service: Service, path: str, body: bytes | None) -> None:
    for method, target in (("POST", "/v1/connections"), ("PUT", path), ("PATCH", path), ("POST", f"{path}/export")):
        assert raw(service, method, target, body, JSON)[0] == 400


@pytest.mark.hostile(50)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_body_where_none_belongs_is_refused(service: Service, path: str, method: str) -> None:
    assert raw(service, method, path, b"{}", JSON)[0] == 400
    assert raw(service, method, path, b"{}", {"Content-Type": "text/plain"})[0] == 415


@pytest.mark.hostile(55)
@pytest.mark.parametrize("method", ["HEAD", "TRACE", "PROPFIND", "POST", "OPTIONS"])
def test_methods_that_a_path_does_not_have(service: Service, path: str, method: str) -> None:
    answer = service.call(method, path)
    assert answer.status_code == (204 if method == "OPTIONS" else 405)
    assert answer.headers["allow"] == "DELETE, GET, PATCH, PUT, OPTIONS"
    assert service.call(method, path, token=None).status_code == 401


def test_unknown_paths_are_404_in_the_envelope(service: Service) -> None:
    for method in ("GET", "POST", "OPTIONS", "HEAD"):
        answer = service.call(method, "/v1/nowhere")
        assert answer.status_code == 404
        assert method == "HEAD" or answer.json()["errors"][0]["code"] == "not_found"


def test_answers_carry_an_id_and_are_not_cached(service: Service, path: str) -> None:
    ids = {service.get(path).headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5
    answer = service.get(path, headers={"X-Request-Id": "mine"})
    assert answer.headers["x-request-id"] != "mine"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers


def test_the_same_header_twice_is_refused(service: Service) -> None:
    address = urlsplit(service.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    connection.putrequest("GET", "/v1/tokenInfo")
    for token in (service.token, "other"):
        connection.putheader("Authorization", f"Bearer {token}")
    connection.endheaders()
    assert connection.getresponse().status in {400, 401}
    connection.close()
