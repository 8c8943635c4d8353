import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from isthmus.model.clock import from_iso, now, to_iso
from isthmus.model.errors import Forbidden, NotFound
from isthmus.model.ids import new_id
from isthmus.services.debug_log.debug_logs import DebugLogs
from isthmus.services.debug_log.running import running
from isthmus.services.debug_log.secret_values import SecretValues
from isthmus.transport.http.exchange import Exchange
from isthmus.transport.http.message import Headers, Request, Response
from tests.rig.documents import ADMIN, LIMITED, replace
from tests.rig.virtual import Bench, bench, every_byte_of, model

pytestmark = pytest.mark.anyio

SECRET = "CANARY-0123456789abcdef"


@pytest.fixture
async def echo() -> AsyncIterator[str]:
    """A target that echoes what it was sent, secrets among it."""

    async def answer(request: web.Request) -> web.Response:
        basic = base64.b64encode(f"user:{SECRET}".encode()).decode()
        body = {"seen": dict(request.headers), "token": SECRET, "note": f"you sent {SECRET} and {basic}", "id": 1}
        return web.json_response(body, headers={"Set-Cookie": f"session={SECRET}", "X-Echo": SECRET})

    app = web.Application()
    app.router.add_get("/echo", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/echo?token={SECRET}"
    await runner.cleanup()


async def debugged(isthmus: Bench) -> str:
    id_ = await isthmus.connection()
    until = isthmus.desk.time() + timedelta(minutes=30)
    await isthmus.desk.patch("connections", id_, replace("/debugDate", to_iso(until)))
    return id_


def parts(line: str) -> tuple[list[str], dict[str, Any]]:
    head, _, body = line.partition(" {")
    return head.split(" "), orjson.loads("{" + body)


@pytest.mark.hostile(25)
@pytest.mark.hostile(32)
async def test_lines_have_the_documented_form_and_no_secret(isthmus: Bench, echo: str, tmp_path: Path) -> None:
    isthmus.system.url = echo
    id_ = await debugged(isthmus)
    export_id = new_id()
    await isthmus.pings.saved(ADMIN, id_)
    await isthmus.everything(id_, model(_id=export_id))
    text = await isthmus.debug.text(ADMIN, id_)
    heads, bodies = zip(*(parts(line) for line in text.splitlines()), strict=True)
    assert [head[2:] for head in heads] == [["connection", id_]] * 2 + [["export", export_id]] * 2
    assert [list(body) for body in bodies] == [
        ["url", "method", "headers", "body"],
        ["statusCode", "headers", "body"],
    ] * 2
    assert heads[0][1] == heads[1][1] != heads[2][1] == heads[3][1]
    for head in heads:
        from_iso(head[0])
    assert (bodies[0]["method"], bodies[1]["statusCode"]) == ("GET", 200)
    assert text.endswith("\n")
    assert SECRET not in text
    assert base64.b64encode(f"user:{SECRET}".encode()).decode() not in text
    assert "Bearer x" not in text
    assert SECRET.encode() not in every_byte_of(tmp_path)


async def test_the_log_of_one_resource(isthmus: Bench, echo: str) -> None:
    isthmus.system.url = echo
    id_, export_id = await debugged(isthmus), new_id()
    await isthmus.pings.saved(ADMIN, id_)
    await isthmus.everything(id_, model(_id=export_id))
    lines = (await isthmus.debug.text(ADMIN, id_, export_id)).splitlines()
    assert [parts(line)[0][2:] for line in lines] == [["export", export_id]] * 2
    assert await isthmus.debug.text(ADMIN, id_, new_id()) == ""


async def test_nothing_is_logged_unless_asked(isthmus: Bench, echo: str) -> None:
    isthmus.system.url = echo
    id_ = await isthmus.connection()
    await isthmus.pings.saved(ADMIN, id_)
    assert await isthmus.debug.text(ADMIN, id_) == ""


async def test_clearing_drops_what_was_gathered_too(isthmus: Bench, echo: str) -> None:
    isthmus.system.url = echo
    id_, other = await debugged(isthmus), await debugged(isthmus)
    for known in (id_, other):
        await isthmus.pings.saved(ADMIN, known)
    await isthmus.debug.clear(ADMIN, id_)
    assert await isthmus.debug.text(ADMIN, id_) == ""
    assert await isthmus.debug.text(ADMIN, other) != ""


async def test_the_log_is_for_full_tokens_and_known_connections(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    for call in (isthmus.debug.text, isthmus.debug.clear):
        with pytest.raises(Forbidden):
            await call(LIMITED, id_)
        for unknown in (new_id(), "x"):
            with pytest.raises(NotFound):
                await call(ADMIN, unknown)


async def test_lines_are_written_at_shutdown_and_found_again(tmp_path: Path, echo: str) -> None:
    async with bench(tmp_path) as first:
        first.system.url = echo
        id_ = await debugged(first)
        await first.pings.saved(ADMIN, id_)
    async with bench(tmp_path) as second:
        assert len((await second.debug.text(ADMIN, id_)).splitlines()) == 2


async def test_lines_are_written_soon_without_anybody_asking(isthmus: Bench) -> None:
    id_ = await debugged(isthmus)
    record = isthmus.debug.recorder(id_, isthmus.desk.time() + timedelta(hours=1), SecretValues())
    for _ in range(70):
        record(exchange())
    for _ in range(500):
        async with isthmus.desk.store.read() as session:
            if len(await session.debug_log.lines(id_)) >= 128:
                break
        await asyncio.sleep(0.01)
    async with isthmus.desk.store.read() as session:
        assert len(await session.debug_log.lines(id_)) >= 128


@pytest.mark.hostile(30)
async def test_it_ends_with_debug_date_and_is_gone_a_day_later(isthmus: Bench) -> None:
    id_ = await debugged(isthmus)
    until = isthmus.desk.time() + timedelta(minutes=5)
    record = isthmus.debug.recorder(id_, until, SecretValues())
    record(exchange(started=isthmus.desk.time()))
    isthmus.desk.time.instant += timedelta(minutes=5)
    record(exchange(started=isthmus.desk.time()))
    assert len((await isthmus.debug.text(ADMIN, id_)).splitlines()) == 2
    isthmus.desk.time.instant += timedelta(hours=24)
    assert await isthmus.debug.text(ADMIN, id_) == ""
    await isthmus.housekeeping.once()
    async with isthmus.desk.store.read() as session:
        assert await session.debug_log.lines(id_) == []


@pytest.mark.hostile(31)
async def test_the_cap_holds_and_large_bodies_are_cut(isthmus: Bench) -> None:
    id_ = await debugged(isthmus)
    log = DebugLogs(isthmus.desk.store, isthmus.desk.time, cap=200_000)
    record = log.recorder(id_, isthmus.desk.time() + timedelta(hours=1), SecretValues([SECRET]))
    for _ in range(40):
        record(exchange(b"x" * 1_000_000))
        await log.flush()
    text = await log.text(ADMIN, id_)
    assert 0 < len(text.encode()) <= 210_000
    assert max(map(len, text.splitlines())) < 20_000
    await log.close()


@pytest.mark.hostile(26)
@pytest.mark.parametrize(
    "secret",
    ["", "a", "true", "x" * 1_000_000, "a(b[c\\", "line\nline", "\U0001f600" * 8, 1234567, {"k": ["CANARY-inside"]}],
)
async def test_strange_secrets_do_not_break_the_log(isthmus: Bench, secret: Any) -> None:
    id_ = await debugged(isthmus)
    record = isthmus.debug.recorder(id_, isthmus.desk.time() + timedelta(hours=1), SecretValues([secret]))
    record(exchange(b"CANARY-inside a(b[c\\ 1234567"))
    text = await isthmus.debug.text(ADMIN, id_)
    assert len(text.splitlines()) == 2
    assert secret != 1234567 or "1234567" not in text
    assert not isinstance(secret, dict) or "CANARY" not in text


async def test_secrets_learnt_later_are_masked_too(isthmus: Bench) -> None:
    id_ = await debugged(isthmus)
    values = SecretValues()
    record = isthmus.debug.recorder(id_, isthmus.desk.time() + timedelta(hours=1), values)
    values.add("CANARY-refreshed")
    record(exchange(b"CANARY-refreshed"))
    assert "CANARY" not in await isthmus.debug.text(ADMIN, id_)


async def test_a_call_without_an_answer_says_why(isthmus: Bench) -> None:
    id_ = await debugged(isthmus)
    record = isthmus.debug.recorder(id_, isthmus.desk.time() + timedelta(hours=1), SecretValues())
    with running("import", {"_id": "not an id"}):
        record(Exchange(Request("GET", "http://127.0.0.1/x"), error="No answer."))
    head, body = parts((await isthmus.debug.text(ADMIN, id_)).splitlines()[1])
    assert (head[2:], body) == (["import", id_], {"error": "No answer."})


def exchange(body: bytes = b"{}", started: datetime | None = None) -> Exchange:
    request = Request("POST", "http://127.0.0.1/x", Headers([("Content-Type", "text/plain")]), body)
    response = Response(200, Headers([("Content-Type", "text/plain")]), body, request.url)
    return Exchange(request, response, started=started or now())
