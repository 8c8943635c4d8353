"""Composite objects: copies of the input in which each array on a path is replaced by one of its elements.

Source: mapping.md section 3 "buildArrayHelper".
"""

from collections.abc import Iterator
from typing import Any

from isthmus.records.paths.parse import Step, Wild
from isthmus.records.paths.read import MISSING, Path, child


def composites(root: Any, path: Path) -> Iterator[tuple[Any, Any]]:
    """Yield for each match of a path the composite of the input and the matched element itself.

    A list at the end of the path is walked over as well; an object there counts as one match.
    """
    yield from _walk(root, path.steps)


def _walk(value: Any, steps: tuple[Step, ...]) -> Iterator[tuple[Any, Any]]:
    if value is MISSING or value is None:
        return
    if not steps:
        if isinstance(value, list):
            yield from ((item, item) for item in value if item is not None)
        else:
            yield value, value
        return
    step, rest = steps[0], steps[1:]
    if isinstance(step, Wild):
        for item in value if isinstance(value, list) else [value]:
            yield from _element(item, rest)
    elif isinstance(value, list):
        yield from _element(child(value, step), rest)
    else:
        for inner, element in _walk(child(value, step), rest):
            yield ({**value, str(step): inner} if isinstance(value, dict) else value), element


def _element(item: Any, rest: tuple[Step, ...]) -> Iterator[tuple[Any, Any]]:
    """The element of an array stands for the array; below it the walk goes on."""
    if item is MISSING or item is None:
        return
    if rest:
        yield from _walk(item, rest)
    else:
        yield item, item
