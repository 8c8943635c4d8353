import asyncio
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isthmus.model.errors import CredentialsRejected, InvalidDocument, RateLimited, Unreachable, Unsupported
from isthmus.model.json import Document
from isthmus.sdk import Decision, Fault, Import, Outgoing, WriteResult
from isthmus.services.imports.plans import Preparation, compile_import
from isthmus.services.imports.runs import ImportRun
from tests.rig.documents import ADMIN
from tests.rig.virtual import Bench, SystemAdaptor, imported

pytestmark = pytest.mark.anyio

SEED = {
    "fields": [{"extract": "timestamp", "generate": "timestamp"}, {"generate": "key", "hardCodedValue": "sqs_flow"}]
}
OPEN_ONES = {"type": "expression", "expression": {"version": "1", "rules": ["equals", ["extract", "state"], "open"]}}
REFUSED = WriteResult(422, errors=(Fault("400", "bad sku"),))


def by_record(outgoing: Outgoing) -> WriteResult:
    if outgoing.source.get("bad"):
        return REFUSED
    return WriteResult(id=str(outgoing.source["id"]), json={"seen": outgoing.mapped})


async def test_the_records_of_the_api_page(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    data = [{"timestamp": 1512012818751}] * 4
    import_ = {"mapping": SEED, "rest": {"relativeURI": ["/system/v1/heartbeat"], "method": ["PUT"]}}
    isthmus.system.answer = lambda outgoing: WriteResult(id="5a1", json=outgoing.mapped)
    mapped = {"timestamp": 1512012818751, "key": "sqs_flow"}
    assert await isthmus.run(id_, data, import_) == [{"statusCode": 200, "id": "5a1", "_json": mapped}] * 4
    assert await isthmus.map(id_, data, import_) == [mapped] * 4
    assert len(isthmus.system.written) == 4, "map writes nothing"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        (None, "import", "missing_required_field"),
        ({"data": []}, "import", "missing_required_field"),
        ({"import": []}, "import", "invalid_field"),
        ({"import": imported()}, "data", "missing_required_field"),
        ({"import": imported(), "data": None}, "data", "missing_required_field"),
        ({"import": imported(), "data": {}}, "data", "invalid_field"),
        ({"import": imported(), "data": "x"}, "data", "invalid_field"),
    ],
)
async def test_bodies_that_will_not_do(isthmus: Bench, body: Any, field: str, code: str) -> None:
    id_ = await isthmus.connection()
    for call in (isthmus.imports.run, isthmus.imports.map):
        with pytest.raises(InvalidDocument) as refusal:
            await call(ADMIN, id_, body)
        assert [(problem.field, problem.code) for problem in refusal.value.problems] == [(field, code)]


@pytest.mark.hostile(147)
async def test_no_records_are_no_results(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    assert await isthmus.run(id_, []) == []
    assert await isthmus.map(id_, []) == []


@pytest.mark.hostile(139)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.lists(
        st.sampled_from(["good", "refused", "filtered", "ignored", "no record", "bad template"]), max_size=40
    ),
    at_once=st.integers(1, 7),
)
async def test_one_result_for_each_record_in_order(isthmus: Bench, kinds: list[str], at_once: int) -> None:
    isthmus.system.at_once = at_once
    isthmus.system.answer = by_record
    isthmus.system.decision = lambda record: "ignore" if record.get("skip") else "create"
    isthmus.system.written.clear()
    id_ = await isthmus.connection()
    shapes: dict[str, Document] = {"refused": {"bad": True}, "filtered": {"state": "shut"}, "ignored": {"skip": True}}
    data: list[Any] = [
        "x" if kind == "no record" else {"id": n, "state": "open", **shapes.get(kind, {})}
        for n, kind in enumerate(kinds)
    ]
    results = await isthmus.run(id_, data, imported(filter=OPEN_ONES))
    assert len(results) == len(data)
    for n, (kind, result) in enumerate(zip(kinds, results, strict=True)):
        if kind in ("good", "bad template"):
            assert result == {"statusCode": 200, "id": str(n), "_json": {"seen": data[n]}}
        elif kind in ("filtered", "ignored"):
            assert result == {"statusCode": 200, "ignored": True}
        else:
            assert result["statusCode"] == 422
            assert set(result["errors"][0]) == {"code", "message", "source"}
    good = [n for n, kind in enumerate(kinds) if kind in ("good", "bad template", "refused")]
    assert [outgoing.source["id"] for outgoing in isthmus.system.written] == good, "each sent once, in order"


@pytest.mark.hostile(139)
@pytest.mark.parametrize("bad", [0, 1, 500, 1000])
async def test_a_thousand_records_with_some_bad_ones(isthmus: Bench, bad: int) -> None:
    isthmus.system.at_once = 50
    isthmus.system.answer = by_record
    chosen = set(random.Random(bad).sample(range(1000), bad))  # noqa: S311  # a sample, no secret
    results = await isthmus.run(await isthmus.connection(), [{"id": n, "bad": n in chosen} for n in range(1000)])
    assert {n for n, result in enumerate(results) if result["statusCode"] == 422} == chosen
    assert len(isthmus.system.written) == 1000


@pytest.mark.hostile(145)
async def test_a_record_that_cannot_be_mapped_fails_alone(isthmus: Bench) -> None:
    mappings = [{"generate": "n", "dataType": "number", "extract": "$.n", "status": "Active"}]
    data: list[Any] = [{"id": n, "n": n if n != 7 else "seven"} for n in range(10)]
    id_ = await isthmus.connection()
    results = await isthmus.run(id_, data, imported(mappings=mappings))
    assert [n for n, result in enumerate(results) if result["statusCode"] == 422] == [7]
    assert results[7]["errors"][0]["source"] == "mapping"
    assert [outgoing.source["id"] for outgoing in isthmus.system.written] == [n for n in range(10) if n != 7]
    mapped = await isthmus.map(id_, data, imported(mappings=mappings))
    assert [list(item) for item in mapped] == [["errors"] if n == 7 else ["n"] for n in range(10)]


async def test_refused_credentials_give_403_and_set_the_connection_offline(isthmus: Bench) -> None:
    isthmus.system.answer = lambda outgoing: (
        WriteResult(403, errors=(Fault("401", "token revoked"),)) if outgoing.source["id"] > 1 else WriteResult()
    )
    id_ = await isthmus.connection()
    results = await isthmus.run(id_, [{"id": n} for n in range(4)])
    assert [result["statusCode"] for result in results] == [200, 200, 403, 403]
    assert results[3]["errors"] == [{"code": "401", "message": "token revoked", "source": "application"}]
    assert (await isthmus.desk.get("connections", id_))["offline"] is True


@pytest.mark.parametrize(
    ("error", "status"),
    [(Unreachable("unreachable", "No answer."), 422), (CredentialsRejected("401", "token revoked"), 403)],
)
async def test_a_writer_that_gives_up_leaves_a_result_for_every_record(isthmus: Bench, error: Any, status: int) -> None:
    isthmus.system.broken = error
    results = await isthmus.run(await isthmus.connection(), ["x", {"id": 1}, {"id": 2}])
    assert [result["statusCode"] for result in results] == [422, status, status]


async def test_a_full_line_fails_the_record_that_finds_it(isthmus: Bench) -> None:
    def decide(record: Document) -> Decision:
        if record["id"] == 2:
            raise RateLimited("Too many calls already wait for this connection.", 5)
        return "create"

    isthmus.system.decision = decide
    results = await isthmus.run(await isthmus.connection(), [{"id": n} for n in range(4)])
    assert [result["statusCode"] for result in results] == [200, 200, 422, 200]
    assert results[2]["errors"][0]["code"] == "rate_limited"


@pytest.mark.hostile(145)
async def test_a_model_that_cannot_be_run_is_refused_before_anything_is_sent(isthmus: Bench) -> None:
    isthmus.system.refusal = InvalidDocument("The import has no method.")
    with pytest.raises(InvalidDocument):
        await isthmus.run(await isthmus.connection(), [{"id": 1}])
    isthmus.system.refuse_after = 2
    results = await isthmus.run(await isthmus.connection(), [{"id": n} for n in range(4)])
    assert [result["statusCode"] for result in results] == [200, 200, 422, 422], "what was done is told"


async def test_many_come_from_one(isthmus: Bench) -> None:
    isthmus.system.at_once = 3
    isthmus.system.answer = by_record
    import_ = imported(oneToMany=True, pathToMany="lines", mapping={"fields": [{"extract": "id", "generate": "n"}]})
    data = [{"lines": [{"id": 1}, {"id": 2, "bad": True}]}, {"lines": []}, {"lines": [{"id": 3}]}]
    id_ = await isthmus.connection()
    assert await isthmus.map(id_, data, import_) == [[{"n": 1}, {"n": 2}], {"ignored": True}, [{"n": 3}]]
    assert await isthmus.run(id_, data, import_) == [
        {"statusCode": 422, "errors": [REFUSED.errors[0].as_dict()], "_json": [{"seen": {"n": 1}}, None]},
        {"statusCode": 200, "ignored": True},
        {"statusCode": 200, "id": "3", "_json": [{"seen": {"n": 3}}]},
    ]


LOOKED_UP: Document = {
    "lookups": [{"name": "crm", "method": "GET", "relativeURI": "/find?id={{{record.id}}}", "extract": "id"}],
    "mapping": {
        "fields": [{"extract": "id", "generate": "n"}, {"extract": "id", "generate": "crm", "lookupName": "crm"}]
    },
}


async def test_dynamic_lookups_run_for_each_record(isthmus: Bench) -> None:
    isthmus.system.values = {"1": "A", "3": "C"}
    import_ = imported(mapping=LOOKED_UP["mapping"])
    import_["http"]["lookups"] = LOOKED_UP["lookups"]
    id_ = await isthmus.connection()
    mapped = await isthmus.map(id_, [{"id": n} for n in (1, 2, 3)], import_)
    assert (mapped[0], mapped[2]) == ({"n": 1, "crm": "A"}, {"n": 3, "crm": "C"})
    assert mapped[1]["errors"][0]["source"] == "lookup"
    assert isthmus.system.calls == ["lookup crm"] * 3
    assert isthmus.system.written == []


async def test_a_lookup_that_the_target_refuses_fails_its_record(isthmus: Bench) -> None:
    isthmus.system.broken = Unreachable("unreachable", "No answer.")
    import_ = imported(mapping=LOOKED_UP["mapping"])
    import_["http"]["lookups"] = LOOKED_UP["lookups"]
    [result] = await isthmus.map(await isthmus.connection(), [{"id": 1}], import_)
    assert result == {"errors": [{"code": "unreachable", "message": "No answer.", "source": "lookup"}]}


async def test_records_decided_to_exist_are_updated(isthmus: Bench) -> None:
    isthmus.system.decision = lambda record: "update" if record["id"] == 2 else "create"
    fields = [{"generate": "made", "hardCodedValue": "yes", "conditional": {"when": "record_created"}}]
    await isthmus.run(await isthmus.connection(), [{"id": 1}, {"id": 2}], imported(mapping={"fields": fields}))
    assert [(outgoing.operation, outgoing.mapped) for outgoing in isthmus.system.written] == [
        ("create", {"made": "yes"}),
        ("update", {}),
    ]


async def test_links_of_written_records(isthmus: Bench) -> None:
    isthmus.system.answer = by_record
    import_ = imported(dataURITemplate="https://acme.example/{{record.kind}}/{{id}}")
    results = await isthmus.run(await isthmus.connection(), [{"id": 7, "kind": "sku"}, {"id": 8, "bad": True}], import_)
    assert results[0]["dataURI"] == "https://acme.example/sku/7"
    assert "dataURI" not in results[1]


async def test_lookups_that_templates_read_are_run_as_well(isthmus: Bench) -> None:
    isthmus.system.values = {"1": "A"}
    import_ = imported(lookups=LOOKED_UP["lookups"])
    import_["http"]["relativeURI"] = ["/people/{{{lookup.crm}}}"]
    results = await isthmus.run(await isthmus.connection(), [{"id": 1}, {"id": 2}], import_)
    assert [result["statusCode"] for result in results] == [200, 422]
    assert results[1]["errors"][0]["source"] == "lookup"
    assert [dict(outgoing.lookups) for outgoing in isthmus.system.written] == [{"crm": "A"}]
    import_["lookups"] = [{**LOOKED_UP["lookups"][0], "default": "none", "allowFailures": True}]
    await isthmus.run(await isthmus.connection(), [{"id": 2}], import_)
    assert dict(isthmus.system.written[-1].lookups) == {"crm": "none"}


@pytest.mark.hostile(147)
@pytest.mark.parametrize("window", [1, 8])
async def test_no_more_than_what_is_under_way_is_held(isthmus: Bench, window: int) -> None:
    isthmus.system.at_once = 25
    isthmus.system.answer = lambda outgoing: REFUSED if outgoing.source["id"] % 7 == 0 else WriteResult()
    pulled = given = 0
    most = 0

    def data() -> Iterator[Document]:
        nonlocal pulled
        for number in range(1, 20_001):
            pulled = number
            yield {"id": number, "state": "shut" if number % 5 == 0 else "open"}

    model = imported(filter=OPEN_ONES)
    import_ = Import(model, "digest")
    async with isthmus.connections.saved(ADMIN, await isthmus.connection()) as used:
        preparation = Preparation(compile_import(model, used), import_, used)
        run = ImportRun(import_, preparation, SystemAdaptor(isthmus.system, used.opening))
        async for _ in run.results(data(), window):
            given += 1
            most = max(most, pulled - given)
            isthmus.system.written.clear()
    assert given == 20_000
    assert most <= 25 * 1.5 + window


@pytest.mark.hostile(142)
async def test_leaving_early_stops_the_work(isthmus: Bench) -> None:
    isthmus.system.values = {str(n): "x" for n in range(100)}
    import_ = imported(mapping=LOOKED_UP["mapping"], lookups=LOOKED_UP["lookups"])
    call = asyncio.create_task(isthmus.run(await isthmus.connection(), [{"id": n} for n in range(100)], import_))
    for _ in range(2000):
        await asyncio.sleep(0)
        if len(isthmus.system.written) >= 3:
            break
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    done = len(isthmus.system.calls)
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(isthmus.system.calls) == done < 100


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"hooks": {"preMap": {"_scriptId": "a" * 24, "function": "f"}}}, "hooks.preMap"),
        ({"hooks": {"postSubmit": {"_stackId": "a" * 24, "function": "f"}}}, "hooks.postSubmit"),
        ({"filter": {"type": "script", "script": {"_scriptId": "a" * 24}}}, "filter"),
        ({"lookups": [{"name": "x", "_lookupCacheId": "a" * 24}]}, "lookups[0]._lookupCacheId"),
    ],
)
async def test_what_cannot_run_yet_is_named_and_not_ignored(isthmus: Bench, more: Any, field: str) -> None:
    id_ = await isthmus.connection()
    for call in (isthmus.run, isthmus.map):
        with pytest.raises(Unsupported) as refusal:
            await call(id_, [{"id": 1}], imported(**more))
        assert field in {problem.field for problem in refusal.value.problems}
    assert isthmus.system.written == []
