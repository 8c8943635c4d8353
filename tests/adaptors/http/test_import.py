"""Writing records: requests by position, responses, batches, order and failures (imports.md sections 2 and 3)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from isthmus.model.errors import InvalidDocument, Unsupported
from isthmus.model.json import Document
from isthmus.sdk import Outgoing, WriteResult
from tests.rig.http_target import Call, Reply, target
from tests.rig.opened_http import http, import_, opened

pytestmark = pytest.mark.anyio

CANARY = "CANARY-3b81e220"


async def stream(records: Sequence[Any]) -> AsyncIterator[Outgoing]:
    for record in records:
        yield record if isinstance(record, Outgoing) else Outgoing(record, record)


async def written(
    url: str, records: Sequence[Any], concurrency: int = 5, connection: Document | None = None, **document: Any
) -> list[WriteResult]:
    async with opened(connection or http(url), concurrency=concurrency) as adaptor:
        return [result async for result in adaptor.write(import_(**document), stream(records))]


POST = {"relativeURI": ["/items"], "method": ["POST"]}


async def test_uri_and_headers_see_the_record_as_it_came_the_body_as_it_was_mapped() -> None:
    block = {
        "relativeURI": ["/{{record.k}}/{{k}}/{{data.0.k}}?l={{lookup.found}}&i={{import.name}}"],
        "method": ["PUT"],
        "headers": [{"name": "X-K", "value": "{{record.k}}"}],
        "body": ['{"k":"{{record.k}}","k2":"{{data.0.k}}"}'],
    }
    record = Outgoing({"k": "came"}, {"k": "mapped"}, lookups={"found": 7})
    async with target(lambda _call: Reply(200, {"id": 42, "ok": True})) as there:
        results = await written(there.url, [record], name="I", http=block)
    assert there.asked == ["PUT /came/came/came?l=7&i=I"]
    assert (there.calls[0].headers["x-k"], there.calls[0].json) == ("came", {"k": "mapped", "k2": "mapped"})
    assert results == [WriteResult(200, "42", {"id": 42, "ok": True})]


@pytest.mark.parametrize(("sends", "sent"), [(None, {"m": 1}), (True, {"m": 1}), (False, {"s": 1})])
async def test_without_a_template_the_record_itself_is_sent(sends: bool | None, sent: dict[str, int]) -> None:  # noqa: FBT001  # a column
    async with target(lambda _call: Reply(201)) as there:
        results = await written(there.url, [Outgoing({"s": 1}, {"m": 1})], http=POST | {"sendPostMappedData": sends})
    assert there.calls[0].json == sent
    assert results == [WriteResult()]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_method_without_a_body_sends_none(method: str) -> None:
    async with target(lambda _call: Reply(204)) as there:
        assert await written(there.url, [{"id": 1}], http={"relativeURI": ["/{{record.id}}"], "method": [method]}) == [
            WriteResult()
        ]
    assert (there.asked, there.calls[0].body) == ([f"{method} /1"], b"")


async def test_the_operation_picks_the_position() -> None:
    block = {
        "requestType": ["UPDATE", "CREATE"],
        "relativeURI": ["/u/{{record.id}}", "/c"],
        "method": ["PUT", "POST"],
        "body": [None, '{"new":"{{record.id}}"}'],
        "response": {
            "resourceIdPath": ["key", "made.id"],
            "successPath": [None, "ok"],
            "successValues": [None, ["true"]],
            "errorPath": "why",
        },
    }

    def handler(call: Call) -> Reply:
        if call.method == "PUT":
            return Reply(200, {"key": "K"})
        return Reply(200, {"made": {"id": 9}, "ok": call.json["new"] != "bad", "why": "bad sku"})

    records = [
        Outgoing({"id": "1"}, {"id": "1"}, "update"),
        Outgoing({"id": "2"}, {"id": "2"}, "create"),
        Outgoing({"id": "bad"}, {"id": "bad"}, "create"),
    ]
    async with target(handler) as there:
        results = await written(there.url, records, 1, http=block)
    assert there.asked == ["PUT /u/1", "POST /c", "POST /c"]
    assert there.calls[0].json == {"id": "1"}
    assert [(result.status, result.id) for result in results] == [(200, "K"), (200, "9"), (422, None)]
    assert results[2].as_dict()["errors"] == [{"code": "200", "message": "bad sku", "source": "application"}]


@pytest.mark.parametrize(
    ("reply", "response", "result"),
    [
        (Reply(200, {"_id": "x", "v": 1}), {}, WriteResult(200, "x", {"_id": "x", "v": 1})),
        (Reply(200, {"d": {"id": 5}}), {"resourcePath": ["d"]}, WriteResult(200, "5", {"d": {"id": 5}})),
        (Reply(200, {"d": [{"id": 5}]}), {"resourcePath": ["d"]}, WriteResult(200, "5", {"d": [{"id": 5}]})),
        (Reply(200, {"a": {"b": 0}}), {"resourceIdPath": ["a.b"]}, WriteResult(200, "0", {"a": {"b": 0}})),
        (Reply(200, b"done", media="text/plain"), {}, WriteResult()),
        (Reply(202), {}, WriteResult()),
    ],
)
async def test_what_a_success_gives(reply: Reply, response: dict[str, Any], result: WriteResult) -> None:
    async with target(lambda _call: reply) as there:
        assert await written(there.url, [{"a": 1}], http=POST | {"response": response}) == [result]


@pytest.mark.parametrize(
    ("reply", "response", "code", "message"),
    [
        (Reply(400, {"e": {"m": "bad sku"}}), {"errorPath": "e.m"}, "400", "bad sku"),
        (Reply(500, b"oops", media="text/plain"), {}, "500", "HTTP 500: oops"),
        (
            Reply(200, {"f": True, "m": "no"}),
            {"failPath": ["f"], "failValues": [["true"]], "errorPath": "m"},
            "200",
            "no",
        ),
        (
            Reply(200, {"f": True}),
            {"failPath": ["f"], "failValues": ["true"]},
            "200",
            "The answer has a value at f that means failure.",
        ),
        (Reply(200, b'{"cut'), {}, "invalid_response", "The target answered 200"),
        (Reply(429), {}, "429", "The target answered with status 429."),
    ],
)
async def test_what_a_failure_gives(reply: Reply, response: dict[str, Any], code: str, message: str) -> None:
    async with target(lambda _call: reply) as there:
        (result,) = await written(there.url, [{"a": 1}], http=POST | {"response": response})
    (fault,) = result.errors
    assert (result.status, fault.code, fault.source) == (422, code, "application")
    assert fault.message.startswith(message)


@pytest.mark.hostile(139)
@pytest.mark.parametrize("bad", [[], [0], [19], [3, 4, 11], list(range(20))])
async def test_a_bad_record_is_alone_and_order_is_kept(bad: list[int]) -> None:
    def handler(call: Call) -> Reply:
        number = call.json["n"]
        return Reply(400 if number in bad else 201, {"id": number}, delay=0.01 * (number % 4))

    async with target(handler) as there:
        results = await written(there.url, [{"n": number} for number in range(20)], 6, http=POST)
    assert [result.status for result in results] == [422 if number in bad else 200 for number in range(20)]
    assert [result.id for result in results if result.status == 200] == [str(n) for n in range(20) if n not in bad]
    assert sorted(call.json["n"] for call in there.calls) == list(range(20))
    assert 1 < there.peak <= 6


async def test_no_more_records_are_taken_than_are_under_way() -> None:
    taken = 0
    most_ahead = 0

    async def source() -> AsyncIterator[Outgoing]:
        nonlocal taken
        for number in range(200):
            taken += 1
            yield Outgoing({"n": number}, {"n": number})

    async with target(lambda _call: Reply(204)) as there, opened(http(there.url), concurrency=4) as adaptor:
        done = 0
        async for _result in adaptor.write(import_(http=POST), source()):
            most_ahead = max(most_ahead, taken - done)
            done += 1
    assert done == 200
    assert most_ahead <= 5


async def test_a_reader_who_leaves_stops_the_work() -> None:
    async with target(lambda _call: Reply(204, delay=0.05)) as there, opened(http(there.url), concurrency=3) as adaptor:
        results = adaptor.write(import_(http=POST), stream([{"n": number} for number in range(100)]))
        async for _result in results:
            break
        await results.aclose()  # type: ignore[attr-defined]  # an async generator
        await asyncio.sleep(0.1)
        seen = len(there.calls)
        await asyncio.sleep(0.1)
    assert len(there.calls) == seen < 10


@pytest.mark.hostile(145)
async def test_a_template_that_fails_fails_its_record_alone() -> None:
    block = POST | {"body": ['{"v":"{{record.v}}"}'], "strictHandlebarEvaluation": True}
    async with target(lambda _call: Reply(204)) as there:
        results = await written(there.url, [{"v": 1}, {}, {"v": 3}], 1, http=block)
    assert [result.status for result in results] == [200, 422, 200]
    assert [call.json["v"] for call in there.calls] == ["1", "3"]
    assert results[1].errors[0].message


async def test_empty_nodes_are_left_out() -> None:
    record = {"a": "", "b": None, "c": {}, "d": [], "e": {"f": ""}, "g": [{"h": None}, 1], "i": 0, "j": False}
    for block in (
        POST,
        POST | {"body": ["{{{jsonSerialize record}}}"]},
        POST | {"body": ['{"a":"","i":{{record.i}}}']},
    ):
        async with target(lambda _call: Reply(204)) as there:
            await written(there.url, [record], http=block | {"ignoreEmptyNodes": True})
        assert there.calls[0].json in ({"g": [1], "i": 0, "j": False}, {"i": 0})


async def test_a_body_over_the_limit_is_not_sent() -> None:
    async with target(lambda _call: Reply(204)) as there:
        results = await written(there.url, [{"a": "x" * 100}, {"a": "x"}], http=POST | {"endPointBodyLimit": 50})
    assert [result.status for result in results] == [422, 200]
    assert results[0].errors[0].code == "body_too_large"
    assert len(there.calls) == 1


@pytest.mark.hostile(25)
async def test_refused_credentials_end_the_rest_without_a_call() -> None:
    reply = Reply(401, {"why": f"{CANARY} is revoked"})
    async with target(lambda _call: reply) as there:
        connection = http(there.url, auth={"type": "token", "token": {"token": CANARY}})
        results = await written("", [{"n": number} for number in range(100)], 4, connection, http=POST)
    assert [result.status for result in results] == [403] * 100
    assert {fault.code for result in results for fault in result.errors} == {"401"}
    assert len(there.calls) <= 8
    assert CANARY not in repr(results)


async def test_an_unreachable_target_fails_every_record() -> None:
    results = await written("http://127.0.0.1:1", [{"n": 1}, {"n": 2}], http=POST)
    assert [result.status for result in results] == [422, 422]
    assert results[0].errors[0].code


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ({"method": ["POST"]}, InvalidDocument),
        (POST | {"type": "file"}, Unsupported),
        (POST | {"body": ["{{#if"]}, InvalidDocument),
    ],
)
async def test_an_import_that_cannot_be_run_sends_nothing(block: dict[str, Any], kind: type[Exception]) -> None:
    async with target(lambda _call: Reply(204)) as there:
        with pytest.raises(kind):
            await written(there.url, [{"n": 1}], http=block)
    assert there.calls == []


@pytest.mark.hostile(146)
async def test_records_with_the_same_lock_keep_their_order() -> None:
    records = [{"key": number % 3, "n": number} for number in range(30)]

    def handler(call: Call) -> Reply:
        return Reply(204, delay=0.02 if call.json["n"] % 3 == call.json["n"] else 0)

    async with target(handler) as there:
        await written(there.url, records, 8, http=POST, idLockTemplate="{{record.key}}")
    for key in range(3):
        numbers = [call.json["n"] for call in there.calls if call.json["key"] == key]
        assert numbers == sorted(numbers)
    assert there.peak == 3


# Batches

BATCH: dict[str, Any] = POST | {"batchSize": 3, "response": {"resourcePath": ["results"]}}


def results_for(call: Call) -> list[dict[str, Any]]:
    return [{"id": f"i{record['n']}", "n": record["n"]} for record in call.json]


async def test_a_batch_is_an_array_and_its_results_are_told_apart_by_place() -> None:
    async with target(lambda call: Reply(200, {"results": results_for(call)})) as there:
        results = await written(there.url, [{"n": number} for number in range(7)], http=BATCH)
    assert sorted(len(call.json) for call in there.calls) == [1, 3, 3]
    assert results == [WriteResult(200, f"i{number}", {"id": f"i{number}", "n": number}) for number in range(7)]


async def test_a_batch_by_template() -> None:
    body = '{"items":[{{#each batch_of_records}}{{{jsonSerialize record}}}{{#unless @last}},{{/unless}}{{/each}}]}'
    block = BATCH | {"body": [body], "relativeURI": ["/{{record.n}}/{{data.1.n}}"]}
    async with target(lambda call: Reply(200, {"results": [{"id": 1}] * len(call.json["items"])})) as there:
        results = await written(there.url, [{"n": number} for number in range(3)], http=block)
    assert there.asked == ["POST /0/1"]
    assert there.calls[0].json == {"items": [{"n": 0}, {"n": 1}, {"n": 2}]}
    assert [result.status for result in results] == [200] * 3


@pytest.mark.hostile(140)
@pytest.mark.parametrize(
    "reshape",
    [
        lambda found: {"results": found[:-1]},
        lambda found: {"results": [*found, {"id": "more"}]},
        lambda found: {"results": found[::-1]},
        lambda _found: {"results": "three"},
        lambda found: {"elsewhere": found},
    ],
    ids=["shorter", "longer", "reordered", "no list", "no path"],
)
async def test_places_are_never_guessed(reshape: Any) -> None:
    async with target(lambda call: Reply(200, reshape(results_for(call)))) as there:
        results = await written(there.url, [{"n": number} for number in range(3)], http=BATCH)
    assert [result.status for result in results] == [422] * 3
    assert {fault.code for result in results for fault in result.errors} == {"unknown"}
    assert len(there.calls) == 1


@pytest.mark.hostile(140)
async def test_errors_inside_a_batch_hit_their_record_alone() -> None:
    rules = {"resourcePath": ["results"], "successPath": ["ok"], "successValues": [["true"]], "errorPath": "why"}

    def handler(call: Call) -> Reply:
        found = [{"n": r["n"], "ok": r["n"] != 1, "why": "bad"} for r in call.json]
        return Reply(207, {"results": found})

    async with target(handler) as there:
        results = await written(there.url, [{"n": number} for number in range(3)], http=BATCH | {"response": rules})
    assert [result.status for result in results] == [200, 422, 200]
    assert (results[1].errors[0].message, results[1].errors[0].code) == ("bad", "207")


@pytest.mark.parametrize(
    ("reply", "response"),
    [(Reply(204), BATCH["response"]), (Reply(202), {}), (Reply(200, {"ok": True}), {})],
)
async def test_a_good_answer_without_results_is_good_for_all(reply: Reply, response: dict[str, Any]) -> None:
    async with target(lambda _call: reply) as there:
        results = await written(there.url, [{"n": number} for number in range(3)], http=BATCH | {"response": response})
    assert results == [WriteResult()] * 3


async def test_a_refused_batch_fails_whole() -> None:
    async with target(
        lambda call: Reply(400 if call.json[0]["n"] == 3 else 200, {"results": results_for(call)})
    ) as there:
        results = await written(there.url, [{"n": number} for number in range(6)], http=BATCH)
    assert [result.status for result in results] == [200, 200, 200, 422, 422, 422]


async def test_a_batch_holds_one_operation() -> None:
    block = BATCH | {"requestType": ["CREATE", "UPDATE"], "relativeURI": ["/c", "/u"], "method": ["POST", "PUT"]}
    block["response"] = {"resourcePath": ["results", "results"]}
    records = [Outgoing({"n": n}, {"n": n}, "update" if n in (1, 2) else "create") for n in range(4)]
    async with target(lambda call: Reply(200, {"results": results_for(call)})) as there:
        results = await written(there.url, records, 1, http=block)
    assert there.asked == ["POST /c", "PUT /u", "POST /c"]
    assert [result.id for result in results] == ["i0", "i1", "i2", "i3"]


async def test_a_batch_over_the_limit_is_halved() -> None:
    async with target(lambda call: Reply(200, {"results": results_for(call)})) as there:
        records = [{"n": number, "x": "y" * (300 if number == 2 else 20)} for number in range(4)]
        results = await written(there.url, records, 1, http=BATCH | {"batchSize": 4, "endPointBodyLimit": 90})
    assert [result.status for result in results] == [200, 200, 422, 200]
    assert max(len(call.body) for call in there.calls) <= 90


async def test_static_and_dynamic_lookups_in_templates() -> None:
    lookups = [{"name": "size", "map": {"S": "small"}}, {"name": "found", "relativeURI": "/f", "extract": "id"}]
    block = POST | {"body": ['{"size":"{{lookup "size" record.s}}","found":"{{lookup.found}}"}'], "lookups": lookups}
    async with target(lambda _call: Reply(204)) as there:
        await written(there.url, [Outgoing({"s": "S"}, {"s": "S"}, lookups={"found": 5})], http=block)
    assert there.calls[0].json == {"size": "small", "found": "5"}


@pytest.mark.hostile(62)
async def test_a_record_cannot_lead_credentials_elsewhere() -> None:
    async with target(lambda _call: Reply(204)) as elsewhere, target(lambda _call: Reply(204)) as there:
        connection = http(there.url, auth={"type": "token", "token": {"token": CANARY}})
        block = {
            "relativeURI": ["{{{record.u}}}"],
            "method": ["POST"],
            "body": ["{{connection.http.auth.token.token}}!"],
        }
        await written("", [{"u": f"{elsewhere.url}/x"}, {"u": "/y"}], 1, connection, http=block)
    assert CANARY not in elsewhere.calls[0].raw
    assert there.calls[0].headers["authorization"] == f"Bearer {CANARY}"


async def test_nothing_to_write_sends_nothing() -> None:
    async with target(lambda _call: Reply(204)) as there:
        assert await written(there.url, [], http=BATCH) == []
    assert there.calls == []
