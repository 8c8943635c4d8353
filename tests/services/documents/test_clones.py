from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument, Unsupported
from isthmus.model.json import Document
from tests.rig.bodies import iclient
from tests.rig.documents import ADMIN, Desk, connection, export, flow, import_

pytestmark = pytest.mark.anyio


async def made(docs: Desk, kind: str, body: Document) -> str:
    return str((await docs.create(kind, body))["_id"])


async def clone(docs: Desk, kind: str, known: str, **body: Any) -> list[Document]:
    found: list[Document] = await docs.resources[kind].clone(ADMIN, known, body)
    return found


async def story(docs: Desk) -> dict[str, str]:
    ids = {"integration": await made(docs, "integrations", {"name": "I"})}
    ids["nasa"] = await made(docs, "connections", connection("NASA", _integrationId=ids["integration"]))
    ids["slack"] = await made(docs, "connections", connection("Slack", _integrationId=ids["integration"]))
    ids["new"] = await made(docs, "connections", connection("New"))
    ids["export"] = await made(docs, "exports", export(ids["nasa"]))
    ids["import"] = await made(docs, "imports", import_(ids["slack"]))
    body = flow([ids["export"], ids["export"]], [ids["import"]], _integrationId=ids["integration"])
    ids["flow"] = await made(docs, "flows", body)
    return ids


async def test_an_export_is_cloned_with_another_connection_and_a_name(docs: Desk) -> None:
    ids = await story(docs)
    (made_,) = await clone(docs, "exports", ids["export"], connectionMap={ids["nasa"]: ids["new"]}, sandbox=True)
    assert made_["model"] == "Export"
    original, copy = await docs.get("exports", ids["export"]), await docs.get("exports", made_["_id"])
    assert copy == {
        **original,
        "_id": copy["_id"],
        "name": "Clone - NASA API Export",
        "_connectionId": ids["new"],
        "createdAt": copy["createdAt"],
        "lastModified": copy["lastModified"],
    }
    (named,) = await clone(docs, "exports", ids["export"], name="Mine")
    assert (await docs.get("exports", named["_id"]))["name"] == "Mine"
    (long,) = await clone(docs, "exports", (await docs.create("exports", export(ids["nasa"], "x" * 100)))["_id"])
    assert (await docs.get("exports", long["_id"]))["name"] == "Clone - " + "x" * 92


async def test_a_flow_is_cloned_with_its_steps(docs: Desk) -> None:
    ids = await story(docs)
    found = await clone(docs, "flows", ids["flow"], connectionMap={ids["slack"]: ids["new"]}, name="Mine")
    assert [one["model"] for one in found] == ["Flow", "Export", "Import"]
    copy, read_by, written_by = (one["_id"] for one in found)
    shown = await docs.get("flows", copy)
    assert shown["name"] == "Mine"
    assert [step["_exportId"] for step in shown["pageGenerators"]] == [read_by, read_by]
    assert [step["_importId"] for step in shown["pageProcessors"]] == [written_by]
    assert shown["_integrationId"] == ids["integration"]
    assert (await docs.get("exports", read_by))["_connectionId"] == ids["nasa"]
    assert (await docs.get("imports", written_by))["_connectionId"] == ids["new"]
    created = [row.resource_id for row in await docs.rows() if row.event == "create"][:3]
    assert sorted(created) == sorted([copy, read_by, written_by])
    (entry,) = (await docs.dependencies.of(ADMIN, "connections", ids["new"]))["flows"]
    assert entry["id"] == copy


async def test_an_integration_is_cloned_with_all_that_is_its_own(docs: Desk) -> None:
    ids = await story(docs)
    own = await made(docs, "exports", export(ids["slack"], "own", _integrationId=ids["integration"]))
    found = await clone(docs, "integrations", ids["integration"], connectionMap={ids["nasa"]: ids["new"]})
    assert sorted(one["model"] for one in found) == ["Export", "Export", "Flow", "Import", "Integration"]
    assert found[0]["model"] == "Integration"
    copy = found[0]["_id"]
    assert sorted((await docs.get("integrations", copy))["_registeredConnectionIds"]) == sorted(
        [ids["new"], ids["slack"]]
    )
    members = {kind: await docs.registrations.members(ADMIN, copy, kind) for kind in ("flows", "exports", "imports")}
    assert {kind: len(bodies) for kind, bodies in members.items()} == {"flows": 1, "exports": 2, "imports": 1}
    assert own.encode() not in b"".join(members["exports"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"connectionMap": []}, "connectionMap"),
        ({"connectionMap": {"0" * 24: "x"}}, "connectionMap." + "0" * 24),
        ({"connectionMap": {"0" * 24: "1" * 24}}, "connectionMap." + "0" * 24),
        ({"name": 7}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
    ],
)
async def test_a_clone_that_cannot_be_made_makes_nothing(embedded: Desk, body: Any, field: str) -> None:
    ids = await story(embedded)
    before = len(await embedded.rows())
    with pytest.raises(InvalidDocument) as caught:
        await embedded.resources["flows"].clone(ADMIN, ids["flow"], body)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert len(await embedded.rows()) == before


async def test_a_clone_onto_a_connection_of_another_type_is_refused(embedded: Desk) -> None:
    ids = await story(embedded)
    wrapper = {"type": "wrapper", "name": "w", "wrapper": {"pingFunction": "ping", "_stackId": "d" * 24}}
    other = await made(embedded, "connections", wrapper)
    with pytest.raises(InvalidDocument):
        await clone(embedded, "exports", ids["export"], connectionMap={ids["nasa"]: other})
    with pytest.raises(InvalidDocument):
        await embedded.resources["exports"].replace_connection(ADMIN, ids["export"], {"_newConnectionId": other})


async def test_connections_are_not_cloned(embedded: Desk) -> None:
    with pytest.raises(Unsupported):
        await clone(embedded, "connections", await made(embedded, "connections", connection()))


async def test_an_iclient_is_cloned_with_its_secrets(docs: Desk) -> None:
    (copy,) = await clone(docs, "iclients", await made(docs, "iclients", iclient()))
    assert copy["model"] == "IClient"
    shown, whole = await docs.get("iclients", copy["_id"]), await docs.whole("iclients", copy["_id"])
    assert shown["oauth2"]["clientSecret"] == "******"
    assert whole["oauth2"]["clientSecret"] == iclient()["oauth2"]["clientSecret"]


@pytest.mark.parametrize("kind", ["connections", "iclients"])
async def test_only_steps_and_flows_have_a_connection_to_replace(embedded: Desk, kind: str) -> None:
    known = await made(embedded, kind, connection() if kind == "connections" else iclient())
    with pytest.raises((Unsupported, InvalidDocument)):
        await embedded.resources[kind].replace_connection(ADMIN, known, {"_newConnectionId": "0" * 24})


async def test_the_connection_of_exports_and_imports_is_replaced(docs: Desk) -> None:
    ids = await story(docs)
    for kind, name in [("exports", "export"), ("imports", "import")]:
        shown = await docs.resources[kind].replace_connection(ADMIN, ids[name], {"_newConnectionId": ids["new"]})
        assert shown["_connectionId"] == ids["new"]
        assert shown == await docs.get(kind, ids[name])
    newest = (await docs.rows())[0]
    assert newest.field_changes == [{"fieldPath": "_connectionId", "oldValue": ids["slack"], "newValue": ids["new"]}]
    await docs.delete("connections", ids["nasa"])


async def test_a_flows_connection_is_replaced_in_its_steps(docs: Desk) -> None:
    ids = await story(docs)
    other = await made(docs, "exports", export(ids["nasa"], "not in the flow"))
    body = {"_connectionId": ids["nasa"], "_newConnectionId": ids["new"]}
    shown = await docs.resources["flows"].replace_connection(ADMIN, ids["flow"], body)
    assert shown == await docs.get("flows", ids["flow"])
    assert (await docs.get("exports", ids["export"]))["_connectionId"] == ids["new"]
    assert (await docs.get("imports", ids["import"]))["_connectionId"] == ids["slack"]
    assert (await docs.get("exports", other))["_connectionId"] == ids["nasa"]
    with pytest.raises(InvalidDocument) as caught:
        await docs.resources["flows"].replace_connection(ADMIN, ids["flow"], body)
    assert [problem.field for problem in caught.value.problems] == ["_connectionId"]


@pytest.mark.parametrize(
    "body", [{}, {"_newConnectionId": "x"}, {"_newConnectionId": 7}, {"_newConnectionId": "0" * 24}]
)
async def test_a_new_connection_has_to_be_there(embedded: Desk, body: Document) -> None:
    ids = await story(embedded)
    with pytest.raises(InvalidDocument) as caught:
        await embedded.resources["exports"].replace_connection(ADMIN, ids["export"], body)
    assert [(problem.code, problem.field) for problem in caught.value.problems] == [("invalid_ref", "_newConnectionId")]
