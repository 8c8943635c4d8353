"""Fields by their dotted paths: reading, carrying over and naming them."""

from collections.abc import Sequence
from typing import Any, Final

from isthmus.model.json import Document
from isthmus.model.secret import from_pointer

_ABSENT: Final = object()


def dotted(pointer: str) -> str:
    """Write a JSON Pointer as the API writes fields: `http.auth.basic.password`, `http.headers[0].value`."""
    steps = (f"[{key}]" if key.isascii() and key.isdigit() else f".{key}" for key in from_pointer(pointer))
    return "".join(steps).removeprefix(".")


def with_fields_of(document: Document, other: Document, paths: Sequence[str]) -> Document:
    """Set the fields at `paths` as `other` has them, where it has them and there is an object to hold them.

    The document itself is not changed.
    """
    for path in paths:
        keys = path.split(".")
        value = _read(other, keys)
        if value is not _ABSENT and isinstance(_read(document, keys[:-1]), dict):
            document = _written(document, keys, value)
    return document


def _read(node: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        if not isinstance(node, dict) or key not in node:
            return _ABSENT
        node = node[key]
    return node


def _written(node: Any, keys: Sequence[str], value: Any) -> Any:
    if not keys:
        return value
    return {**node, keys[0]: _written(node.get(keys[0]), keys[1:], value)}
