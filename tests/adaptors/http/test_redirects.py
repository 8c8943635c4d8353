"""What follows a redirect to another origin: no secret, wherever in the request a template put it."""

from typing import Any

import pytest

from isthmus.model.errors import Unreachable
from isthmus.sdk import Import, Outgoing
from tests.rig.hostile_server import Script, redirect, reply, serve
from tests.rig.opened_http import export, http, import_, opened

pytestmark = [pytest.mark.anyio, pytest.mark.hostile(60)]

KEY = "{{{connection.http.encrypted.key}}}"
ENCRYPTED: dict[str, Any] = {"encrypted": {"key": "CANARY-key"}}


async def _written(adaptor: Any, model: Import) -> list[Any]:
    async def records() -> Any:
        yield Outgoing({"n": 1}, {"n": 1}, "create", {})

    return [result async for result in adaptor.write(model, records())]


@pytest.mark.parametrize(
    "body", [f'{{"k": "{KEY}"}}', {"k": KEY}, "{{#with @root}}{{connection.name}}{{/with}}", "{{#each .}}x{{/each}}"]
)
async def test_a_body_that_a_secret_may_stand_in_stays_at_its_origin(body: Any) -> None:
    async with (
        serve({"*": reply(200, b"[]")}) as elsewhere,
        serve({"*": redirect(307, f"{elsewhere.url}/x")}) as server,
    ):
        model = {"relativeURI": "/a", "method": "POST", "body": body}
        async with opened(http(server.url, **ENCRYPTED)) as adaptor:
            with pytest.raises(Unreachable) as caught:
                await adaptor.read(export(http=model), None)
            assert caught.value.code == "redirect_refused"
            results = await _written(adaptor, import_(http={key: [value] for key, value in model.items()}))
            assert [fault.code for fault in results[0].errors] == ["redirect_refused"]
        async with opened(http(server.url, **ENCRYPTED, ping=model)) as adaptor:
            if isinstance(body, str):
                assert (await adaptor.ping()).errors[0].code == "redirect_refused"
    assert elsewhere.ledger == []


async def test_a_body_without_secrets_follows() -> None:
    async with (
        serve({"*": reply(200, b"[]")}) as elsewhere,
        serve({"*": redirect(307, f"{elsewhere.url}/x")}) as server,
        opened(http(server.url, **ENCRYPTED)) as adaptor,
    ):
        await adaptor.read(
            export(http={"relativeURI": "/a", "method": "POST", "body": '{"q": "{{export.name}}"}'}), None
        )
        assert (await _written(adaptor, import_(http={"relativeURI": ["/a"], "method": ["POST"]})))[0].status == 200
    assert [received.body for received in elsewhere.ledger] == [b'{"q": ""}', b'{"n":1}']


@pytest.mark.parametrize("way", ["redirect", "absolute"])
async def test_headers_of_an_export_do_not_follow(way: str) -> None:
    headers = [{"name": "X-Key", "value": KEY}, {"name": "Accept", "value": "text/json"}]
    async with serve({"*": reply(200, b"[]")}) as elsewhere:
        first: Script = redirect(302, f"{elsewhere.url}/x")
        async with serve({"*": first}) as server, opened(http(server.url, **ENCRYPTED)) as adaptor:
            uri = "/a" if way == "redirect" else f"{elsewhere.url}/a"
            await adaptor.read(export(http={"relativeURI": uri, "method": "GET", "headers": headers}), None)
    assert [(r.header("x-key"), r.header("accept")) for r in elsewhere.ledger] == [(None, "text/json")]
