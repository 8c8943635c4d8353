"""Lays JSON out for reading: what fits into a line stays on one, long lists show their first items only."""

import json
from collections.abc import Iterator
from typing import Any, Final

SHOWN_ITEMS: Final = 3
_INDENT: Final = "  "


def laid_out(value: Any, width: int) -> list[str]:
    """Write a value as lines of about `width` characters; only a single long string makes a longer one."""
    return list(_lines(value, "", "", width))


def _lines(value: Any, indent: str, head: str, width: int) -> Iterator[str]:
    flat = indent + head + _flat(value)
    parts = _parts(value)
    if not parts or (len(flat) <= width and not _is_cut(value)):
        yield flat
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield indent + head + opening
    for place, (name, item) in enumerate(parts, start=1):
        lines = list(_lines(item, indent + _INDENT, name, width))
        comma = "," if place < len(parts) or _is_cut(value) else ""
        yield from lines[:-1]
        yield lines[-1] + comma
    if _is_cut(value):
        yield f"{indent}{_INDENT}... {len(value) - SHOWN_ITEMS} more"
    yield indent + closing


def _parts(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"{_flat(key)}: ", item) for key, item in value.items()]
    return [("", item) for item in value[:SHOWN_ITEMS]] if isinstance(value, list) else []


def _is_cut(value: Any) -> bool:
    """Tell whether a list of objects is too long to be shown whole; plain values are short enough."""
    return isinstance(value, list) and len(value) > SHOWN_ITEMS + 1 and isinstance(value[0], dict)


def _flat(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
