"""Explanations: which rule made or dropped each field, and why."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.records import MappingContext, RecordError, compile_mapping
from isthmus.records.explain import MOST, Explanation, quoted

RECORD: dict[str, Any] = {"name": "Ada", "qty": "5", "empty": "", "items": [{"s": "A"}, {"s": ""}], "none": []}
LOOKUPS = [{"name": "t", "map": {"Ada": "1"}}, {"name": "soft", "map": {}, "allowFailures": True}]


def field(**rule: Any) -> dict[str, Any]:
    return {"generate": "out", **rule}


def entry(kind: str = "string", **rule: Any) -> dict[str, Any]:
    return {"generate": "out", "dataType": kind, "status": "Active", **rule}


def explained(document: dict[str, Any], operation: Any = "create", record: Any = None) -> Explanation:
    context = MappingContext(operation=operation)
    given = RECORD if record is None else record
    mapping = compile_mapping({"lookups": LOOKUPS, **document})
    told = mapping.explain(given, context)
    try:
        assert told.record == mapping.apply(given, context)
        assert told.error is None
    except RecordError as error:
        assert told.error is not None
        assert (told.error.message, told.error.source) == (error.message, error.source)  # noqa: PT017  # both ways agree
    return told


@pytest.mark.parametrize(
    ("rule", "outcome", "why"),
    [
        (field(extract="name"), "written", "The extract 'name' gives the value."),
        (field(extract="qty", dataType="number"), "written", "The extract 'qty' gives the value, converted to number."),
        (field(hardCodedValue=""), "written", "The hard-coded value gives the value."),
        (field(extract="{{name}}!"), "written", "The template gives the value."),
        (field(extract="name", lookupName="t"), "written", "The extract 'name' gives the value, looked up in 't'."),
        (field(extract="zz", default=1), "default", "The extract 'zz' gives nothing: the default stands in."),
        (field(extract="empty"), "skipped", "The extract 'empty' gives nothing, and the rule has no default."),
        (
            field(extract="zz", default=1, discardIfEmpty=True),
            "skipped",
            "The extract 'zz' gives nothing, and discardIfEmpty leaves the field out.",
        ),
        (
            field(extract="name", conditional={"when": "record_updated"}),
            "skipped",
            "The condition record_updated does not hold.",
        ),
        (
            field(extract="zz", conditional={"when": "extract_not_empty"}),
            "skipped",
            "The condition extract_not_empty does not hold.",
        ),
        (
            field(extract="qty", lookupName="soft"),
            "skipped",
            "The extract 'qty' gives nothing, looked up in 'soft', and the rule has no default.",
        ),
        (
            field(extract="name", dataType="number"),
            "failed",
            "A value cannot be converted to the data type number.",
        ),
        (
            field(extract="qty", lookupName="t"),
            "failed",
            "The lookup 't' failed: it has no entry for the value.",
        ),
    ],
)
def test_mapper_1(rule: dict[str, Any], outcome: str, why: str) -> None:
    told = explained({"mapping": {"fields": [rule]}})
    assert [note.as_dict() for note in told.notes] == [
        {"rule": "mapping.fields[0]", "generate": "out", "outcome": outcome, "why": why}
    ]


def test_mapper_1_updates_and_earlier_rules() -> None:
    rules = [
        field(extract="name", immutable=True),
        field(extract="name"),
        field(extract="qty", conditional={"when": "ignore_if_set"}),
    ]
    told = explained({"mapping": {"fields": rules}}, "update")
    assert [note.why for note in told.notes] == [
        "The field is immutable: it is not written when a record is updated.",
        "The extract 'name' gives the value.",
        "An earlier rule wrote the field, and the condition is ignore_if_set.",
    ]


def test_mapper_1_lists_name_the_row() -> None:
    lists = [
        {"generate": "l", "jsonPath": "items", "fields": [{"extract": "s", "generate": "k"}]},
        {"generate": "m", "jsonPath": "none", "fields": [{"extract": "s", "generate": "k"}]},
        {"generate": "n", "jsonPath": "items", "fields": [{"extract": "zz", "generate": "k"}]},
    ]
    told = explained({"mapping": {"lists": lists}})
    assert [(note.rule, note.outcome, note.rows) for note in told.notes] == [
        ("mapping.lists[0].fields[0]", "written", (0,)),
        ("mapping.lists[0].fields[0]", "skipped", (1,)),
        ("mapping.lists[1]", "skipped", ()),
        ("mapping.lists[2].fields[0]", "skipped", (0,)),
        ("mapping.lists[2].fields[0]", "skipped", (1,)),
        ("mapping.lists[2]", "skipped", ()),
    ]
    assert told.notes[0].as_dict()["rows"] == [0]
    assert [told.notes[2].why, told.notes[5].why] == ["There are no rows.", "None of its rows has a value."]


@pytest.mark.parametrize(
    ("rule", "outcome", "why"),
    [
        (entry(extract="$.name"), "written", "The extract '$.name' gives the value, converted to string."),
        (entry(extract="x"), "written", "The hard-coded value gives the value, converted to string."),
        (entry(extract="{{record.name}}"), "written", "The template gives the value, converted to string."),
        (
            entry(extract="2025-01-01", generateDateFormat="YYYY"),
            "written",
            "The hard-coded value gives the value, converted to date.",
        ),
        (entry(extract="$.zz", default="d"), "default", "The extract '$.zz' gives nothing: the default stands in."),
        (entry(extract="$.zz"), "skipped", "The extract '$.zz' gives nothing, and the rule has no default."),
        (entry(), "skipped", "The entry without an extract gives nothing, and the rule has no default."),
        (
            entry("stringarray", buildArrayHelper=[{"extract": "$.zz"}]),
            "skipped",
            "The array made by buildArrayHelper gives nothing, and the rule has no default.",
        ),
        (
            entry(extract="$.name", conditional={"when": "record_updated"}),
            "skipped",
            "The condition record_updated does not hold.",
        ),
        (entry("number", extract="$.name"), "failed", "A value cannot be converted to the data type number."),
    ],
)
def test_mapper_2(rule: dict[str, Any], outcome: str, why: str) -> None:
    told = explained({"mappings": [rule]})
    assert [note.as_dict() for note in told.notes] == [
        {"rule": "mappings[0]", "generate": "out", "outcome": outcome, "why": why}
    ]


def test_mapper_2_nested_entries_name_their_elements() -> None:
    inner = entry("number", extract="$.items.s", generate="n")
    rule = entry("objectarray", buildArrayHelper=[{"extract": "$.items[*]", "mappings": [inner]}])
    told = explained({"mappings": [entry("object", mappings=[{**inner, "extract": "$.qty"}]), rule]})
    assert [(note.rule, note.outcome, note.rows) for note in told.notes] == [
        ("mappings[0].mappings[0]", "written", ()),
        ("mappings[0]", "written", ()),
        ("mappings[1].buildArrayHelper[0].mappings[0]", "failed", (0,)),
    ]


def test_no_mapping() -> None:
    assert [note.rule for note in explained({}).notes] == ["mapping"]


@pytest.mark.hostile(84)
def test_notes_are_capped() -> None:
    lists = [{"generate": "l", "jsonPath": "rows", "fields": [{"extract": "s", "generate": "k"}]}]
    told = explained({"mapping": {"lists": lists}}, record={"rows": [{"s": 1}] * (MOST * 2)})
    assert len(told.notes) == MOST + 1
    assert told.notes[-1].why == "There are more than 1,000 notes; the others are left out."
    assert quoted("x" * 101) == f"'{'x' * 100}...'"


@pytest.mark.hostile(87)
@given(st.text(min_size=6, max_size=12), st.sampled_from(["string", "number", "boolean", "numberarray"]))
@settings(max_examples=100, deadline=None)
def test_notes_never_hold_a_value(value: str, kind: str) -> None:
    rules = {
        "mapping": {"fields": [field(extract="a", dataType=None if kind == "boolean" else kind, lookupName="soft")]}
    }
    for document in (rules, {"mappings": [entry(kind, extract="$.a")]}):
        for note in explained(document, record={"a": f"<<{value}>>"}).notes:
            assert f"<<{value}>>" not in note.why


def at_the_end_of_the_stack(call: Any) -> Any:
    """Call with as few frames left as the call can begin with."""
    try:
        return at_the_end_of_the_stack(call)
    except RecursionError:
        return call()


@pytest.mark.hostile(90)
def test_a_stack_that_ends_fails_the_record_alone() -> None:
    deep: Any = 1
    for _ in range(100):
        deep = [deep]
    rule = {"extract": "a", "generate": "k", "dataType": "stringarray"}
    for count in (1, 501):
        mapping = compile_mapping({"mapping": {"fields": [field(extract="b{{a}}"), *[rule] * count]}})
        with pytest.raises(RecordError, match="too deep"):
            at_the_end_of_the_stack(lambda mapping=mapping: mapping.apply({"a": deep}, MappingContext()))
        told = at_the_end_of_the_stack(lambda mapping=mapping: mapping.explain({"a": deep}, MappingContext()))
        assert told.error.code == "too_deep"
