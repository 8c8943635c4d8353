"""What generated templates and the interpreter call: looking names up, printing, sections."""

from collections.abc import Sequence
from typing import Any

from isthmus.records.errors import RecordError
from isthmus.records.paths.read import MISSING, child
from isthmus.records.template.fuel import Run
from isthmus.records.template.tree import Call, Expression


def look(value: Any, name: str) -> Any:
    """Take one step by name: a key, an index of a list or text, `length` of both. Never an attribute."""
    if type(value) is dict:
        return value.get(name, MISSING)
    if isinstance(value, str | list) and name == "length":
        return len(value)
    if isinstance(value, str) and name.isascii() and name.isdigit():
        return value[int(name)] if len(name) < 10 and int(name) < len(value) else MISSING  # noqa: PLR2004  # no text is longer
    return child(value, name)


def look_far(value: Any, names: Sequence[str]) -> Any:
    """Take many steps by name."""
    for name in names:
        value = look(value, name)
    return value


FRAME = {"index": 0, "key": 1, "first": 2, "last": 3}
"""Where a frame holds `@index` and the others."""


def frame_value(frame: Any, place: int) -> Any:
    """Read from a frame that may be none."""
    return MISSING if frame is None else frame[place]


def required(value: Any, name: str) -> Any:
    """Refuse a missing value in strict mode."""
    if value is MISSING:
        raise RecordError("missing_reference", f"The template refers to '{name}', which the data does not have.")
    return value


def count_calls(expression: Expression) -> int:
    """Count the helper calls of an expression."""
    if not isinstance(expression, Call):
        return 0
    inner = [*expression.arguments, *(value for _, value in expression.options)]
    return 1 + sum(map(count_calls, inner))


def checked(run: Run, text: str) -> str:
    """Spend room for a printed text."""
    run.room -= len(text)
    if run.room < 0:
        raise run.full()
    return text
