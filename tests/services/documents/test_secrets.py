from pathlib import Path
from typing import Any

import pytest

from isthmus.model.errors import Bug, NotFound
from isthmus.model.secret import MASK
from isthmus.services.secrets import Secrets
from isthmus.store import Sealed
from isthmus.vault import SealBroken, Vault
from tests.rig.documents import Desk, connection, replace

pytestmark = pytest.mark.anyio

TOKEN = "/http/auth/token/token"
REFRESH = "/http/auth/token/refreshToken"


async def keep(docs: Desk, known: str, values: dict[str, Any], revision: int) -> int | None:
    return await docs.secrets.keep(docs.store, "connections", known, values, revision=revision)


async def test_whole_and_display(docs: Desk) -> None:
    made = await docs.create("connections", connection())
    async with docs.store.read() as session:
        opened = await docs.secrets.read(session, "connections", made["_id"])
        with pytest.raises(NotFound):
            await docs.secrets.read(session, "connections", "x")
    assert opened.revision == 1
    assert opened.whole["http"]["auth"]["token"]["token"] == "CANARY-token"
    assert opened.display["http"]["auth"]["token"]["token"] == ""


async def test_a_kept_token_changes_nothing_else(docs: Desk) -> None:
    made = await docs.create("connections", connection())
    known = made["_id"]
    assert await keep(docs, known, {TOKEN: "CANARY-2"}, 1) == 2
    assert await docs.get("connections", known) == made
    assert await keep(docs, known, {TOKEN: "CANARY-3", REFRESH: "CANARY-r"}, 2) == 3
    shown = await docs.get("connections", known)
    assert shown["http"]["auth"]["token"] == {"token": MASK, "location": "header", "refreshToken": MASK}
    assert {**shown, "http": None} == {**made, "http": None}
    token = (await docs.whole("connections", known))["http"]["auth"]["token"]
    assert (token["token"], token["refreshToken"]) == ("CANARY-3", "CANARY-r")
    assert [row.event for row in await docs.rows()] == ["create"]
    await docs.put("connections", known, shown)
    token = (await docs.whole("connections", known))["http"]["auth"]["token"]
    assert (token["token"], token["refreshToken"]) == ("CANARY-3", "CANARY-r")


@pytest.mark.hostile(134)
async def test_a_kept_token_never_overwrites_what_came_later_nor_brings_back_what_is_gone(docs: Desk) -> None:
    made = await docs.create("connections", connection())
    known = made["_id"]
    await docs.patch("connections", known, replace("/name", "New"))
    assert await keep(docs, known, {TOKEN: "CANARY-stale"}, 1) is None
    assert (await docs.whole("connections", known))["http"]["auth"]["token"]["token"] == "CANARY-token"
    await docs.delete("connections", known)
    assert await keep(docs, known, {TOKEN: "CANARY-stale"}, 2) is None
    async with docs.store.read() as session:
        assert await session.sealed.all("connections", known) == {}


async def test_only_secrets_can_be_kept(embedded: Desk) -> None:
    made = await embedded.create("connections", connection())
    with pytest.raises(Bug):
        await keep(embedded, made["_id"], {"/http/baseURI": "https://evil.example"}, 1)
    assert await embedded.get("connections", made["_id"]) == made


async def sealed(docs: Desk, known: str) -> dict[str, Sealed]:
    async with docs.store.read() as session:
        return await session.sealed.all("connections", known)


async def plant(docs: Desk, known: str, secrets: dict[str, Sealed]) -> None:
    async with docs.store.write() as session:
        await session.sealed.remove_all("connections", known)
        await session.sealed.put("connections", known, secrets)


@pytest.mark.hostile(2)
@pytest.mark.hostile(4)
async def test_a_sealed_value_opens_only_in_its_place_and_at_its_revision(docs: Desk) -> None:
    one, other = [(await docs.create("connections", connection(name)))["_id"] for name in ("one", "other")]
    old = await sealed(docs, one)
    await docs.put("connections", one, connection("one"))
    new = await sealed(docs, one)
    assert (old[TOKEN].revision, new[TOKEN].revision) == (1, 2)
    for planted in (old, await sealed(docs, other), {}, {REFRESH: new[TOKEN]}):
        await plant(docs, one, planted)
        with pytest.raises(SealBroken) as caught:
            await docs.whole("connections", one)
        assert "CANARY" not in str(caught.value)
        assert (await docs.get("connections", one))["name"] == "one"
    assert (await docs.whole("connections", other))["http"]["auth"]["token"]["token"] == "CANARY-token"
    await plant(docs, one, new)
    assert (await docs.whole("connections", one))["http"]["auth"]["token"]["token"] == "CANARY-token"


async def test_another_key_opens_nothing(embedded: Desk, tmp_path: Path) -> None:
    made = await embedded.create("connections", connection())
    stranger = Secrets(Vault.load(tmp_path / "other-key", create=True))
    async with embedded.store.read() as session:
        with pytest.raises(SealBroken):
            await stranger.whole(session, "connections", made["_id"])
