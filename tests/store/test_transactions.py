import asyncio

import orjson
import pytest

from isthmus.model.errors import Bug
from isthmus.store import Ref, Store, Stored
from tests.rig.stored import change, document, sealed
from tests.store.conftest import Place

pytestmark = pytest.mark.anyio


async def names(store: Store) -> list[str]:
    async with store.read() as session:
        return [orjson.loads(one.body)["name"] for one in await session.documents.page("connections", limit=100)]


async def test_a_write_is_seen_by_others_only_once_it_is_whole(store: Store) -> None:
    async with store.write() as session:
        await session.documents.insert(document(name="new"))
        assert await session.documents.count("connections") == 1
        assert await names(store) == []
    assert await names(store) == ["new"]


@pytest.mark.hostile(173)
@pytest.mark.parametrize("asked", [True, False])
async def test_an_exception_rolls_everything_back(store: Store, asked: bool) -> None:  # noqa: FBT001  # a parameter of the test
    async def fail() -> None:
        async with store.write() as session:
            await session.documents.insert(document())
            await session.audit.append(change("a"))
            if asked:
                assert await session.documents.count("connections") == 1
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await names(store) == []
    async with store.write() as session:
        await session.documents.insert(document(name="after"))
    assert await names(store) == ["after"]


async def test_a_hundred_updates_at_once_have_one_winner_a_revision(store: Store) -> None:
    row = document()
    async with store.write() as session:
        await session.documents.insert(row)

    async def update(expected: int) -> bool:
        async with store.write() as session:
            return await session.documents.update(row, expected=expected)

    for revision in (1, 2):
        won = await asyncio.gather(*[update(revision) for _ in range(100)])
        assert won.count(True) == 1
    async with store.read() as session:
        found = await session.documents.get(row.kind, row.id)
    assert found is not None
    assert found.revision == 3


async def test_what_a_write_session_read_stays_true_until_it_ends(store: Store, place: Place) -> None:
    """Two nodes count and add; were they not one after the other, both would see the same count."""
    other = await place.open()

    async def add(node: Store) -> int:
        async with node.write() as session:
            count = await session.documents.count("connections")
            await asyncio.sleep(0.005)
            await session.documents.insert(document())
            return count

    try:
        counts = await asyncio.gather(*[add(node) for _ in range(5) for node in (store, other)])
    finally:
        await other.close()
    assert sorted(counts) == list(range(10))


async def test_a_cancelled_write_leaves_nothing_and_blocks_nobody(store: Store) -> None:
    inside = asyncio.Event()

    async def slow() -> None:
        async with store.write() as session:
            await session.documents.insert(document(name="cancelled"))
            await session.documents.count("connections")
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(slow())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.write() as session:
        await session.documents.insert(document(name="after"))
    assert await names(store) == ["after"]


@pytest.mark.parametrize("steps", range(12))
async def test_a_write_cancelled_anywhere_is_whole_or_absent(store: Store, steps: int) -> None:
    async def write() -> None:
        async with store.write() as session:
            for name in ("a", "b"):
                await session.documents.insert(document(name=name))
                await session.documents.count("connections")

    task = asyncio.create_task(write())
    for _ in range(steps):
        await asyncio.sleep(0.0003)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with store.write() as session:
        await session.documents.insert(document(name="after"))
    assert sorted(await names(store)) in (["after"], ["a", "after", "b"])


async def broken_by_a_twin(store: Store, twin: Stored) -> None:
    async with store.write() as session:
        await session.documents.insert(twin)


async def broken_by_a_link_of_nobody(store: Store, _: Stored) -> None:
    async with store.write() as session:
        await session.references.replace("exports", "x", [Ref("exports", "x", "_connectionId", "connections", "y")])


async def broken_by_a_secret_of_nobody(store: Store, _: Stored) -> None:
    async with store.write() as session:
        await session.sealed.put("exports", "x", {"/a": sealed()})


@pytest.mark.parametrize("breaking", [broken_by_a_twin, broken_by_a_link_of_nobody, broken_by_a_secret_of_nobody])
async def test_a_broken_constraint_is_a_bug_and_names_no_value(store: Store, breaking: object) -> None:
    row = document(name="canary")
    async with store.write() as session:
        await session.documents.insert(row)
    with pytest.raises(Bug, match="refused a statement") as raised:
        await breaking(store, row)  # type: ignore[operator]  # one of the three functions above
    assert "canary" not in str(raised.value)
    assert row.id not in str(raised.value)
    assert await names(store) == ["canary"]


async def test_a_failed_statement_ends_the_session_even_if_the_failure_is_swallowed(store: Store) -> None:
    row = document(name="kept")
    async with store.write() as session:
        await session.documents.insert(row)

    async def swallow() -> None:
        async with store.write() as session:
            await session.documents.insert(document(name="lost"))
            await session.documents.insert(row)
            with pytest.raises(Bug):
                await session.documents.count("connections")
            await session.documents.insert(document(name="lost too"))

    with pytest.raises(Bug):
        await swallow()
    assert await names(store) == ["kept"]


async def test_a_session_that_reads_cannot_write(store: Store) -> None:
    async with store.read() as session:
        with pytest.raises(Bug, match="reads"):
            await session.documents.insert(document())
        with pytest.raises(Bug, match="reads"):
            await session.documents.delete("connections", "a")


async def test_a_write_inside_a_write_is_refused_rather_than_waited_for(store: Store) -> None:
    async with store.write():
        with pytest.raises(Bug, match="inside another"):
            async with store.write():
                pass


async def test_health(store: Store) -> None:
    assert await store.healthy()
