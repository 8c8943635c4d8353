"""The table of conversions between data types, which both mappers share. Source: mapping.md section 3 "Coercion"."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import orjson

from isthmus.model.json import Json
from isthmus.records.errors import RecordError
from isthmus.records.values import MAX_DEPTH, Number, is_number, parse_number, to_text, too_deep

Coercion: TypeAlias = Callable[[Any], Json]
"""Turns a value that is not empty into one of a type. Raises RecordError where the table refuses it."""


def refuse(wanted: str) -> RecordError:
    """The refusal of a value; names the type, never the value."""
    return RecordError("invalid_type", f"A value cannot be converted to the data type {wanted}.")


def json_text(value: Any) -> str:
    """Write JSON. Raises RecordError for data that is too deep or no JSON."""
    try:
        return orjson.dumps(value).decode("utf-8")
    except TypeError as error:
        raise too_deep() from error


def to_string(value: Any) -> str:
    """Any value as text: plain lists joined by commas, objects and lists of objects as JSON."""
    if type(value) is str:
        return value
    if isinstance(value, dict):
        return json_text(value)
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        return json_text(value)
    return to_text(value)


def _writable(number: Number) -> Json:
    """Whole numbers keep their digits as far as JSON is written with them, 64 bits; wider ones become doubles."""
    if isinstance(number, float) or -(2**63) <= number < 2**64:
        return number
    try:
        return float(number)
    except OverflowError as error:
        raise refuse("number") from error


def to_number(value: Any) -> Json:
    """Numbers and numeric texts."""
    kind = type(value)
    if kind is str:
        if len(value) < 16 and value.isascii() and value.replace(".", "", 1).isdigit():  # noqa: PLR2004  # nearly all
            return float(value) if "." in value else int(value)
        number = parse_number(value)
        if number is not None:
            return _writable(number)
    elif kind is int or kind is float:
        return value
    raise refuse("number")


_BOOLEANS: Final = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}


def to_boolean(value: Any) -> bool:
    """Booleans; true, false, t and f as texts of any case; 0 and 1 as numbers and texts."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and (found := _BOOLEANS.get(value.strip().lower())) is not None:
        return found
    if is_number(value) and value in (0, 1):
        return bool(value)
    raise refuse("boolean")


def to_object(value: Any) -> Json:
    """Objects alone."""
    if isinstance(value, dict):
        return value
    raise refuse("object")


def _json_or_text(value: Any) -> str:
    return json_text(value) if isinstance(value, dict | list) else to_text(value)


def _wrapped(value: Any) -> Json:
    return value if isinstance(value, dict) else {"value": value}


def _list(value: Any) -> Json:
    return value if isinstance(value, list) else [value]


def _each(item: Coercion) -> Coercion:
    """Convert element by element; a value that is no list becomes a list of one; null stays."""

    def convert(value: Any) -> Json:
        items = value if isinstance(value, list) else [value]
        return [None if element is None else item(element) for element in items]

    return convert


COERCIONS: Final[dict[str, Coercion]] = {
    "string": to_string,
    "number": to_number,
    "boolean": to_boolean,
    "object": to_object,
    "stringarray": _each(_json_or_text),
    "numberarray": _each(to_number),
    "booleanarray": _each(to_boolean),
    "objectarray": _each(_wrapped),
    "arrayarray": _each(_list),
}
ELEMENTS: Final = {"stringarray": "string", "numberarray": "number", "booleanarray": "boolean"}
"""What the elements of an array of plain values are."""


def copy_json(value: Any, depth: int = 0) -> Any:
    """Copy plain data all the way down. Raises RecordError for data that nests deeper than `MAX_DEPTH`."""
    if depth > MAX_DEPTH:
        raise too_deep()
    if isinstance(value, dict):
        return {key: copy_json(item, depth + 1) for key, item in value.items()}
    return [copy_json(item, depth + 1) for item in value] if isinstance(value, list) else value
