"""Reading values by path."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final, TypeAlias

from isthmus.model.json import Json
from isthmus.records.errors import RecordError, RuleError
from isthmus.records.paths.parse import Step, Wild, is_json_path, parse_path


class Missing:
    """The type of `MISSING`, which stands for a value that is not there, JavaScript's `undefined`; it is falsy."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()
MOST: Final = 1_000_000
"""How many values a path may find: a list that holds itself would never end."""
Found: TypeAlias = "Json | Missing"


def child(value: Json, step: str | int) -> Found:
    """Take one step into a dict or a list; anything else has no children. Digits reach into lists, too."""
    if isinstance(value, dict):
        return value.get(step if isinstance(step, str) else str(step), MISSING)
    if not isinstance(value, list):
        return MISSING
    if isinstance(step, str):
        if not (step.isascii() and step.isdigit() and len(step) < 10):  # noqa: PLR2004  # no list is longer
            return MISSING
        step = int(step)
    return value[step] if step < len(value) else MISSING


class Path:
    """A compiled path: call it with a value to read what lies there.

    `many` tells that the path has a wildcard, so that its result is a list of all that was found, in order, nested
    wildcards flattened; `MISSING` where the first list itself is not there. A plain path (no `$`) reads the first row
    of a record that is a list, and a key that is literally the whole text wins over its steps.
    """

    __slots__ = ("_first_row", "_literal", "many", "steps", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.steps: tuple[Step, ...] = parse_path(text)
        self.many = any(isinstance(step, Wild) for step in self.steps)
        plain = not is_json_path(text)
        self._first_row = plain and isinstance(self.steps[0], str)
        self._literal = plain

    def __call__(self, value: Json) -> Found:
        if self._first_row and isinstance(value, list):
            value = value[0] if value else MISSING
        if self._literal and isinstance(value, dict) and self.text in value:
            return value[self.text]
        if self.many:
            return read_all(value, self.steps)
        for step in self.steps:
            value = child(value, step)  # type: ignore[arg-type]  # no wildcard here: `many` is False
        return value


def read_all(value: Json, steps: Sequence[Step]) -> Found:
    """Read along steps of which one at least is a wildcard. Raises RecordError where far too much is found."""
    first = next(index for index, step in enumerate(steps) if isinstance(step, Wild))
    for step in steps[:first]:
        value = child(value, step)  # type: ignore[arg-type]  # no wildcard before the first one
    if value is MISSING or value is None:
        return MISSING
    found: list[Json] = [value]
    for step in steps[first:]:
        found = list(islice((item for inner in found for item in _step(inner, step)), MOST + 1))
        if len(found) > MOST:
            raise RecordError("too_many", f"A path finds more than {MOST:,} values.")
    return found


def _step(value: Json, step: Step) -> Iterator[Json]:
    if not isinstance(step, Wild):
        if (item := child(value, step)) is not MISSING:
            yield item
    elif isinstance(value, list):
        yield from value
    elif value is not None:
        yield value


@lru_cache(maxsize=4_096)
def compile_path(text: str) -> Path:
    """Compile a path, once for each text. Raises RuleError for one that is no path."""
    return Path(text)


def get(value: Json, text: str) -> Found:
    """Read by the text of a path. Raises RuleError for one that is no path."""
    return compile_path(text)(value)


def find(value: Json, text: str) -> Found:
    """Read by the text of a path that comes from data: what is no path finds nothing."""
    try:
        return get(value, text)
    except RuleError:
        return MISSING
