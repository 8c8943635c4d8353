"""Lists. Source: handlebars.md section 4."""

import math
from collections.abc import Callable
from typing import Any

from isthmus.records.paths.read import MISSING, find
from isthmus.records.template.fuel import Run
from isthmus.records.template.helpers.registry import Example, inline
from isthmus.records.values import as_number, to_text, truthy, type_of


def _count(value: Any) -> int:
    read = as_number(value)
    return 0 if math.isnan(read) else int(max(0, min(read, 2**31)))


@inline("after array n", Example("{{after a 2}}", "c,d", {"a": ["a", "b", "c", "d"]}))
def after(items: Any, count: Any) -> Any:
    """Drop the first n items."""
    return items[_count(count) :] if isinstance(items, list) else MISSING


@inline("before array n", Example("{{before a 2}}", "a,b", {"a": ["a", "b", "c", "d"]}))
def before(items: Any, count: Any) -> Any:
    """Drop the last n items.

    It drops from the end; what comes before an item is not what is meant.
    """
    return items[: max(0, len(items) - _count(count))] if isinstance(items, list) else MISSING


@inline(
    'sort array [number="true"] [reverse="true"]',
    Example("{{sort a}}", "10,2", {"a": ["2", "10"]}),
    Example('{{sort a number="true"}}', "2,10", {"a": ["10", "2"]}),
    Example('{{sort a reverse="true"}}', "2,10", {"a": ["2", "10"]}),
    wants_options=True,
)
def sort(options: dict[str, Any], items: Any) -> Any:
    """Sort by text, or by number; `reverse` turns the order round."""
    if not isinstance(items, list):
        return MISSING
    key: Callable[[Any], Any] = _by_number if _is_on(options.get("number")) else to_text
    return sorted(items, key=key, reverse=_is_on(options.get("reverse")))


def _is_on(option: Any) -> bool:
    return truthy(option) and option != "false"


def _by_number(value: Any) -> float:
    read = as_number(value)
    return math.inf if math.isnan(read) else read


@inline("unique array", Example("{{unique a}}", "1,2", {"a": [1, 2, 1]}))
def unique(items: Any) -> Any:
    """Keep the first of equal plain values."""
    if not isinstance(items, list):
        return MISSING
    seen: dict[Any, Any] = {}
    for item in items:
        key = (type_of(item), id(item) if isinstance(item, list | dict) else item)
        seen.setdefault(key, item)
    return list(seen.values())


@inline('pluck array "path"', Example('{{jsonSerialize (pluck a "x.y")}}', "[1,null]", {"a": [{"x": {"y": 1}}, {}]}))
def pluck(items: Any, path: Any) -> Any:
    """Take one value out of each item; null where it is missing.

    A missing value is null, not left out.
    """
    if not isinstance(items, list):
        return MISSING
    found = [find(item, to_text(path)) for item in items]
    return [None if value is MISSING else value for value in found]


@inline(
    "arrayify value",
    Example('{{jsonSerialize (arrayify "a")}}', '["a"]'),
    Example("{{jsonSerialize (arrayify a)}}", "[]"),
)
def arrayify(value: Any) -> list[Any]:
    """Make a list: null gives [], a plain value [value]."""
    if value is None or value is MISSING:
        return []
    return value if isinstance(value, list) else [value]


@inline(
    'getValue "path" [default]',
    Example('{{getValue "a.b" "none"}}', "1", {"a": {"b": 1}}),
    Example('{{getValue "a.c" "none"}}', "none", {"a": {}}),
    wants_run=True,
)
def get_value(run: Run, context: Any, path: Any, default: Any = MISSING) -> Any:
    """Read by a path that is a text; null and missing give the default.

    Within `#each` it looks in the item first and then in the whole context.
    """
    text = to_text(path)
    found = find(context, text)
    if found is MISSING:
        found = find(run.root, text)
    return default if found is MISSING or found is None else found


@inline("hasNoItems collection", Example("{{hasNoItems a}}", "true", {"a": []}))
def has_no_items(collection: Any) -> bool:
    """Tell whether a list or object is empty; what is neither counts as empty."""
    return not (isinstance(collection, list | dict) and collection)


@inline(
    "hasOwn object key",
    Example('{{hasOwn a "b"}}', "true", {"a": {"b": None}}),
    Example('{{hasOwn a "constructor"}}', "false", {"a": {}}),
)
def has_own(value: Any, key: Any) -> bool:
    """Tell whether an object has a key, or a list an index."""
    return (
        find(value, f"[{to_text(key)}]") is not MISSING
        if isinstance(value, list)
        else (isinstance(value, dict) and to_text(key) in value)
    )
