"""Changing the ids that a document refers to, wherever its references stand. Source: api.md sections 9 and 12."""

from collections.abc import Callable, Mapping
from typing import Any

from isthmus.model.json import Document
from isthmus.model.references import references_of

Renamed = Mapping[tuple[str, str], str]
"""New ids by kind (plural) and old id."""


def renamed(kind: str, fields: Document, ids: Renamed) -> Document:
    """Put new ids in the place of old ones; references to anything else stay. The document itself is not changed."""
    result: Any = fields
    for path, target in dict.fromkeys((link.path, link.kind) for link in references_of(kind, fields)):
        steps = path.replace("[*]", ".*").split(".")
        result = _changed(result, steps, _lookup(ids, target))
    return dict(result)


def _lookup(ids: Renamed, kind: str) -> Callable[[Any], Any]:
    return lambda value: ids.get((kind, value), value) if isinstance(value, str) else value


def _changed(node: Any, steps: list[str], change: Callable[[Any], Any]) -> Any:
    if not steps:
        return change(node)
    step, rest = steps[0], steps[1:]
    if step == "*" and isinstance(node, list):
        return [_changed(item, rest, change) for item in node]
    if isinstance(node, dict) and step in node:
        return {**node, step: _changed(node[step], rest, change)}
    return node
