"""Valid bodies with something wrong in them, sent to every route that takes one: no 5xx, and never a secret back.

The target answers with whatever comes to its mind. Seeded; `ISTHMUS_SOAK=1` sends fifty times as many.
"""

import copy
import os
import random
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

import orjson
import pytest

from tests.rig import bodies
from tests.rig.service import Service

CALLS: Final = 20_000 if os.environ.get("ISTHMUS_SOAK") else 400
ODD: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 2**63 - 1, 2**64 - 1, 1.5, 1e308, "", "x", "0", "\u00b2", "-1", "******", "{{", "{{x}}",
    "{{{this}}}", "{{#each .}}{{this}}{{/each}}", "{{#if}}", "a.b[0].c", "$..*", "[", "*.x", "items[1000000000]",
    "(a+)+$", "\\", "\r\n", "http://127.0.0.1:1/", "//x", "2025-13-01", "9999-12-31T23:59:59.999Z", "x" * 300, [], {},
    [None], [[]], {"": 1}, {"a": {"b": [1]}}, ["x", 1, None], "5f8d43a1b9e5a80011a35f2c", "__proto__", "//*[1]", "YYYY",
)  # fmt: skip
JSON: Final = "application/json"
ANSWERS: Final[tuple[tuple[int, str, bytes], ...]] = (
    (200, JSON, b'{"items":[{"id":1,"n":"a"},{"id":2}],"next":"/more","token":"t","ok":true}'),
    (200, JSON, b'[1,"x",null,[],{}]'),
    (200, JSON, b"null"),
    (200, JSON, b'{"a":1e400}'),
    (200, JSON, b'{"a":"\\ud800"}'),
    (200, JSON, b"[" * 900 + b"]" * 900),
    (200, "application/xml", b'<a><b x="1">t</b><b/></a>'),
    (200, "text/csv", b'a,b\n1,2\n"x'),
    (200, "text/plain; charset=idna", b"xn--\xff"),
    (200, "text/plain; charset=unicode_escape", b"\\ud800"),
    (204, JSON, b""),
    (401, JSON, b"{}"),
    (422, JSON, b'{"error":{"m":1}}'),
    (500, JSON, b"boom"),
)
DATES: Final = {"extractDateFormat": "YYYY", "generateDateFormat": "MM", "extractDateTimezone": "UTC"}
LOOKUP: Final = {"name": "l", "relativeURI": "/look?x={{a}}", "method": "GET", "extract": "items[0].id", "default": "q"}
EXPORT: Final = {
    "type": "delta", "delta": {"dateFormat": "YYYY", "startDate": "2024-01-01T00:00:00Z"}, "dataURITemplate": "{{a}}",
    "transform": {"expression": {"version": "1", "rules": [[{"extract": "items[*].id", "generate": "x"}]]}},
    "filter": {"expression": {"version": "1", "rules": ["and", ["equals", ["string", ["extract", "a"]], "x"]]}},
    "http": {
        "relativeURI": "/e?x={{{export.http.paging.page}}}", "method": "POST", "body": '{"a":"{{x}}"}',
        "headers": [{"name": "A", "value": "{{connection.http.encrypted.key}}"}],
        "paging": {"method": "page", "page": 1, "path": "next", "lastPageStatusCode": 404, "lastPagePath": "e"},
        "response": {"resourcePath": "items", "successPath": "ok", "failPath": "f", "errorPath": "e"},
    },
}  # fmt: skip
IMPORT: Final = {
    "mapping": {
        "fields": [{"extract": "a", "generate": "b", "dataType": "string", "lookupName": "l", **DATES}],
        "lists": [{"generate": "l", "fields": [{"extract": "items[*].id", "generate": "x"}]}],
    },
    "mappings": [{"generate": "a", "dataType": "string", "status": "Active", "extract": "$.x", **DATES}],
    "lookups": [LOOKUP, {"name": "s", "map": {"a": "b"}}], "oneToMany": True, "pathToMany": "items",
    "ignoreExisting": True, "idLockTemplate": "{{a}}", "dataURITemplate": "{{a}}", "filter": EXPORT["filter"],
    "http": {
        "relativeURI": ["/i/{{a}}"], "method": ["POST"], "body": ['{"a":{{{jsonSerialize this}}}}'], "batchSize": 2,
        "requestType": ["CREATE"], "ignoreLookupName": "l", "ignoreEmptyNodes": True,
        "response": {"resourcePath": ["items"], "resourceIdPath": ["id"], "failPath": ["f"], "failValues": [["x"]]},
    },
}  # fmt: skip
DATA: Final = [{"a": "1", "x": "2025", "items": [{"id": 1}]}, [{"a": 1}], {"a": None}, {"": {}}]
PATCH: Final = [
    {"op": "replace", "path": "/name", "value": "x"},
    {"op": "remove", "path": "/http/ping/successPath"},
    {"op": "add", "path": "/http/auth/token/refreshHeaders", "value": []},
]


class _Target(BaseHTTPRequestHandler):
    """Answers with anything."""

    choice = random.Random(7)  # noqa: S311  # no secret is made with it

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, kind, body = self.choice.choice(ANSWERS)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", "a=b; Max-Age=--5")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_HEAD = _answer  # noqa: N815  # names that the library looks for

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Target)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def connection(url: str) -> dict[str, Any]:
    """A connection with everything set that may be read wrong; refreshes and pings included."""
    token = {"token": "CANARY-token", "location": "url", "paramName": "t", "refreshRelativeURI": "/r"}
    token |= {"refreshBody": '{"a":"{{connection.name}}"}', "refreshTokenPath": "token", "refreshToken": "CANARY-again"}
    ping = {"relativeURI": "/p", "method": "POST", "body": "{}", "successPath": "ok", "failPath": "e", "errorPath": "e"}
    http = {"baseURI": url, "mediaType": "json", "auth": {"type": "token", "token": token}, "ping": ping}
    return {"type": "http", "name": "n", "http": {**http, "encrypted": {"key": "CANARY-key"}}, "settings": {"a": 1}}


def places(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield at
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(inner, (*at, key))


def spoilt(body: Any, dice: random.Random) -> Any:
    """Put a few odd values into a copy, or take something out; never move a secret to where it is shown."""
    box = [copy.deepcopy(body)]
    for _ in range(dice.choice((0, 1, 1, 2, 3))):
        *outer, last = (0, *dice.choice(list(places(box[0]))))
        node: Any = box
        for key in outer:
            node = node[key]
        if outer and dice.random() < 0.15:  # a part of the time
            del node[last]
        else:
            node[last] = copy.deepcopy(dice.choice(ODD))
    return box[0]


@pytest.mark.hostile(56)
def test_no_body_makes_the_service_fail_or_tell_a_secret(service: Service, target: str) -> None:
    dice = random.Random(1)  # noqa: S311  # no secret is made with it
    id_ = service.create("connections", connection(target))
    stored = service.create("exports", bodies.export(id_))
    one = f"/v1/connections/{id_}"
    calls: tuple[tuple[str, str, Any], ...] = (
        ("POST", "/v1/connections", connection(target)),
        ("PUT", one, service.get(one).json()),
        ("PATCH", one, PATCH),
        ("POST", "/v1/connections/ping", {**connection(target), "_id": id_}),
        ("POST", "/v1/exports", {**EXPORT, "name": "e", "adaptorType": "HTTPExport", "_connectionId": id_}),
        ("POST", "/v1/imports", {**IMPORT, "name": "i", "adaptorType": "HTTPImport", "_connectionId": id_}),
        ("POST", "/v1/flows", bodies.flow(stored, stored)),
        ("POST", "/v1/iclients", bodies.iclient()),
        ("POST", f"/v1/exports/{stored}/clone", {"connectionMap": {id_: id_}, "name": "x"}),
        ("PUT", f"/v1/exports/{stored}/replaceConnection", {"_newConnectionId": id_}),
        ("POST", "/v1/audit", {"resourceType": ["connection"], "action": ["create"], "resourceName": []}),
        *(("POST", f"{one}/{path}", {"export": EXPORT}) for path in ("export", "export/pages", "export")),
        *(("POST", f"{one}/{path}", {"import": IMPORT, "data": DATA}) for path in ("import", "import/map")),
    )
    for _ in range(CALLS):
        method, path, body = dice.choice(calls)
        sent = spoilt(body, dice)
        answer = service.call(method, path, json=sent)
        assert answer.status_code < 500, (method, path, orjson.dumps(sent), answer.text)
        assert "CANARY" not in answer.text, (method, path, orjson.dumps(sent), answer.text)
