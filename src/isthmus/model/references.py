"""Which other resources a document names, and where. Source: api.md section 9 "Path strings to emit"."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from isthmus.model.ids import is_id
from isthmus.model.json import Document


@dataclass(frozen=True, slots=True)
class Link:
    """One reference: the place in the document, as dependencies show it, and what it leads to (a kind, plural)."""

    path: str
    kind: str
    id: str


_STEP: Final = (("_exportId", "exports"), ("_importId", "imports"))
_STEPS: Final = ("pageProcessors[*]", "routers[*].branches[*].pageProcessors[*]")

_PATHS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "connections": (("_borrowConcurrencyFromConnectionId", "connections"), ("_integrationId", "integrations")),
    "exports": (("_connectionId", "connections"), ("_integrationId", "integrations")),
    "imports": (("_connectionId", "connections"), ("_integrationId", "integrations")),
    "flows": (
        ("pageGenerators[*]._exportId", "exports"),
        *((f"{step}.{field}", kind) for step in _STEPS for field, kind in _STEP),
        ("_integrationId", "integrations"),
    ),
    "integrations": (("_registeredConnectionIds[*]", "connections"),),
    "iclients": (),
}


def references_of(kind: str, document: Document) -> list[Link]:
    """Collect every reference of a document, each path and id once, in a fixed order.

    Ids of resources that isthmus does not hold yet (agents, stacks, scripts, connectors) are not among them
    (decisions.md "References"). A connection's `_iClientId` is found wherever its configuration block has one.
    """
    places = _PATHS[kind]
    if kind == "connections":
        places = (*places, *((path, "iclients") for path in _iclient_places(document)))
    return links_at(document, places)


def links_at(document: Document, places: Iterable[tuple[str, str]]) -> list[Link]:
    """Collect the references at given paths (`a[*]._b`), each with the kind that it leads to."""
    found = (
        Link(path, kind, value)
        for path, kind in places
        for value in _values(document, path.replace("[*]", ".*").split("."))
        if is_id(value)
    )
    return list(dict.fromkeys(found))


def _values(node: Any, steps: list[str]) -> Iterator[Any]:
    if not steps:
        yield node
    elif steps[0] == "*":
        for item in node if isinstance(node, list) else ():
            yield from _values(item, steps[1:])
    elif isinstance(node, dict) and steps[0] in node:
        yield from _values(node[steps[0]], steps[1:])


def _iclient_places(document: Document) -> Iterator[str]:
    """Find `_iClientId` in the configuration block itself, or one level further in (`mcp.http._iClientId`)."""
    name = document.get("type")
    block = document.get(name) if isinstance(name, str) else None
    if isinstance(block, dict):
        yield f"{name}._iClientId"
        yield from (f"{name}.{key}._iClientId" for key, inner in block.items() if isinstance(inner, dict))
