"""Tokens over a real store, with a clock of the test's own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from isthmus.model.errors import InvalidDocument, NotFound, Unauthorized
from isthmus.services.tokens import NewToken, Tokens, expiry
from isthmus.store import open_store

pytestmark = pytest.mark.anyio

START = datetime(2026, 1, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def tokens(tmp_path: Path, clock: Clock) -> AsyncIterator[Tokens]:
    store = await open_store(data=tmp_path / "data", database=None)
    yield Tokens(store, clock)
    await store.close()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("1h", timedelta(hours=1)),
        ("4h", timedelta(hours=4)),
        ("1d", timedelta(days=1)),
        ("4d", timedelta(days=4)),
        ("10d", timedelta(days=10)),
        ("30d", timedelta(days=30)),
        ("90m", timedelta(minutes=90)),
    ],
)
async def test_a_token_ends_when_it_was_said_to(tokens: Tokens, clock: Clock, text: str, after: timedelta) -> None:
    value = await tokens.create(NewToken("t", expires=text))
    clock.now = START + after - timedelta(milliseconds=1)
    assert (await tokens.authenticate(value)).name == "t"
    clock.now = START + after
    with pytest.raises(Unauthorized, match="expired"):
        await tokens.authenticate(value)
    assert [token["state"] for token in await tokens.list()] == ["expired"]


async def test_a_token_without_an_end_does_not_end(tokens: Tokens, clock: Clock) -> None:
    value = await tokens.create(NewToken("t", email="a@example.com"))
    clock.now = START + timedelta(days=36_500)
    caller = await tokens.authenticate(value)
    assert (caller.full, caller.email) == (True, "a@example.com")


@pytest.mark.parametrize("text", ["", "h", "0h", "-1h", "1", "1w", "1 h", "01h", "never ", "9999999d", "999999d"])
async def test_other_expiries_are_refused(text: str) -> None:
    if text == "999999d":
        assert expiry(text, START) is not None
        with pytest.raises(InvalidDocument):
            expiry(text, datetime(9999, 1, 1, tzinfo=UTC))
        return
    with pytest.raises(InvalidDocument):
        expiry(text, START)


async def test_every_value_is_another_and_all_belong_to_one_user(tokens: Tokens) -> None:
    values = [await tokens.create(NewToken("same name")) for _ in range(20)]
    assert len(set(values)) == 20
    callers = [await tokens.authenticate(value) for value in values]
    assert len({caller.user_id for caller in callers}) == 1
    assert len({caller.token_id for caller in callers}) == 20
    assert await tokens.revoke("same name") == 20
    for value in values:
        with pytest.raises(Unauthorized, match="revoked"):
            await tokens.authenticate(value)
    with pytest.raises(NotFound):
        await tokens.revoke("same name")


async def test_a_limited_token_lists_its_connections_once(tokens: Tokens) -> None:
    value = await tokens.create(NewToken("t", connections=["0" * 24, "1" * 24, "0" * 24]))
    caller = await tokens.authenticate(value)
    assert caller.connections == frozenset({"0" * 24, "1" * 24})
    assert (await tokens.list())[0]["connections"] == ["0" * 24, "1" * 24]


async def test_a_token_that_lists_nothing_is_not_full(tokens: Tokens) -> None:
    assert not (await tokens.authenticate(await tokens.create(NewToken("t", connections=[])))).full


@pytest.mark.parametrize("value", ["", "isthmus_", "isthmus_" + "A" * 43, "x" * 51, "isthmus_" + "é" * 43])
async def test_unknown_values_are_refused_alike(tokens: Tokens, value: str) -> None:
    with pytest.raises(Unauthorized, match="not known"):
        await tokens.authenticate(value)


async def test_all_that_is_wrong_is_said_at_once(tokens: Tokens) -> None:
    with pytest.raises(InvalidDocument) as refused:
        await tokens.create(NewToken("", connections=["nope", "0" * 24, "also nope"]))
    assert [problem.field for problem in refused.value.problems] == ["name", "connections", "connections"]
