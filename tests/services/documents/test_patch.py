from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument
from isthmus.model.json import Json
from isthmus.model.patchable import allowed
from tests.rig.documents import ADMIN, Desk, connection, export, flow, replace

pytestmark = pytest.mark.anyio


def fields_of(error: pytest.ExceptionInfo[InvalidDocument]) -> list[str | None]:
    return [problem.field for problem in error.value.problems]


async def test_replace_add_and_remove(docs: Desk) -> None:
    made = await docs.create("connections", connection())
    known = made["_id"]
    shown = await docs.patch(
        "connections",
        known,
        replace("/name", "New"),
        {"op": "add", "path": "/http/ping/successPath", "value": "ok"},
        replace("/http/ping/successValues", ["true"]),
        {"op": "remove", "path": "/http/ping/failPath"},
    )
    assert shown["name"] == "New"
    assert shown["http"]["ping"] == {"successPath": "ok", "successValues": ["true"]}
    assert shown["lastModified"] > made["lastModified"]
    assert await docs.get("connections", known) == shown
    shown = await docs.patch("connections", known, {"op": "remove", "path": "/http/ping/successPath"})
    assert shown["http"]["ping"] == {"successValues": ["true"]}
    newest = (await docs.rows())[0]
    assert (newest.event, newest.field_changes) == (
        "update",
        [{"fieldPath": "http.ping.successPath", "oldValue": "ok"}],
    )


@pytest.mark.hostile(18)
@pytest.mark.parametrize(
    ("operations", "fields"),
    [
        ({}, [None]),
        (None, [None]),
        ("x", [None]),
        ([1, "x"], ["[0]", "[1]"]),
        ([{}], ["[0].op", "[0].path"]),
        ([{"op": "replace", "path": "name", "value": "x"}], ["[0].path"]),
        ([{"op": "replace", "path": "", "value": {}}], ["[0].path"]),
        ([{"op": "replace", "path": "/name"}], ["[0].value"]),
        (
            [{"op": "test", "path": "/http/auth/token/token", "value": "CANARY-token"}],
            ["[0].op", "http.auth.token.token"],
        ),
        ([{"op": "copy", "from": "/http/auth/token/token", "path": "/name"}], ["[0].op"]),
        ([{"op": "move", "from": "/http/auth/token/token", "path": "/name"}], ["[0].op"]),
        ([replace("/http/auth/token/token", "x")], ["http.auth.token.token"]),
        ([replace("/http/baseURI", "https://evil.example")], ["http.baseURI"]),
        ([replace("/_id", "0" * 24)], ["_id"]),
        ([replace("/type", "rest")], ["type"]),
        ([replace("/http", {})], ["http"]),
        ([replace("/name/x", "x")], ["name.x"]),
        ([replace("/__proto__/x", "x")], ["__proto__.x"]),
        ([replace("/name", 7)], ["name"]),
        ([replace("/name", None)], ["name"]),
        ([replace("/name", "x" * 101)], ["name"]),
        ([{"op": "remove", "path": "/name"}], ["name"]),
        ([replace("/debugDate", "soon")], ["debugDate"]),
        ([replace("/debugDate", "9999-12-31T23:59:59-14:00")], ["debugDate"]),
        ([replace("/http/ping/successValues", "x")], ["http.ping.successValues"]),
        ([replace("/http/auth/failStatusCode", True)], ["http.auth.failStatusCode"]),
        ([replace("/rest/pingSuccessPath", "x")], ["rest.pingSuccessPath"]),
        ([replace("/name", 7), replace("/nope", 1), replace("/debugDate", 1)], ["name", "nope", "debugDate"]),
        ([replace("/name", "fine"), replace("/nope", 1)], ["nope"]),
        ([replace("/name", "x")] * 1001, [None]),
    ],
)
async def test_a_patch_that_will_not_do_changes_nothing_and_names_everything(
    embedded: Desk, operations: Json, fields: list[str | None]
) -> None:
    made = await embedded.create("connections", connection())
    with pytest.raises(InvalidDocument) as caught:
        await embedded.resources["connections"].patch(ADMIN, made["_id"], operations)
    assert fields_of(caught) == fields
    assert "CANARY" not in str(caught.value)
    assert await embedded.get("connections", made["_id"]) == made
    assert len(await embedded.rows()) == 1


async def test_an_empty_patch_is_an_update_without_changes(embedded: Desk) -> None:
    made = await embedded.create("connections", connection())
    await embedded.patch("connections", made["_id"])
    newest = (await embedded.rows())[0]
    assert (newest.event, newest.field_changes) == ("update", [])


async def test_items_of_arrays_are_patched_by_their_index(docs: Desk) -> None:
    used = (await docs.create("connections", connection()))["_id"]
    exports = [(await docs.create("exports", export(used)))["_id"] for _ in range(2)]
    made = await docs.create("flows", flow(exports, []))
    shown = await docs.patch("flows", made["_id"], replace("/pageGenerators/1/schedule", "? 5 * ? * *"))
    assert [step.get("schedule") for step in shown["pageGenerators"]] == [None, "? 5 * ? * *"]
    for index in ("2", "01", "-", "x", "9" * 30, "\u0661"):
        with pytest.raises(InvalidDocument):
            await docs.patch("flows", made["_id"], replace(f"/pageGenerators/{index}/schedule", "x"))


PATCHED: dict[str, dict[str, Any]] = {
    "flows": {"/name": "n", "/disabled": True, "/timezone": "UTC", "/description": "d"},
    "exports": {"/debugUntil": "2026-03-28T15:30:00.000Z"},
    "imports": {"/debugUntil": "2026-03-28T15:30:00.000Z"},
}


@pytest.mark.parametrize("kind", PATCHED)
async def test_neighbours_have_their_own_whitelists(embedded: Desk, kind: str) -> None:
    used = (await embedded.create("connections", connection()))["_id"]
    body = flow([], []) if kind == "flows" else {**export(used), "adaptorType": f"HTTP{kind[:-1].title()}"}
    if kind == "imports":
        body["http"] = {"relativeURI": ["/"], "method": ["POST"]}
    made = await embedded.create(kind, body)
    for path, value in PATCHED[kind].items():
        assert path in allowed(kind)
        assert (await embedded.patch(kind, made["_id"], replace(path, value)))[path[1:]] == value
    with pytest.raises(InvalidDocument):
        await embedded.patch(kind, made["_id"], replace("/_connectionId", "0" * 24))
