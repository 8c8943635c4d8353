"""The grammar of paths: `a.b`, `a[0].b`, `[Field With Spaces]`, `['x']`, `*.x`, `a[*].b`, and `$.a['b c'][0][*]`."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from isthmus.records.errors import RuleError

MAX_TEXT: Final = 4_096
MAX_STEPS: Final = 100
MAX_INDEX_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Wild:
    """Every item of a list."""


WILD: Final = Wild()
Step: TypeAlias = str | int | Wild
"""A key, an index, or every item."""


def parse_path(text: Any) -> tuple[Step, ...]:
    """Read a path into its steps; one that starts with `$` loses it. Raises RuleError."""
    if not isinstance(text, str) or not text:
        raise RuleError("A path must be a text and not empty.")
    if len(text) > MAX_TEXT:
        raise RuleError(f"The path is longer than {MAX_TEXT:,} characters.")
    steps = _Reader(text).steps()
    if len(steps) > MAX_STEPS:
        raise RuleError(f"The path has more than {MAX_STEPS} steps.")
    return steps


def is_json_path(text: str) -> bool:
    """Tell a JSON path (`$`, `$.a`, `$['a']`) from a plain one, of which `$a` is one."""
    return text.startswith("$") and (len(text) == 1 or text[1] in ".[")


class _Reader:
    """Walks once over the text of a path."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 1 if is_json_path(text) else 0
        self._json = self._at == 1

    def steps(self) -> tuple[Step, ...]:
        found: list[Step] = []
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                found.append(self._bracket())
                continue
            if self._text[self._at] == ".":
                self._at += 1
                if self._peek() == "[":
                    continue
            elif found or self._json:
                raise self._error("a '.' or '[' must follow ']'")
            found.append(self._name())
        return tuple(found)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _name(self) -> Step:
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in ".[":
            self._at += 1
        name = self._text[start : self._at]
        if not name:
            raise self._error("a name is missing")
        return WILD if name == "*" else name

    def _bracket(self) -> Step:
        self._at += 1
        quote = self._peek()
        if quote in ("'", '"') and (end := self._text.find(quote + "]", self._at + 1)) >= 0:
            name = self._text[self._at + 1 : end]
            self._at = end + 2
            return name
        end = self._text.find("]", self._at)
        if end < 0:
            raise self._error("a ']' is missing")
        name = self._text[self._at : end]
        self._at = end + 1
        return self._unquoted(name)

    def _unquoted(self, name: str) -> Step:
        if name in ("*", ""):
            return WILD
        if name.isascii() and name.isdigit():
            if len(name) > MAX_INDEX_DIGITS:
                raise self._error("an index is too large")
            return int(name)
        if self._json:
            raise self._error("only [0], [*] and ['name'] may stand in brackets")
        return name

    def _error(self, why: str) -> RuleError:
        return RuleError(f"The path is not valid: {why} (at character {self._at + 1}).")
