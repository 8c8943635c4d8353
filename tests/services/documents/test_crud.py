import re
from typing import Any

import pytest

from isthmus.model.errors import Forbidden, InvalidDocument, NotFound
from isthmus.model.ids import new_id
from isthmus.model.json import Document
from isthmus.services.resources import ListQuery
from tests.rig.documents import ADMIN, LIMITED, Desk, connection, export, flow, import_, read, replace

pytestmark = pytest.mark.anyio

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ICLIENT: Document = {"provider": "google", "name": "Google", "oauth2": {"clientId": "c", "clientSecret": "CANARY-s"}}


async def sample(docs: Desk, kind: str) -> Document:
    """A valid new document of a kind; what it refers to is stored first."""
    if kind == "connections":
        return connection()
    if kind in ("integrations", "iclients"):
        return {"name": "Nightly"} if kind == "integrations" else ICLIENT
    used = (await docs.create("connections", connection()))["_id"]
    if kind == "exports":
        return export(used)
    if kind == "imports":
        return import_(used)
    return flow([(await docs.create("exports", export(used)))["_id"]], [])


KINDS = ["connections", "exports", "imports", "flows", "integrations", "iclients"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_document_of_each_kind_lives_and_dies(docs: Desk, kind: str) -> None:
    body = await sample(docs, kind)
    made = await docs.create(kind, {"_id": "f" * 24, "createdAt": "x", "lastModified": "y", "nonsense": 1, **body})
    assert made["_id"] != "f" * 24
    assert "nonsense" not in made
    assert INSTANT.fullmatch(made["lastModified"])
    assert made.get("createdAt", "absent") == ("absent" if kind == "iclients" else made["lastModified"])
    assert await docs.get(kind, made["_id"]) == made
    assert made in [read(item) for item in (await docs.resources[kind].list(ADMIN, ListQuery())).items]

    again = await docs.put(kind, made["_id"], {**made, "name": "Renamed"})
    assert again == {**made, "name": "Renamed", "lastModified": again["lastModified"]}
    assert again["lastModified"] > made["lastModified"]
    assert await docs.get(kind, made["_id"]) == again

    await docs.delete(kind, made["_id"])
    with pytest.raises(NotFound):
        await docs.get(kind, made["_id"])
    events = [row.event for row in await docs.rows() if row.resource_id == made["_id"]]
    assert events == ["delete", "update", "create"]


@pytest.mark.hostile(138)
@pytest.mark.parametrize("known", ["0" * 24, "", "x", "F" * 24, "0" * 25, "\0" * 24, "0" * 23 + "'", "é" * 24])
@pytest.mark.parametrize("kind", KINDS)
async def test_an_id_that_names_nothing_is_not_found_whatever_its_form(docs: Desk, kind: str, known: str) -> None:
    resources = docs.resources[kind]
    calls = [
        resources.get(ADMIN, known),
        resources.replace(ADMIN, known, {}),
        resources.patch(ADMIN, known, []),
        resources.delete(ADMIN, known),
        resources.clone(ADMIN, known, {}),
        resources.replace_connection(ADMIN, known, {}),
        docs.audit.of(ADMIN, kind, known),
        docs.dependencies.of(ADMIN, kind, known),
    ]
    said = set()
    for call in calls:
        with pytest.raises(NotFound) as caught:
            await call
        said.add(str(caught.value))
    assert len(said) == 1


async def test_a_custom_token_does_nothing_with_documents(embedded: Desk) -> None:
    resources = embedded.resources["connections"]
    for call in (
        resources.list(LIMITED, ListQuery()),
        resources.create(LIMITED, connection()),
        resources.get(LIMITED, "c" * 24),
        resources.replace(LIMITED, "c" * 24, connection()),
        resources.patch(LIMITED, "c" * 24, []),
        resources.delete(LIMITED, "c" * 24),
        resources.clone(LIMITED, "c" * 24, {}),
        resources.replace_connection(LIMITED, "c" * 24, {}),
        embedded.audit.of(LIMITED, "connections", "c" * 24),
        embedded.dependencies.of(LIMITED, "connections", "c" * 24),
        embedded.registrations.register(LIMITED, "c" * 24, []),
        embedded.registrations.unregister(LIMITED, "c" * 24, "c" * 24),
        embedded.registrations.members(LIMITED, "c" * 24, "flows"),
    ):
        with pytest.raises(Forbidden):
            await call


async def test_a_connection_shows_its_queue_and_a_borrower_that_of_its_lender(docs: Desk) -> None:
    lender = await docs.create("connections", connection())
    borrower = await docs.create("connections", connection(_borrowConcurrencyFromConnectionId=lender["_id"]))
    docs.queues[lender["_id"]] = 8
    assert (await docs.get("connections", lender["_id"]))["queues"] == [{"name": lender["_id"], "size": 8}]
    assert (await docs.get("connections", borrower["_id"]))["queues"] == [{"name": borrower["_id"], "size": 8}]


async def test_a_lender_named_in_settings_is_no_lender(embedded: Desk) -> None:
    tricky = {
        "_borrowConcurrencyFromConnectionId": "e" * 24,
        "text": f'","_borrowConcurrencyFromConnectionId":"{"e" * 24}',
    }
    made = await embedded.create("connections", connection(settings=tricky))
    embedded.queues["e" * 24] = 5
    assert (await embedded.get("connections", made["_id"]))["queues"] == [{"name": made["_id"], "size": 0}]


async def test_every_problem_is_told_at_once(embedded: Desk) -> None:
    body = {**export("d" * 24), "name": 7, "_integrationId": "e" * 24}
    with pytest.raises(InvalidDocument) as caught:
        await embedded.create("exports", body)
    assert {("name", "invalid_field"), ("_connectionId", "invalid_ref"), ("_integrationId", "invalid_ref")} <= {
        (problem.field, problem.code) for problem in caught.value.problems
    }
    messages = {problem.message for problem in caught.value.problems}
    assert "Invalid reference: _connectionId" in messages


@pytest.mark.parametrize("field", ["_agentId", "_connectorId"])
async def test_ids_of_resources_that_are_not_kept_here_are_taken_as_they_are(embedded: Desk, field: str) -> None:
    made = await embedded.create("connections", connection(**{field: "d" * 24}))
    assert made[field] == "d" * 24


@pytest.mark.hostile(152)
async def test_borrowing_from_itself_from_a_borrower_or_while_lending_is_refused(docs: Desk) -> None:
    lender = await docs.create("connections", connection("lender"))
    borrower = await docs.create("connections", connection("b", _borrowConcurrencyFromConnectionId=lender["_id"]))
    other = await docs.create("connections", connection("other"))
    attempts: list[tuple[str, str]] = [
        (other["_id"], other["_id"]),
        (other["_id"], borrower["_id"]),
        (lender["_id"], other["_id"]),
        (lender["_id"], borrower["_id"]),
    ]
    for who, whom in attempts:
        with pytest.raises(InvalidDocument) as caught:
            await docs.put("connections", who, connection(_borrowConcurrencyFromConnectionId=whom))
        assert [problem.field for problem in caught.value.problems] == ["_borrowConcurrencyFromConnectionId"]
    with pytest.raises(InvalidDocument):
        await docs.create("connections", connection(_borrowConcurrencyFromConnectionId=borrower["_id"]))
    await docs.put("connections", borrower["_id"], connection())
    await docs.put("connections", lender["_id"], connection(_borrowConcurrencyFromConnectionId=other["_id"]))


async def test_scripts_are_stored_as_they_are(embedded: Desk) -> None:
    script = {"type": "script", "script": {"_scriptId": "d" * 24, "function": "main"}}
    made = await embedded.create("exports", {**await sample(embedded, "exports"), "filter": script})
    assert made["filter"] == script


async def test_the_type_of_a_connection_cannot_change(embedded: Desk) -> None:
    made = await embedded.create("connections", connection())
    rest = {
        "type": "rest",
        "name": "r",
        "rest": {"baseURI": "https://slack.example", "mediaType": "json", "authType": "custom"},
    }
    with pytest.raises(InvalidDocument) as caught:
        await embedded.put("connections", made["_id"], rest)
    assert [problem.field for problem in caught.value.problems] == ["type"]


@pytest.mark.parametrize("name", ["debugDate", "debugUntil"])
async def test_debugging_ends_within_an_hour_however_it_is_set(embedded: Desk, name: str) -> None:
    far: dict[str, Any] = {name: "9999-12-31T00:00:00.000Z"}
    made = await embedded.create("connections", connection(**far))
    assert made[name].startswith("2026-03-28T16:22")
    assert (await embedded.put("connections", made["_id"], connection(**far)))[name].startswith("2026-03-28T16:22")
    assert (await embedded.patch("connections", made["_id"], replace(f"/{name}", far[name])))[name].startswith(
        "2026-03-28T16:22"
    )
    soon = "2026-03-28T15:30:00.000Z"
    assert (await embedded.patch("connections", made["_id"], replace(f"/{name}", soon)))[name] == soon


async def test_what_the_service_writes_itself_outlives_a_put(docs: Desk) -> None:
    made = await docs.create("connections", connection())
    known = made["_id"]
    assert await docs.resources["connections"].amend(known, {"needsAuthorization": True, "offline": True})
    assert not await docs.resources["connections"].amend(known, {"needsAuthorization": True})
    assert not await docs.resources["connections"].amend(new_id(), {"offline": True})
    shown = await docs.get("connections", known)
    assert (shown["offline"], shown["needsAuthorization"], shown["lastModified"]) == (True, True, made["lastModified"])
    replaced = await docs.put("connections", known, connection())
    assert replaced["needsAuthorization"] is True
    assert "offline" not in replaced
    assert await docs.resources["connections"].amend(known, {"needsAuthorization": None})
    assert (await docs.whole("connections", known))["http"]["auth"]["token"]["token"] == "CANARY-token"
    rows = [row for row in await docs.rows() if row.source == "system"]
    assert [row.field_changes for row in rows] == [
        [{"fieldPath": "needsAuthorization", "oldValue": True}],
        [{"fieldPath": "needsAuthorization", "newValue": True}, {"fieldPath": "offline", "newValue": True}],
    ]
