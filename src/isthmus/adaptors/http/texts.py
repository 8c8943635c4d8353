"""How a JSON value reads as text wherever the field compares strings: success, fail and last-page values."""

import orjson

from isthmus.model.json import Json


def as_text(value: Json) -> str:
    """Write a value as a client compares it: `true`, `null`, `42`, strings as they are, the rest as JSON."""
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def as_texts(values: Json) -> tuple[str, ...]:
    """Write a list of values (or one) as text."""
    if values is None:
        return ()
    return tuple(as_text(value) for value in (values if isinstance(values, list) else [values]))


def as_number(value: Json) -> float | None:
    """Read a count or page number, also one written as a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
