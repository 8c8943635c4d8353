import pytest

from isthmus.model.json import Document
from isthmus.services.resources import ListQuery
from tests.rig.documents import ADMIN, Desk, connection, export, read

pytestmark = pytest.mark.anyio


async def listed(docs: Desk, kind: str = "connections", **query: object) -> list[Document]:
    found = await docs.resources[kind].list(ADMIN, ListQuery(**query))  # type: ignore[arg-type]  # as a test names them
    return [read(item) for item in found.items]


@pytest.mark.hostile(137)
async def test_pages_come_in_the_order_of_ids_and_tell_whether_more_follow(docs: Desk) -> None:
    ids = [(await docs.create("connections", connection(str(place))))["_id"] for place in range(5)]
    seen: list[str] = []
    for skip in (0, 2, 4):
        found = await docs.resources["connections"].list(ADMIN, ListQuery(limit=2, skip=skip))
        seen += [read(item)["_id"] for item in found.items]
        assert found.more == (skip < 4)
    assert seen == sorted(ids)
    assert await listed(docs, skip=5) == []


async def test_lists_are_filtered(docs: Desk) -> None:
    used = await docs.create("connections", connection("used"))
    other = await docs.create("connections", connection("other"))
    made = await docs.create("exports", export(used["_id"]))
    assert await listed(docs, "exports", filters={"_connectionId": used["_id"]}) == [made]
    assert await listed(docs, "exports", filters={"_connectionId": other["_id"]}) == []
    assert len(await listed(docs, filters={"type": "http"})) == 2
    assert await listed(docs, filters={"type": "ftp"}) == []


@pytest.mark.hostile(15)
async def test_include_shows_what_is_asked_for_and_the_summary(docs: Desk) -> None:
    made = await docs.create("connections", connection(settings={"a": {"b": 1, "c": 2}}))
    (shown,) = await listed(docs, include=("http.auth.token", "settings.a.b", "settings.a.nope", "queues", "nope.x"))
    assert shown == {
        "_id": made["_id"],
        "name": made["name"],
        "settings": {"a": {"b": 1}},
        "http": {"auth": {"token": {"token": "******", "location": "header"}}},
        "queues": made["queues"],
    }
    await docs.create("exports", export(made["_id"]))
    (shown,) = await listed(docs, "exports", include=("http.method",))
    assert set(shown) == {"_id", "name", "adaptorType", "http"}


@pytest.mark.hostile(15)
async def test_exclude_leaves_out_but_never_the_id(docs: Desk) -> None:
    made = await docs.create("connections", connection())
    (shown,) = await listed(docs, exclude=("_id", "http.auth.token.token", "queues", "createdAt", "name.x"))
    expected = {key: value for key, value in made.items() if key not in ("queues", "createdAt")}
    expected["http"] = {**expected["http"], "auth": {"type": "token", "token": {"location": "header"}}}
    assert shown == expected


async def test_a_projection_goes_through_arrays(docs: Desk) -> None:
    headers = [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]
    body = connection()
    await docs.create("connections", {**body, "http": {**body["http"], "headers": headers}})
    (shown,) = await listed(docs, include=("http.headers.name",))
    assert shown["http"] == {"headers": [{"name": "a"}, {"name": "b"}]}
    (shown,) = await listed(docs, exclude=("http.headers.name",))
    assert shown["http"]["headers"] == [{"value": "1"}, {"value": "2"}]


async def test_iclients_come_whole(docs: Desk) -> None:
    for place in range(3):
        await docs.create("iclients", {"provider": "google", "name": str(place)})
    found = await docs.resources["iclients"].list(ADMIN, ListQuery(limit=1, skip=2))
    assert (len(found.items), found.more) == (3, False)
