"""The legacy words: `rest` connections, and `rest` blocks in exports and imports (exports.md, imports.md)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from isthmus.adaptors.http.legacy_rest import translate_export, translate_import
from isthmus.adaptors.rest.translate import translate
from isthmus.model.errors import CredentialsRejected, Unsupported
from isthmus.model.json import Document
from isthmus.sdk import Import, Outgoing
from tests.rig.http_target import Call, Reply, target
from tests.rig.opened_http import Keeper, all_pages, export, http, opened

pytestmark = pytest.mark.anyio


def rest(url: str, **block: Any) -> Document:
    """A rest connection; the defaults are those of the API page."""
    base = {"baseURI": url, "mediaType": "json", "authType": "custom", "encryptedFields": [], "scope": []}
    return {"_id": "b" * 24, "type": "rest", "name": "R", "rest": {**base, **block}}


def slack(url: str) -> Document:
    fields = {"bearerToken": "CANARY-xoxb", "tokenLocation": "url", "tokenParam": "token", "mediaType": "urlencoded"}
    return rest(url, authType="token", pingRelativeURI="api.test", **fields)


async def test_the_api_pages_connection_pings() -> None:
    async with target(lambda _call: Reply(200, {"ok": True})) as there, opened(slack(there.url + "/api")) as adaptor:
        assert (await adaptor.ping()).ok
    assert there.asked == ["GET /api/api.test?token=CANARY-xoxb"]


@pytest.mark.parametrize(
    ("fields", "header", "value"),
    [
        ({"authType": "token", "bearerToken": "t"}, "authorization", "Bearer t"),
        ({"authType": "token", "bearerToken": "t", "authScheme": "OAuth"}, "authorization", "OAuth t"),
        ({"authType": "token", "bearerToken": "t", "authHeader": "X-Auth"}, "x-auth", "Bearer t"),
        ({"authType": "basic", "basicAuth": {"username": "u", "password": "p"}}, "authorization", "Basic dTpw"),
        (
            {"headers": [{"name": "X-K", "value": "{{{connection.rest.encrypted.k}}}"}], "encrypted": {"k": "e"}},
            "x-k",
            "e",
        ),
    ],
)
async def test_authentication(fields: dict[str, Any], header: str, value: str) -> None:
    async with target(lambda _call: Reply(200, [])) as there, opened(rest(there.url, **fields)) as adaptor:
        await adaptor.read(export(rest={"relativeURI": "/x"}), None)
    assert there.calls[0].headers[header] == value


async def test_a_refreshed_token_is_kept_under_its_own_name() -> None:
    def handler(call: Call) -> Reply:
        if call.path == "/renew":
            return Reply(200, {"access": {"token": "CANARY-new"}, "refresh_token": "CANARY-next"})
        return Reply(200, []) if "CANARY-new" in call.raw else Reply(401)

    fields = {
        "authType": "token",
        "bearerToken": "CANARY-old",
        "refreshToken": "CANARY-first",
        "refreshTokenURI": "/renew",
        "refreshTokenBody": '{"r":"{{{connection.rest.refreshToken}}}"}',
        "refreshTokenMediaType": "json",
        "refreshTokenPath": "access.token",
        "headers": [{"name": "X-Copy", "value": "{{{connection.rest.bearerToken}}}"}],
    }
    async with target(handler) as there:
        document = rest(there.url, **fields)
        keeper = Keeper(document)
        async with opened(document, keeper=keeper) as adaptor:
            await adaptor.read(export(rest={"relativeURI": "/x"}), None)
    assert keeper.kept == [{"/rest/bearerToken": "CANARY-new", "/rest/refreshToken": "CANARY-next"}]
    assert there.calls[1].json == {"r": "CANARY-first"}
    assert there.calls[2].headers["x-copy"] == "CANARY-new"


async def test_a_cookie_login() -> None:
    def handler(call: Call) -> Reply:
        return Reply(200, headers={"Set-Cookie": "s=1"}) if call.path == "/in" else Reply(200, [])

    cookie = {"uri": "/in", "method": "POST", "body": '{"a":1}', "successStatusCode": 200}
    async with target(handler) as there, opened(rest(there.url, authType="cookie", cookieAuth=cookie)) as adaptor:
        await adaptor.read(export(rest={"relativeURI": "/x"}), None)
    assert there.calls[1].headers["cookie"] == "s=1"


@pytest.mark.parametrize(
    ("rules", "ok"),
    [
        ({"pingSuccessPath": "ok", "pingSuccessValues": ["true"]}, True),
        ({"pingSuccessPath": "ok", "pingSuccessValues": ["false"]}, False),
        ({"pingFailurePath": "ok", "pingFailureValues": ["true"]}, False),
    ],
)
async def test_ping_rules(rules: dict[str, Any], ok: bool) -> None:  # noqa: FBT001  # a column
    async with (
        target(lambda _call: Reply(200, {"ok": True})) as there,
        opened(rest(there.url, pingRelativeURI="p", pingMethod="POST", pingBody='{"p":1}', **rules)) as adaptor,
    ):
        assert (await adaptor.ping()).ok is ok
    assert there.calls[0].json == {"p": 1}


@pytest.mark.parametrize("kind", ["oauth", "jwt", "hmac", "wsse", "oauth1"])
async def test_other_types_are_refused_by_name(kind: str) -> None:
    with pytest.raises(Unsupported, match=kind):
        async with opened(rest("http://127.0.0.1:1", authType=kind)):
            pass


def test_the_translation_keeps_the_rest_block() -> None:
    document = slack("https://slack.com/api")
    assert translate(document)["rest"] == document["rest"]
    assert "http" not in document


EXPORTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"relativeURI": "/a", "method": "GET"}, {"relativeURI": "/a", "method": "GET", "response": {}, "paging": {}}),
    (
        {
            "relativeURI": "/a",
            "postBody": {"a": 1},
            "resourcePath": "d",
            "successPath": "ok",
            "successValues": ["true"],
        },
        {
            "relativeURI": "/a",
            "body": {"a": 1},
            "response": {"resourcePath": "d", "successPath": "ok", "successValues": ["true"]},
            "paging": {},
        },
    ),
    (
        {
            "relativeURI": "/a",
            "pagingMethod": "nextpageurl",
            "nextPagePath": "n.u",
            "lastPageValue": "x",
            "lastPagePath": "l",
        },
        {
            "relativeURI": "/a",
            "response": {},
            "paging": {"method": "url", "path": "n.u", "lastPagePath": "l", "lastPageValues": "x"},
        },
    ),
    (
        {"relativeURI": "/a?x=1", "pagingMethod": "pageargument", "pageArgument": "page", "maxPagePath": "m"},
        {
            "relativeURI": "/a?x=1&page={{export.http.paging.page}}",
            "response": {},
            "paging": {"method": "page", "maxPagePath": "m"},
        },
    ),
    (
        {"relativeURI": "/a?page=1&x=2", "pagingMethod": "pageargument", "pageArgument": "page"},
        {
            "relativeURI": "/a?x=2&page={{export.http.paging.page}}",
            "response": {},
            "paging": {"method": "page", "page": 1},
        },
    ),
    (
        {"relativeURI": "/a", "pagingMethod": "skipargument", "skipArgument": "from", "maxCountPath": "c"},
        {
            "relativeURI": "/a?from={{export.http.paging.skip}}",
            "response": {},
            "paging": {"method": "skip", "maxCountPath": "c"},
        },
    ),
    (
        {"relativeURI": "/a", "pagingMethod": "relativeuri", "nextPageRelativeURI": "/b/{{previous_page.x}}"},
        {
            "relativeURI": "/a",
            "response": {},
            "paging": {"method": "relativeuri", "relativeURI": "/b/{{previous_page.x}}"},
        },
    ),
    (
        {"relativeURI": "/a", "pagingMethod": "linkheader", "linkHeaderRelation": "n"},
        {"relativeURI": "/a", "response": {}, "paging": {"method": "linkheader", "linkHeaderRelation": "n"}},
    ),
    (
        {
            "relativeURI": "/a",
            "pagingMethod": "token",
            "nextPagePath": "t",
            "tokenPageArgument": "c",
            "lastPageStatusCode": 410,
        },
        {
            "relativeURI": "/a?c={{export.http.paging.token}}",
            "response": {},
            "paging": {"method": "token", "path": "t", "lastPageStatusCode": 410},
        },
    ),
    (
        {"relativeURI": "/a", "pagingMethod": "postbody", "pagingPostBody": "{}"},
        {"relativeURI": "/a", "response": {}, "paging": {"method": "body", "body": "{}"}},
    ),
]


@pytest.mark.parametrize(("block", "translated"), EXPORTS)
def test_exports_in_the_words_of_http(block: dict[str, Any], translated: dict[str, Any]) -> None:
    document = {"adaptorType": "RESTExport", "rest": block}
    assert translate_export(document) == {**document, "http": translated}


def test_an_http_block_wins() -> None:
    document = {"rest": {"relativeURI": "/a"}, "http": {"relativeURI": "/b"}}
    assert translate_export(document) is document
    assert translate_import(document) is document


def test_imports_in_the_words_of_http() -> None:
    block = {
        "relativeURI": ["/a"],
        "method": ["PUT"],
        "responseIdPath": ["d.id"],
        "successPath": ["ok"],
        "successValues": [["true"]],
        "lookups": [{"name": "l"}],
        "ignoreExtract": "id",
    }
    found = translate_import({"rest": block})
    assert found["http"]["response"] == {"resourceIdPath": ["d.id"], "successPath": ["ok"], "successValues": [["true"]]}
    assert (found["http"]["relativeURI"], found["http"]["ignoreExtract"]) == (["/a"], "id")
    assert found["lookups"] == [{"name": "l"}]


async def test_the_argument_pages_on_either_type_of_connection() -> None:
    def handler(call: Call) -> Reply:
        start = int(call.argument("from") or 0)
        return Reply(200, {"d": list(range(start, min(start + 2, 5)))})

    block = {"relativeURI": "/l", "resourcePath": "d", "pagingMethod": "skipargument", "skipArgument": "from"}
    for connect in (rest, http):
        async with target(handler) as there, opened(connect(there.url)) as adaptor:
            pages = await all_pages(adaptor, export(rest=block))
        assert [record for page in pages for record in page.records] == [0, 1, 2, 3, 4]


async def test_the_api_pages_import() -> None:
    """Four heartbeats by PUT; the mapping is done before the adaptor sees them."""

    async def beats() -> AsyncIterator[Outgoing]:
        for _ in range(4):
            beat = {"timestamp": 1512012818751}
            yield Outgoing(beat, {**beat, "key": "sqs_flow"})

    model = Import({"rest": {"relativeURI": ["/system/v1/heartbeat"], "method": ["PUT"]}}, "d")
    reply = Reply(200, {"_id": "5a1", "key": "sqs_flow"})
    async with target(lambda _call: reply) as there, opened(rest(there.url)) as adaptor:
        results = [result.as_dict() async for result in adaptor.write(model, beats())]
    assert results == [{"statusCode": 200, "id": "5a1", "_json": {"_id": "5a1", "key": "sqs_flow"}}] * 4
    assert there.asked == ["PUT /system/v1/heartbeat"] * 4
    assert there.calls[0].json == {"timestamp": 1512012818751, "key": "sqs_flow"}


async def test_a_refusal_masks_the_token_of_a_rest_connection() -> None:
    async with (
        target(lambda call: Reply(401, {"echo": call.query})) as there,
        opened(slack(there.url)) as adaptor,
    ):
        with pytest.raises(CredentialsRejected) as raised:
            await adaptor.read(export(rest={"relativeURI": "/x"}), None)
        await asyncio.sleep(0)
    assert "CANARY" not in raised.value.message
