"""Tests that give true or false, for sub-expressions. Source: handlebars.md section 4."""

from typing import Any

from isthmus.records.template.helpers.registry import Example, inline
from isthmus.records.values import loose_equals, truthy


@inline("eq a b", Example('{{eq 5 "5"}}', "true"), Example("{{#if (eq a 1)}}y{{/if}}", "y", {"a": 1}))
def eq(left: Any, right: Any) -> bool:
    """Compare as JavaScript's ==."""
    return loose_equals(left, right)


@inline("isTruthy value", Example("{{isTruthy a}}", "true", {"a": []}))
def is_truthy(value: Any) -> bool:
    """JavaScript's truth; [] is true."""
    return truthy(value)


@inline("isFalsey value", Example("{{isFalsey a}}", "true", {"a": ""}))
def is_falsey(value: Any) -> bool:
    """The opposite of isTruthy."""
    return not truthy(value)


@inline("log value")
def log(*_: Any) -> str:
    """Print nothing: standard Handlebars writes to the console, which is nobody's here."""
    return ""
