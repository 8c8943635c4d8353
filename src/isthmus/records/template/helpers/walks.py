"""Block helpers that walk over data: their body sees each item as its context. Source: handlebars.md section 3."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from isthmus.records.paths.read import MISSING, find
from isthmus.records.template.helpers.registry import Example, block
from isthmus.records.values import js_keys, strict_equals

Frame: TypeAlias = tuple[Any, Any, bool, bool] | None
"""What `@index`, `@key`, `@first` and `@last` are; None where they stay those of the outside."""
Walk: TypeAlias = Iterator[tuple[Any, Frame]] | tuple[tuple[Any, Frame], ...]


def _items(items: list[Any]) -> Iterator[tuple[Any, Frame]]:
    last = len(items) - 1
    for index, item in enumerate(items):
        yield item, (index, index, index == 0, index == last)


def _members(members: dict[str, Any]) -> Iterator[tuple[Any, Frame]]:
    keys = js_keys(members)
    last = len(keys) - 1
    for index, key in enumerate(keys):
        yield members[key], (index, key, index == 0, index == last)


@block(
    "each collection",
    Example("{{#each record.t}}{{this}};{{/each}}", "a;b;", {"record": {"t": ["a", "b"]}}),
    Example("{{#each a}}{{@key}}={{this}}{{#unless @last}},{{/unless}}{{/each}}", "x=1,y=2", {"a": {"x": 1, "y": 2}}),
    Example("{{#each a}}x{{else}}none{{/each}}", "none", {"a": []}),
    strict_arity=True,
    walks=True,
)
def each(collection: Any) -> Walk | None:
    """Show the body for each item of a list or member of an object; @index @key @first @last tell where it is."""
    if isinstance(collection, list) and collection:
        return _items(collection)
    if isinstance(collection, dict) and collection:
        return _members(collection)
    return None


@block(
    "with object",
    Example("{{#with a}}{{b}}{{else}}none{{/with}}", "1", {"a": {"b": 1}}),
    Example("{{#with a}}{{b}}{{else}}none{{/with}}", "none", {}),
    strict_arity=True,
    walks=True,
)
def with_(value: Any) -> Walk | None:
    """Show the body with the value as its context; 0 counts as a value.

    An empty list shows `{{else}}`; an empty object does not.
    """
    if value is False or value is None or value is MISSING or value in ("", []) or value != value:  # noqa: PLR0124  # NaN
        return None
    return ((value, None),)


@block(
    "filter array value path",
    Example(
        '{{#filter a "x" "t.k"}}{{sku}};{{else}}none{{/filter}}', "1;", {"a": [{"sku": 1, "t": {"k": "x"}}, {"sku": 2}]}
    ),
    Example('{{#filter a "x"}}{{this}}{{else}}none{{/filter}}', "none", {"a": []}),
    Example('{{#filter a "x"}}{{this}}{{else}}none{{/filter}}', "", {"a": "text"}),
    walks=True,
)
def filter_(items: Any, value: Any, path: Any = MISSING) -> Walk | None:
    """Show the body once for each match, the item as its context; for what is no list show nothing, not even else.

    Equality is strict, and case counts.
    """
    if not isinstance(items, list):
        return ()
    by_path = isinstance(path, str) and bool(path)
    found = [item for item in items if strict_equals(find(item, path) if by_path else item, value)]
    return _items(found) if found else None


def section(value: Any, context: Any) -> Walk | None:
    """`{{#name}}` without a helper: each item of a list, the object itself, the same context for true."""
    if value is True:
        return ((context, None),)
    if value is False or value is None or value is MISSING:
        return None
    if isinstance(value, list):
        return _items(value) if value else None
    return ((value, None),)


def each_value(collection: Any) -> list[Any] | None:
    """Give what `#each` walks over, for a body that never asks where it is."""
    if isinstance(collection, dict):
        collection = [collection[key] for key in js_keys(collection)]
    return collection if isinstance(collection, list) and collection else None
