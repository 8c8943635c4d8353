"""Create, update or ignore, and the lookups that tell (imports.md sections 1, 3 and 6)."""

from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument, Rejected
from isthmus.sdk import Decision, LookupMiss
from tests.rig.http_target import Call, Reply, target
from tests.rig.opened_http import http, import_, opened

pytestmark = pytest.mark.anyio

UPSERT = {"requestType": ["CREATE", "UPDATE"], "relativeURI": ["/c", "/u"], "method": ["POST", "PUT"]}
FIND = {"name": "find", "relativeURI": "/find?sku={{record.sku}}", "method": "GET", "extract": "items[*].id"}


def shelf(call: Call) -> Reply:
    found = {"none": [], "one": [{"id": 5}], "two": [{"id": 5}, {"id": 6}]}
    return Reply(200, {"items": found[call.argument("sku") or "none"]})


EXTRACT = {"existingExtract": "id"}
LOOKUP = {"existingLookupName": "find"}
IGNORE = {"ignoreExtract": "id"}

CASES: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], Decision]] = [
    ({}, {}, {"id": 1}, "create"),
    ({}, {"requestType": ["UPDATE"]}, {}, "update"),
    ({}, {"requestType": ["CREATE"]}, {"id": 1}, "create"),
    ({}, UPSERT | EXTRACT, {"id": 1}, "update"),
    ({}, UPSERT | EXTRACT, {"id": ""}, "create"),
    ({}, UPSERT | EXTRACT, {}, "create"),
    ({}, UPSERT | EXTRACT, {"id": 0}, "update"),
    ({}, UPSERT | LOOKUP, {"sku": "one"}, "update"),
    ({}, UPSERT | LOOKUP, {"sku": "none"}, "create"),
    ({}, UPSERT, {"id": 1}, "create"),
    ({"ignoreExisting": True}, IGNORE, {"id": 1}, "ignore"),
    ({"ignoreExisting": True}, IGNORE, {}, "create"),
    ({"ignoreMissing": True}, IGNORE, {}, "ignore"),
    ({"ignoreMissing": True}, IGNORE | {"requestType": ["UPDATE"]}, {"id": 1}, "update"),
    ({"ignoreExisting": True}, {"ignoreLookupName": "find"}, {"sku": "one"}, "ignore"),
    ({"ignoreMissing": True}, {"ignoreLookupName": "find"}, {"sku": "none"}, "ignore"),
    ({"ignoreMissing": True}, UPSERT | EXTRACT, {"id": 1}, "update"),
    ({"ignoreExisting": True}, UPSERT | EXTRACT, {"id": 1}, "ignore"),
    ({"ignoreExisting": True}, {}, {"id": 1}, "create"),
]


@pytest.mark.parametrize(("root", "block", "record", "decision"), CASES)
async def test_decisions(
    root: dict[str, Any], block: dict[str, Any], record: dict[str, Any], decision: Decision
) -> None:
    model = import_(lookups=[FIND], http={"relativeURI": ["/c"], **block}, **root)
    async with target(shelf) as there, opened(http(there.url)) as adaptor:
        assert await adaptor.decide(model, record) == decision
    assert len(there.calls) <= 1


async def test_an_ambiguous_lookup_decides_nothing() -> None:
    async with target(shelf) as there, opened(http(there.url)) as adaptor:
        with pytest.raises(Rejected, match="found 2 records") as raised:
            await adaptor.decide(import_(http=UPSERT | LOOKUP | {"lookups": [FIND]}), {"sku": "two"})
    assert raised.value.code == "ambiguous_lookup"


async def test_a_lookup_that_is_not_there_is_named() -> None:
    async with opened(http("http://127.0.0.1:1")) as adaptor:
        with pytest.raises(InvalidDocument, match="no lookup named find"):
            await adaptor.decide(import_(http=UPSERT | LOOKUP), {})


@pytest.mark.parametrize(
    ("definition", "body", "found"),
    [
        ({"extract": "items[*].id"}, {"items": [{"id": 5}]}, 5),
        ({"extract": "$.items[*].id"}, {"items": [{"id": 5}]}, 5),
        ({"extract": "items[0].id"}, {"items": [{"id": 5}, {"id": 6}]}, 5),
        ({"extract": "id"}, {"id": "x"}, "x"),
        ({"extract": "id"}, [{"id": "x"}], "x"),
        ({"extract": "id"}, [{"id": "x"}, {"id": "y"}], LookupMiss),
        ({"extract": "items[*].id"}, {"items": []}, LookupMiss),
        ({"extract": "items[*].id"}, {"items": [{"id": 5}, {"id": 6}]}, LookupMiss),
        ({"extract": "id"}, {"id": None}, LookupMiss),
        ({"extract": "id"}, {}, LookupMiss),
        ({"extract": "v"}, {"v": False}, False),
        ({}, {"a": 1}, {"a": 1}),
    ],
)
async def test_what_a_lookup_finds(definition: dict[str, Any], body: Any, found: Any) -> None:
    lookup = {"name": "find", "relativeURI": "/find", **definition}
    async with target(lambda _call: Reply(200, body)) as there, opened(http(there.url)) as adaptor:
        if found is LookupMiss:
            with pytest.raises(LookupMiss, match="find"):
                await adaptor.lookup(lookup, {})
        else:
            assert await adaptor.lookup(lookup, {}) == found


@pytest.mark.parametrize("key", ["body", "postBody"])
async def test_a_lookup_posts_and_sees_the_record(key: str) -> None:
    lookup = {
        "name": "f",
        "relativeURI": "/{{record.a}}/{{b}}",
        "method": "post",
        key: '{"q":"{{record.a}}"}',
        "extract": "r",
    }
    async with target(lambda _call: Reply(200, {"r": 1})) as there, opened(http(there.url)) as adaptor:
        assert await adaptor.lookup(lookup, {"a": "x y", "b": 2}) == 1
    assert there.asked == ["POST /x%20y/2"]
    assert there.calls[0].json == {"q": "x y"}


@pytest.mark.parametrize(("status", "kind"), [(404, LookupMiss), (204, LookupMiss), (500, Rejected)])
async def test_a_lookup_that_is_refused(status: int, kind: type[Exception]) -> None:
    async with target(lambda _call: Reply(status)) as there, opened(http(there.url)) as adaptor:
        with pytest.raises(kind):
            await adaptor.lookup({"name": "f", "relativeURI": "/f", "extract": "r"}, {})
