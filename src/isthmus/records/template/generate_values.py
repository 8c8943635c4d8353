"""Expressions of templates turned into Python."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from isthmus.records.paths.read import MISSING
from isthmus.records.template.helpers import INLINE, Helper
from isthmus.records.template.runtime import FRAME
from isthmus.records.template.source import Source
from isthmus.records.template.tree import Block, Call, Expression, Literal, Name


@dataclass(frozen=True, slots=True)
class Scope:
    """The variables of a place: context, frame, both as chains to the outside, and block parameters by name.

    The chains are kept up only in templates that look outside by `../`.
    """

    context: str
    frame: str
    contexts: str
    frames: str
    names: dict[str, str] = field(default_factory=dict)


ROOT: Final = Scope("c0", "None", "d0", "x0")


class Values:
    """Writes the code of values. Looking up what lies on the way to a value is done once and kept in a variable."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def value(self, expression: Expression, scope: Scope) -> str:
        """Write an expression."""
        if isinstance(expression, Literal):
            return "M" if expression.value is MISSING else self._source.constant(expression.value)
        if isinstance(expression, Name):
            return self._data(expression, scope) if expression.data else self._name(expression, scope)
        return self.call(INLINE[expression.helper], expression, scope)

    def call(self, helper: Helper, call: Call | Block, scope: Scope) -> str:
        """Write the call of a helper."""
        keep, pad = helper.fit(len(helper.given(call)))
        arguments = [self.value(argument, scope) for argument in helper.given(call)[:keep]] + ["M"] * pad
        if helper.wants_options:
            pairs = (f"{self._source.constant(key)}: {self.value(value, scope)}" for key, value in call.options)
            arguments.insert(0, "{" + ", ".join(pairs) + "}")
        if helper.wants_run:
            arguments[:0] = ["rt", scope.context]
        return f"{self._source.constant(helper.call)}({', '.join(arguments)})"

    def _name(self, name: Name, scope: Scope) -> str:
        parts = name.parts
        if name.bare and parts[0] in scope.names:
            return self._steps(scope.names[parts[0]], parts[1:])
        return self._steps(f"UP({scope.contexts}, {name.depth})" if name.depth else scope.context, parts)

    def _data(self, name: Name, scope: Scope) -> str:
        first, rest = name.parts[:1], name.parts[1:]
        if first == ("root",):
            code = f"UPR({scope.frames}, {name.depth}, c0)" if name.depth else "c0"
        elif not first or first[0] not in FRAME:
            return "M"
        else:
            frame = f"UPF({scope.frames}, {name.depth})" if name.depth else scope.frame
            code = f"F({frame}, {FRAME[first[0]]})"
        if code == "c0" and len(rest) <= 1:
            return self._steps(code, rest)
        return f"GD({code}, {self._source.constant(rest)})" if rest else code

    def _steps(self, code: str, parts: Sequence[str]) -> str:
        for part in parts:
            holder = self._held(code)
            key = self._source.constant(part)
            code = f"{holder}.get({key}, M)"
            if holder != "c0":
                code = f"({code} if type({holder}) is dict else G({holder}, {key}))"
        return code

    def _held(self, code: str) -> str:
        """Give the variable that holds what some code looks up; write that code where none does yet."""
        if code.isalnum():
            return code
        if code not in self._source.known:
            variable = self._source.new("p")
            self._source.line(f"{variable} = {code}")
            self._source.known[code] = variable
        return self._source.known[code]
