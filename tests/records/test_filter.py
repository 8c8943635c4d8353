"""Filters: mapping.md section 6."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.records import RecordError, RuleError, compile_filter
from isthmus.records.filters.operators import OPERATORS

RECORD: dict[str, Any] = {
    "status": "open",
    "qty": "7",
    "n": 5,
    "none": None,
    "empty": "",
    "tags": ["a", "b"],
    "flag": True,
    "o": {},
    "list": [],
    "created": "2025-03-26T00:00:00Z",
    "f": "2.5",
    "deep": {"er": [{"x": 1}]},
}


def x(path: str) -> list[str]:
    return ["extract", path]


def keeps(rules: Any, record: Any = RECORD) -> bool:
    return compile_filter({"type": "expression", "expression": {"version": "1", "rules": rules}})(record)


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        pytest.param(
            ["and", ["equals", ["string", x("status")], "open"], ["greaterthan", ["number", x("qty")], 5]],
            True,
            id="the documented example",
        ),
        (["equals", x("status"), "open"], True),
        (["equals", x("status"), "Open"], False),
        (["equals", x("n"), 5], True),
        (["equals", x("n"), "5"], True),
        (["equals", x("n"), 5.0], True),
        (["equals", x("zz"), x("yy")], True),
        (["equals", x("flag"), 1], False),
        (["notequals", x("status"), "open"], False),
        (["notequals", x("zz"), "x"], True),
        (["greaterthan", x("n"), 4], True),
        (["greaterthan", x("n"), 5], False),
        (["greaterthanequals", x("n"), 5], True),
        (["greaterthan", x("zz"), 0], False),
        (["greaterthan", ["number", x("status")], 0], False),
        (["lessthan", x("zz"), 1], False),
        (["lessthan", ["number", x("qty")], 8], True),
        (["lessthanequals", ["number", x("qty")], 7], True),
        (["lessthan", x("qty"), "70"], True),
        (["lessthan", x("qty"), "10"], False),
        (["startswith", x("status"), "op"], True),
        (["startswith", x("zz"), ""], False),
        (["endswith", x("status"), "en"], True),
        (["contains", x("status"), "pe"], True),
        (["contains", x("tags"), "a"], True),
        (["contains", x("tags"), "z"], False),
        (["contains", x("zz"), "a"], False),
        (["contains", x("o"), "o"], False),
        (["doesnotcontain", x("tags"), "z"], True),
        (["doesnotcontain", x("status"), "pe"], False),
        (["isempty", x("zz")], True),
        (["isempty", x("none")], True),
        (["isempty", x("empty")], True),
        (["isempty", x("list")], True),
        (["isempty", x("n")], False),
        (["isnotempty", x("n")], True),
        (["isnotempty", x("o")], False),
        (["matches", x("status"), "^o.*n$"], True),
        (["matches", x("status"), r"\d"], False),
        (["anyof", x("status"), ["open", "closed"]], True),
        (["anyof", x("status"), "a", "open"], True),
        (["anyof", x("status"), []], False),
        (["and", x("flag"), ["equals", x("n"), 5], True], True),
        (["and", True, False], False),
        (["or", False, ["equals", x("n"), 5]], True),
        (["or", False, False], False),
        (["not", ["equals", x("n"), 5]], False),
        (["not", x("zz")], True),
        (["equals", ["string", x("n")], "5"], True),
        (["equals", ["string", x("zz")], ""], True),
        (["equals", ["number", x("qty")], 7], True),
        (["equals", ["boolean", "TRUE"], True], True),
        (["boolean", "false"], False),
        (["equals", ["epochtime", x("created")], 1742947200000], True),
        (["equals", ["epochtime", x("status")], 0], False),
        (["greaterthan", ["epochtime", x("created")], ["epochtime", "2025-01-01"]], True),
        (["equals", ["lowercase", "OPEN"], x("status")], True),
        (["equals", ["uppercase", x("status")], "OPEN"], True),
        (["equals", ["ceiling", ["number", x("f")]], 3], True),
        (["equals", ["floor", x("f")], 2], True),
        (["equals", ["abs", -5], 5], True),
        (["equals", ["abs", "x"], 5], False),
        (["equals", x("deep.er[0].x"), 1], True),
        ([], True),
        (x("flag"), True),
        (x("zz"), False),
        (["equals", x("__class__"), x("zz")], True),
    ],
)
def test_rules(rules: Any, kept: bool) -> None:  # noqa: FBT001  # a table
    assert keeps(rules) is kept


def test_every_operator_is_tried() -> None:
    rows = next(mark for mark in test_rules.pytestmark if mark.name == "parametrize").args[1]
    used = str(rows)
    assert [name for name in OPERATORS if f"'{name}'" not in used] == []


def test_settings() -> None:
    keep = compile_filter({"expression": {"rules": ["equals", ["settings", "flow.x"], x("n")]}})
    assert keep(RECORD, {"settings": {"flow": {"x": 5}}})
    assert not keep(RECORD)


@pytest.mark.parametrize(
    "document", [None, {}, {"type": "expression"}, {"expression": {"version": "1", "rules": []}}, {"rules": []}]
)
def test_no_rules_keep_all(document: Any) -> None:
    assert compile_filter(document)({"a": 1})


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ([], "filter"),
        ({"type": "script"}, "filter.type"),
        ({"rules": ["nope", 1]}, "filter.rules"),
        ({"expression": {"rules": ["equals", 1]}}, "filter.expression.rules"),
        ({"expression": {"rules": ["and", ["equals", 1, 2, 3]]}}, "filter.expression.rules[1]"),
        ({"expression": {"rules": ["not", ["extract", "a["]]}}, "filter.expression.rules[1][1]"),
        ({"expression": {"rules": ["not", ["settings", "secret.x"]]}}, "filter.expression.rules[1][1]"),
        ({"expression": {"rules": ["not", [5]]}}, "filter.expression.rules[1]"),
        ({"expression": {"rules": ["not", ["extract"]]}}, "filter.expression.rules[1][1]"),
        ({"expression": {"rules": ["matches", ["extract", "a"], "("]}}, "filter.expression.rules[2]"),
    ],
)
def test_bad_rules(document: Any, field: str) -> None:
    with pytest.raises(RuleError) as caught:
        compile_filter(document)
    assert field in {problem.field for problem in caught.value.problems}


@pytest.mark.hostile(84)
def test_deep_and_large_rules_are_refused() -> None:
    deep: Any = True
    for _ in range(10_000):
        deep = ["not", deep]
    for rules in (deep, ["and", *[["not", True]] * 10_000]):
        with pytest.raises(RuleError):
            compile_filter({"rules": rules})


@pytest.mark.hostile(90)
def test_deep_data_and_late_patterns_are_record_errors() -> None:
    items: Any = []
    for _ in range(10_000):
        items = [items]
    with pytest.raises(RecordError) as caught:
        compile_filter({"rules": ["equals", ["string", x("a")], "x"]}, "input_filter")({"a": items})
    assert caught.value.source == "input_filter"
    with pytest.raises(RecordError):
        compile_filter({"rules": ["matches", "a", x("a")]})({"a": "("})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text("ab1", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=6,
)
OPERANDS = st.sampled_from(
    [x("a"), x("b.a"), "a", 1, None, ["number", x("a")], ["string", x("b")], ["epochtime", x("a")]]
)


@given(st.sampled_from(sorted(set(OPERATORS) - {"matches"})), st.lists(OPERANDS, min_size=2, max_size=2), JSON)
def test_a_filter_keeps_or_drops_and_nothing_else(name: str, operands: list[Any], record: Any) -> None:
    rules = [name, *operands[: OPERATORS[name].high]]
    first = keeps(rules, record)
    assert first in (True, False)
    assert keeps(rules, record) is first
    assert keeps(["not", ["not", rules]], record) is first


def test_nan_compares_to_nothing() -> None:
    assert not keeps(["equals", ["number", "x"], math.nan])
    assert keeps(["notequals", ["number", "x"], math.nan])
