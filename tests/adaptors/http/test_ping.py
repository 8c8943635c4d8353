"""The ping's order of judgement (api.md section 3)."""

import base64
from typing import Any

import pytest

from tests.rig.http_target import Call, Reply, target
from tests.rig.opened_http import http, opened

pytestmark = pytest.mark.anyio

CANARY = "CANARY-5f1d9e7a33"


@pytest.mark.parametrize("relative", [None, "", "  "])
async def test_nothing_to_call_is_a_success(relative: str | None) -> None:
    async with opened(http("http://127.0.0.1:1", ping={"relativeURI": relative})) as adaptor:
        assert (await adaptor.ping()).ok


CASES: list[tuple[str, dict[str, Any], Reply, bool]] = [
    ("2xx", {}, Reply(204), True),
    ("404", {}, Reply(404), False),
    ("a redirect without a place to go", {}, Reply(304), False),
    ("fail value", {"failPath": "ok", "failValues": ["false"]}, Reply(200, {"ok": False}), False),
    ("another value", {"failPath": "ok", "failValues": ["false"]}, Reply(200, {"ok": True}), True),
    ("fail path without values", {"failPath": "error"}, Reply(200, {"error": "x"}), False),
    ("fail path absent", {"failPath": "error"}, Reply(200, {"ok": True}), True),
    ("fail beats success", {"failPath": "e", "successPath": "ok"}, Reply(200, {"e": 1, "ok": 1}), False),
    ("success value", {"successPath": "a.b", "successValues": ["yes"]}, Reply(200, {"a": {"b": "yes"}}), True),
    ("wrong value", {"successPath": "a.b", "successValues": ["yes"]}, Reply(200, {"a": {"b": "no"}}), False),
    ("compared as text", {"successPath": "ok", "successValues": ["true"]}, Reply(200, {"ok": True}), True),
    ("null as text", {"successPath": "e", "successValues": ["null"]}, Reply(200, {"e": None}), True),
    ("existence is enough", {"successPath": "id"}, Reply(200, {"id": 0}), True),
    ("absent", {"successPath": "id"}, Reply(200, {}), False),
    ("no JSON", {"successPath": "id"}, Reply(200, b"<html>", media="text/html"), False),
    ("array not allowed", {"successPath": "a", "successValues": ["x"]}, Reply(200, {"a": ["x"]}), False),
    (
        "array allowed",
        {"successPath": "a", "successValues": ["x"], "allowArrayforSuccessPath": True},
        Reply(200, {"a": ["y", "x"]}),
        True,
    ),
]


@pytest.mark.parametrize(("rules", "reply", "ok"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
async def test_the_rules(rules: dict[str, Any], reply: Reply, ok: bool) -> None:  # noqa: FBT001  # a column
    async with (
        target(lambda _call: reply) as there,
        opened(http(there.url, ping={"relativeURI": "/ping", **rules})) as adaptor,
    ):
        result = await adaptor.ping()
    assert result.ok is ok
    assert (result.code == 200) is ok
    assert [call.path for call in there.calls] == ["/ping"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "HEAD"])
async def test_the_request_is_rendered(method: str) -> None:
    ping = {
        "relativeURI": "x/{{connection.http.unencrypted.who}}",
        "method": method,
        "body": '{"k":"{{connection.name}}"}',
    }
    headers = [{"name": "X-Key", "value": "{{{connection.http.encrypted.key}}}"}]
    document = http("", ping=ping, headers=headers, unencrypted={"who": "a b"}, encrypted={"key": CANARY})
    async with target(lambda _call: Reply()) as there:
        document["http"]["baseURI"] = there.url + "/v1/"
        async with opened(document) as adaptor:
            assert (await adaptor.ping()).ok
    (call,) = there.calls
    assert (call.method, call.path, call.headers["x-key"]) == (method, "/v1/x/a%20b", CANARY)
    assert call.body == (b'{"k":"T"}' if method in ("POST", "PUT") else b"")


@pytest.mark.parametrize(
    ("reply", "code", "message"),
    [
        (Reply(500, {"error": {"text": "boom"}}), 500, "boom"),
        (Reply(500, {"other": 1}), 500, 'HTTP 500: {"other": 1}'),
        (Reply(503), 503, "The target answered with status 503."),
        (Reply(200, {"ok": False, "error": {"text": "not you"}}), 422, "not you"),
        (Reply(200, {"ok": False}), 422, "The answer has no value at ok that means success."),
    ],
)
async def test_a_failure_says_why(reply: Reply, code: int, message: str) -> None:
    rules = {"relativeURI": "p", "successPath": "ok", "successValues": ["true"], "errorPath": "error.text"}
    async with target(lambda _call: reply) as there, opened(http(there.url, ping=rules)) as adaptor:
        result = await adaptor.ping()
    assert (result.code, result.errors[0].message, result.errors[0].code) == (code, message, str(reply.status))


async def test_xml_is_read_by_xpath() -> None:
    rules = {"relativeURI": "p", "successPath": "/r/status", "successValues": ["up"], "errorPath": "/r/why/text()"}
    reply = Reply(200, b'<r xmlns="urn:x"><status>down</status><why>night</why></r>', media="application/xml")
    async with target(lambda _call: reply) as there, opened(http(there.url, ping=rules)) as adaptor:
        assert [fault.message for fault in (await adaptor.ping()).errors] == ["night"]


async def test_no_answer_and_a_forbidden_destination_are_results() -> None:
    async with opened(http("http://127.0.0.1:1", ping={"relativeURI": "p"})) as adaptor:
        result = await adaptor.ping()
    assert not result.ok
    assert result.code == 422
    assert result.errors[0].code not in ("", "422")
    async with opened(http("http://10.9.9.9", ping={"relativeURI": "p"}), allow=()) as adaptor:
        result = await adaptor.ping()
    assert (result.code, result.errors[0].code) == (422, "egress_denied")


@pytest.mark.hostile(25)
@pytest.mark.parametrize("where", ["plain", "header", "url", "base64"])
async def test_an_echoed_secret_is_masked(where: str) -> None:
    def echo(call: Call) -> Reply:
        return Reply(401, {"x": "y" * 350, "got": call.headers["authorization"], "url": call.query, "key": CANARY})

    auth = {"type": "basic", "basic": {"username": "u", "password": CANARY}}
    document = http(
        "", auth=auth, ping={"relativeURI": "p?k={{{connection.http.encrypted.k}}}"}, encrypted={"k": CANARY}
    )
    if where == "plain":
        document["http"]["ping"]["errorPath"] = "key"
    async with target(echo) as there:
        document["http"]["baseURI"] = there.url
        async with opened(document) as adaptor:
            result = await adaptor.ping()
    assert result.code == 401
    for form in (CANARY, CANARY[:12], base64.b64encode(f"u:{CANARY}".encode()).decode()):
        assert form not in repr(result)
