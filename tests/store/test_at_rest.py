"""Nothing sealed can be read from the files of a store, and what was deleted is gone from them."""

import base64
import gzip
import urllib.parse
from pathlib import Path

import pytest

from isthmus.model.account import ACCOUNT
from isthmus.store import open_store
from isthmus.store.backup import backup
from isthmus.vault import Aad, SealBroken, Vault
from tests.rig.stored import document

pytestmark = pytest.mark.anyio

CANARY = "canary:ä/b+5b1e9d70"


def forms(secret: str) -> list[bytes]:
    raw = secret.encode()
    shifted = [base64.b64encode(raw[start:])[:-4] for start in range(3)]
    quoted = [urllib.parse.quote(secret, safe="").encode(), secret.encode("utf-16-le"), secret.encode("unicode-escape")]
    return [raw, raw.hex().encode(), *shifted, *quoted, gzip.compress(raw)[10:-8]]


def all_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.hostile(1)
async def test_no_form_of_a_secret_is_in_any_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    vault, store = Vault.load(data / "key", create=True), await open_store(data=data, database=None)
    connection = document(http={"encrypted": "******"})
    place = Aad(ACCOUNT, "connections", connection.id, "/http/encrypted", 1)
    async with store.write() as session:
        await session.installation.claim_key(vault.fingerprints)
        await session.documents.insert(connection)
        sealed = vault.seal(vault.new_data_key(), place, {"apiKey": CANARY, CANARY: "value"})
        await session.sealed.put("connections", connection.id, {place.pointer: sealed})
    backup(data, tmp_path / "backup.tar")
    files = all_bytes(tmp_path)
    assert {Path(name).name for name in files} >= {"isthmus.db", "isthmus.db-wal", "key", "backup.tar"}
    for name, content in files.items():
        for form in forms(CANARY):
            assert form not in content, f"{form!r} stands in {name}"
    async with store.read() as session:
        found = await session.sealed.all("connections", connection.id)
    assert vault.open(found[place.pointer], place) == {"apiKey": CANARY, CANARY: "value"}
    await store.close()


@pytest.mark.hostile(2)
async def test_secrets_swapped_in_the_table_do_not_open(tmp_path: Path) -> None:
    data = tmp_path / "data"
    vault, store = Vault.load(data / "key", create=True), await open_store(data=data, database=None)
    places = [Aad(ACCOUNT, "connections", document().id, pointer, 1) for pointer in ("/a", "/b")]
    key = vault.new_data_key()
    one, two = (vault.seal(key, place, place.pointer) for place in places)
    async with store.write() as session:
        for place, sealed in zip(places, (two, one), strict=True):
            await session.documents.insert(document(_id=place.id))
            await session.sealed.put(place.kind, place.id, {place.pointer: sealed})
    async with store.read() as session:
        for place in places:
            found = await session.sealed.all(place.kind, place.id)
            with pytest.raises(SealBroken):
                vault.open(found[place.pointer], place)
    await store.close()


@pytest.mark.hostile(12)
async def test_what_was_deleted_is_gone_from_the_files(tmp_path: Path) -> None:
    data = tmp_path / "data"
    vault, store = Vault.load(data / "key", create=True), await open_store(data=data, database=None)
    connection = document(name="gone for good")
    sealed = vault.seal(vault.new_data_key(), Aad(ACCOUNT, "connections", connection.id, "/a", 1), CANARY)
    async with store.write() as session:
        await session.documents.insert(connection)
        await session.sealed.put("connections", connection.id, {"/a": sealed})
    async with store.write() as session:
        await session.documents.delete("connections", connection.id)
    await store.close()  # the last to close folds the write-ahead log into the file
    content = (data / "isthmus.db").read_bytes()
    for trace in (sealed.key, sealed.value, b"gone for good"):
        assert trace not in content
