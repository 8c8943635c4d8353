import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from isthmus.model.clock import to_iso
from isthmus.model.errors import NotFound, Unreachable
from isthmus.model.json import Document
from tests.rig.documents import ADMIN, replace
from tests.rig.virtual import Bench, bench

pytestmark = pytest.mark.anyio


async def used(isthmus: Bench, connection_id: str) -> Any:
    async with isthmus.connections.saved(ADMIN, connection_id) as opened:
        return opened.adaptor


async def test_users_share_one_adaptor(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    adaptors = await asyncio.gather(*(used(isthmus, id_) for _ in range(20)))
    assert len(set(map(id, adaptors))) == 1
    assert len(isthmus.system.openings) == 1


async def test_a_changed_connection_is_opened_anew(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    whole = await isthmus.desk.get("connections", id_)
    for number in range(3):
        await used(isthmus, id_)
        whole["http"] = {**whole["http"], "auth": {"type": "token", "token": {"token": f"token {number}"}}}
        await isthmus.desk.put("connections", id_, whole)
    await used(isthmus, id_)
    tokens = [opening.connection["http"]["auth"]["token"]["token"] for opening in isthmus.system.openings]
    assert tokens == ["CANARY-0123456789abcdef", "token 0", "token 1", "token 2"]
    await asyncio.sleep(0.01)
    assert isthmus.system.open_now == 1, "those that were replaced are closed"


async def test_a_deleted_connection_is_gone_at_once(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    await used(isthmus, id_)
    await isthmus.desk.delete("connections", id_)
    with pytest.raises(NotFound):
        await used(isthmus, id_)


async def test_whoever_uses_the_old_one_keeps_it_to_the_end(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    async with isthmus.connections.saved(ADMIN, id_):
        await isthmus.desk.patch("connections", id_, replace("/name", "New"))
        await used(isthmus, id_)
        assert isthmus.system.open_now == 2
    await asyncio.sleep(0.01)
    assert isthmus.system.open_now == 1


async def test_no_more_are_kept_open_than_allowed(isthmus: Bench) -> None:
    for number in range(9):
        await used(isthmus, await isthmus.connection(name=f"c{number}"))
    await asyncio.sleep(0.01)
    assert isthmus.system.open_now == 4


async def test_idle_ones_are_closed(tmp_path: Path) -> None:
    async with bench(tmp_path, idle=0.01) as isthmus:
        id_ = await isthmus.connection()
        await used(isthmus, id_)
        for _ in range(200):
            if not isthmus.system.open_now:
                break
            await asyncio.sleep(0.01)
        assert isthmus.system.open_now == 0
        await used(isthmus, id_)
        assert len(isthmus.system.openings) == 2


async def test_a_user_that_is_cancelled_disturbs_nobody(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    first = asyncio.create_task(used(isthmus, id_))
    second = asyncio.create_task(used(isthmus, id_))
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert len(isthmus.system.openings) == 1


async def test_one_that_does_not_open_is_tried_again(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    isthmus.system.closed = Unreachable("unreachable", "No answer.")
    for _ in range(2):
        with pytest.raises(Unreachable):
            await used(isthmus, id_)
    isthmus.system.closed = None
    await used(isthmus, id_)
    assert len(isthmus.system.openings) == 3


@pytest.mark.hostile(152)
async def test_a_borrower_passes_the_gate_of_its_lender(isthmus: Bench, target: str) -> None:
    isthmus.system.url = target
    lender = await isthmus.connection(http={"concurrencyLevel": 2})
    borrower = await isthmus.connection(http={"concurrencyLevel": 20}, _borrowConcurrencyFromConnectionId=lender)
    calls = [asyncio.create_task(isthmus.pings.saved(ADMIN, id_)) for id_ in [borrower, lender] * 5]
    sizes = set()
    while not all(call.done() for call in calls):
        sizes.add((isthmus.queues.size(lender), isthmus.queues.size(borrower)))
        await asyncio.sleep(0.002)
    assert max(size for size, _ in sizes) > 2
    assert {size for _, size in sizes} == {0}
    assert [call.result() for call in calls] == [{"code": 200}] * 10
    assert {opening.concurrency for opening in isthmus.system.openings} == {2}
    await isthmus.desk.put("connections", lender, await relaxed(isthmus, lender))
    await used(isthmus, borrower)
    assert isthmus.system.openings[-1].concurrency == 7


async def relaxed(isthmus: Bench, lender: str) -> Document:
    whole = await isthmus.desk.get("connections", lender)
    return {**whole, "http": {**whole["http"], "concurrencyLevel": 7}}


async def test_the_iclient_comes_with_its_secrets(isthmus: Bench) -> None:
    iclient = {
        "provider": "custom_oauth2",
        "name": "App",
        "oauth2": {"clientId": "me", "clientSecret": "CANARY-client", "validDomainNames": ["acme.example"]},
    }
    created = await isthmus.desk.create("iclients", iclient)
    id_ = await isthmus.connection(http={"_iClientId": created["_id"]})
    await used(isthmus, id_)
    found = isthmus.system.openings[0].iclient
    assert found is not None
    assert found["oauth2"]["clientSecret"] == "CANARY-client"
    await isthmus.desk.put("iclients", created["_id"], {**created, "name": "App 2"})
    await used(isthmus, id_)
    assert [opening.iclient and opening.iclient["name"] for opening in isthmus.system.openings] == ["App", "App 2"]


async def test_what_an_adaptor_keeps_is_stored_and_does_not_reopen_it(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    before = await isthmus.desk.get("connections", id_)
    async with isthmus.connections.saved(ADMIN, id_) as opened:
        for number in range(3):
            await opened.opening.secrets.keep({"/http/auth/token/token": f"new {number}"})
    await used(isthmus, id_)
    assert len(isthmus.system.openings) == 1
    assert (await isthmus.desk.whole("connections", id_))["http"]["auth"]["token"]["token"] == "new 2"
    assert await isthmus.desk.get("connections", id_) == before


@pytest.mark.hostile(118)
@pytest.mark.hostile(120)
async def test_what_was_edited_deleted_or_refreshed_by_others_is_not_overwritten(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    token = {"/http/auth/token/token": "mine"}
    async with isthmus.connections.saved(ADMIN, id_) as opened:
        keeper = opened.opening.secrets
        await isthmus.desk.patch("connections", id_, replace("/name", "New"))
        await keeper.keep(token)
        assert (await keeper.latest())["http"]["auth"]["token"]["token"] == "mine", "a new name is no obstacle"
        whole = await isthmus.desk.get("connections", id_)
        whole["http"] = {**whole["http"], "auth": {"type": "token", "token": {"token": "theirs"}}}
        await isthmus.desk.put("connections", id_, whole)
        await keeper.keep(token)
        assert (await isthmus.desk.whole("connections", id_))["http"]["auth"]["token"]["token"] == "theirs"
        assert (await keeper.latest())["http"]["auth"]["token"]["token"] == "theirs"
        whole["http"] = {
            **whole["http"],
            "baseURI": "http://127.0.0.9:1",
            "auth": {"type": "token", "token": {"token": "x"}},
        }
        await isthmus.desk.put("connections", id_, whole)
        assert (await keeper.latest())["http"]["auth"]["token"]["token"] == "theirs", "not a secret for another place"
        await isthmus.desk.delete("connections", id_)
        await keeper.keep(token)
        await keeper.latest()
    with pytest.raises(NotFound):
        await isthmus.desk.get("connections", id_)


async def test_the_log_goes_on_and_off_with_debug_date(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    await used(isthmus, id_)
    until = isthmus.desk.time() + timedelta(minutes=10)
    await isthmus.desk.patch("connections", id_, replace("/debugDate", to_iso(until)))
    for _ in range(2):
        await used(isthmus, id_)
    isthmus.desk.time.instant += timedelta(minutes=11)
    for _ in range(2):
        await used(isthmus, id_)
    assert len(isthmus.system.openings) == 3


@pytest.fixture
async def target() -> Any:
    """A slow target on loopback."""

    async def answer(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.02)
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_get("/slow", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}/slow"
    await runner.cleanup()
