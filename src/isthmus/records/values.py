"""JSON values as JavaScript sees them: text, truth, numbers, equality. Source: handlebars.md sections 1 and 3.

The rules come from an engine on Node, so `String(x)`, `Number(x)` and `==` decide what clients see. Integers beyond
2**53 keep all their digits here, which JavaScript would lose.
"""

import math
import re
from typing import Any, Final, TypeAlias

from isthmus.model.json import Json
from isthmus.records.errors import RecordError
from isthmus.records.paths.read import MISSING

Number: TypeAlias = int | float
MAX_DEPTH: Final = 200
"""How deep data may nest before a step that has to walk all of it refuses the record."""
_NUMERIC: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?\Z", re.ASCII)
_LONGEST_NUMBER: Final = 400
_BIG: Final = 1e21
_SMALL: Final = 1e-6
_EXACT: Final = 2**53


def to_text(value: Any) -> str:
    """Write a value as a template prints it: missing and null as "", lists by commas, objects as JavaScript does.

    Raises RecordError for lists nested deeper than `MAX_DEPTH`.
    """
    if type(value) is str:
        return value
    if value is None or value is MISSING:
        return ""
    if isinstance(value, list):
        return _list_text(value, 0)
    return _scalar_text(value)


def _scalar_text(value: Any) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(value) if -_EXACT < value < _EXACT else _integer_text(value)
    if isinstance(value, float):
        return number_text(value)
    return value if isinstance(value, str) else "[object Object]"


def _integer_text(value: int) -> str:
    wide = value.bit_length() > 1_024  # noqa: PLR2004  # the widest double
    return number_text(math.inf if value > 0 else -math.inf) if wide else str(value)


def _list_text(items: list[Any], depth: int) -> str:
    if depth > MAX_DEPTH:
        raise too_deep()
    return ",".join(_list_text(item, depth + 1) if isinstance(item, list) else to_text(item) for item in items)


def too_deep() -> RecordError:
    """The refusal of data that nests too deep to be walked."""
    return RecordError("too_deep", f"The data nests deeper than {MAX_DEPTH} levels.")


def number_text(number: Number) -> str:
    """Write a number as JavaScript's `String(number)`: 5.0 as `5`, 1e21 as `1e+21`, NaN as `NaN`."""
    if isinstance(number, int):
        return str(number)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "0"
    if number.is_integer() and abs(number) < _BIG:
        return str(int(number)) if abs(number) < _EXACT else _digits_text(number)
    return _digits_text(number)


def _digits_text(number: float) -> str:
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + ("" if fraction == "0" else fraction)).lstrip("0")
    point = len(whole) + int(exponent or 0) if whole != "0" else len(digits) - len(fraction) + int(exponent or 0)
    digits = digits.rstrip("0") or "0"
    if _SMALL <= abs(number) < _BIG:
        if point <= 0:
            return f"{sign}0.{'0' * -point}{digits}"
        padded = digits.ljust(point, "0")
        return sign + padded[:point] + (f".{padded[point:]}" if len(padded) > point else "")
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def parse_number(text: str) -> Number | None:
    """Read a numeric text, spaces around it allowed; None for anything else, "" among it. Whole numbers stay int."""
    stripped = text.strip()
    if len(stripped) > _LONGEST_NUMBER or not _NUMERIC.match(stripped):
        return None
    if stripped.lstrip("+-").isdigit():
        return int(stripped)
    number = float(stripped)
    return number if math.isfinite(number) else None


def is_number(value: Any) -> bool:
    """Tell a JSON number; booleans are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_number(value: Any) -> float | int:
    """Read what helpers and filters take for a number: numbers and numeric texts; anything else is NaN."""
    if isinstance(value, bool):
        return math.nan
    if isinstance(value, int | float):
        return value
    number = parse_number(value) if isinstance(value, str) else None
    return math.nan if number is None else number


def js_number(value: Any) -> float | int:
    """JavaScript's `Number(value)`: "" and null are 0, true is 1, a list of one is its item."""
    if value is None or value is False:
        return 0
    if value is True:
        return 1
    if isinstance(value, list):
        return js_number(to_text(value))
    if isinstance(value, str) and not value.strip():
        return 0
    return as_number(value)


def whole(number: Number) -> Number:
    """Turn a float that holds a whole number into an int, as far as doubles are exact."""
    return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < _EXACT else number


def truthy(value: Any) -> bool:
    """JavaScript's truth: false, null, undefined, 0, NaN and "" are false; [] and {} are true."""
    if isinstance(value, list | dict):
        return True
    return bool(value) and value == value  # noqa: PLR0124  # NaN alone differs from itself


def if_truthy(value: Any) -> bool:
    """The truth of `#if`: as JavaScript's, but an empty list is false."""
    return truthy(value) and value != []


def is_empty(value: Any) -> bool:
    """What a rule takes for no value: missing, null and ""."""
    return value is MISSING or value is None or value == ""


def type_of(value: Any) -> str:
    """JavaScript's `typeof`, except that a list is `array`."""
    if value is MISSING:
        return "undefined"
    for kind, name in ((bool, "boolean"), (str, "string"), ((int, float), "number"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "object"


def strict_equals(left: Any, right: Any) -> bool:
    """JavaScript's `===`: same type and value; lists and objects are equal only to themselves."""
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return left is right
    if type_of(left) != type_of(right):
        return False
    return bool(left == right) if left is not None and right is not None else left is right


def loose_equals(left: Any, right: Any) -> bool:
    """JavaScript's `==`: null equals undefined, 5 equals "5", a list is compared by its text."""
    if left is None or left is MISSING or right is None or right is MISSING:
        return (left is None or left is MISSING) and (right is None or right is MISSING)
    if type_of(left) == type_of(right) or (isinstance(left, list | dict) and isinstance(right, list | dict)):
        return strict_equals(left, right)
    if isinstance(left, list | dict):
        left = to_text(left)
    if isinstance(right, list | dict):
        right = to_text(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return js_number(left) == js_number(right)


def less(left: Any, right: Any) -> bool:
    """JavaScript's `<`: two texts by their characters, anything else as numbers; NaN is never less."""
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    return js_number(left) < js_number(right) if _orderable(left, right) else False


def less_or_equal(left: Any, right: Any) -> bool:
    """JavaScript's `<=`."""
    if isinstance(left, str) and isinstance(right, str):
        return left <= right
    return js_number(left) <= js_number(right) if _orderable(left, right) else False


def _orderable(left: Any, right: Any) -> bool:
    return left is not MISSING and right is not MISSING


def js_keys(value: dict[str, Json]) -> list[str]:
    """Keys in JavaScript's order: those that are array indexes first, ascending, then the others as they came."""
    keys = list(value)
    indexes = [key for key in keys if _is_index(key)]
    if not indexes:
        return keys
    return sorted(indexes, key=int) + [key for key in keys if not _is_index(key)]


def _is_index(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) <= 10 and (key == "0" or key[0] != "0")  # noqa: PLR2004  # 2**32
