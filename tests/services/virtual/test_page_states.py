import copy
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isthmus.model.errors import Bug, InvalidDocument
from isthmus.model.json import Document
from isthmus.sdk import Cursor
from isthmus.services.exports.page_states import MAX_BYTES, Binding, PageStates, Resume
from isthmus.vault import Vault
from tests.rig.documents import Desk, desk
from tests.rig.virtual import every_byte_of

pytestmark = pytest.mark.anyio

HERE = Binding("c" * 24, "export", "destination")
NETSUITE = Cursor({"searchId": "WEBSERVICES_5", "pageIndex": 2, "totalPages": 165, "totalRecords": 822})
SECRETIVE = Cursor({"pageIndex": 3}, {"url": "https://acme.example/next?token=CANARY-4711"})


@pytest.fixture
async def docs(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path) as opened:
        yield opened


@pytest.fixture
def states(docs: Desk, tmp_path: Path) -> PageStates:
    return make(docs, tmp_path)


def make(docs: Desk, folder: Path) -> PageStates:
    return PageStates(docs.store, Vault.load(folder / "key", create=False).derive_all, docs.time)


def why(refusal: pytest.ExceptionInfo[InvalidDocument]) -> str:
    problem = refusal.value.problems[0]
    assert (len(refusal.value.problems), problem.code, problem.field) == (1, "invalid_field", "pagedExportState")
    return problem.message


async def refused(states: PageStates, state: Any, binding: Binding = HERE) -> str:
    with pytest.raises(InvalidDocument) as refusal:
        await states.redeem(binding, state)
    return why(refusal)


async def test_a_cursor_without_a_private_part_has_exactly_the_documented_shape(states: PageStates) -> None:
    state = await states.issue(HERE, Resume(NETSUITE, 5))
    assert set(state) == {
        "searchId", "pageIndex", "pageSize", "totalPages", "totalRecords", "done", "issuedAt", "sig",
    }  # fmt: skip
    assert state["done"] is False
    assert state["pageSize"] == 5
    assert isinstance(state["issuedAt"], int)
    assert len(bytes.fromhex(state["sig"])) == 32
    assert await states.redeem(HERE, state) == Resume(NETSUITE, 5)


@pytest.mark.parametrize("size", [10, 2000, 100_000])
@pytest.mark.parametrize("side", ["public", "private"])
async def test_whatever_the_size_it_comes_back_whole(states: PageStates, side: str, size: int) -> None:
    cursor = replace(SECRETIVE, **{side: {"next": "x" * size}})
    resume = Resume(cursor, 20, {"left": 3})
    state = await states.issue(HERE, resume)
    assert len(orjson.dumps(state)) <= MAX_BYTES
    assert await states.redeem(HERE, state) == resume


@pytest.mark.hostile(130)
@pytest.mark.parametrize("padding", [0, 10_000])
async def test_what_is_private_can_be_read_nowhere(
    states: PageStates, docs: Desk, tmp_path: Path, padding: int
) -> None:
    cursor = replace(SECRETIVE, private={**SECRETIVE.private, "padding": "x" * padding})
    state = await states.issue(HERE, Resume(cursor, 20))
    assert b"CANARY" not in orjson.dumps(state)
    assert b"CANARY" not in every_byte_of(tmp_path)


@pytest.mark.hostile(127)
@pytest.mark.parametrize("cursor", [NETSUITE, SECRETIVE], ids=["clear", "sealed"])
async def test_no_byte_of_it_can_be_changed(states: PageStates, cursor: Cursor) -> None:
    """Every byte of the state's JSON in turn, in three ways; what is no JSON any more never gets here."""
    whole = orjson.dumps(await states.issue(HERE, Resume(cursor, 5)))
    tried = 0
    for place in range(len(whole)):
        for change in (1, 2, 32):
            touched = bytearray(whole)
            touched[place] ^= change
            try:
                state = orjson.loads(touched)
            except orjson.JSONDecodeError:
                continue
            tried += 1
            await refused(states, state)
    assert tried > len(whole)


@pytest.mark.hostile(127)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.dictionaries(
        st.sampled_from(["pageIndex", "pageSize", "issuedAt", "done", "sig", "cursor", "more"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70) | st.lists(st.integers()),
        min_size=1,
    )
)
async def test_no_field_of_it_can_be_changed(states: PageStates, edits: Document) -> None:
    state = await states.issue(HERE, Resume(SECRETIVE, 5))
    if all(key in state and type(state[key]) is type(value) and state[key] == value for key, value in edits.items()):
        return
    await refused(states, {**state, **edits})
    await refused(states, {key: value for key, value in state.items() if key not in edits} | {"x": 1})


@pytest.mark.hostile(128)
@pytest.mark.parametrize("field", ["connection", "export", "destination"])
@pytest.mark.parametrize("padding", [0, 10_000])
async def test_it_is_good_for_one_connection_export_and_destination(
    states: PageStates, field: str, padding: int
) -> None:
    state = await states.issue(HERE, Resume(Cursor({"pageIndex": 2}, {"x": "x" * padding}), 5))
    message = await refused(states, state, replace(HERE, **{field: "other"}))
    assert "another connection, export or destination" in message
    assert message == await refused(states, {**state, "pageSize": 6}), "no hint at what was wrong"


@pytest.mark.hostile(129)
@pytest.mark.parametrize(
    ("passed", "good"),
    [
        (timedelta(hours=23, minutes=59), True),
        (timedelta(hours=24, seconds=1), False),
        (timedelta(days=400), False),
        (timedelta(minutes=-59), True),
        (timedelta(hours=-2), False),
    ],
)
async def test_it_expires(states: PageStates, docs: Desk, passed: timedelta, good: bool) -> None:  # noqa: FBT001  # a parameter of the table
    state = await states.issue(HERE, Resume(SECRETIVE, 5))
    docs.time.instant += passed
    if good:
        assert (await states.redeem(HERE, state)).cursor == SECRETIVE
    else:
        assert "expired" in await refused(states, state)


@pytest.mark.hostile(131)
async def test_it_survives_a_restart_and_may_be_used_twice(tmp_path: Path) -> None:
    large = Cursor({"pageIndex": 2}, {"body": "x" * 9000})
    async with desk(tmp_path) as docs:
        issued = [await make(docs, tmp_path).issue(HERE, Resume(cursor, 5)) for cursor in (SECRETIVE, large)]
    async with desk(tmp_path) as docs:
        again = make(docs, tmp_path)
        for _ in range(2):
            assert [(await again.redeem(HERE, state)).cursor for state in issued] == [SECRETIVE, large]


@pytest.mark.hostile(129)
async def test_a_key_that_was_rotated_still_opens_it(docs: Desk, tmp_path: Path) -> None:
    old, new = (bytes([n]) * 32 for n in (1, 2))
    state = await PageStates(docs.store, Vault([old]).derive_all, docs.time).issue(HERE, Resume(SECRETIVE, 5))
    rotated = PageStates(docs.store, Vault([new, old]).derive_all, docs.time)
    assert (await rotated.redeem(HERE, state)).cursor == SECRETIVE
    await refused(PageStates(docs.store, Vault([new]).derive_all, docs.time), state)


async def test_one_kept_here_is_gone_when_it_was_purged(states: PageStates, docs: Desk) -> None:
    state = await states.issue(HERE, Resume(Cursor({}, {"body": "x" * 9000}), 5))
    async with docs.store.write() as session:
        assert await session.page_states.purge(docs.time() + timedelta(hours=25)) == 1
    assert "expired" in await refused(states, state)


@pytest.mark.hostile(127)
@pytest.mark.parametrize(
    "state",
    [
        0, 1.5, True, False, "", "state", [], [{}], {}, {"sig": None}, {"sig": "a" * 63}, {"sig": "é" * 64},
        {"sig": "a" * 64, "big": "x" * 5000}, {"sig": "\ud800" * 64}, {"sig": "a" * 64, "x": "\ud800"},
        {"sig": "a" * 64, "x": 1 << 70}, {"sig": ["a"] * 64},
    ],
)  # fmt: skip
async def test_what_is_no_state_says_so(states: PageStates, state: Any) -> None:
    assert "sent back unchanged" in await refused(states, state)


async def test_a_deep_one_is_refused_as_well(states: PageStates) -> None:
    deep: Any = 1
    for _ in range(600):
        deep = [deep]
    await refused(states, {"sig": "a" * 64, "x": deep})


async def test_the_order_of_its_keys_does_not_matter(states: PageStates) -> None:
    state = await states.issue(HERE, Resume(NETSUITE, 5))
    assert await states.redeem(HERE, dict(reversed(copy.deepcopy(state).items()))) == Resume(NETSUITE, 5)


@pytest.mark.parametrize("name", ["sig", "done", "cursor", "issuedAt", "pageSize"])
async def test_a_cursor_may_not_use_the_names_of_states(states: PageStates, name: str) -> None:
    with pytest.raises(Bug):
        await states.issue(HERE, Resume(Cursor({name: 1}), 5))
