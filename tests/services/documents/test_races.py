"""What others do at the same moment: whole writes, nothing resurrected, an audit row for each accepted write."""

import asyncio
import dataclasses
import random
from collections import Counter
from collections.abc import Awaitable
from typing import Any

import pytest

from isthmus.model.errors import Conflict, InUse, InvalidDocument, NotFound, Refused
from isthmus.model.json import Document
from isthmus.store import AuditFilter
from tests.rig.documents import ADMIN, Desk, connection, export, read, replace

pytestmark = pytest.mark.anyio


async def outcomes(*calls: Awaitable[Any]) -> list[Any]:
    """Run calls at once; refusals are outcomes, anything else is a fault."""
    found = await asyncio.gather(*calls, return_exceptions=True)
    for outcome in found:
        if isinstance(outcome, BaseException) and not isinstance(outcome, Refused):
            raise outcome
    return found


async def sealed_of(docs: Desk, known: str) -> list[str]:
    async with docs.store.read() as session:
        return list(await session.sealed.all("connections", known))


@pytest.mark.hostile(133)
async def test_the_last_of_many_puts_wins_whole_and_each_is_in_the_audit(docs: Desk) -> None:
    made = await docs.create("connections", connection("0"))

    def version(place: int) -> Document:
        body = connection(str(place), externalId=str(place), settings={"place": place})
        body["http"] = {**body["http"], "auth": {"type": "token", "token": {"token": f"CANARY-{place}"}}}
        return body

    found = await outcomes(*(docs.put("connections", made["_id"], version(place)) for place in range(1, 31)))
    accepted = [body for body in found if not isinstance(body, Conflict)]
    last = await docs.whole("connections", made["_id"])
    place = last["name"]
    assert (last["externalId"], last["settings"]) == (place, {"place": int(place)})
    assert last["http"]["auth"]["token"]["token"] == f"CANARY-{place}"
    rows = [row for row in await docs.rows() if row.event == "update"]
    assert len(rows) == len(accepted)
    named = [change["newValue"] for row in rows for change in row.field_changes if change["fieldPath"] == "name"]
    assert named[0] == place
    before = [change["oldValue"] for row in rows for change in row.field_changes if change["fieldPath"] == "name"]
    assert before == [*named[1:], "0"]


@pytest.mark.hostile(134)
async def test_put_patch_refresh_and_delete_race_without_leaving_anything_behind(docs: Desk) -> None:
    for round_ in range(10):
        made = await docs.create("connections", connection(str(round_)))
        known = made["_id"]
        keep = {"/http/auth/token/token": "CANARY-kept"}
        calls = [
            docs.put("connections", known, made),
            docs.patch("connections", known, replace("/name", "patched")),
            docs.secrets.keep(docs.store, "connections", known, keep, revision=1),
            docs.resources["connections"].amend(known, {"offline": True}),
            docs.delete("connections", known),
            docs.get("connections", known),
        ]
        random.Random(round_).shuffle(calls)  # noqa: S311  # an order to try, no secret
        for outcome in await outcomes(*calls):
            assert not isinstance(outcome, Refused) or isinstance(outcome, NotFound)
        with pytest.raises(NotFound):
            await docs.get("connections", known)
        assert await sealed_of(docs, known) == []
        assert (await docs.rows())[0].event == "delete"


@pytest.mark.hostile(136)
async def test_a_new_user_and_a_deletion_cannot_both_succeed(docs: Desk) -> None:
    for round_ in range(10):
        known = (await docs.create("connections", connection()))["_id"]
        calls = [docs.create("exports", export(known)), docs.delete("connections", known)]
        made, deleted = await outcomes(*(calls if round_ % 2 else reversed(calls)))
        if not round_ % 2:
            made, deleted = deleted, made
        assert isinstance(made, InvalidDocument) == (not isinstance(deleted, InUse))
        if isinstance(made, InvalidDocument):
            assert [problem.field for problem in made.problems] == ["_connectionId"]


@pytest.mark.hostile(173)
@pytest.mark.parametrize("seed", range(3))
async def test_there_is_one_audit_row_for_each_accepted_write(embedded: Desk, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # operations to try, no secret
    expected: Counter[tuple[str, str]] = Counter()
    alive: list[str] = []

    async def step() -> None:
        name = chance.choice(["create", "create", "put", "patch", "delete", "bad put", "bad patch", "bad create"])
        known = chance.choice(alive) if alive else "0" * 24
        resources = embedded.resources["connections"]
        try:
            if name == "create":
                alive.append(read(await resources.create(ADMIN, connection()))["_id"])
                expected[alive[-1], "create"] += 1
            elif name == "put":
                await resources.replace(ADMIN, known, connection(str(chance.random())))
                expected[known, "update"] += 1
            elif name == "patch":
                await resources.patch(ADMIN, known, [replace("/name", str(chance.random()))])
                expected[known, "update"] += 1
            elif name == "delete":
                await resources.delete(ADMIN, known)
                alive.remove(known)
                expected[known, "delete"] += 1
            elif name == "bad put":
                await resources.replace(ADMIN, known, {"type": "http"})
            elif name == "bad patch":
                await resources.patch(ADMIN, known, [replace("/_id", "x")])
            else:
                await resources.create(ADMIN, {})
        except Refused:
            return

    for _ in range(300):
        await step()
    async with embedded.store.read() as session:
        rows = await session.audit.page(AuditFilter(limit=10_000))
        assert set(await session.documents.ids("connections")) == set(alive)
    assert Counter((row.resource_id, row.event) for row in rows) == expected


@pytest.mark.hostile(173)
async def test_a_change_whose_audit_row_cannot_be_written_is_not_made(docs: Desk) -> None:
    made = await docs.create("connections", connection())
    before = await docs.rows()
    nobody = dataclasses.replace(ADMIN, name=b"not JSON")  # type: ignore[arg-type]  # that is the fault
    resources = docs.resources["connections"]
    for call in (
        resources.create(nobody, connection()),
        resources.replace(nobody, made["_id"], connection("New")),
        resources.patch(nobody, made["_id"], [replace("/name", "New")]),
        resources.delete(nobody, made["_id"]),
    ):
        with pytest.raises(TypeError):
            await call
    assert await docs.get("connections", made["_id"]) == made
    assert (await docs.whole("connections", made["_id"]))["http"]["auth"]["token"]["token"] == "CANARY-token"
    assert await docs.rows() == before
