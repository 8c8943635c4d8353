"""Python source under construction, for the generators of both mappers.

No text of a document is ever source: the names are this module's own, and everything from a document (keys, defaults,
functions) enters as a constant of the namespace.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from isthmus.model.json import Json, Record
from isthmus.records.context import MappingContext
from isthmus.records.errors import RecordError
from isthmus.records.paths.parse import Step
from isthmus.records.paths.read import MISSING, child

Apply: TypeAlias = Callable[[Record, MappingContext], Json]
"""A mapping made into a function. Raises RecordError."""

Known: TypeAlias = dict[tuple[Any, ...], str]
"""Which variable holds what a path begins with: (variable, step, step ...) to variable."""


class PythonSource:
    """Lines of Python and the namespace that they run in."""

    def __init__(self, **names: Any) -> None:
        self._lines: list[str] = []
        self._base = 0
        self._count = 0
        self._shared: dict[tuple[type, Any], str] = {}
        self.namespace: dict[str, Any] = {
            "C": child_or_none,
            "DEEP": RecursionError,
            "TOO_DEEP": record_too_deep,
            "EMPTY": {},
            "dict": dict,
            "int": int,
            "list": list,
            "str": str,
            "type": type,
            "__builtins__": {},
            **names,
        }

    def line(self, depth: int, text: str) -> None:
        """Add a line, so many levels deep."""
        self._lines.append("    " * (depth + self._base) + text)

    def begin(self) -> None:
        """Begin `apply(r, x)`, every level of whose body goes into a block that catches what recurses too deep."""
        self.line(0, "def apply(r, x):")
        self.line(1, "try:")
        self._base = 1

    def end(self) -> None:
        """End `apply`."""
        self._base = 0
        self.line(1, "except DEEP as error: raise TOO_DEEP() from error")

    def name(self, letter: str) -> str:
        """Make the name of a new variable."""
        self._count += 1
        return f"{letter}{self._count}"

    def constant(self, value: Any) -> str:
        """Put a value into the namespace and give its name; a text that is there already keeps its name."""
        shared = (str, value) if type(value) is str else None
        if shared is not None and shared in self._shared:
            return self._shared[shared]
        name = self.name("K")
        self.namespace[name] = value
        if shared is not None:
            self._shared[shared] = name
        return name

    def read(self, depth: int, at: tuple[str, tuple[Step, ...]], known: Known) -> str:
        """Read along keys and indexes from a variable; give the variable of the value, None in it where it is missing.

        What several paths begin with is read once.
        """
        source, steps = at
        code = source
        for length in range(1, len(steps) + 1):
            prefix = (source, *steps[:length])
            if prefix not in known:
                known[prefix] = self.name("p")
                parent = self._parent(depth, code, steps[length - 1], known)
                self.line(depth, f"{known[prefix]} = {self._step(parent, steps[length - 1])}")
            code = known[prefix]
        return code

    def _parent(self, depth: int, parent: str, step: Any, known: Known) -> str:
        """Where only names can follow, a parent that is no object is replaced by an empty one, once for all of them."""
        if parent in ("r", "row") or not isinstance(step, str) or step.isdigit():
            return parent
        key = (parent,)
        if key not in known:
            known[key] = self.name("d")
            self.line(depth, f"{known[key]} = {parent} if type({parent}) is dict else EMPTY")
        return known[key]

    def _step(self, parent: str, step: Any) -> str:
        key = self.constant(step)
        if not isinstance(step, str):
            return f"C({parent}, {key})"
        quick = f"{parent}.get({key})"
        sure = parent in ("r", "row") or parent[0] == "d"
        return quick if sure else f"{quick} if type({parent}) is dict else C({parent}, {key})"

    def function(self, name: str) -> Any:
        """Run the source and give a function of it."""
        code = compile("\n".join(self._lines) + "\n", "<mapping>", "exec")
        exec(code, self.namespace)  # noqa: S102  # no user text is source, see above
        return self.namespace[name]


def child_or_none(value: Any, step: str | int) -> Any:
    """Take one step, None for what is missing."""
    found = child(value, step)
    return None if found is MISSING else found


def record_too_deep() -> RecordError:
    """The refusal of a record that nests too deep to be mapped."""
    return RecordError("too_deep", "The record nests too deep to be mapped.")


def guarded(run: Apply) -> Apply:
    """Refuse what nests too deep, as generated code does by itself."""

    def apply(record: Record, context: MappingContext) -> Json:
        try:
            return run(record, context)
        except RecursionError as error:
            raise record_too_deep() from error

    return apply
