"""Lines of generated Python: no text of a template is ever source, all of it enters as constants of the namespace."""

from collections import ChainMap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Source:
    """The functions of one template as they are written.

    `known` maps the code of a value that was looked up to the variable that holds it; what a block adds is forgotten
    where the block ends.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self.indent = 1
        self.known: ChainMap[str, str] = ChainMap()
        self._functions: list[list[str]] = []
        self._lines: list[str] = []
        self._made = 0
        self._constants: dict[Any, str] = {}

    @property
    def text(self) -> str:
        """The whole source."""
        return "\n".join(line for lines in self._functions for line in lines) + "\n"

    def line(self, text: str) -> None:
        """Write a line at the present depth."""
        self._lines.append("    " * self.indent + text)

    def new(self, prefix: str) -> str:
        """Make up a variable."""
        self._made += 1
        return f"{prefix}{self._made}"

    def constant(self, value: Any) -> str:
        """Give the name of a constant."""
        key = (type(value), value)
        if key not in self._constants:
            self._constants[key] = f"K{len(self._constants)}"
            self.namespace[self._constants[key]] = value
        return self._constants[key]

    @contextmanager
    def function(self, head: str) -> Iterator[None]:
        """Write a function of its own; nothing is known in it yet."""
        outer = self._lines, self.indent, self.known
        self._lines, self.indent, self.known = [f"def {head}:"], 1, ChainMap()
        yield
        self._functions.append(self._lines)
        self._lines, self.indent, self.known = outer

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write a line that opens a block, and the block, which may stay empty."""
        self.line(head)
        self.indent += 1
        self.known = self.known.new_child()
        start = len(self._lines)
        yield
        if len(self._lines) == start:
            self.line("pass")
        self.known = self.known.parents
        self.indent -= 1
