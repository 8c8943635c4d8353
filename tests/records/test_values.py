"""Values as JavaScript sees them: handlebars.md sections 1 and 3."""

import math
from typing import Any

import pytest

from isthmus.records import values
from isthmus.records.errors import RecordError
from isthmus.records.paths import MISSING


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (MISSING, ""),
        (None, ""),
        (True, "true"),
        (False, "false"),
        ("a", "a"),
        (5, "5"),
        (5.0, "5"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e21, "1e+21"),
        (1.5e-7, "1.5e-7"),
        (1e-6, "0.000001"),
        (1e20, "100000000000000000000"),
        (123.456, "123.456"),
        (-12.5, "-12.5"),
        (5e-324, "5e-324"),
        (9007199254740993, "9007199254740993"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        pytest.param(10**5000, "Infinity", id="a number of 5,000 digits"),
        ([], ""),
        ([1, None, "x", [2, 3]], "1,,x,2,3"),
        ({}, "[object Object]"),
        ([{}], "[object Object]"),
    ],
)
def test_text(value: Any, text: str) -> None:
    assert values.to_text(value) == text


@pytest.mark.hostile(90)
def test_deep_lists_are_refused() -> None:
    deep: list[Any] = []
    for _ in range(10_000):
        deep = [deep]
    with pytest.raises(RecordError) as caught:
        values.to_text(deep)
    assert caught.value.code == "too_deep"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        (" 5.5 ", 5.5),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("", None),
        ("abc", None),
        ("1e309", None),
        ("0x10", None),
        ("\uff11\uff12", None),
        ("1_000", None),
        ("nan", None),
        ("9" * 500, None),
        ("+7", 7),
    ],
)
def test_numeric_text(text: str, number: float | None) -> None:
    assert values.parse_number(text) == number


@pytest.mark.parametrize(
    ("left", "right", "loose", "strict"),
    [
        (5, "5", True, False),
        (None, MISSING, True, False),
        (0, "", True, False),
        (0, None, False, False),
        (True, "1", True, False),
        ("a", "a", True, True),
        ([1], "1", True, False),
        ({}, {}, False, False),
        (math.nan, math.nan, False, False),
        (1, 1.0, True, True),
    ],
)
def test_equality(left: Any, right: Any, loose: bool, strict: bool) -> None:  # noqa: FBT001  # a table
    assert values.loose_equals(left, right) is loose
    assert values.strict_equals(left, right) is strict


@pytest.mark.parametrize(
    ("value", "js", "hash_if"),
    [
        ([], True, False),
        ({}, True, True),
        ("0", True, True),
        ("", False, False),
        (0, False, False),
        (math.nan, False, False),
        (MISSING, False, False),
    ],
)
def test_truth(value: Any, js: bool, hash_if: bool) -> None:  # noqa: FBT001  # a table
    assert values.truthy(value) is js
    assert values.if_truthy(value) is hash_if


def test_order() -> None:
    assert values.less("10", "9")
    assert not values.less(10, 9)
    assert values.less("9", 10)
    assert not values.less(MISSING, 1)
    assert not values.less("x", 1)


def test_keys_in_order_of_javascript() -> None:
    assert values.js_keys({"b": 1, "2": 1, "01": 1, "1": 1}) == ["1", "2", "b", "01"]
