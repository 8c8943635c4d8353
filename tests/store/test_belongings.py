"""What belongs to a document: its links and its sealed secrets."""

import pytest

from isthmus.model.sealed import Sealed
from isthmus.store import Ref, Store
from isthmus.store.sealed import Place
from tests.rig.stored import document, sealed

pytestmark = pytest.mark.anyio

POINTERS = ["/http/auth/basic/password", "/encrypted/a.b~1c", "/encrypted/nul\x00", "/encrypted/" + "é" * 5000]


async def test_links_are_found_from_both_ends_and_replaced_as_a_whole(store: Store) -> None:
    export, flow = document("exports"), document("flows")
    uses = Ref("exports", export.id, "_connectionId", "connections", "c")
    runs = Ref("flows", flow.id, "pageGenerators[*]._exportId", "exports", export.id)
    async with store.write() as session:
        await session.references.replace("exports", export.id, [uses, uses])
        await session.documents.insert(export)
        await session.documents.insert(flow)
        await session.references.replace("flows", flow.id, [runs])
        assert await session.references.to("connections", "c") == [uses]
    async with store.read() as session:
        assert await session.references.from_("flows", flow.id) == [runs]
        assert await session.references.to("exports", export.id) == [runs]
        assert await session.references.to_many("exports", [export.id, "x"]) == [runs]
        assert await session.references.from_many("exports", [export.id, flow.id]) == [uses]
    async with store.write() as session:
        await session.references.replace("flows", flow.id, [])
    async with store.read() as session:
        assert await session.references.to("exports", export.id) == []


async def test_secrets_are_kept_by_pointer(store: Store) -> None:
    connection = document()
    given = {pointer: sealed(pointer.encode()[:20]) for pointer in POINTERS}
    async with store.write() as session:
        await session.documents.insert(connection)
        await session.sealed.put("connections", connection.id, given)
        assert await session.sealed.all("connections", connection.id) == given
        newer = Sealed(b"k2", b"v2", "other", 7)
        await session.sealed.put("connections", connection.id, {POINTERS[0]: newer})
    async with store.read() as session:
        assert await session.sealed.all("connections", connection.id) == {**given, POINTERS[0]: newer}
        assert await session.sealed.all("exports", connection.id) == {}
    async with store.write() as session:
        await session.sealed.remove_all("connections", connection.id)
    async with store.read() as session:
        assert await session.sealed.all("connections", connection.id) == {}


async def test_deleting_a_document_deletes_what_belongs_to_it(store: Store) -> None:
    export = document("exports")
    async with store.write() as session:
        await session.documents.insert(export)
        await session.references.replace(
            "exports", export.id, [Ref("exports", export.id, "_connectionId", "connections", "c")]
        )
        await session.sealed.put("exports", export.id, {"/webhook/key": sealed()})
    async with store.write() as session:
        await session.documents.delete("exports", export.id)
    async with store.read() as session:
        assert await session.references.to("connections", "c") == []
        assert await session.sealed.all("exports", export.id) == {}


async def test_rewrapping_yields_to_whoever_replaced_the_secret(store: Store) -> None:
    connection, old, new = document(), sealed(key_id="old"), Sealed(b"again", b"value", "new", 1)
    async with store.write() as session:
        await session.documents.insert(connection)
        await session.sealed.put("connections", connection.id, {"/a": old, "/b": new})
        [(place, found)] = await session.sealed.under_other_keys("new", 10)
        assert (place, found) == (Place("connections", connection.id, "/a"), old)
        assert await session.sealed.rewrap(place, old, new)
        assert not await session.sealed.rewrap(place, old, new)
        assert await session.sealed.under_other_keys("new", 10) == []
