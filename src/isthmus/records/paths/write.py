"""Writing values by path, making the objects and lists on the way. Source: mapping.md section 2 step 6."""

from typing import Final

from isthmus.model.json import Json
from isthmus.records.errors import RuleError
from isthmus.records.paths.parse import Step, Wild, parse_path

MAX_INDEX: Final = 10_000
"""The largest index that a rule may write to: one rule must not make a list of a thousand million holes."""
MAX_DEPTH: Final = 64


class Setter:
    """A compiled `generate`: call it with the target dict and a value.

    Where something else than an object (or list) stands in the way it is replaced: the later rule wins. A wildcard
    spreads a list over the items, one each, and puts any other value into the first item.
    """

    __slots__ = ("steps", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.steps: tuple[Step, ...] = parse_path(text)
        if len(self.steps) > MAX_DEPTH:
            raise RuleError(f"The path writes deeper than {MAX_DEPTH} levels.")
        if any(isinstance(step, int) and step > MAX_INDEX for step in self.steps):
            raise RuleError(f"The path writes to an index over {MAX_INDEX:,}.")
        if not isinstance(self.steps[0], str):
            raise RuleError("The path must start with a name.")

    def __call__(self, target: dict[str, Json], value: Json) -> None:
        if len(self.steps) == 1:
            target[self.text if self.text == self.steps[0] else str(self.steps[0])] = value
        else:
            _write(target, self.steps, value)


def _write(target: Json, steps: tuple[Step, ...], value: Json) -> None:
    step, rest = steps[0], steps[1:]
    if isinstance(step, Wild):
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            _write(target, (index, *rest), item)
        return
    if isinstance(step, int) and len(target) <= step:
        target.extend([None] * (step + 1 - len(target)))
    if not rest:
        target[step] = value
        return
    wanted = dict if isinstance(rest[0], str) else list
    inner = target.get(step) if isinstance(target, dict) else target[step]
    if not isinstance(inner, wanted):
        inner = target[step] = wanted()
    _write(inner, rest, value)


def compile_setter(text: str) -> Setter:
    """Compile a `generate`. Raises RuleError for one that is no path or over the caps."""
    return Setter(text)
