"""The same services over the real http type and the stand-in systems."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from isthmus.model.clock import to_iso
from isthmus.model.errors import RemoteError
from isthmus.sandbox import make_app
from isthmus.sandbox.slack import TOKEN, USERS
from tests.rig.asgi import served
from tests.rig.documents import ADMIN, replace
from tests.rig.virtual import Bench, bench

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    with served(make_app()) as url:
        yield url


@pytest.fixture
async def isthmus(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path, real=True) as opened:
        yield opened


async def slack(isthmus: Bench, sandbox: str, token: str = TOKEN) -> str:
    http: dict[str, Any] = {
        "baseURI": f"{sandbox}/slack/api",
        "mediaType": "urlencoded",
        "auth": {"type": "token", "token": {"token": token, "location": "url", "paramName": "token"}},
        "ping": {"relativeURI": "auth.test", "successPath": "ok", "successValues": ["true"], "errorPath": "error"},
    }
    return await isthmus.connection(http=http)


def members(size: int) -> dict[str, Any]:
    return {
        "pageSize": size,
        "http": {
            "relativeURI": f"users.list?limit={size}&cursor={{{{{{export.http.paging.token}}}}}}",
            "method": "GET",
            "paging": {"method": "token", "path": "response_metadata.next_cursor", "pathLocation": "body"},
            "response": {"resourcePath": "members"},
        },
    }


async def test_pings_tell_good_tokens_from_bad_ones(isthmus: Bench, sandbox: str) -> None:
    good, bad = await slack(isthmus, sandbox), await slack(isthmus, sandbox, "CANARY-wrong-token")
    assert await isthmus.pings.saved(ADMIN, good) == {"code": 200}
    answer = await isthmus.pings.saved(ADMIN, bad)
    assert answer["code"] != 200
    assert "CANARY" not in str(answer)
    assert (await isthmus.desk.get("connections", bad))["offline"] is True


async def test_pages_of_members_are_all_the_members(isthmus: Bench, sandbox: str) -> None:
    id_ = await slack(isthmus, sandbox)
    assert (await isthmus.everything(id_, members(10)))["data"] == USERS
    page = await isthmus.page(id_, export=members(10))
    found = page["data"]
    while "pagedExportState" in page:
        assert TOKEN not in str(page["pagedExportState"])
        page = await isthmus.page(id_, page["pagedExportState"], members(10))
        found += page["data"]
    assert found == USERS


async def test_a_refusal_of_the_target_is_raised_and_logged_without_the_token(isthmus: Bench, sandbox: str) -> None:
    id_ = await slack(isthmus, sandbox)
    await isthmus.desk.patch(
        "connections", id_, replace("/debugDate", to_iso(isthmus.desk.time() + timedelta(minutes=9)))
    )
    with pytest.raises(RemoteError):
        await isthmus.everything(id_, {"http": {"relativeURI": "no/such/path", "method": "GET"}})
    # The transport's lines carry the time of day, the clock of these tests another day's.
    await isthmus.debug.flush()
    async with isthmus.desk.store.read() as session:
        lines = await session.debug_log.lines(id_)
    assert len(lines) == 2
    assert "no/such/path" in lines[0]
    assert TOKEN not in "".join(lines)


async def test_beats_arrive_in_order(isthmus: Bench, sandbox: str) -> None:
    id_ = await isthmus.connection(http={"baseURI": sandbox, "mediaType": "json"})
    fields = [{"extract": "timestamp", "generate": "timestamp"}, {"generate": "key", "hardCodedValue": "sqs_flow"}]
    import_ = {"mapping": {"fields": fields}, "rest": {"relativeURI": ["/system/v1/heartbeat"], "method": ["PUT"]}}
    data = [{"timestamp": 1512012818751}, {"timestamp": "never"}, {"timestamp": 1512012818752}]
    results = await isthmus.run(id_, data, import_)
    assert [result["statusCode"] for result in results] == [200, 422, 200]
    assert results[0]["id"] == results[0]["_json"]["_id"]
    assert results[0]["_json"]["key"] == "sqs_flow"
    assert results[1]["errors"][0]["source"] == "application"
    assert await isthmus.map(id_, data[:1], import_) == [{"timestamp": 1512012818751, "key": "sqs_flow"}]
