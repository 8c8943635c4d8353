import orjson
import pytest

from isthmus.store import Store, Stored
from tests.rig.stored import document

pytestmark = pytest.mark.anyio


async def put(store: Store, *documents: Stored) -> list[Stored]:
    async with store.write() as session:
        for one in documents:
            await session.documents.insert(one)
    return list(documents)


async def test_a_document_comes_back_byte_for_byte(store: Store) -> None:
    [stored] = await put(store, document(name="Zürich \U0001f30d", note="a\x00b"))
    async with store.read() as session:
        assert await session.documents.get("connections", stored.id) == stored
        assert await session.documents.get("exports", stored.id) is None


@pytest.mark.parametrize("odd", ["", "no such id", "a\x00b", "é" * 3000, "' OR 1=1 --", "%s ?"])
async def test_an_unknown_id_is_none_whatever_it_holds(store: Store, odd: str) -> None:
    await put(store, document())
    async with store.read() as session:
        assert await session.documents.get("connections", odd) is None
        assert await session.documents.exists("connections", [odd]) == set()


async def test_update_needs_the_expected_revision(store: Store) -> None:
    [stored] = await put(store, document())
    newer = Stored("connections", stored.id, orjson.dumps({"_id": stored.id, "name": "newer"}))
    async with store.write() as session:
        assert await session.documents.update(newer, expected=1)
        assert not await session.documents.update(stored, expected=1)
    async with store.read() as session:
        assert await session.documents.get("connections", stored.id) == Stored("connections", stored.id, newer.body, 2)
        assert [found.id for found in await session.documents.page("connections", filters={"name": "newer"}, limit=9)]


async def test_delete_tells_whether_it_was_there(store: Store) -> None:
    [stored] = await put(store, document())
    async with store.write() as session:
        assert await session.documents.delete("connections", stored.id)
        assert not await session.documents.delete("connections", stored.id)
    async with store.read() as session:
        assert await session.documents.ids("connections") == []


async def test_pages_are_ordered_by_id_and_complete(store: Store) -> None:
    every = await put(store, *[document() for _ in range(25)])
    ids = sorted(one.id for one in every)
    async with store.read() as session:
        documents = session.documents
        assert await documents.ids("connections") == ids
        assert await documents.count("connections") == 25
        assert [one.id for one in await documents.page("connections", limit=10, skip=20)] == ids[20:]
        assert [one.id for one in await documents.page("connections", limit=10, after=ids[9])] == ids[10:20]
        assert await documents.page("connections", limit=0) == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"type": "http"}, {"a", "b"}),
        ({"type": "http", "name": "b"}, {"b"}),
        ({"_connectionId": "x"}, {"c"}),
        ({"_integrationId": "i"}, {"a"}),
        ({"externalId": "long" * 900}, {"b"}),
        ({"externalId": "long" * 899}, set()),
        ({"name": "nul\x00"}, {"d"}),
        ({"offline": "true"}, {"c"}),
        ({"provider": "p", "type": "rest"}, {"c"}),
        ({"provider": "p", "type": "http"}, set()),
        ({"absent": ""}, set()),
    ],
)
async def test_filters(store: Store, filters: dict[str, str], expected: set[str]) -> None:
    named = {
        "a": document(name="a", type="http", _integrationId="i"),
        "b": document(name="b", type="http", externalId="long" * 900),
        "c": document(name="c", type="rest", _connectionId="x", offline=True, provider="p"),
        "d": document(name="nul\x00"),
    }
    await put(store, *named.values())
    async with store.read() as session:
        found = {one.id for one in await session.documents.page("connections", filters=filters, limit=100)}
    assert found == {named[name].id for name in expected}


async def test_a_filter_without_a_column_pages_through_all_documents(store: Store) -> None:
    every = await put(store, *[document(provider=f"p{number % 3}") for number in range(1200)])
    expected = [one.id for one in every if orjson.loads(one.body)["provider"] == "p1"]
    async with store.read() as session:
        found = await session.documents.page("connections", filters={"provider": "p1"}, limit=150, skip=200)
    assert [one.id for one in found] == sorted(expected)[200:350]


async def test_many_ids_at_once(store: Store) -> None:
    every = await put(store, *[document() for _ in range(3)])
    ids = [one.id for one in every]
    asked = [*ids, *ids, *[f"{number:024x}" for number in range(1100)]]
    async with store.read() as session:
        assert await session.documents.exists("connections", asked) == set(ids)
        assert [one.id for one in await session.documents.many("connections", asked)] == sorted(ids)
        assert await session.documents.exists("connections", []) == set()
