"""What one call may take of time and memory, and that the others go on meanwhile."""

import asyncio
from typing import Any, Self

import orjson
import pytest

from isthmus.model.errors import InvalidDocument
from isthmus.records import RecordError, compile_template
from isthmus.records.budget import CALL_SECONDS, Budget, begin_budget, current_budget
from isthmus.sdk import Outgoing, WriteResult
from isthmus.services.imports import answers
from isthmus.services.turns import Turns
from tests.rig.documents import ADMIN
from tests.rig.virtual import Bench, imported

pytestmark = [pytest.mark.anyio, pytest.mark.hostile(84)]

COSTLY = "{{#each a}}{{#each ../a}}{{#each ../../a}}{{/each}}{{/each}}{{/each}}"
RECORD: dict[str, Any] = {"a": list(range(50))}


class Rounds:
    """Counts how often the event loop comes round while a block runs."""

    def __init__(self) -> None:
        self.count = 0

    async def _go(self) -> None:
        while True:
            self.count += 1
            await asyncio.sleep(0)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._go())
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._task.cancel()


async def test_costly_records_of_an_import_let_others_go_between_them(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    model = imported(mapping={"fields": [{"extract": COSTLY, "generate": "b"}]})
    async with Rounds() as rounds:
        assert len(await isthmus.map(id_, [RECORD] * 6, model)) == 6
    assert rounds.count >= 5


async def test_costly_records_of_a_page_let_others_go_between_them(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    isthmus.system.pages = [[RECORD] * 6]
    body = {"export": {"http": {"relativeURI": "/", "method": "GET"}, "dataURITemplate": COSTLY}}
    async with Rounds() as rounds:
        found = orjson.loads(await isthmus.exports.everything(ADMIN, id_, body))
    assert len(found["data"]) == 6
    assert rounds.count >= 5


async def test_tasks_of_one_call_take_turns_one_by_one() -> None:
    turns = Turns(Budget())
    turns.budget.due = True
    async with Rounds() as rounds:
        await asyncio.gather(*(turns.take() for _ in range(20)))
    assert not turns.budget.due
    assert rounds.count >= 1


def test_a_budget_that_is_used_up_refuses_records() -> None:
    spent = Budget(0.0)
    with pytest.raises(RecordError) as caught, spent:
        pytest.fail("the block must not run")
    assert caught.value.code == "rules_too_slow"


async def test_renders_of_one_record_share_its_time() -> None:
    budget = begin_budget()
    assert current_budget() is budget
    template, few = compile_template(COSTLY), {"a": [1, 2]}
    with budget:
        assert template.render(few) == ""
        budget.deadline = 0.0
        with pytest.raises(RecordError) as caught:
            template.render(few)
    assert caught.value.code == "template_too_slow"
    assert template.render(few) == "", "outside of a record's work a render has its own time"
    assert CALL_SECONDS > 1


@pytest.mark.hostile(147)
async def test_children_that_repeat_their_parent_do_not_make_an_answer_without_end(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    parent = {"a": [{"x": f"{number:040}"} for number in range(1500)]}
    with pytest.raises(InvalidDocument) as caught:
        await isthmus.map(id_, [parent], imported(oneToMany=True, pathToMany="a"))
    assert [problem.field for problem in caught.value.problems] == ["data"]


@pytest.mark.hostile(147)
async def test_results_come_without_what_the_target_said_once_it_said_too_much(isthmus: Bench) -> None:
    id_ = await isthmus.connection()
    said = "x" * (answers.MAX_BYTES // 3)

    def answer(outgoing: Outgoing) -> WriteResult:
        return WriteResult(id=str(outgoing.source["n"]), json=said)

    isthmus.system.answer = answer
    results = await isthmus.run(id_, [{"n": number} for number in range(6)], imported())
    assert [result["id"] for result in results] == [str(number) for number in range(6)]
    assert ["_json" in result for result in results] == [True, True, True, False, False, False]


def test_an_answer_is_one_array_with_arrays_for_families() -> None:
    answer = answers.Answer()
    assert answer.body() == b"[]"
    answer.add([])
    answer.add(1, opens=True, closes=True)
    answer.add({"a": 1}, opens=True)
    answer.add("[")
    answer.add(None, closes=True)
    answer.add(2)
    assert orjson.loads(answer.body()) == [[], [1], [{"a": 1}, "[", None], 2]
