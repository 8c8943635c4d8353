"""The registry of helpers: small functions by theme, each with its documented signature and examples."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from isthmus.records.template.destination import Destination
from isthmus.records.template.tree import Block, Call, Expression


@dataclass(frozen=True, slots=True)
class Example:
    """A documented example: a template, what it prints, and the context it prints it for."""

    template: str
    output: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Helper:
    """A helper of templates. `summary` is the first paragraph of its docstring, `notes` the others: what surprises.

    `call` takes the arguments of the template, padded with MISSING up to `low`; `high` is None where any number may
    follow. `wants_run` puts the `Run` and the current context before the arguments, `wants_options` the named options
    as a dict; `last_option` names one that is passed as the last argument. `encodes` names destinations for which the
    result is encoded already. A block that `walks` gives an iterator of (context, frame), or None to show `{{else}}`;
    any other block tells True for its body, False for `{{else}}`, None for neither.
    """

    name: str
    signature: str
    summary: str
    theme: str
    notes: str
    call: Callable[..., Any]
    low: int
    high: int | None
    examples: tuple[Example, ...] = ()
    wants_run: bool = False
    wants_options: bool = False
    encodes: frozenset[Destination] = frozenset()
    strict_arity: bool = False
    walks: bool = False
    last_option: str | None = None

    def given(self, call: Call | Block) -> tuple[Expression, ...]:
        """Give the arguments of a call; the option that stands for the last one follows them where it is given."""
        if self.last_option is None:
            return call.arguments
        named = tuple(value for name, value in call.options if name == self.last_option)
        return call.arguments[: self.low] + named

    def fit(self, count: int) -> tuple[int, int]:
        """Tell for a number of arguments how many to keep and how many MISSING to add."""
        keep = count if self.high is None else min(count, self.high)
        return keep, max(0, self.low - keep)


INLINE: Final[dict[str, Helper]] = {}
BLOCKS: Final[dict[str, Helper]] = {}

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _arity(function: Callable[..., Any], skip: int) -> tuple[int, int | None]:
    parameters = [p for p in inspect.signature(function).parameters.values() if p.kind is not p.KEYWORD_ONLY]
    named = [p for p in parameters if p.kind is not p.VAR_POSITIONAL]
    low = sum(p.default is p.empty for p in named) - skip
    return low, (None if len(named) < len(parameters) else len(named) - skip)


def _register(
    table: dict[str, Helper], signature: str, examples: Iterable[Example], **flags: Any
) -> Callable[[_Function], _Function]:
    def add(function: _Function) -> _Function:
        skip = (2 if flags.get("wants_run") else 0) + (1 if flags.get("wants_options") else 0)
        low, high = _arity(function, skip)
        summary, *notes = (part.replace("\n", " ") for part in inspect.cleandoc(function.__doc__ or "").split("\n\n"))
        theme = function.__module__.rpartition(".")[2]
        name = signature.split(maxsplit=1)[0]
        table[name] = Helper(
            name, signature, summary, theme, " ".join(notes), function, low, high, tuple(examples), **flags
        )
        return function

    return add


def inline(
    signature: str,
    *examples: Example,
    wants_run: bool = False,
    wants_options: bool = False,
    encodes: Iterable[Destination] = (),
) -> Callable[[_Function], _Function]:
    """Register an inline helper under the first word of its signature."""
    flags = {"wants_run": wants_run, "wants_options": wants_options, "encodes": frozenset(encodes)}
    return _register(INLINE, signature, examples, **flags)


def block(
    signature: str,
    *examples: Example,
    strict_arity: bool = False,
    walks: bool = False,
    last_option: str | None = None,
) -> Callable[[_Function], _Function]:
    """Register a block; `strict_arity` refuses a template that does not give it exactly one argument."""
    flags = {"strict_arity": strict_arity, "walks": walks, "last_option": last_option}
    return _register(BLOCKS, signature, examples, **flags)
