"""How requests are authenticated, and what happens when they are refused (connections.md "Auth matrix")."""

import asyncio
from typing import Any

import pytest

from isthmus.model.errors import CredentialsRejected, Rejected, Throttled, Unsupported
from isthmus.model.secret import join
from tests.rig.http_target import Call, Reply, target
from tests.rig.opened_http import Keeper, export, http, opened

pytestmark = pytest.mark.anyio

ITEMS = export(http={"relativeURI": "/items"})
OLD, NEW = "CANARY-old-0001", "CANARY-new-0002"
REFRESH = {
    "refreshRelativeURI": "/token",
    "refreshBody": '{"grant_type":"refresh_token","refresh_token":"{{{connection.http.auth.token.refreshToken}}}"}',
    "refreshTokenPath": "data.token",
    "refreshToken": "CANARY-refresh-1",
}


def token(**fields: Any) -> dict[str, Any]:
    return {"type": "token", "token": {"token": OLD, **fields}}


async def test_basic() -> None:
    async with target(lambda _call: Reply(200, [])) as there:
        auth = {"type": "basic", "basic": {"username": "Aladdin", "password": "open sesame"}}
        async with opened(http(there.url, auth=auth)) as adaptor:
            await adaptor.read(ITEMS, None)
    assert there.calls[0].headers["authorization"] == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


@pytest.mark.parametrize(
    ("rules", "name", "value"),
    [
        ({}, "authorization", f"Bearer {OLD}"),
        ({"scheme": "Token"}, "authorization", f"Token {OLD}"),
        ({"scheme": ""}, "authorization", OLD),
        ({"headerName": "X-Api-Key"}, "x-api-key", OLD),
        ({"headerName": "X-Api-Key", "scheme": "Key", "location": "header"}, "x-api-key", f"Key {OLD}"),
    ],
)
async def test_a_token_in_a_header(rules: dict[str, Any], name: str, value: str) -> None:
    async with (
        target(lambda _call: Reply(200, [])) as there,
        opened(http(there.url, auth=token(**rules))) as adaptor,
    ):
        await adaptor.read(ITEMS, None)
    assert there.calls[0].headers[name] == value


@pytest.mark.parametrize(
    ("uri", "asked"),
    [
        ("/items", "GET /items?key=a%26b"),
        ("/items?x=1&y=%2F", "GET /items?x=1&y=%2F&key=a%26b"),
        ("/items?key=stale&x=1", "GET /items?x=1&key=a%26b"),
    ],
)
async def test_a_token_in_the_url(uri: str, asked: str) -> None:
    async with target(lambda _call: Reply(200, [])) as there:
        auth = token(token="a&b", location="url", paramName="key")
        async with opened(http(there.url, auth=auth)) as adaptor:
            await adaptor.read(export(http={"relativeURI": uri}), None)
    assert there.asked == [asked]


@pytest.mark.parametrize(
    ("media", "body", "sent"),
    [
        ("json", '{"q":1}', f'{{"q":1,"key":"{OLD}"}}'.encode()),
        ("json", '{"q":1,"key":"{{{connection.http.auth.token.token}}}"}', f'{{"q":1,"key":"{OLD}"}}'.encode()),
        ("urlencoded", "q=1", f"q=1&key={OLD}".encode()),
        ("urlencoded", '{"q":"1 2"}', f"q=1+2&key={OLD}".encode()),
        ("plaintext", "q", b"q"),
    ],
)
async def test_a_token_in_the_body(media: str, body: str, sent: bytes) -> None:
    async with target(lambda _call: Reply(200, [])) as there:
        document = http(there.url, auth=token(location="body", paramName="key"))
        document["http"]["mediaType"] = media
        async with opened(document) as adaptor:
            await adaptor.read(export(http={"relativeURI": "/", "method": "POST", "body": body}), None)
    assert there.calls[0].body == sent


def guarded(call: Call) -> Reply:
    """Accepts the new token alone; `/token` gives it for the refresh token."""
    if call.path == "/token":
        good = b"CANARY-refresh-1" in call.body
        return Reply(200, {"data": {"token": NEW}, "refresh_token": "CANARY-refresh-2"}) if good else Reply(400)
    return Reply(200, [{"id": 1}]) if NEW in call.raw else Reply(401, {"error": f"bad {OLD}"})


async def test_a_refused_token_is_refreshed_once_and_kept() -> None:
    async with target(guarded) as there:
        document = http(there.url, auth=token(**REFRESH))
        keeper = Keeper(document)
        async with opened(document, keeper=keeper) as adaptor:
            assert (await adaptor.read(ITEMS, None)).records == [{"id": 1}]
            assert (await adaptor.read(ITEMS, None)).records == [{"id": 1}]
    assert there.asked == ["GET /items", "POST /token", "GET /items", "GET /items"]
    assert there.calls[1].form == {"grant_type": ["refresh_token"], "refresh_token": ["CANARY-refresh-1"]}
    assert keeper.kept == [
        {"/http/auth/token/token": NEW, "/http/auth/token/refreshToken": "CANARY-refresh-2"},
    ]


async def test_without_a_token_the_refresh_comes_first() -> None:
    async with target(guarded) as there:
        document = http(there.url, auth={"type": "token", "token": REFRESH})
        async with opened(document) as adaptor:
            await adaptor.read(ITEMS, None)
    assert there.asked == ["POST /token", "GET /items"]


async def test_fifty_calls_share_one_refresh() -> None:
    async with target(guarded) as there, opened(http(there.url, auth=token(**REFRESH)), concurrency=50) as adaptor:
        pages = await asyncio.gather(*(adaptor.read(ITEMS, None) for _ in range(50)))
    assert all(page.records == [{"id": 1}] for page in pages)
    assert there.asked.count("POST /token") == 1


async def test_fifty_calls_share_one_failing_refresh() -> None:
    def handler(call: Call) -> Reply:
        return Reply(401 if call.path == "/items" else 403, {"no": OLD}, delay=0.05 if call.path == "/token" else 0)

    async with target(handler) as there, opened(http(there.url, auth=token(**REFRESH)), concurrency=50) as adaptor:
        reads = (adaptor.read(ITEMS, None) for _ in range(50))
        failures = await asyncio.gather(*reads, return_exceptions=True)
    assert all(isinstance(failure, CredentialsRejected) and failure.code == "403" for failure in failures)
    assert there.asked.count("POST /token") == 1


async def test_a_second_refusal_is_final() -> None:
    def handler(call: Call) -> Reply:
        return Reply(200, {"data": {"token": NEW}}) if call.path == "/token" else Reply(401, {"why": f"{OLD} {NEW}"})

    async with target(handler) as there, opened(http(there.url, auth=token(**REFRESH))) as adaptor:
        with pytest.raises(CredentialsRejected) as raised:
            await adaptor.read(ITEMS, None)
    assert there.asked == ["GET /items", "POST /token", "GET /items"]
    assert raised.value.code == "401"
    assert "CANARY" not in str(raised.value)


async def test_a_caller_who_goes_away_does_not_lose_the_refresh() -> None:
    under_way = asyncio.Event()

    def handler(call: Call) -> Reply:
        if call.path != "/token":
            return guarded(call)
        under_way.set()
        return Reply(200, {"data": {"token": NEW}}, delay=0.2)

    async with target(handler) as there:
        document = http(there.url, auth=token(**REFRESH))
        keeper = Keeper(document)
        async with opened(document, keeper=keeper) as adaptor:
            leaving = asyncio.create_task(adaptor.read(ITEMS, None))
            await under_way.wait()
            leaving.cancel()
            assert (await adaptor.read(ITEMS, None)).records == [{"id": 1}]
    assert there.asked.count("POST /token") == 1
    assert keeper.kept == [{"/http/auth/token/token": NEW}]


async def test_what_another_process_refreshed_is_taken_over() -> None:
    async with target(guarded) as there:
        document = http(there.url, auth=token(**REFRESH))
        keeper = Keeper(join(document, {"/http/auth/token/token": NEW}))
        async with opened(document, keeper=keeper) as adaptor:
            await adaptor.read(ITEMS, None)
    assert there.asked == ["GET /items", "GET /items"]
    assert keeper.kept == []


@pytest.mark.hostile(17)
async def test_a_token_of_another_place_is_not_taken_over() -> None:
    async with target(lambda _call: Reply(401)) as there:
        document = http(there.url, auth=token(**REFRESH))
        moved = join(
            document, {"/http/auth/token/token": "CANARY-elsewhere", "/http/baseURI": "https://elsewhere.example"}
        )
        async with opened(document, keeper=Keeper(moved)) as adaptor:
            with pytest.raises(CredentialsRejected):
                await adaptor.read(ITEMS, None)
    assert not any("elsewhere" in call.raw for call in there.calls)


@pytest.mark.parametrize(
    ("auth", "reply", "failed"),
    [
        ({}, Reply(401), True),
        ({}, Reply(403), False),
        ({"failStatusCode": 403}, Reply(403), True),
        ({"failStatusCode": 403}, Reply(401), False),
        ({"failPath": "error", "failValues": ["invalid_auth"]}, Reply(200, {"error": "invalid_auth"}), True),
        ({"failPath": "error", "failValues": ["invalid_auth"]}, Reply(401), True),
        ({"failPath": "error"}, Reply(400, {"error": 1}), True),
        ({"failStatusCode": 200, "failPath": "error", "failValues": ["x"]}, Reply(200, {"error": "x"}), True),
        ({"failStatusCode": 400, "failPath": "error", "failValues": ["x"]}, Reply(400, {"error": "y"}), False),
        ({"failures": [{"statusCode": 419}]}, Reply(419), True),
        ({"failures": [{"statusCode": 419}]}, Reply(401), True),
        ({"failures": [{"statusCode": 400, "path": "e", "values": ["t"]}]}, Reply(400, {"e": "t"}), True),
        ({"failures": [{"statusCode": 400, "path": "e", "values": ["t"]}]}, Reply(400, {"e": "u"}), False),
    ],
)
async def test_how_a_refusal_shows(auth: dict[str, Any], reply: Reply, failed: bool) -> None:  # noqa: FBT001  # a column
    async with (
        target(lambda _call: reply) as there,
        opened(http(there.url, auth={"type": "custom", **auth})) as adaptor,
    ):
        with pytest.raises(CredentialsRejected if failed else Rejected):
            await adaptor.read(ITEMS, None)
    assert len(there.calls) == 1


@pytest.mark.parametrize(
    ("rules", "reply"),
    [
        ({"refreshTokenPath": "X-Token", "refreshTokenLocation": "header"}, Reply(200, headers={"X-Token": NEW})),
        ({"tokenPaths": ["nope", "second"]}, Reply(200, {"second": NEW})),
        ({"refreshTokenPath": "t", "refreshMethod": "GET"}, Reply(200, {"t": NEW})),
    ],
)
async def test_where_the_new_token_stands(rules: dict[str, Any], reply: Reply) -> None:
    def handler(call: Call) -> Reply:
        return reply if call.path == "/v2/token" else guarded(call)

    headers = [{"name": "X-App", "value": "{{connection.http.unencrypted.app}}"}]
    async with target(handler) as there:
        fields = {"refreshRelativeURI": there.url + "/v2/token", "refreshHeaders": headers, **rules}
        async with opened(http(there.url + "/v1", auth=token(**fields), unencrypted={"app": "me"})) as adaptor:
            await adaptor.read(ITEMS, None)
    assert there.calls[1].headers["x-app"] == "me"
    assert NEW in there.calls[2].raw


@pytest.mark.parametrize(
    ("reply", "kind", "code"),
    [
        (Reply(500), Rejected, "500"),
        (Reply(429), Throttled, "429"),
        (Reply(400), CredentialsRejected, "400"),
        (Reply(200, {"nothing": 1}), CredentialsRejected, "no_token"),
    ],
)
async def test_a_refresh_that_fails(reply: Reply, kind: type[Exception], code: str) -> None:
    def handler(call: Call) -> Reply:
        return reply if call.path == "/token" else Reply(401)

    async with target(handler) as there, opened(http(there.url, auth=token(**REFRESH))) as adaptor:
        with pytest.raises(kind) as raised:
            await adaptor.read(ITEMS, None)
    assert getattr(raised.value, "code", "") == code


def portal(call: Call) -> Reply:
    """A portal that lets in who has the session of the latest login."""
    if call.path == "/login":
        cookies = [("Set-Cookie", "sid=s3cret-1; Path=/; HttpOnly"), ("Set-Cookie", "other=1; Domain=evil.example")]
        return Reply(302, headers=[*cookies, ("Location", "/home")])
    return Reply(200, [{"id": 1}]) if "sid=s3cret-1" in call.headers.get("cookie", "") else Reply(401)


def cookie(**fields: Any) -> dict[str, Any]:
    body = '{"user":"me","password":"{{{connection.http.encrypted.password}}}"}'
    return {"type": "cookie", "cookie": {"uri": "/login", "method": "POST", "body": body, **fields}}


async def test_a_login_keeps_its_cookies() -> None:
    async with target(portal) as there:
        document = http(there.url, auth=cookie(successStatusCode=302), encrypted={"password": "CANARY-pw-1"})
        async with opened(document) as adaptor:
            await adaptor.read(ITEMS, None)
            await adaptor.read(ITEMS, None)
    assert there.asked == ["POST /login", "GET /items", "GET /items"]
    assert there.calls[0].json == {"user": "me", "password": "CANARY-pw-1"}
    assert there.calls[1].headers["cookie"] == "sid=s3cret-1"


async def test_an_expired_session_logs_in_again_once() -> None:
    refusals = iter([False, True, False, True, True])

    def handler(call: Call) -> Reply:
        return Reply(401) if call.path == "/items" and next(refusals) else portal(call)

    async with target(handler) as there, opened(http(there.url, auth=cookie(successStatusCode=302))) as adaptor:
        await adaptor.read(ITEMS, None)
        await adaptor.read(ITEMS, None)
        with pytest.raises(CredentialsRejected):
            await adaptor.read(ITEMS, None)
    assert there.asked.count("POST /login") == 3


async def test_a_login_that_is_refused() -> None:
    async with (
        target(lambda _call: Reply(200)) as there,
        opened(http(there.url, auth=cookie(successStatusCode=302))) as adaptor,
    ):
        with pytest.raises(CredentialsRejected, match="The login was answered with status 200"):
            await adaptor.read(ITEMS, None)
    assert there.asked == ["POST /login"]


@pytest.mark.hostile(76)
async def test_a_flood_of_cookies_is_capped_and_jars_are_apart() -> None:
    def handler(call: Call) -> Reply:
        flood = [("Set-Cookie", f"c{number}={'x' * 100}") for number in range(150)]
        return Reply(200, [], headers=flood if call.path == "/login" else {})

    async with (
        target(handler) as there,
        opened(http(there.url, auth=cookie())) as one,
        opened(http(there.url, auth=cookie())) as other,
    ):
        await one.read(ITEMS, None)
        await other.read(ITEMS, None)
    assert there.asked == ["POST /login", "GET /items"] * 2
    assert there.calls[1].headers["cookie"].count("=") == 50


@pytest.mark.parametrize("kind", ["digest", "wsse", "oauth", "oauth1", "jwtbearer", "jwt", "specific"])
async def test_other_types_are_refused_by_name(kind: str) -> None:
    with pytest.raises(Unsupported, match=kind):
        async with opened(http("http://127.0.0.1:1", auth={"type": kind})):
            pass


async def test_amazon_is_refused_by_name() -> None:
    with pytest.raises(Unsupported, match="Amazon-SP-API"):
        async with opened(http("http://127.0.0.1:1", type="Amazon-SP-API")):
            pass


async def test_a_rate_limit_names_when_to_come_back() -> None:
    limit = {"failPath": "slow", "failValues": ["down"]}
    reply = Reply(200, {"slow": "down"}, headers={"X-Wait": "7"})
    async with (
        target(lambda _call: reply) as there,
        opened(http(there.url, rateLimit=limit, retryHeader="X-Wait")) as adaptor,
    ):
        with pytest.raises(Throttled) as raised:
            await adaptor.read(ITEMS, None)
    assert raised.value.retry_after == 7


@pytest.mark.hostile(77)
@pytest.mark.parametrize(("value", "wait"), [("-1", None), ("1e9", 900), ("NaN", None), ("soon", None)])
async def test_a_strange_wait_is_bounded(value: str, wait: float | None) -> None:
    async with (
        target(lambda _call: Reply(429, headers={"Retry-After": value})) as there,
        opened(http(there.url)) as adaptor,
    ):
        with pytest.raises(Throttled) as raised:
            await adaptor.read(ITEMS, None)
    assert raised.value.retry_after == wait
