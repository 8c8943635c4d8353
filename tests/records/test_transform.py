"""Transforms: mapping.md section 5."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.records import RecordError, RuleError, compile_transform

RECORD = {"id": 1, "a": {"b": "x", "c": [{"d": 1}, {"d": 2}]}, "x y": "s", "none": None}


def one(*rules: tuple[str, str]) -> dict[str, Any]:
    made = [[{"extract": extract, "generate": generate} for extract, generate in rules]]
    return {"type": "expression", "expression": {"version": "1", "rules": made}}


@pytest.mark.parametrize(
    ("document", "made"),
    [
        pytest.param(one(("id", "key")), {"key": 1}, id="bare path"),
        pytest.param(one(("a.b", "o.p")), {"o": {"p": "x"}}, id="dot paths both ways"),
        pytest.param(one(("/a/b", "b")), {"b": "x"}, id="/x, an XML path"),
        pytest.param(one(("a.c[1].d", "d")), {"d": 2}, id="a[0]"),
        pytest.param(one(("a.c[*].d", "ds")), {"ds": [1, 2]}, id="wildcard"),
        pytest.param(one(("[x y]", "s")), {"s": "s"}, id="bracket names"),
        pytest.param(one(("zz", "z"), ("none", "n")), {"n": None}, id="missing source omitted, null kept"),
        pytest.param(
            {"version": "1", "rules": [[{"extract": "id", "generate": "i"}]]}, {"i": 1}, id="old form without type"
        ),
        pytest.param(
            {"expression": {"version": "1", "rules": [{"extract": "id", "generate": "i"}]}}, {"i": 1}, id="flat rules"
        ),
        pytest.param({"expression": {"version": "1", "rules": []}}, RECORD, id="empty rules"),
        pytest.param({"expression": {"version": "1", "rules": [[]]}}, RECORD, id="empty inner rules"),
        pytest.param({}, RECORD, id="empty"),
        pytest.param(None, RECORD, id="none"),
        pytest.param({"type": "expression"}, RECORD, id="no expression"),
    ],
)
def test_1_0(document: dict[str, Any] | None, made: Any) -> None:
    before = copy.deepcopy(RECORD)
    assert compile_transform(document)(RECORD) == made
    assert before == RECORD


def test_rows() -> None:
    rows = [{"id": 1, "x": "a"}, {"id": 2}]
    assert compile_transform(one(("*.id", "key"), ("*.x", "*.y"), ("id", "first")))(rows) == [
        {"key": 1, "y": "a", "first": 1},
        {"key": 2, "first": 1},
    ]
    assert compile_transform(one(("id", "key")))(rows) == {"key": 1}


def two(mode: str, *mappings: dict[str, Any], **more: Any) -> dict[str, Any]:
    rules = {"mode": mode, "mappings": list(mappings), **more}
    return {"type": "expression", "expression": {"version": "2", "rulesTwoDotZero": rules}}


def entry(generate: str, extract: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"generate": generate, "extract": extract, "dataType": kind, "status": "Active", **more}


def test_2_0_create_gives_only_mapped_fields() -> None:
    assert compile_transform(two("create", entry("k", "$.id")))(RECORD) == {"k": "1"}


def test_2_0_modify_keeps_the_rest() -> None:
    nested = {"generate": "a", "dataType": "object", "status": "Active", "mappings": [entry("b", "new")]}
    made = compile_transform(two("modify", entry("id", "$.id"), nested))(RECORD)
    assert made == {**RECORD, "id": "1", "a": {"b": "new", "c": [{"d": 1}, {"d": 2}]}}
    assert RECORD["id"] == 1


def test_2_0_reads_mappings_for_modify_and_lookups() -> None:
    rules = two(
        "modify", mappingsForModify=[entry("k", "$.id", lookupName="n")], lookups=[{"name": "n", "map": {"1": "one"}}]
    )
    assert compile_transform(rules)(RECORD)["k"] == "one"
    with pytest.raises(RecordError) as caught:
        compile_transform(rules)({"id": 2})
    assert caught.value.source == "lookup"


def test_variables() -> None:
    transform = compile_transform(
        two("create", entry("k", "{{settings.flow.x}}{{record.id}}")), {"settings": {"flow": {"x": 5}}}
    )
    assert transform(RECORD) == {"k": "51"}


def test_a_bad_record() -> None:
    with pytest.raises(RecordError) as caught:
        compile_transform(two("create", entry("k", "$.a", "number")))(RECORD)
    assert caught.value.source == "transformation"


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ([], "transform"),
        ({"type": "script", "script": {}}, "transform.type"),
        (one(("a[", "b")), "transform.expression.rules[0][0].extract"),
        (one(("a", "")), "transform.expression.rules[0][0].generate"),
        ({"version": "1", "rules": [[5]]}, "transform.rules[0][0]"),
        (two("delete", entry("k", "$.id")), "transform.expression.rulesTwoDotZero.mode"),
        (
            two("create", {"generate": "k", "dataType": "string"}),
            "transform.expression.rulesTwoDotZero.mappings[0].status",
        ),
    ],
)
def test_bad_rules(document: Any, field: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_transform(document)
    assert field in {problem.field for problem in caught.value.problems}


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers() | st.text(max_size=3), max_size=6))
def test_modify_keeps_what_no_rule_names(record: dict[str, Any]) -> None:
    made = compile_transform(two("modify", entry("k", "v")))(record)
    assert made == {**record, "k": "v"}
    assert list(made)[: len(record)] == list(record)
