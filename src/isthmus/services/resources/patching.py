"""PATCH: a JSON-patch array over a whitelist of fields. Source: api.md section 5, decisions.md "PATCH".

Unlike RFC 6902, `replace` sets a field whether or not it is there, and `remove` of an absent one changes nothing.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

from isthmus.model.errors import InvalidDocument, Problem, invalid, missing
from isthmus.model.json import Document, Json
from isthmus.model.patchable import check, check_path, field_of
from isthmus.model.secret import from_pointer

OPERATIONS: Final = ("replace", "add", "remove")
MAX_OPERATIONS: Final = 1000

_INDEX_DIGITS: Final = 6

_SHAPE: Final = 'The body of a PATCH must be an array such as [{"op": "replace", "path": "/name", "value": "x"}].'


def patched(kind: str, document: Document, operations: Json, more: Mapping[str, str]) -> Document:
    """Apply all operations to a copy of a document, or none: raises InvalidDocument with every problem.

    `more` adds to the whitelist of the kind what the connection type allows.
    """
    if not isinstance(operations, list):
        raise InvalidDocument(_SHAPE)
    if len(operations) > MAX_OPERATIONS:
        raise InvalidDocument(f"A PATCH may hold at most {MAX_OPERATIONS} operations.")
    problems = [p for place, operation in enumerate(operations) for p in _check(kind, place, operation, more)]
    if problems:
        raise InvalidDocument.of(problems)
    result = copy.deepcopy(document)
    problems = [problem for operation in operations for problem in _apply(result, operation)]
    if problems:
        raise InvalidDocument.of(problems)
    return result


def _check(kind: str, place: int, operation: Json, more: Mapping[str, str]) -> Iterator[Problem]:
    if not isinstance(operation, dict):
        yield invalid(f"[{place}]", "Every operation must be an object with op, path and value.")
        return
    name, path = operation.get("op"), operation.get("path")
    if name not in OPERATIONS:
        yield invalid(f"[{place}].op", f"op must be one of: {', '.join(OPERATIONS)}.")
    if not isinstance(path, str) or not path.startswith("/"):
        yield invalid(f"[{place}].path", "path must be a JSON Pointer such as /name.")
        return
    sets = name in ("replace", "add")
    if sets and "value" not in operation:
        yield missing(f"[{place}].value")
    wrong = (
        check(kind, path, operation["value"], more) if sets and "value" in operation else check_path(kind, path, more)
    )
    if wrong is not None:
        yield wrong


def _apply(document: Document, operation: Document) -> Iterator[Problem]:
    """Carry out one operation in place; a path that leads nowhere is a problem only where something is to be set."""
    *parents, last = from_pointer(operation["path"])
    removing = operation["op"] == "remove"
    node: Any = document
    for depth, key in enumerate(parents):
        inner = _step(node, key)
        if inner is None and depth and isinstance(node, dict) and not removing:
            inner = node[key] = {}
        if not isinstance(inner, (dict, list)):
            if not removing:
                field = field_of(operation["path"])
                yield invalid(field, f"{field} cannot be set: the document has no {field_of('/' + key)} to hold it.")
            return
        node = inner
    if not isinstance(node, dict):
        return
    if removing:
        node.pop(last, None)
    else:
        node[last] = copy.deepcopy(operation["value"])


def _step(node: Any, key: str) -> Any:
    if isinstance(node, list):
        fits = len(key) <= _INDEX_DIGITS and str(int(key)) == key and int(key) < len(node)
        return node[int(key)] if fits else None
    return node.get(key)
