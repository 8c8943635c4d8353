"""Rules are somebody's JSON: whatever stands where a text belongs is refused by name, and never breaks the compiler."""

import copy
from collections.abc import Iterator
from typing import Any, Final

import pytest

from isthmus.records import RecordError, RuleError, compile_filter, compile_mapping, compile_transform
from isthmus.records.context import MappingContext

pytestmark = pytest.mark.hostile(90)

JUNK: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1.5, 10**30, "", "x", "\u00b2", "{{", "[", "$..*", "a[9999999999]", "\ud800",
    [], {}, [None], [[]], [{}], {"": 1}, {"a": []}, ["and"], [["x"]],
)  # fmt: skip
RECORD: Final = {"a": "1", "x": None, "d": "2024-01-01", "items": [{"id": 1}, {"id": "2"}, {}]}
DATES: Final = {
    "extractDateFormat": "YYYY",
    "generateDateFormat": "MM",
    "extractDateTimezone": "UTC",
    "generateDateTimezone": "Asia/Tokyo",
}
LOOKUPS: Final = [{"name": "l", "map": {"a": "b"}, "default": "x", "allowFailures": True}]
ONE: Final = {
    "mapping": {
        "fields": [
            {"extract": "a", "generate": "b", "dataType": "string", "lookupName": "l", "discardIfEmpty": True},
            {"extract": "d", "generate": "c", "conditional": {"when": "record_created", "lookupName": "l"}, **DATES},
            {"generate": "f", "hardCodedValue": "x", "default": "y", "immutable": True},
        ],
        "lists": [{"generate": "l", "jsonPath": "items", "fields": [{"extract": "items[*].id", "generate": "x"}]}],
    },
    "lookups": LOOKUPS,
}
TWO: Final = {
    "mappings": [
        {
            "generate": "a",
            "dataType": "string",
            "status": "Active",
            "extract": "$.a",
            "default": "d",
            "lookupName": "l",
        },
        {
            "generate": "d",
            "dataType": "string",
            "status": "Active",
            "extract": "{{d}}",
            "conditional": {"when": "extract_not_empty"},
            **DATES,
        },
        {
            "generate": "o",
            "dataType": "objectarray",
            "status": "Active",
            "buildArrayHelper": [
                {
                    "extract": "$.items[*]",
                    "mappings": [{"generate": "i", "dataType": "number", "status": "Active", "extract": "$.items.id"}],
                }
            ],
        },
    ],
    "lookups": LOOKUPS,
}
FILTER: Final = {
    "type": "expression",
    "expression": {
        "version": "1",
        "rules": ["and", ["equals", ["string", ["extract", "a"]], "x"], ["matches", ["settings", "export.a"], "a+"]],
    },
}
TRANSFORM: Final = {
    "type": "expression",
    "expression": {"version": "1", "rules": [[{"extract": "items[*].id", "generate": "x.y[0]"}]]},
}
TRANSFORM2: Final = {
    "type": "expression",
    "expression": {
        "version": "2",
        "rulesTwoDotZero": {"mode": "modify", "mappings": TWO["mappings"], "lookups": LOOKUPS},
    },
}


def _places(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from _places(inner, (*at, key))


def _spoilt(rules: Any) -> Iterator[Any]:
    for place in _places(rules):
        for junk in JUNK:
            spoilt = copy.deepcopy(rules)
            node = spoilt
            for key in place[:-1]:
                node = node[key]
            node[place[-1]] = copy.deepcopy(junk)
            yield spoilt


def _mapped(rules: Any) -> None:
    compile_mapping(rules).apply(RECORD, MappingContext("create", {}, {}))


def _transformed(rules: Any) -> None:
    compile_transform(rules)(RECORD)


def _filtered(rules: Any) -> None:
    compile_filter(rules)(RECORD, {})


@pytest.mark.parametrize(
    ("run", "rules"),
    [(_mapped, ONE), (_mapped, TWO), (_transformed, TRANSFORM), (_transformed, TRANSFORM2), (_filtered, FILTER)],
)
def test_junk_anywhere_is_refused_by_the_rule_or_by_the_record(run: Any, rules: Any) -> None:
    run(rules)
    refused = 0
    for spoilt in _spoilt(rules):
        try:
            run(spoilt)
        except (RuleError, RecordError):
            refused += 1
    assert refused
