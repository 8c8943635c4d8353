"""Requests of exports and what is read from their answers (exports.md section 2)."""

from typing import Any

import pytest

from isthmus.adaptors.http.origin import join
from isthmus.model.errors import InvalidDocument, Rejected, Unsupported
from isthmus.sdk import Export
from tests.rig.http_target import Call, Reply, target
from tests.rig.opened_http import all_pages, export, http, opened

pytestmark = pytest.mark.anyio

CANARY = "CANARY-9c2b7718"


@pytest.mark.parametrize(
    ("base", "relative", "joined"),
    [
        ("https://a.example/v1", "items", "https://a.example/v1/items"),
        ("https://a.example/v1/", "/items", "https://a.example/v1/items"),
        ("https://a.example/v1/", "items", "https://a.example/v1/items"),
        ("https://a.example", "/items", "https://a.example/items"),
        ("https://a.example/v1", "", "https://a.example/v1"),
        ("https://a.example/v1", "?q=1", "https://a.example/v1?q=1"),
        ("https://a.example/v1", "https://b.example/x", "https://b.example/x"),
        ("https://a.example/v1", "//b.example/x", "https://a.example/v1/b.example/x"),
        ("https://a.example", "@b.example", "https://a.example/@b.example"),
    ],
)
def test_joining(base: str, relative: str, joined: str) -> None:
    assert join(base, relative) == joined


async def records(reply: Reply, response: dict[str, Any] | None = None, **block: Any) -> list[Any]:
    async with target(lambda _call: reply) as there, opened(http(there.url)) as adaptor:
        page = await adaptor.read(export(http={"relativeURI": "/x", "response": response or {}, **block}), None)
    assert page.cursor is None
    return page.records


@pytest.mark.parametrize(
    ("body", "path", "found"),
    [
        ([{"a": 1}, {"a": 2}], None, [{"a": 1}, {"a": 2}]),
        ({"a": 1}, None, [{"a": 1}]),
        ({"d": {"l": [1, 2]}}, "d.l", [1, 2]),
        ({"d": {"l": {"a": 1}}}, "d.l", [{"a": 1}]),
        ({"d": 5}, "d", [5]),
        ({"d": None}, "d", []),
        ({"d": []}, "d", []),
        ({"d": 1}, "other", []),
        ({"d": [{"i": [1]}, {"i": [2, 3]}]}, "d[*].i", [[1], [2, 3]]),
        ({"__proto__": [1], "": [2]}, "__proto__", [1]),
    ],
)
async def test_records_of_json(body: Any, path: str | None, found: list[Any]) -> None:
    assert await records(Reply(200, body), {"resourcePath": path} if path else {}) == found


@pytest.mark.parametrize("reply", [Reply(204), Reply(200), Reply(200, b"  \n")])
@pytest.mark.hostile(79)
async def test_nothing_is_no_record(reply: Reply) -> None:
    assert await records(reply, {"resourcePath": "a"}) == []


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ({"hasHeader": True}, [{"id": 1, "n": "a"}]),
        ({}, [{"Column0": "id", "Column1": "n"}, {"Column0": 1, "Column1": "a"}]),
        ({"doNotNormalize": True}, [["id", "n"], [1, "a"]]),
    ],
)
async def test_rows_of_cells(rules: dict[str, Any], found: list[Any]) -> None:
    reply = Reply(200, {"rows": [["id", "n"], [1, "a"]]})
    assert await records(reply, {"resourcePath": "rows", "twoDArray": rules}) == found


@pytest.mark.parametrize(
    ("reply", "rules", "message", "code"),
    [
        (Reply(500, {"e": "broken"}), {"errorPath": "e"}, "broken", "500"),
        (Reply(500, b"plain words", media="text/plain"), {}, "HTTP 500: plain words", "500"),
        (Reply(302), {}, "The target answered with status 302.", "302"),
        (
            Reply(200, {"ok": False, "e": "no"}),
            {"successPath": "ok", "successValues": ["true"], "errorPath": "e"},
            "no",
            "200",
        ),
        (Reply(200, {"f": ["x"]}), {"failPath": "f", "failValues": ["x"]}, "value at f that means failure", "200"),
        (Reply(200, b'{"cut'), {}, "cannot be read as json", "invalid_response"),
    ],
)
async def test_answers_that_are_refusals(reply: Reply, rules: dict[str, Any], message: str, code: str) -> None:
    with pytest.raises(Rejected, match=message) as raised:
        await records(reply, rules)
    assert raised.value.code == code


async def test_a_long_refusal_is_cut() -> None:
    with pytest.raises(Rejected) as raised:
        await records(Reply(400, b"x" * 100_000, media="text/plain"))
    assert len(raised.value.message) < 500


async def test_what_a_source_export_sees_and_sends() -> None:
    block = {
        "relativeURI": "/x?since={{lastExportDateTime}}&s={{settings.export.s}}"
        "&c={{settings.connection.c}}&n={{export.name}}",
        "method": "POST",
        "body": '{"now":"{{currentExportDateTime}}"}',
        "headers": [{"name": "x-both", "value": "export"}, {"name": "X-Own", "value": "{{export.name}}"}],
    }
    headers = [{"name": "X-Both", "value": "connection"}, {"name": "X-Base", "value": "{{connection.name}}"}]
    document = {"name": "E", "settings": {"s": "1"}, "http": block}
    variables = {"lastExportDateTime": "2025-01-01T00:00:00.000Z", "currentExportDateTime": "2026-01-01"}
    async with target(lambda _call: Reply(200, [])) as there:
        connection = http(there.url, headers=headers) | {"settings": {"c": "2"}}
        async with opened(connection) as adaptor:
            await adaptor.read(Export(document, "d", variables), None)
    (call,) = there.calls
    assert call.query == "since=2025-01-01T00%3A00%3A00.000Z&s=1&c=2&n=E"
    assert call.json == {"now": "2026-01-01"}
    assert (call.headers["x-both"], call.headers["x-own"], call.headers["x-base"]) == ("export", "E", "T")
    assert call.headers["content-type"] == "application/json"


async def test_a_lookup_export_sees_its_record_both_ways() -> None:
    uri = "/{{record.sku}}/{{sku}}/{{data.0.sku}}/{{data.[0].connection}}/{{connection.name}}"
    record = {"sku": "a/b", "connection": "mine", "export": "x"}
    async with target(lambda _call: Reply(200, [])) as there, opened(http(there.url)) as adaptor:
        await adaptor.read(Export({"isLookup": True, "http": {"relativeURI": uri}}, "d", {}, record), None)
    assert there.calls[0].path == "/a%2Fb/a%2Fb/a%2Fb/mine/T"


@pytest.mark.hostile(88)
async def test_a_value_is_never_a_template() -> None:
    record = {"x": "{{connection.http.encrypted.k}}"}
    async with (
        target(lambda _call: Reply(200, [])) as there,
        opened(http(there.url, encrypted={"k": CANARY})) as adaptor,
    ):
        await adaptor.read(Export({"http": {"relativeURI": "/a?x={{record.x}}"}}, "d", {}, record), None)
    assert CANARY not in there.calls[0].raw


@pytest.mark.hostile(86)
@pytest.mark.parametrize("value", ["a\r\nX-Injected: 1", "a\nb", "a\x00b"])
async def test_a_header_is_never_broken(value: str) -> None:
    block = {"relativeURI": "/a", "headers": [{"name": "X-Own", "value": "{{{record.x}}}"}]}
    async with target(lambda _call: Reply(200, [])) as there, opened(http(there.url)) as adaptor:
        try:
            await adaptor.read(Export({"http": block}, "d", {}, {"x": value}), None)
        except InvalidDocument:
            assert there.calls == []
    assert not any("x-injected" in call.headers for call in there.calls)


SECRETIVE = {
    "auth": {"type": "basic", "basic": {"username": "u", "password": CANARY}},
    "headers": [{"name": "X-Key", "value": "{{{connection.http.encrypted.k}}}"}],
    "encrypted": {"k": CANARY},
}
OWN = [{"name": "X-Export", "value": "k={{{connection.http.encrypted.k}}}"}]


@pytest.mark.hostile(62)
@pytest.mark.parametrize("way", ["absolute", "url", "link", "record"])
async def test_credentials_never_leave_the_origin(way: str) -> None:
    def handler(_call: Call) -> Reply:
        return Reply(
            200,
            {"items": [1], "next": f"{elsewhere.url}/stolen"},
            headers={"Link": f"<{elsewhere.url}/stolen>; rel=next"},
        )

    async with target(lambda _call: Reply(200, {"items": [2]})) as elsewhere, target(handler) as there:
        blocks: dict[str, dict[str, Any]] = {
            "absolute": {"relativeURI": elsewhere.url + "/stolen?k={{{connection.http.encrypted.k}}}"},
            "url": {"relativeURI": "/x", "paging": {"method": "url", "path": "next"}},
            "link": {"relativeURI": "/x", "paging": {"method": "linkheader"}},
            "record": {"relativeURI": "{{{record.u}}}"},
        }
        body = '{"k":"{{{connection.http.encrypted.k}}}"}'
        block = blocks[way] | {"headers": OWN, "method": "POST", "body": body, "response": {"resourcePath": "items"}}
        model = Export({"http": block}, way, {}, {"u": elsewhere.url + "/stolen"} if way == "record" else None)
        async with opened(http(there.url, **SECRETIVE)) as adaptor:
            pages = await all_pages(adaptor, model)
    assert pages[-1].records == [2]
    (call,) = elsewhere.calls
    assert CANARY not in call.raw
    assert {"authorization", "x-key"} & set(call.headers) == set()
    assert call.headers["x-export"] == "k="
    assert call.json == {"k": ""}
    assert all(call.headers["x-key"] == CANARY and "authorization" in call.headers for call in there.calls)


@pytest.mark.hostile(60)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_elsewhere_loses_the_connections_headers(status: int) -> None:
    async with target(lambda _call: Reply(200, [2])) as elsewhere:
        handler = Reply(status, headers={"Location": elsewhere.url})
        async with target(lambda _call: handler) as there, opened(http(there.url, **SECRETIVE)) as adaptor:
            await adaptor.read(export(http={"relativeURI": "/x"}), None)
    assert CANARY not in elsewhere.calls[0].raw


async def test_authorization_can_be_kept_from_every_redirect() -> None:
    auth = {"type": "basic", "basic": {"username": "u", "password": CANARY}, "skipFollowAuthorizationHeader": True}

    def handler(call: Call) -> Reply:
        return Reply(302, headers={"Location": "/y"}) if call.path == "/x" else Reply(200, [])

    async with target(handler) as there, opened(http(there.url, auth=auth)) as adaptor:
        await adaptor.read(export(http={"relativeURI": "/x"}), None)
    assert ["authorization" in call.headers for call in there.calls] == [True, False]


@pytest.mark.hostile(81)
async def test_a_challenge_from_elsewhere_gets_no_answer() -> None:
    token = {"token": CANARY, "refreshRelativeURI": "/token", "refreshTokenPath": "t"}
    async with (
        target(lambda _call: Reply(401)) as elsewhere,
        target(lambda _call: Reply(200, {"t": "x"})) as there,
        opened(http(there.url, auth={"type": "token", "token": token})) as adaptor,
    ):
        with pytest.raises(Rejected):
            await adaptor.read(export(http={"relativeURI": elsewhere.url}), None)
    assert there.calls == []


@pytest.mark.parametrize("kind", ["file", "blob"])
async def test_files_are_refused_by_name(kind: str) -> None:
    async with opened(http("http://127.0.0.1:1")) as adaptor:
        with pytest.raises(Unsupported, match=kind):
            await adaptor.read(export(http={"relativeURI": "/x", "type": kind}), None)


async def test_a_base_uri_that_is_none_is_refused() -> None:
    async with opened(http("{{connection.http.unencrypted.nothing}}")) as adaptor:
        with pytest.raises(InvalidDocument, match="base URI"):
            await adaptor.read(export(http={"relativeURI": "/x"}), None)


async def test_a_form_is_written_from_an_object_or_a_text() -> None:
    async with target(lambda _call: Reply(200, [])) as there, opened(http(there.url)) as adaptor:
        for media, body in [
            ("urlencoded", "a={{record.v}}&b=1"),
            ("urlencoded", '{"a":"{{record.v}}","b":1}'),
            ("form-data", '{"a":"{{record.v}}"}'),
            ("plaintext", "say {{{record.v}}}"),
            ("json", {"a": "{{record.v}}", "n": [1, None, "{{record.w}}"]}),
        ]:
            block = {"relativeURI": "/x", "method": "POST", "requestMediaType": media, "body": body}
            await adaptor.read(Export({"http": block}, f"{media}{body}", {}, {"v": 'x&"y', "w": "z"}), None)
    first, second, third, fourth, fifth = there.calls
    assert first.form == {"a": ['x&"y'], "b": ["1"]}
    assert second.form == first.form
    assert first.headers["content-type"] == "application/x-www-form-urlencoded"
    assert third.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="a"\r\n\r\nx&"y\r\n' in third.body
    assert fourth.body == b'say x&"y'
    assert fifth.json == {"a": 'x&"y', "n": [1, None, "z"]}
