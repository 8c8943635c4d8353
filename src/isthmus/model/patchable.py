"""What PATCH may change, read from `patchable.json`: kind -> JSON Pointer -> type of the value.

Source: api.md section 5.

In a pattern `*` stands for the index of an array's item.
"""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from isthmus.model.clock import from_iso
from isthmus.model.errors import Problem, invalid
from isthmus.model.secret import from_pointer


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_date(value: Any) -> bool:
    try:
        from_iso(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


_TYPES: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "string": ("a string", lambda value: isinstance(value, str)),
    "number": ("a number", _is_number),
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "date": ("a date such as 2025-03-28T15:22:51.518Z", _is_date),
    "array": ("an array", lambda value: isinstance(value, list)),
    "object": ("an object", lambda value: isinstance(value, dict)),
}


@lru_cache(maxsize=1)
def _all() -> Mapping[str, Mapping[str, str]]:
    text = files("isthmus.model").joinpath("patchable.json").read_text(encoding="utf-8")
    return {kind: MappingProxyType(rows) for kind, rows in json.loads(text).items()}


def allowed(kind: str) -> Mapping[str, str]:
    """The whitelist of a kind (`connections` ...): pattern -> string, number, boolean, date, array or object."""
    return _all().get(kind, {})


def type_of(pointer: str, rows: Mapping[str, str]) -> str | None:
    """Tell what type the value at a JSON Pointer has to have; None when the whitelist does not hold the pointer."""
    if pointer in rows:
        return None if "*" in from_pointer(pointer) else rows[pointer]
    keys = from_pointer(pointer)
    return next((kind for pattern, kind in rows.items() if _matches(keys, from_pointer(pattern))), None)


def _matches(keys: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    return len(keys) == len(pattern) and all(
        (key.isascii() and key.isdigit()) if wanted == "*" else key == wanted
        for key, wanted in zip(keys, pattern, strict=True)
    )


def field_of(pointer: str) -> str:
    """Write a JSON Pointer as the dotted field that a problem names: `pageGenerators[0].schedule`."""
    steps = (f"[{key}]" if key.isascii() and key.isdigit() else f".{key}" for key in from_pointer(pointer))
    return "".join(steps).removeprefix(".")


def check(kind: str, pointer: str, value: Any, more: Mapping[str, str] | None = None) -> Problem | None:
    """Say what is wrong with setting `value` at `pointer`, None when nothing is. `more` adds rows to the whitelist.

    The type alone is checked; whether the value will do is found when the whole document is validated.
    """
    problem = check_path(kind, pointer, more)
    if problem is not None:
        return problem
    name, fits = _TYPES[type_of(pointer, {**allowed(kind), **(more or {})}) or "object"]
    return None if fits(value) else invalid(field_of(pointer), f"{field_of(pointer)} must be {name}.")


def check_path(kind: str, pointer: str, more: Mapping[str, str] | None = None) -> Problem | None:
    """Say what is wrong with changing or removing `pointer` at all, None when nothing is."""
    if type_of(pointer, {**allowed(kind), **(more or {})}) is None:
        field = field_of(pointer)
        return invalid(field, f"{field or 'The whole document'} cannot be changed with PATCH: use PUT.")
    return None
