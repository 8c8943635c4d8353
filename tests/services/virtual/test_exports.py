from pathlib import Path
from typing import Any

import orjson
import pytest

from isthmus.model.errors import (
    CredentialsRejected,
    InvalidDocument,
    NotFound,
    Rejected,
    Unreachable,
    Unsupported,
)
from isthmus.model.ids import new_id
from isthmus.services.exports.virtual_exports import ExportCaps
from tests.rig.documents import ADMIN, LIMITED
from tests.rig.virtual import Bench, bench, fields_of, loaded, model

pytestmark = pytest.mark.anyio

LAST = {"lastExportDateTime": "2026-01-02T03:04:05.006Z"}
THREE = [[{"id": 1}, {"id": 2}], [{"id": 3}], [{"id": 4}]]
OPEN_ONES = {"type": "expression", "expression": {"version": "1", "rules": ["equals", ["extract", "state"], "open"]}}
RENAME = {
    "type": "expression",
    "expression": {
        "version": "1",
        "rules": [[{"extract": "name", "generate": "who"}, {"extract": "state", "generate": "state"}]],
    },
}


async def test_everything_reads_all_pages(isthmus: Bench) -> None:
    isthmus.system.pages = THREE
    answer = await isthmus.everything(await isthmus.connection())
    assert answer == {"data": [{"id": n} for n in (1, 2, 3, 4)], "dataURIs": [None] * 4}


async def test_no_records_are_an_empty_answer(isthmus: Bench) -> None:
    assert await isthmus.everything(await isthmus.connection()) == {"data": [], "dataURIs": []}


async def test_pages_lead_from_one_to_the_next(isthmus: Bench) -> None:
    isthmus.system.pages = THREE
    id_ = await isthmus.connection()
    pages = [await isthmus.page(id_)]
    while (state := pages[-1].get("pagedExportState")) is not None:
        pages.append(await isthmus.page(id_, state))
    assert [page["data"] for page in pages] == THREE
    assert [page["dataURIs"] for page in pages] == [[None, None], [None], [None]]
    assert [page.get("pagedExportState", {}).get("pageIndex") for page in pages] == [2, 3, None]
    assert len(isthmus.system.openings) == 1


@pytest.mark.hostile(131)
async def test_a_page_can_be_read_again_also_after_a_restart(tmp_path: Path) -> None:
    async with bench(tmp_path) as first:
        first.system.pages = THREE
        id_ = await first.connection()
        state = (await first.page(id_))["pagedExportState"]
        before = await first.page(id_, state)
    async with bench(tmp_path, system=first.system) as second:
        after = [await second.page(id_, state) for _ in range(2)]
    assert [page["data"] for page in after] == [before["data"]] * 2


@pytest.mark.hostile(128)
async def test_a_state_is_refused_elsewhere(isthmus: Bench) -> None:
    isthmus.system.pages = THREE
    one, other = await isthmus.connection(), await isthmus.connection(name="Other")
    state = (await isthmus.page(one))["pagedExportState"]
    for id_, export in ((other, model()), (one, model(http={"relativeURI": "/others", "method": "GET"}))):
        with pytest.raises(InvalidDocument) as refusal:
            await isthmus.page(id_, state, export)
        assert fields_of(refusal.value) == ["pagedExportState"]
    whole = await isthmus.desk.get("connections", one)
    whole["http"] = {
        **whole["http"],
        "baseURI": "http://127.0.0.1:2/api",
        "auth": {"type": "token", "token": {"token": "t"}},
    }
    await isthmus.desk.put("connections", one, whole)
    with pytest.raises(InvalidDocument):
        await isthmus.page(one, state)


async def test_renaming_the_connection_and_another_page_size_keep_a_state_good(isthmus: Bench) -> None:
    isthmus.system.pages = THREE
    id_ = await isthmus.connection()
    state = (await isthmus.page(id_, export=model(pageSize=2)))["pagedExportState"]
    await isthmus.desk.patch("connections", id_, {"op": "replace", "path": "/name", "value": "New"})
    assert (await isthmus.page(id_, state, model(pageSize=7)))["data"] == THREE[1]
    assert [export.document["pageSize"] for export in isthmus.system.exports] == [2, 2], "the state's page size wins"


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"export": None}, {"import": {}}, "x"],
    ids=["null", "list", "empty", "none", "import", "text"],
)
async def test_the_wrapper_is_mandatory(isthmus: Bench, body: Any) -> None:
    id_ = await isthmus.connection()
    for call in (isthmus.exports.everything, isthmus.exports.page):
        with pytest.raises(InvalidDocument) as refusal:
            await call(ADMIN, id_, body)
        assert [(p.code, p.field) for p in refusal.value.problems] == [("missing_required_field", "export")]


async def test_the_block_must_match_the_type(isthmus: Bench) -> None:
    with pytest.raises(InvalidDocument):
        await isthmus.everything(await isthmus.connection(), {"salesforce": {"type": "soql", "soql": {"query": "x"}}})


async def test_a_rest_block_and_legacy_noise_are_taken(isthmus: Bench) -> None:
    isthmus.system.pages = THREE
    export = {
        "asynchronous": True, "sandbox": False, "oneToMany": False, "rawData": new_id(), "_connectionId": new_id(),
        "rest": {"relativeURI": "/people", "method": "GET"},
    }  # fmt: skip
    assert len((await isthmus.everything(await isthmus.connection(), export))["data"]) == 4


async def test_who_may_not_use_the_connection_does_not_see_it(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    for caller, known in ((LIMITED, id_), (ADMIN, new_id()), (ADMIN, "x")):
        with pytest.raises(NotFound):
            await isthmus.exports.everything(caller, known, {"export": model()})


@pytest.mark.parametrize(
    ("caps", "pages", "fits"),
    [
        (ExportCaps(records=4), THREE, True),
        (ExportCaps(records=3), THREE, False),
        (ExportCaps(bytes=40), THREE, True),
        (ExportCaps(bytes=20), THREE, False),
    ],
)
async def test_what_is_too_much_for_one_answer_is_never_cut(
    tmp_path: Path,
    caps: ExportCaps,
    pages: list[Any],
    fits: bool,  # noqa: FBT001  # a parameter of the table
) -> None:
    async with bench(tmp_path, caps=caps) as isthmus:
        isthmus.system.pages = pages
        id_ = await isthmus.connection()
        if fits:
            assert len((await isthmus.everything(id_))["data"]) == 4
        else:
            with pytest.raises(InvalidDocument, match="export/pages"):
                await isthmus.everything(id_)


@pytest.mark.hostile(75)
async def test_pages_without_records_for_ever_are_an_error(isthmus: Bench) -> None:
    isthmus.system.pages = [[]] * 1200
    with pytest.raises(Rejected):
        await isthmus.everything(await isthmus.connection())


async def test_transform_filter_and_link_run_in_this_order(isthmus: Bench) -> None:
    isthmus.system.pages = [
        [{"name": "Ada", "state": "open"}, {"name": "Bob", "state": "shut"}, {"name": "Cy", "state": "open"}]
    ]
    export = model(transform=RENAME, filter=OPEN_ONES, dataURITemplate="https://acme.example/{{record.who}}")
    answer = await isthmus.everything(await isthmus.connection(), export)
    assert answer == {
        "data": [{"who": "Ada", "state": "open"}, {"who": "Cy", "state": "open"}],
        "dataURIs": ["https://acme.example/Ada", "https://acme.example/Cy"],
    }


async def test_a_record_that_a_rule_cannot_work_on_fails_alone(isthmus: Bench) -> None:
    isthmus.system.pages = [[{"n": 1}, {"n": "one"}], [{"n": "two"}, {"n": 2}]]
    mappings = [{"generate": "n", "dataType": "number", "extract": "$.n", "status": "Active"}]
    rules = {"version": "2", "rulesTwoDotZero": {"mode": "create", "mappings": mappings}}
    export = model(transform={"type": "expression", "expression": rules})
    answer = await isthmus.everything(await isthmus.connection(), export)
    assert (answer["data"], answer["dataURIs"]) == ([{"n": 1}, {"n": 2}], [None, None])
    assert [(error["source"], error["index"]) for error in answer["errors"]] == [
        ("transformation", 1),
        ("transformation", 2),
    ]


@pytest.mark.hostile(87)
async def test_links_show_no_secret(isthmus: Bench) -> None:
    isthmus.system.pages = [[{"id": 1}]]
    export = model(
        dataURITemplate="{{connection.name}} {{connection.http.auth.token.token}}{{connection.http.baseURI}}"
    )
    answer = await isthmus.everything(await isthmus.connection(), export)
    assert answer["dataURIs"] == ["Acme http://127.0.0.1:1/api"]


async def test_a_test_export_takes_no_more_than_its_limit(isthmus: Bench) -> None:
    isthmus.system.pages = THREE
    id_ = await isthmus.connection()
    export = model(type="test", test={"limit": 3})
    assert [record["id"] for record in (await isthmus.everything(id_, export))["data"]] == [1, 2, 3]
    first = await isthmus.page(id_, export=export)
    second = await isthmus.page(id_, first["pagedExportState"], export)
    assert (len(first["data"]), second["data"]) == (2, [{"id": 3}])
    assert "pagedExportState" not in second


@pytest.mark.parametrize(
    ("export", "post_data", "last"),
    [
        ({}, None, "1970-01-01T00:00:00.000Z"),
        ({"type": "delta"}, {}, "1970-01-01T00:00:00.000Z"),
        ({"type": "delta", "delta": {"startDate": "2026-01-02T03:04:05.006Z"}}, None, "2026-01-02T03:04:05.006Z"),
        ({"type": "delta", "delta": {"lagOffset": 1000}}, LAST, "2026-01-02T03:04:04.006Z"),
        ({"type": "delta", "delta": {"dateFormat": "DD.MM.YYYY"}}, LAST, "02.01.2026"),
    ],
)
async def test_the_times_of_the_run(isthmus: Bench, export: Any, post_data: Any, last: str) -> None:
    await isthmus.everything(await isthmus.connection(), model(**export), postData=post_data)
    variables = isthmus.system.exports[0].variables
    assert variables["lastExportDateTime"] == last
    assert set(variables) == {"lastExportDateTime", "currentExportDateTime"}


async def test_all_pages_of_a_run_see_the_same_times(isthmus: Bench) -> None:
    isthmus.system.pages = THREE
    id_ = await isthmus.connection()
    export = model(http={"relativeURI": "/people?since={{{lastExportDateTime}}}", "method": "GET"})
    state = (await isthmus.page(id_, export=export, postData={"lastExportDateTime": "2026-01-01T00:00:00Z"}))[
        "pagedExportState"
    ]
    assert set(state) == {"pageIndex", "cursor", "pageSize", "done", "issuedAt", "sig"}
    await isthmus.page(id_, state, export)
    first, second = (dict(run.variables) for run in isthmus.system.exports)
    assert first == second


@pytest.mark.parametrize("time", ["yesterday", 7, ["x"]])
async def test_times_that_are_none_are_refused(isthmus: Bench, time: Any) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        await isthmus.everything(await isthmus.connection(), postData={"lastExportDateTime": time})
    assert fields_of(refusal.value) == ["postData.lastExportDateTime"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"hooks": {"preSavePage": {"_scriptId": "a" * 24, "function": "f"}}}, "hooks.preSavePage"),
        ({"transform": {"type": "script", "script": {"_scriptId": "a" * 24, "function": "f"}}}, "transform"),
        ({"filter": {"type": "script", "script": {"_scriptId": "a" * 24}}}, "filter"),
        ({"groupByFields": ["id"]}, "groupByFields"),
        ({"type": "webhook"}, "type"),
        ({"type": "distributed"}, "type"),
    ],
)
async def test_what_cannot_run_yet_is_named_and_not_ignored(isthmus: Bench, more: Any, field: str) -> None:
    with pytest.raises(Unsupported) as refusal:
        await isthmus.everything(await isthmus.connection(), model(**more))
    assert field in {problem.field for problem in refusal.value.problems}
    assert isthmus.system.calls == []


@pytest.mark.parametrize(
    "more", [{"hooks": {}}, {"hooks": {"preSavePage": {}}}, {"hooks": None}, {"groupByFields": []}]
)
async def test_what_is_empty_is_no_hook(isthmus: Bench, more: Any) -> None:
    await isthmus.everything(await isthmus.connection(), model(**more))


async def test_faults_of_the_target_are_raised_as_they_are(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    isthmus.system.broken = Unreachable("unreachable", "No answer.")
    with pytest.raises(Unreachable):
        await isthmus.everything(id_)
    assert "offline" not in await isthmus.desk.get("connections", id_)


async def test_refused_credentials_set_the_connection_offline(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    isthmus.system.broken = CredentialsRejected("401", "token revoked", status=401)
    for call in (isthmus.everything, isthmus.page):
        with pytest.raises(CredentialsRejected):
            await call(id_)
    assert (await isthmus.desk.get("connections", id_))["offline"] is True


async def test_large_pages_are_handed_on_as_they_are(isthmus: Bench) -> None:
    isthmus.system.pages = [[{"id": n} for n in range(start, start + 1000)] for start in (0, 1000, 2000)]
    answer = await isthmus.everything(await isthmus.connection())
    assert (len(answer["data"]), answer["dataURIs"]) == (3000, [None] * 3000)
    assert answer["data"][2999] == {"id": 2999}
    assert loaded(orjson.dumps(answer)) == answer


def nested(levels: int) -> Any:
    deep: Any = 1
    for _ in range(levels):
        deep = {"a": deep}
    return deep


@pytest.mark.hostile(94)
async def test_a_record_too_deep_to_be_written_is_a_fault_of_the_target(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    isthmus.system.pages = [[nested(200)]]
    assert (await isthmus.page(id_))["data"] == [nested(200)]
    isthmus.system.pages = [[{"id": 1}], [nested(1_000)]]
    with pytest.raises(Rejected, match="nests deeper"):
        await isthmus.everything(id_)
    state = (await isthmus.page(id_))["pagedExportState"]
    with pytest.raises(Rejected, match="nests deeper"):
        await isthmus.page(id_, state)


COPY = {
    "type": "expression",
    "expression": {
        "version": "2",
        "rulesTwoDotZero": {
            "mode": "create",
            "mappings": [
                {"generate": "b", "dataType": "object", "copySource": "yes", "extract": "$.a", "status": "Active"}
            ],
        },
    },
}


WALKED = {"dataURITemplate": "{{#each record}}{{this}}{{/each}}"}


@pytest.mark.parametrize(
    ("rules", "count"),
    [({"filter": OPEN_ONES}, 1), ({"transform": RENAME}, 2), ({**WALKED, "filter": OPEN_ONES}, 1)],
    ids=["filter", "transform", "link"],
)
@pytest.mark.hostile(94)
async def test_rules_may_leave_out_what_nests_too_deep(isthmus: Bench, rules: Any, count: int) -> None:
    isthmus.system.pages = [[nested(1_000), {"state": "open", "a": "open"}]]
    answer = await isthmus.everything(await isthmus.connection(), model(**rules))
    assert len(answer["data"]) == count


@pytest.mark.parametrize(
    "rules",
    [{"transform": COPY}, {"dataURITemplate": "{{jsonSerialize record}}"}, WALKED],
    ids=["copy", "serialised link", "link"],
)
@pytest.mark.hostile(94)
async def test_rules_over_a_record_that_nests_too_deep_fail_as_the_record_does(isthmus: Bench, rules: Any) -> None:
    isthmus.system.pages = [[nested(1_000)]]
    with pytest.raises(Rejected, match="nests deeper"):
        await isthmus.everything(await isthmus.connection(), model(**rules))


async def test_a_model_is_judged_anew_for_another_type_of_connection(isthmus: Bench) -> None:
    http = await isthmus.connection()
    for _ in range(2):
        await isthmus.everything(http)
    document = {"salesforce": {"type": "soql", "soql": {"query": "x"}}}
    for _ in range(2):
        with pytest.raises(InvalidDocument):
            await isthmus.everything(http, document)


async def test_long_models_run_as_well(isthmus: Bench) -> None:
    isthmus.system.pages = THREE
    id_ = await isthmus.connection()
    export = model(mockOutput={"page_of_records": [{"record": {"x": "y" * 40_000}}]})
    first = await isthmus.page(id_, export=export)
    assert (await isthmus.page(id_, first["pagedExportState"], export))["data"] == THREE[1]
