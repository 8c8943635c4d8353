"""Lists of documents and what is left of each under `include` or `exclude`. Source: api.md section 1 "Lists"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from isthmus.model.json import Document, Json

MAX_LIMIT: Final = 1000

EVERYTHING: Final = 1_000_000
"""The limit of a kind whose list never pages (iClients)."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What to list. `include` and `exclude` are dotted fields, at most one of them given; `filters` exact values."""

    limit: int = MAX_LIMIT
    skip: int = 0
    include: Sequence[str] | None = None
    exclude: Sequence[str] | None = None
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def projects(self) -> bool:
        """Whether documents are shown in part."""
        return bool(self.include or self.exclude)


@dataclass(frozen=True, slots=True)
class Listing:
    """The JSON of each document on the page, in order of id, and whether there is another page."""

    items: list[bytes]
    more: bool


def projected(document: Document, query: ListQuery, always: Iterable[str]) -> Document:
    """Show a document in part; the fields in `always` stay whatever is to be included.

    A field of objects in an array is taken from each of them.
    """
    if query.include:
        wanted = _tree([*always, *query.include])
        return {key: value for key, value in _included(document, wanted).items() if value is not _NOTHING}
    if query.exclude:
        kept = {key: document[key] for key in ("_id",) if key in document}
        return {**kept, **_excluded(document, _tree(query.exclude))}
    return document


_NOTHING: Final = object()
_Tree = dict[str, Any]


def _tree(paths: Iterable[str]) -> _Tree:
    """Turn dotted paths into nested keys; an empty dict means "all of it"."""
    root: _Tree = {}
    for path in sorted(set(paths)):
        node = root
        *parents, last = path.split(".")
        for key in parents:
            if node.get(key) == {} and key in node:
                break
            node = node.setdefault(key, {})
        else:
            node[last] = {}
    return root


def _included(node: Document, tree: _Tree) -> dict[str, Any]:
    return {key: _taken(value, tree[key]) for key, value in node.items() if key in tree}


def _taken(value: Json, tree: _Tree) -> Any:
    if not tree:
        return value
    if isinstance(value, dict):
        found = {key: item for key, item in _included(value, tree).items() if item is not _NOTHING}
        return found or _NOTHING
    if isinstance(value, list):
        items = (_taken(item, tree) for item in value)
        return [item for item in items if item is not _NOTHING]
    return _NOTHING


def _excluded(node: Json, tree: _Tree) -> Any:
    if isinstance(node, list):
        return [_excluded(item, tree) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _excluded(value, tree[key]) if key in tree else value
        for key, value in node.items()
        if key not in tree or tree[key]
    }
