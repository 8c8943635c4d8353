"""What each operator of a filter does with its values. Source: mapping.md section 6."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from isthmus.records.dates import read_any
from isthmus.records.errors import RecordError, RuleError
from isthmus.records.paths.read import MISSING
from isthmus.records.regexes import compile_pattern
from isthmus.records.values import as_number, is_empty, is_number, less, less_or_equal, strict_equals, to_text, truthy

_MANY: Final = 1_000


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator and how many values it takes."""

    call: Callable[..., Any]
    low: int
    high: int

    @property
    def counts(self) -> str:
        """Say how many values it takes."""
        return f"{self.low} value{'s' if self.low > 1 else ''}" if self.low == self.high else f"at least {self.low}"


def equals(left: Any, right: Any) -> bool:
    """Strict on the same type; a number and a numeric text are compared as numbers."""
    if is_number(left) != is_number(right) and not isinstance(left, bool) and not isinstance(right, bool):
        return bool(as_number(left) == as_number(right))
    return strict_equals(left, right)


def contains(hay: Any, needle: Any) -> bool:
    """A text in a text, or an item in a list."""
    if isinstance(hay, list):
        return any(equals(item, needle) for item in hay)
    return not is_empty(hay) and not isinstance(hay, dict) and to_text(needle) in to_text(hay)


def matches(text: Any, pattern: Any) -> bool:
    """A regular expression, found anywhere in the text."""
    try:
        return compile_pattern(to_text(pattern)).search(to_text(text)) is not None
    except RuleError as error:
        raise RecordError("invalid_rule", error.problems[0].message) from error


def any_of(value: Any, *options: Any) -> bool:
    """Any of the values, which may stand in one list."""
    flat = [item for option in options for item in (option if isinstance(option, list) else [option])]
    return any(equals(value, item) for item in flat)


def is_nothing(value: Any) -> bool:
    """Missing, null, "", [] and {}."""
    return is_empty(value) or value in ([], {})


def boolean_of(value: Any) -> bool:
    """Booleans; "true" and "false" as texts of any case; else JavaScript's truth."""
    if isinstance(value, str) and value.strip().lower() == "false":
        return False
    return truthy(value)


def epoch_of(value: Any) -> float:
    """Milliseconds since 1970; NaN for what is no date."""
    try:
        return math.nan if is_empty(value) or isinstance(value, bool) else read_any(value).timestamp() * 1_000
    except RecordError:
        return math.nan


def _number(how: Callable[[float], float]) -> Callable[[Any], float]:
    def apply(value: Any) -> float:
        number = as_number(value)
        return how(number) if math.isfinite(number) else number

    return apply


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Two texts by their characters, anything else as numbers; nothing is never more or less."""

    def compare(left: Any, right: Any) -> bool:
        if is_empty(left) or is_empty(right):
            return False
        if isinstance(left, str) and isinstance(right, str):
            return test(left, right)
        return test(as_number(left), as_number(right))

    return compare


OPERATORS: Final[dict[str, Operator]] = {
    "equals": Operator(equals, 2, 2),
    "notequals": Operator(lambda a, b: not equals(a, b), 2, 2),
    "greaterthan": Operator(_ordered(lambda a, b: less(b, a)), 2, 2),
    "greaterthanequals": Operator(_ordered(lambda a, b: less_or_equal(b, a)), 2, 2),
    "lessthan": Operator(_ordered(less), 2, 2),
    "lessthanequals": Operator(_ordered(less_or_equal), 2, 2),
    "startswith": Operator(lambda a, b: not is_empty(a) and to_text(a).startswith(to_text(b)), 2, 2),
    "endswith": Operator(lambda a, b: not is_empty(a) and to_text(a).endswith(to_text(b)), 2, 2),
    "contains": Operator(contains, 2, 2),
    "doesnotcontain": Operator(lambda a, b: not contains(a, b), 2, 2),
    "isempty": Operator(is_nothing, 1, 1),
    "isnotempty": Operator(lambda a: not is_nothing(a), 1, 1),
    "matches": Operator(matches, 2, 2),
    "anyof": Operator(any_of, 2, _MANY),
    "and": Operator(lambda *values: all(boolean_of(value) for value in values), 1, _MANY),
    "or": Operator(lambda *values: any(boolean_of(value) for value in values), 1, _MANY),
    "not": Operator(lambda value: not boolean_of(value), 1, 1),
    "string": Operator(to_text, 1, 1),
    "number": Operator(as_number, 1, 1),
    "boolean": Operator(lambda value: value if value is MISSING else boolean_of(value), 1, 1),
    "epochtime": Operator(epoch_of, 1, 1),
    "lowercase": Operator(lambda value: to_text(value).lower(), 1, 1),
    "uppercase": Operator(lambda value: to_text(value).upper(), 1, 1),
    "ceiling": Operator(_number(math.ceil), 1, 1),
    "floor": Operator(_number(math.floor), 1, 1),
    "abs": Operator(_number(abs), 1, 1),
}
