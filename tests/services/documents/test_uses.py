"""Who uses what: dependencies, refusals to delete, registrations."""

from typing import Any

import pytest

from isthmus.model.errors import InUse, InvalidDocument, NotFound
from isthmus.model.ids import new_id
from isthmus.model.json import Document
from isthmus.services.documents import compose
from isthmus.store import Ref, Stored
from tests.rig.documents import ADMIN, Desk, connection, export, flow, import_, read

pytestmark = pytest.mark.anyio


async def made(docs: Desk, kind: str, body: Document) -> str:
    return str((await docs.create(kind, body))["_id"])


async def story(docs: Desk) -> dict[str, str]:
    """The API page's own: NASA -> Slack, in an integration that both connections are registered with."""
    ids: dict[str, str] = {}
    ids["integration"] = await made(docs, "integrations", {"name": "NASA Astronomy Picture of the Day to Slack"})
    ids["nasa"] = await made(docs, "connections", connection("NASA"))
    ids["slack"] = await made(docs, "connections", connection("Slack"))
    ids["export"] = await made(docs, "exports", export(ids["nasa"]))
    ids["import"] = await made(docs, "imports", import_(ids["slack"]))
    body = flow([ids["export"]], [ids["import"]], _integrationId=ids["integration"])
    ids["flow"] = await made(docs, "flows", body)
    await docs.registrations.register(ADMIN, ids["integration"], [ids["nasa"], ids["slack"]])
    return ids


async def test_dependencies_have_the_shape_of_the_api_page(docs: Desk) -> None:
    ids = await story(docs)
    assert await docs.dependencies.of(ADMIN, "connections", ids["nasa"]) == {
        "exports": [
            {
                "id": ids["export"],
                "name": "NASA API Export",
                "paths": ["_connectionId"],
                "accessLevel": "manage",
                "dependencyIds": {"connection": [ids["nasa"]]},
            }
        ],
        "flows": [
            {
                "id": ids["flow"],
                "name": "NASA APOD - Slack",
                "paths": ["pageGenerators[*]._exportId"],
                "accessLevel": "manage",
                "dependencyIds": {"export": [ids["export"]]},
            }
        ],
        "integrations": [
            {
                "id": ids["integration"],
                "name": "NASA Astronomy Picture of the Day to Slack",
                "paths": ["_registeredConnectionIds[*]"],
                "accessLevel": "manage",
                "dependencyIds": {"connection": [ids["nasa"]], "flow": [ids["flow"]]},
            }
        ],
    }


async def test_nothing_depends_on_what_nobody_uses(docs: Desk) -> None:
    lonely = await made(docs, "connections", connection())
    assert await docs.dependencies.of(ADMIN, "connections", lonely) == {}


async def test_an_integration_reached_only_through_a_flow_has_no_paths(docs: Desk) -> None:
    ids = await story(docs)
    await docs.registrations.unregister(ADMIN, ids["integration"], ids["slack"])
    found = await docs.dependencies.of(ADMIN, "connections", ids["slack"])
    assert list(found) == ["imports", "flows", "integrations"]
    assert found["integrations"][0]["paths"] == []
    assert found["integrations"][0]["dependencyIds"] == {"flow": [ids["flow"]]}
    assert found["flows"][0]["paths"] == ["pageProcessors[*]._importId"]


async def test_every_path_of_a_flow_is_told_once(docs: Desk) -> None:
    used = await made(docs, "connections", connection())
    exports = [await made(docs, "exports", export(used)) for _ in range(2)]
    imports = [await made(docs, "imports", import_(used)) for _ in range(2)]
    steps: list[Document] = [{"type": "import", "_importId": known} for known in imports]
    steps.append({"type": "export", "_exportId": exports[0]})
    branches = [{"name": "a", "pageProcessors": steps}, {"name": "b", "pageProcessors": steps}]
    body = {"name": "routed", "pageGenerators": [{"_exportId": known} for known in exports]}
    routed = await made(docs, "flows", {**body, "routers": [{"name": "r", "branches": branches}]})
    (entry,) = (await docs.dependencies.of(ADMIN, "connections", used))["flows"]
    assert entry["id"] == routed
    assert entry["paths"] == [
        "pageGenerators[*]._exportId",
        "routers[*].branches[*].pageProcessors[*]._exportId",
        "routers[*].branches[*].pageProcessors[*]._importId",
    ]
    assert entry["dependencyIds"] == {"export": sorted(exports), "import": sorted(imports)}


async def test_borrowers_iclients_and_what_an_integration_owns(docs: Desk) -> None:
    iclient = await made(docs, "iclients", {"provider": "google", "name": "G"})
    lender = connection("lender")
    lender["http"] = {**lender["http"], "_iClientId": iclient}
    lends = await made(docs, "connections", lender)
    integration = await made(docs, "integrations", {"name": "I"})
    borrows = await made(
        docs, "connections", connection("b", _borrowConcurrencyFromConnectionId=lends, _integrationId=integration)
    )
    reads = await made(docs, "exports", export(borrows))
    found = await docs.dependencies.of(ADMIN, "connections", lends)
    assert list(found) == ["connections"]
    assert found["connections"][0]["paths"] == ["_borrowConcurrencyFromConnectionId"]
    assert found["connections"][0]["dependencyIds"] == {"connection": [lends]}
    found = await docs.dependencies.of(ADMIN, "iclients", iclient)
    assert [(kind, [entry["id"] for entry in entries]) for kind, entries in found.items()] == [
        ("connections", sorted([lends, borrows]))
    ]
    assert found["connections"][0]["dependencyIds"] == {"iClient": [iclient]}
    assert found["connections"][0]["paths"] == ["http._iClientId"]
    found = await docs.dependencies.of(ADMIN, "integrations", integration)
    assert [(entry["id"], entry["paths"]) for entry in found["connections"]] == [(borrows, ["_integrationId"])]
    found = await docs.dependencies.of(ADMIN, "connections", borrows)
    assert [entry["id"] for entry in found["exports"]] == [reads]
    assert [entry["paths"] for entry in found["integrations"]] == [["_registeredConnectionIds[*]"]]


async def test_ten_thousand_dependants_are_found(embedded: Desk) -> None:
    """Written straight into the store: what matters here is the walk."""
    used = await made(embedded, "connections", connection())
    exports = [new_id() for _ in range(10_000)]
    flows = [new_id() for _ in range(50)]
    async with embedded.store.write() as session:
        for place, known in enumerate(exports):
            await session.documents.insert(Stored("exports", known, compose({"_id": known}, {"name": f"E{place}"})))
            await session.references.replace(
                "exports", known, [Ref("exports", known, "_connectionId", "connections", used)]
            )
        for place, known in enumerate(flows):
            await session.documents.insert(Stored("flows", known, compose({"_id": known}, {"name": f"F{place}"})))
            refs = [Ref("flows", known, "pageGenerators[*]._exportId", "exports", e) for e in exports[place::50]]
            await session.references.replace("flows", known, refs)
    found = await embedded.dependencies.of(ADMIN, "connections", used)
    assert [entry["id"] for entry in found["exports"]] == exports
    assert [len(entry["dependencyIds"]["export"]) for entry in found["flows"]] == [200] * 50
    with pytest.raises(InUse) as caught:
        await embedded.delete("connections", used)
    assert len(caught.value.problems) == 26
    assert caught.value.problems[-1].message.endswith("9975 more resources.")


@pytest.mark.hostile(136)
async def test_what_is_in_use_is_not_deleted_and_the_users_are_named(docs: Desk) -> None:
    ids = await story(docs)
    for kind, name, user, path in [
        ("connections", "nasa", f'export {ids["export"]} "NASA API Export"', "_connectionId"),
        ("connections", "slack", f'import {ids["import"]} "Slack import"', "_connectionId"),
        ("exports", "export", f'flow {ids["flow"]} "NASA APOD - Slack"', "pageGenerators[*]._exportId"),
        ("imports", "import", f'flow {ids["flow"]} "NASA APOD - Slack"', "pageProcessors[*]._importId"),
        ("integrations", "integration", f'flow {ids["flow"]} "NASA APOD - Slack"', "_integrationId"),
    ]:
        with pytest.raises(InUse) as caught:
            await docs.delete(kind, ids[name])
        assert user in str(caught.value)
        assert path in str(caught.value)
        assert {problem.code for problem in caught.value.problems} == {"invalid_ref"}
    for kind, name in [
        ("flows", "flow"),
        ("exports", "export"),
        ("imports", "import"),
        ("connections", "nasa"),
        ("connections", "slack"),
        ("integrations", "integration"),
    ]:
        await docs.delete(kind, ids[name])


async def test_a_lender_and_an_iclient_in_use_are_not_deleted(docs: Desk) -> None:
    iclient = await made(docs, "iclients", {"provider": "google", "name": "G"})
    body = connection("lender")
    body["http"] = {**body["http"], "_iClientId": iclient}
    lender = await made(docs, "connections", body)
    borrower = await made(docs, "connections", connection("b", _borrowConcurrencyFromConnectionId=lender))
    for kind, known in [("connections", lender), ("iclients", iclient)]:
        with pytest.raises(InUse):
            await docs.delete(kind, known)
    for kind, known in [("connections", borrower), ("connections", lender), ("iclients", iclient)]:
        await docs.delete(kind, known)


async def test_a_registration_goes_with_its_connection(docs: Desk) -> None:
    integration = await made(docs, "integrations", {"name": "I"})
    registered = await made(docs, "connections", connection(_integrationId=integration))
    assert (await docs.get("integrations", integration))["_registeredConnectionIds"] == [registered]
    await docs.delete("connections", registered)
    assert (await docs.get("integrations", integration))["_registeredConnectionIds"] == []
    changes = [row.field_changes for row in await docs.rows() if row.resource_type == "integration"]
    path = "_registeredConnectionIds"
    assert changes == [
        [{"fieldPath": path, "oldValue": [registered], "newValue": []}],
        [{"fieldPath": path, "newValue": [registered]}],
        [],
    ]


async def test_registering_and_taking_out_again(docs: Desk) -> None:
    integration = await made(docs, "integrations", {"name": "I"})
    some = [await made(docs, "connections", connection(str(place))) for place in range(3)]
    await docs.registrations.register(ADMIN, integration, some[:2])
    await docs.registrations.register(ADMIN, integration, [some[1], some[2], some[2]])
    assert (await docs.get("integrations", integration))["_registeredConnectionIds"] == some
    await docs.registrations.unregister(ADMIN, integration, some[1])
    assert (await docs.get("integrations", integration))["_registeredConnectionIds"] == [some[0], some[2]]
    with pytest.raises(NotFound):
        await docs.registrations.unregister(ADMIN, integration, some[1])
    shown = [read(body) for body in await docs.registrations.members(ADMIN, integration, "connections")]
    assert [one["_id"] for one in shown] == [some[0], some[2]]
    assert all(one["queues"] for one in shown)


@pytest.mark.parametrize("body", [None, {}, "x", [1], ["x"], [None], ["0" * 24], [["0" * 24]]])
async def test_only_connections_that_are_there_can_be_registered(embedded: Desk, body: Any) -> None:
    integration = await made(embedded, "integrations", {"name": "I"})
    with pytest.raises(InvalidDocument):
        await embedded.registrations.register(ADMIN, integration, body)
    assert "_registeredConnectionIds" not in await embedded.get("integrations", integration)


async def test_what_belongs_to_an_integration(docs: Desk) -> None:
    ids = await story(docs)
    own = await made(docs, "exports", export(ids["nasa"], "own", _integrationId=ids["integration"]))
    await made(docs, "exports", export(ids["nasa"], "stranger"))
    expected = {
        "connections": [ids["nasa"], ids["slack"]],
        "flows": [ids["flow"]],
        "exports": [ids["export"], own],
        "imports": [ids["import"]],
    }
    for kind, known in expected.items():
        shown = await docs.registrations.members(ADMIN, ids["integration"], kind)
        assert [read(body)["_id"] for body in shown] == sorted(known)
