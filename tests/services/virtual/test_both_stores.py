"""What virtual calls write, over SQLite and PostgreSQL alike."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from isthmus.model.clock import to_iso
from isthmus.sdk import Fault, PingResult
from isthmus.services.debug_log.secret_values import SecretValues
from isthmus.transport.http.exchange import Exchange
from isthmus.transport.http.message import Request
from tests.rig.documents import ADMIN, replace
from tests.rig.virtual import Bench, bench

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "postgresql"])
async def isthmus(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    database = None
    if request.param == "postgresql":
        database = request.getfixturevalue("postgres").create_database()
    async with bench(tmp_path, database=database) as opened:
        yield opened


async def test_pings_keep_offline_true(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    isthmus.system.ping = PingResult(401, (Fault("401", "token revoked"),))
    await isthmus.pings.saved(ADMIN, id_)
    assert (await isthmus.desk.get("connections", id_))["offline"] is True
    isthmus.system.ping = PingResult()
    assert await isthmus.pinger.once() == 1
    assert (await isthmus.desk.get("connections", id_))["offline"] is False


async def test_kept_secrets_and_changes_of_the_document(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    async with isthmus.connections.saved(ADMIN, id_) as used:
        await used.opening.secrets.keep({"/http/auth/token/token": "new"})
        await isthmus.desk.patch("connections", id_, replace("/name", "New"))
        await used.opening.secrets.keep({"/http/auth/token/token": "newer"})
    whole = await isthmus.desk.whole("connections", id_)
    assert (whole["name"], whole["http"]["auth"]["token"]["token"]) == ("New", "newer")


async def test_page_states_too_large_to_travel(isthmus: Bench) -> None:
    isthmus.system.pages = [[{"id": 1}], [{"id": 2}]]
    isthmus.system.public = lambda index: {"pageIndex": index + 1, "padding": "x" * 9000}
    id_ = await isthmus.connection()
    first = await isthmus.page(id_)
    assert (await isthmus.page(id_, first["pagedExportState"]))["data"] == [{"id": 2}]
    isthmus.desk.time.instant += timedelta(hours=25)
    await isthmus.housekeeping.once()
    async with isthmus.desk.store.write() as session:
        assert await session.page_states.purge(isthmus.desk.time() + timedelta(days=9)) == 0


async def test_the_debug_log(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    until = isthmus.desk.time() + timedelta(minutes=30)
    await isthmus.desk.patch("connections", id_, replace("/debugDate", to_iso(until)))
    record = isthmus.debug.recorder(id_, until, SecretValues())
    for _ in range(100):
        record(Exchange(Request("GET", "http://127.0.0.1/x"), error="No answer.", started=isthmus.desk.time()))
    assert len((await isthmus.debug.text(ADMIN, id_)).splitlines()) == 200
    await isthmus.debug.clear(ADMIN, id_)
    assert await isthmus.debug.text(ADMIN, id_) == ""
