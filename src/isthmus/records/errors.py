"""What can go wrong with rules and with records.

A rule that will not do is a `RuleError` when it is compiled (a document is refused with 422, all problems at once); a
record that will not do is a `RecordError` when it is run (that record fails alone). Source: imports.md section 2.
"""

from types import TracebackType
from typing import Literal, TypeAlias

from isthmus.model.errors import InvalidDocument, IsthmusError, Problem

Source: TypeAlias = Literal[
    "mapping", "transformation", "lookup", "input_filter", "output_filter", "resource", "response_mapping"
]
"""Celigo's names of the step that failed, as they stand in `errors[].source`."""


class RuleError(InvalidDocument):
    """Rules of a document cannot be compiled; every problem names its field, e.g. `mapping.fields[2].generate`."""


class RecordError(IsthmusError):
    """One record cannot be worked on; the others are unharmed. The message never holds a value of the record."""

    def __init__(self, code: str, message: str, source: Source = "mapping") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.source: Source = source

    def at(self, source: Source) -> "RecordError":
        """Give the same error as that of another step."""
        return RecordError(self.code, self.message, source)


class Problems:
    """Gathers the problems of many rules, so that a client hears of all of them at once."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, field: str, message: str) -> None:
        """Note one; `field` is the dotted path of the rule."""
        self._found.append(Problem(RuleError.code, message, field))

    def within(self, field: str) -> "_Within":
        """Note the problems of a RuleError raised inside, under `field` where they name none; the block ends there."""
        return _Within(self, field)

    def raise_any(self) -> None:
        """Raise RuleError if there was a problem."""
        if self._found:
            raise RuleError.of(self._found)


class _Within:
    """The block of `Problems.within`: swallows a RuleError, and nothing else."""

    def __init__(self, problems: Problems, field: str) -> None:
        self._problems = problems
        self._field = field

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, RuleError):
            return False
        for problem in error.problems:
            self._problems.add(problem.field or self._field, problem.message)
        return True
