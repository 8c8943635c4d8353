"""Reads fields of documents whose shape is only known to be JSON: wrong types read as absent, nothing raises."""

from typing import Any

from isthmus.model.json import Document, Json


def block(document: Json, *keys: str) -> Document:
    """Give an object inside an object; {} where there is none."""
    node = document
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}


def text(document: Document, key: str, default: str = "") -> str:
    """Give a string field; the default where it is absent, empty or something else."""
    value = document.get(key)
    return value if isinstance(value, str) and value else default


def whole(document: Document, key: str) -> int | None:
    """Give a whole number, also one written as a string; None for anything else."""
    value = document.get(key)
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def items(document: Document, key: str) -> list[Any]:
    """Give a list; a lone value counts as a list of one, None as an empty one."""
    value = document.get(key)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def at_position(document: Document, key: str, index: int) -> Json:
    """Give the member of a positional array (imports.md section 3); a list of one holds for every position."""
    values = items(document, key)
    if not values:
        return None
    return values[index] if index < len(values) else values[0] if len(values) == 1 else None
