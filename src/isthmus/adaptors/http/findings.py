"""Gathers what is wrong with the templates and rules of a document, so that a client hears of all of it at once."""

from collections.abc import Callable
from typing import TypeVar

from isthmus.model.errors import InvalidDocument, Problem
from isthmus.records import RuleError

T = TypeVar("T")


class Findings:
    """The problems of one export or import, by their fields as in a stored document."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def made(self, field: str, make: Callable[[], T], otherwise: T) -> T:
        """Make one part; where that fails, note the problems under its field and go on with something harmless."""
        try:
            return make()
        except InvalidDocument as error:
            for problem in error.problems:
                self._problems.append(Problem(problem.code, problem.message, problem.field or field))
            return otherwise

    def raise_any(self) -> None:
        """Raise RuleError with every problem, if there was one."""
        if self._problems:
            raise RuleError.of(self._problems)
