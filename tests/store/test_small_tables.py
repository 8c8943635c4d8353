"""Tokens, debug lines, page states and facts."""

from datetime import timedelta

import pytest

from isthmus.store import DebugLine, Store, WrongKey
from tests.rig.stored import NOON, token

pytestmark = pytest.mark.anyio


async def test_tokens_are_found_by_hash(store: Store) -> None:
    full, custom = token("full"), token("custom", connections=("a", "b"), expires_at=NOON, email="a@b.example")
    async with store.write() as session:
        await session.tokens.insert(full)
        await session.tokens.insert(custom)
    async with store.read() as session:
        assert await session.tokens.by_hash(full.hash) == full
        assert await session.tokens.by_hash(custom.hash) == custom
        assert await session.tokens.by_hash(b"unknown") is None
        assert {row.id for row in await session.tokens.list()} == {full.id, custom.id}


async def test_revoking_by_name_or_id_counts_what_it_revoked(store: Store) -> None:
    rows = [token("twin"), token("twin"), token("single", connections=())]
    async with store.write() as session:
        for row in rows:
            await session.tokens.insert(row)
        assert await session.tokens.revoke("twin", NOON) == 2
        assert await session.tokens.revoke("twin", NOON + timedelta(hours=1)) == 0
        assert await session.tokens.revoke(rows[2].id) == 1
        assert await session.tokens.revoke("nobody") == 0
        await session.tokens.touch(rows[0].id, NOON)
    async with store.read() as session:
        first = await session.tokens.by_hash(rows[0].hash)
        assert first is not None
        assert (first.revoked_at, first.last_used_at) == (NOON, NOON)


async def test_debug_lines_by_connection_and_resource(store: Store) -> None:
    async with store.write() as session:
        log = session.debug_log
        await log.append("c", None, NOON, "first \x00 é", 10_000)
        await log.extend(
            [DebugLine("c", "e", NOON + timedelta(seconds=1), "second"), DebugLine("d", None, NOON, "other")], 9
        )
        assert await log.lines("c") == ["second"], "an added line pushes the oldest out once the log is over the cap"
    async with store.write() as session:
        await session.debug_log.append("c", None, NOON + timedelta(seconds=2), "third", 10_000)
    async with store.read() as session:
        log = session.debug_log
        assert await log.lines("c") == ["second", "third"]
        assert await log.lines("c", "e") == ["second"]
        assert await log.lines("c", since=NOON + timedelta(seconds=2)) == ["third"]
        assert await log.lines("nul\x00") == []
    async with store.write() as session:
        assert await session.debug_log.purge(NOON + timedelta(seconds=1)) == 1
        await session.debug_log.clear("c")
        assert await session.debug_log.lines("c") == []
        assert await session.debug_log.lines("d") == []


async def test_the_debug_log_never_passes_its_cap(store: Store) -> None:
    for number in range(30):
        async with store.write() as session:
            await session.debug_log.append("c", None, NOON, f"{number:02}" + "é" * 49, 1_000)
    async with store.read() as session:
        lines = await session.debug_log.lines("c")
    assert [line[:2] for line in lines] == [f"{number:02}" for number in range(20, 30)]


async def test_page_states_stay_until_purged(store: Store) -> None:
    async with store.write() as session:
        await session.page_states.put("k", b"one", NOON)
        await session.page_states.put("k", b"two\x00", NOON + timedelta(minutes=1))
        assert await session.page_states.purge(NOON + timedelta(minutes=1)) == 0
    async with store.read() as session:
        assert await session.page_states.get("k") == b"two\x00"
        assert await session.page_states.get("nul\x00") is None
    async with store.write() as session:
        assert await session.page_states.purge(NOON + timedelta(minutes=2)) == 1
        assert await session.page_states.get("k") is None


async def test_facts_are_kept_by_name(store: Store) -> None:
    async with store.write() as session:
        assert await session.installation.get("owner") is None
        assert await session.installation.keep("owner", "one") == "one"
        assert await session.installation.keep("owner", "two") == "one"
        await session.installation.put("owner", "three")
    async with store.read() as session:
        assert await session.installation.get("owner") == "three"


@pytest.mark.hostile(5)
async def test_a_store_is_bound_to_the_first_key_that_opens_it(store: Store) -> None:
    for fingerprints in (["first"], ["first"], ["newer", "first"]):
        async with store.write() as session:
            await session.installation.claim_key(fingerprints)
    with pytest.raises(WrongKey, match="ISTHMUS_KEY_FILE"):
        async with store.write() as session:
            await session.installation.claim_key(["newer"])
