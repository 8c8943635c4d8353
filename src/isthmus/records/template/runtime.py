"""What generated templates and the interpreter call: looking names up, printing, sections."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from isthmus.records.errors import RecordError
from isthmus.records.paths.read import MISSING, child
from isthmus.records.template.fuel import Run
from isthmus.records.template.tree import Call, Expression
from isthmus.records.values import loose_equals, truthy


def look(value: Any, name: str) -> Any:
    """Take one step by name: a key, an index of a list or text, `length` of both. Never an attribute."""
    if type(value) is dict:
        return value.get(name, MISSING)
    if isinstance(value, str | list) and name == "length":
        return len(value)
    if isinstance(value, str) and name.isascii() and name.isdigit():
        return value[int(name)] if len(name) < 10 and int(name) < len(value) else MISSING  # noqa: PLR2004  # no text is longer
    return child(value, name)


def look_data(value: Any, names: Sequence[str]) -> Any:
    """Take the steps after `@root` and the like. As in Handlebars, what is false on the way is the result."""
    for name in names:
        if not truthy(value):
            return value
        value = look(value, name)
    return value


FRAME = {"index": 0, "key": 1, "first": 2, "last": 3}
"""Where a frame holds `@index` and the others."""


def frame_value(frame: Any, place: int) -> Any:
    """Read from a frame that may be none."""
    return MISSING if frame is None else frame[place]


Chain: TypeAlias = tuple[Any, "Chain | None"]
"""What lies around a place, innermost first: contexts, or frames."""


def _out(chain: Chain | None, depth: int) -> Chain | None:
    while depth and chain is not None:
        chain, depth = chain[1], depth - 1
    return chain


def outer(contexts: Chain, depth: int) -> Any:
    """Give the context so many `../` outside; MISSING beyond the root."""
    found = _out(contexts, depth)
    return MISSING if found is None else found[0]


def outer_frame(frames: Chain, depth: int) -> Any:
    """Give the frame so many `@../` outside; None where there is none."""
    found = _out(frames, depth)
    return None if found is None else found[0]


def outer_root(frames: Chain, depth: int, root: Any) -> Any:
    """Give `@../root`, which is there as far as frames reach."""
    return MISSING if _out(frames, depth) is None else root


def within(context: Any, contexts: Chain) -> Chain:
    """Add a context to its chain. As in Handlebars, a block that keeps the context is no level for `../`."""
    known = contexts[0]
    if context is known:
        return contexts
    if isinstance(context, list | dict) or isinstance(known, list | dict) or not loose_equals(context, known):
        return context, contexts
    return contexts


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
