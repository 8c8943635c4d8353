"""`import/map?explain=1`: the plain answer beside what every rule did."""

from typing import Any

import orjson
import pytest

from isthmus.model.json import Document, Json
from tests.rig.documents import ADMIN
from tests.rig.virtual import Bench, imported

pytestmark = pytest.mark.anyio

OPEN_ONES = {"type": "expression", "expression": {"version": "1", "rules": ["equals", ["extract", "state"], "open"]}}
MAPPING = {
    "fields": [{"extract": "id", "generate": "key"}, {"extract": "qty", "generate": "qty", "dataType": "number"}]
}


async def explained(isthmus: Bench, data: Json, import_: Document) -> list[Any]:
    """Give the explanations; the records in them are the plain answer."""
    id_ = await isthmus.connection()
    body = {"import": import_, "data": data}
    found: list[Any] = orjson.loads(await isthmus.imports.map(ADMIN, id_, body, explain=True))
    assert [item["record"] for item in found] == orjson.loads(await isthmus.imports.map(ADMIN, id_, body))
    return [item["explain"] for item in found]


async def test_records_that_are_mapped_left_out_and_fail(isthmus: Bench) -> None:
    data = [{"state": "open", "id": 1}, {"state": "shut"}, {"state": "open", "id": 2, "qty": "many"}, 5]
    mapped, left_out, failed, none = await explained(isthmus, data, imported(mapping=MAPPING, filter=OPEN_ONES))
    assert mapped == [
        {
            "rule": "mapping.fields[0]",
            "generate": "key",
            "outcome": "written",
            "why": "The extract 'id' gives the value.",
        },
        {
            "rule": "mapping.fields[1]",
            "generate": "qty",
            "outcome": "skipped",
            "why": "The extract 'qty' gives nothing, and the rule has no default.",
        },
    ]
    assert left_out == [
        {"rule": "filter", "generate": "", "outcome": "skipped", "why": "The filter leaves the record out."}
    ]
    assert [note["outcome"] for note in failed] == ["written", "failed"]
    assert [note["outcome"] for note in none] == ["failed"]


async def test_children_are_numbered(isthmus: Bench) -> None:
    data: Json = [{"lines": [{"id": 1}, {"id": 2}]}, {"lines": []}, {"lines": [{"id": 3}]}]
    import_ = imported(mapping={"fields": [MAPPING["fields"][0]]}, oneToMany=True, pathToMany="lines")
    many, nothing, one = await explained(isthmus, data, import_)
    assert [note["child"] for note in many] == [0, 1]
    assert [note["rule"] for note in nothing] == ["pathToMany"]
    assert [note["child"] for note in one] == [0]


async def test_a_step_before_the_mapping_fails(isthmus: Bench) -> None:
    rule = {"generate": "n", "dataType": "number", "extract": "$.id", "status": "Active"}
    transform = {"type": "expression", "expression": {"version": "2", "rulesTwoDotZero": {"mappings": [rule]}}}
    (notes,) = await explained(isthmus, [{"id": "x"}], imported(mapping=MAPPING, transform=transform))
    assert [(note["rule"], note["outcome"]) for note in notes] == [("transform", "failed")]


@pytest.mark.hostile(87)
async def test_secrets_of_the_connection_are_in_no_explanation(isthmus: Bench) -> None:
    rules = [{"extract": "{{connection.http.auth.token.token}}", "generate": "a"}, {"extract": "id", "generate": "b"}]
    id_ = await isthmus.connection()
    body = {"import": imported(mapping={"fields": rules}), "data": [{"id": 1}]}
    assert b"CANARY" not in await isthmus.imports.map(ADMIN, id_, body, explain=True)
