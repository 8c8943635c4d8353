from typing import Any

import pytest

from isthmus.model.errors import NotFound
from isthmus.model.json import Document
from isthmus.services.audit import AuditFilter
from isthmus.services.audit_diff import field_changes
from tests.rig.documents import ADMIN, Desk, connection, export, flow, import_, replace

pytestmark = pytest.mark.anyio


@pytest.mark.hostile(174)
async def test_an_entry_has_the_shape_of_the_api_page(docs: Desk) -> None:
    made = await docs.create("connections", connection())
    (entry,) = await docs.audit.of(ADMIN, "connections", made["_id"])
    assert list(entry) == [
        "_id",
        "resourceType",
        "_resourceId",
        "source",
        "fieldChanges",
        "event",
        "time",
        "byUser",
    ]
    assert {**entry, "_id": None, "time": None} == {
        "_id": None,
        "resourceType": "connection",
        "_resourceId": made["_id"],
        "source": "api",
        "fieldChanges": [],
        "event": "create",
        "time": None,
        "byUser": {"_id": ADMIN.user_id, "email": ADMIN.email, "name": ADMIN.name},
    }
    (row,) = await docs.rows()
    assert row.token_id == ADMIN.token_id


@pytest.mark.hostile(174)
async def test_updates_tell_what_changed_newest_first_and_secrets_as_masks(docs: Desk) -> None:
    made = await docs.create("connections", connection())
    known = made["_id"]
    changed = connection("New", debugDate="2026-03-28T15:30:00.000Z")
    changed["http"] = {**changed["http"], "baseURI": "https://slack.example/v2"}
    await docs.put("connections", known, changed)
    await docs.patch("connections", known, replace("/name", "Newer"))
    await docs.put("connections", known, await docs.get("connections", known))
    entries = await docs.audit.of(ADMIN, "connections", known)
    assert [entry["event"] for entry in entries] == ["update", "update", "update", "create"]
    assert entries[0]["fieldChanges"] == []
    assert entries[1]["fieldChanges"] == [{"fieldPath": "name", "oldValue": "New", "newValue": "Newer"}]
    assert entries[2]["fieldChanges"] == [
        {"fieldPath": "name", "oldValue": "Slack API", "newValue": "New"},
        {"fieldPath": "http.baseURI", "oldValue": "https://slack.example/api", "newValue": "https://slack.example/v2"},
        {"fieldPath": "debugDate", "newValue": "2026-03-28T15:30:00.000Z"},
        {"fieldPath": "http.auth.token.token", "oldValue": "******", "newValue": "******"},
    ]
    assert [entry["time"] for entry in entries] == sorted((entry["time"] for entry in entries), reverse=True)


async def test_a_flow_and_an_integration_tell_of_what_they_contain(docs: Desk) -> None:
    integration = (await docs.create("integrations", {"name": "I"}))["_id"]
    used = (await docs.create("connections", connection()))["_id"]
    reads = (await docs.create("exports", export(used)))["_id"]
    writes = (await docs.create("imports", import_(used)))["_id"]
    runs = (await docs.create("flows", flow([reads], [writes], _integrationId=integration)))["_id"]
    found = [entry["_resourceId"] for entry in await docs.audit.of(ADMIN, "flows", runs)]
    assert found == [runs, writes, reads]
    found = [entry["_resourceId"] for entry in await docs.audit.of(ADMIN, "integrations", integration)]
    assert found == [runs, writes, reads, integration]


async def test_the_accounts_audit_tells_of_what_is_gone(docs: Desk) -> None:
    made = await docs.create("connections", connection())
    await docs.delete("connections", made["_id"])
    await docs.create("iclients", {"provider": "google", "name": "G"})
    with pytest.raises(NotFound):
        await docs.audit.of(ADMIN, "connections", made["_id"])
    everything = await docs.audit.all(ADMIN, AuditFilter())
    assert [(entry["resourceType"], entry["event"]) for entry in everything] == [
        ("iclient", "create"),
        ("connection", "delete"),
        ("connection", "create"),
    ]
    deletions = await docs.audit.all(ADMIN, AuditFilter(event=["delete"]))
    assert [entry["_resourceId"] for entry in deletions] == [made["_id"]]
    assert await docs.audit.all(ADMIN, AuditFilter(source=["ui"])) == []
    assert len(await docs.audit.all(ADMIN, AuditFilter(limit=2))) == 2


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ({"a": 1}, {"a": True}, [("a", 1, True)]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"c": 2, "b": 1}}, []),
        ({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, [("a.b", 1, 2), ("a.c", ..., 3)]),
        ({"a": {"b": 1}}, {}, [("a", {"b": 1}, ...)]),
        ({"a": [1, {"b": 1}]}, {"a": [1, {"b": 2}]}, [("a", [1, {"b": 1}], [1, {"b": 2}])]),
        ({"a": None}, {}, [("a", None, ...)]),
        ({"_id": "x", "createdAt": "x", "lastModified": "x"}, {}, []),
    ],
)
def test_field_changes(old: Document, new: Document, changes: list[tuple[str, Any, Any]]) -> None:
    expected = [
        {"fieldPath": path, **({} if a is ... else {"oldValue": a}), **({} if b is ... else {"newValue": b})}
        for path, a, b in changes
    ]
    assert field_changes(old, new) == expected


def test_a_secret_is_told_once() -> None:
    mask = "******"
    assert field_changes({}, {"http": {"p": mask}}, ["/http/p"]) == [{"fieldPath": "http", "newValue": {"p": mask}}]
    assert field_changes({"p": mask}, {"p": mask}, ["/p"]) == [{"fieldPath": "p", "oldValue": mask, "newValue": mask}]
    assert field_changes({"p": mask}, {}, ()) == [{"fieldPath": "p", "oldValue": mask}]
