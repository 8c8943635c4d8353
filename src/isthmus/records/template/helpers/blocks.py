"""Block helpers that choose between their body and `{{else}}`. Source: handlebars.md section 3."""

from collections.abc import Callable
from typing import Any, Final

from isthmus.records.paths.read import MISSING
from isthmus.records.template.helpers.registry import Example, block
from isthmus.records.values import (
    as_number,
    if_truthy,
    is_number,
    less,
    less_or_equal,
    loose_equals,
    strict_equals,
    to_text,
    truthy,
    type_of,
)


@block("if x", Example("{{#if a}}y{{else}}n{{/if}}", "n", {"a": []}), strict_arity=True, last_option="includeZero")
def if_(value: Any, include_zero: Any = None) -> bool:
    """Show the body unless the value is false, undefined, null, "", 0 or []; `includeZero=true` takes 0 for true."""
    return if_truthy(value) or (truthy(include_zero) and is_number(value) and value == 0)


@block(
    "unless x",
    Example("{{#unless a}}y{{else}}n{{/unless}}", "y", {"a": 0}),
    strict_arity=True,
    last_option="includeZero",
)
def unless(value: Any, include_zero: Any = None) -> bool:
    """Show the body where `#if` would not."""
    return not if_(value, include_zero)


_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": loose_equals,
    "===": strict_equals,
    "!=": lambda a, b: not loose_equals(a, b),
    "!==": lambda a, b: not strict_equals(a, b),
    "<": less,
    ">": lambda a, b: less(b, a),
    "<=": less_or_equal,
    ">=": lambda a, b: less_or_equal(b, a),
    "typeof": lambda a, b: type_of(a) == b,
}


@block(
    "compare a operator b",
    Example('{{#compare a ">" b}}y{{else}}n{{/compare}}', "y", {"a": "50", "b": "100"}),
    Example('{{#compare a ">" b}}y{{else}}n{{/compare}}', "y", {"a": "9", "b": "10"}),
    Example('{{#compare a ">" b}}y{{else}}n{{/compare}}', "n", {"a": 9, "b": 10}),
    Example('{{#compare a "===" "5"}}y{{else}}n{{/compare}}', "n", {"a": 5}),
    Example('{{#compare a "==" "5"}}y{{else}}n{{/compare}}', "y", {"a": 5}),
)
def compare(left: Any, operator: Any, right: Any) -> bool:
    """Compare by == === != !== < > <= >= or typeof; two texts compare by their characters. Others are never true.

    So `"50" > "100"` and `"9" > "10"` are true; numbers compare as numbers.
    """
    test = _OPERATORS.get(operator) if isinstance(operator, str) else None
    return test is not None and test(left, right)


@block("and a b", Example("{{#and a b}}y{{else}}n{{/and}}", "y", {"a": "0", "b": 1}))
def and_(left: Any, right: Any, *more: Any) -> bool:
    """Show the body where all are true in JavaScript: "0" is, 0 is not."""
    return all(truthy(value) for value in (left, right, *more))


@block("or a b", Example("{{#or a b}}y{{else}}n{{/or}}", "y", {"a": 0, "b": "0"}))
def or_(left: Any, right: Any, *more: Any) -> bool:
    """Show the body where any is true in JavaScript."""
    return any(truthy(value) for value in (left, right, *more))


@block("neither a b", Example("{{#neither a b}}y{{else}}n{{/neither}}", "y", {"a": 0, "b": ""}))
def neither(left: Any, right: Any) -> bool:
    """Show the body where both are false in JavaScript."""
    return not truthy(left) and not truthy(right)


@block("not x", Example("{{#not a}}y{{else}}n{{/not}}", "n", {"a": []}), strict_arity=True)
def not_(value: Any) -> bool:
    """Show the body where the value is false in JavaScript; [] is true here, unlike in `#if`."""
    return not truthy(value)


@block(
    "contains hay needle",
    Example('{{#contains a "5"}}y{{else}}n{{/contains}}', "y", {"a": "12345"}),
    Example('{{#contains a "x"}}y{{/contains}}', "", {"a": ["a", "b"]}),
)
def contains(hay: Any, needle: Any) -> bool:
    """Look for a text in a text, or for an item in a list."""
    if isinstance(hay, list):
        return any(strict_equals(item, needle) for item in hay)
    if hay is None or hay is MISSING or isinstance(hay, dict) or needle is None or needle is MISSING:
        return False
    return to_text(needle) in to_text(hay)


@block(
    "inArray array value",
    Example("{{#inArray a 3}}y{{else}}n{{/inArray}}", "n", {"a": ["3"]}),
    Example("{{#inArray a 3}}y{{else}}n{{/inArray}}", "y", {"a": [1, 3]}),
)
def in_array(items: Any, value: Any) -> bool:
    """Look for an item in a list of plain values, strictly: 3 is not "3".

    A list of objects never matches.
    """
    return isinstance(items, list) and any(strict_equals(item, value) for item in items)


_TESTS: Final[dict[str, Callable[[Any], bool]]] = {
    "isFalsy": lambda value: not truthy(value),
    "isTruthy": truthy,
    "isArray": lambda value: isinstance(value, list),
    "isString": lambda value: isinstance(value, str),
    "isObject": lambda value: isinstance(value, dict),
    "isNumber": is_number,
    "isBoolean": lambda value: isinstance(value, bool),
}


@block("some array test", Example('{{#some a "isString"}}y{{else}}n{{/some}}', "y", {"a": [1, "b"]}))
def some(items: Any, test: Any) -> bool:
    """Show the body where a test holds for any item: isFalsy isTruthy isArray isString isObject isNumber isBoolean."""
    check = _TESTS.get(test) if isinstance(test, str) else None
    return check is not None and isinstance(items, list) and any(check(item) for item in items)


@block(
    "startsWith prefix text",
    Example('{{#startsWith "ab" a}}y{{else}}n{{/startsWith}}', "y", {"a": "abc"}),
    Example('{{#startsWith "ab" b}}y{{else}}n{{/startsWith}}', "", {}),
)
def starts_with(prefix: Any, text: Any) -> bool | None:
    """Look for a prefix, case counts; a missing argument shows neither body."""
    if prefix is MISSING or text is MISSING or prefix is None or text is None:
        return None
    return to_text(text).startswith(to_text(prefix))


@block("ifEven n", Example("{{#ifEven a}}y{{else}}n{{/ifEven}}", "y", {"a": "2"}))
def if_even(number: Any) -> bool:
    """Show the body for an even number; numeric texts will do."""
    value = as_number(number)
    return value == value and abs(value) != float("inf") and value % 2 == 0  # noqa: PLR0124  # NaN differs from itself


@block(
    "isEmpty collection",
    Example("{{#isEmpty a}}y{{else}}n{{/isEmpty}}", "y", {"a": {}}),
    Example("{{#isEmpty a}}y{{else}}n{{/isEmpty}}", "n", {"a": [1]}),
    Example("{{#isEmpty a}}y{{else}}n{{/isEmpty}}", "y", {"a": 7}),
)
def is_empty(collection: Any) -> bool:
    """Show the body for [], {}, null, undefined, and for every value that is no collection.

    A number or a text is no collection, so it counts as empty.
    """
    return not (isinstance(collection, list | dict) and collection)
