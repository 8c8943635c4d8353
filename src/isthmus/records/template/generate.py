"""Templates turned into Python.

No text of a template is ever source: names in the generated code are this module's own (`c1`, `K7`), and every text,
key, number and helper enters as a constant of the namespace. Bodies that nest deeper than Python allows go into
functions of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from isthmus.records.paths.read import MISSING
from isthmus.records.template.destination import Destination
from isthmus.records.template.escape import formatter
from isthmus.records.template.helpers import BLOCKS, INLINE, Helper
from isthmus.records.template.helpers.walks import section
from isthmus.records.template.runtime import FRAME, count_calls, frame_value, look, look_far, required
from isthmus.records.template.tree import Block, Call, Comment, Expression, Literal, Name, Node, Output, Program, Text
from isthmus.records.values import if_truthy, to_text

_NESTED: Final = 10
"""How many blocks nest in one generated function; Python allows 20 loops."""
_LONG: Final = 4
"""Paths of more parts are walked by a function, so that parentheses never nest too deep."""


@dataclass(slots=True)
class Scope:
    """What is visible at a place: the variables of contexts and frames, innermost last, and block parameters."""

    contexts: tuple[str, ...]
    frames: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)

    def inside(self, context: str, frame: str | None, names: Sequence[str]) -> "Scope":
        """Give the scope of a body that has a context (and a frame) of its own."""
        frames = (*self.frames, frame) if frame else self.frames
        values = (context, f"F({frame}, 1)" if frame else "M")
        return Scope((*self.contexts, context), frames, {**self.names, **dict(zip(names, values, strict=False))})


class Generator:
    """Writes the source of one template."""

    def __init__(self, destination: Destination, *, strict: bool) -> None:
        self._destination = destination
        self._strict = strict
        self._plain = destination in (Destination.PLAIN, Destination.HEADER)
        self._functions: list[list[str]] = []
        self._lines: list[str] = []
        self._indent = 1
        self._vars = 0
        self._constants: dict[Any, str] = {}
        self.namespace: dict[str, Any] = {
            "M": MISSING, "G": look, "GG": look_far, "F": frame_value, "T": if_truthy, "S": required, "SEC": section,
            "E": formatter(destination), "R": to_text, "len": len, "type": type, "str": str, "__builtins__": {},
        }  # fmt: skip

    def source(self, program: Program) -> str:
        """Write the functions; `render(rt, w, c0)` is the one to call."""
        self._function("render(rt, w, left, room, c0)", program, Scope(("c0",)))
        return "\n".join(line for lines in self._functions for line in lines) + "\n"

    def _function(self, head: str, program: Program, scope: Scope) -> None:
        outer, self._lines, indent, self._indent = self._lines, [f"def {head}:"], self._indent, 1
        self._body(program.body, scope)
        self._line("return left, room")
        self._functions.append(self._lines)
        self._lines, self._indent = outer, indent

    def _line(self, text: str) -> None:
        self._lines.append("    " * self._indent + text)

    def _constant(self, value: Any) -> str:
        key = (type(value), value)
        if key not in self._constants:
            self._constants[key] = f"K{len(self._constants)}"
            self.namespace[self._constants[key]] = value
        return self._constants[key]

    def _helper(self, helper: Helper) -> str:
        return self._constant(helper.call)

    def _new(self, prefix: str) -> str:
        self._vars += 1
        return f"{prefix}{self._vars}"

    # expressions

    def _value(self, expression: Expression, scope: Scope) -> str:
        if isinstance(expression, Literal):
            return "M" if expression.value is MISSING else self._constant(expression.value)
        if isinstance(expression, Name):
            return self._name(expression, scope)
        return self._call(INLINE[expression.helper], expression, scope)

    def _name(self, name: Name, scope: Scope) -> str:
        if name.data:
            return self._data(name, scope)
        parts = name.parts
        if not name.depth and not name.own and parts and parts[0] in scope.names:
            code, parts = scope.names[parts[0]], parts[1:]
        elif name.depth >= len(scope.contexts):
            return "M"
        else:
            code = scope.contexts[-1 - name.depth]
            if code == "c0" and parts:
                code, parts = f"c0.get({self._constant(parts[0])}, M)", parts[1:]
        return self._steps(code, parts)

    def _steps(self, code: str, parts: Sequence[str]) -> str:
        if len(parts) > _LONG:
            return f"GG({code}, {self._constant(tuple(parts))})"
        for part in parts:
            code = f"G({code}, {self._constant(part)})"
        return code

    def _data(self, name: Name, scope: Scope) -> str:
        if not name.parts:
            return "M"
        first, rest = name.parts[0], name.parts[1:]
        if first == "root":
            return self._steps("c0", rest)
        if first not in FRAME or name.depth >= len(scope.frames):
            return "M"
        return self._steps(f"F({scope.frames[-1 - name.depth]}, {FRAME[first]})", rest)

    def _call(self, helper: Helper, call: Call | Block, scope: Scope) -> str:
        keep, pad = helper.fit(len(helper.given(call)))
        arguments = [self._value(argument, scope) for argument in helper.given(call)[:keep]] + ["M"] * pad
        if helper.wants_options:
            pairs = (f"{self._constant(key)}: {self._value(value, scope)}" for key, value in call.options)
            arguments.insert(0, "{" + ", ".join(pairs) + "}")
        if helper.wants_run:
            arguments[:0] = ["rt", scope.contexts[-1]]
        return f"{self._helper(helper)}({', '.join(arguments)})"

    # statements

    def _body(self, body: Sequence[Node], scope: Scope) -> None:
        for node in body:
            if isinstance(node, Text):
                self._text(node)
            elif isinstance(node, Output):
                self._output(node, scope)
            elif isinstance(node, Block):
                self._block(node, scope)

    def _text(self, node: Text) -> None:
        if node.value:
            self._line(f"w({self._constant(node.value)})")

    def _charge(self, *expressions: Expression) -> None:
        calls = sum(map(count_calls, expressions))
        if calls:
            self._line(f"rt.charge({calls})")

    def _output(self, node: Output, scope: Scope) -> None:
        expression = node.expression
        self._charge(expression)
        code = self._value(expression, scope)
        if self._strict and isinstance(expression, Name):
            code = f"S({code}, {self._constant(shown(expression))})"
        raw = node.raw or self._plain or _encoded(expression, self._destination)
        if raw:
            self._line(f"s = {code}")
            self._line("if type(s) is not str: s = R(s)")
        else:
            self._line(f"s = E({code})")
        self._line("room -= len(s)")
        self._line("if room < 0: raise rt.full()")
        self._line("w(s)")

    def _block(self, node: Block, scope: Scope) -> None:
        if self._indent > _NESTED:
            self._spill(node, scope)
            return
        helper = BLOCKS[node.helper] if node.helper else None
        self._charge(*node.arguments)
        if helper is None:
            value = self._value(node.arguments[0], scope)
            if self._strict:
                value = f"S({value}, {self._constant(shown(node.arguments[0]))})"
            frame = scope.frames[-1] if scope.frames else "None"
            self._walk(node, f"SEC({value}, {scope.contexts[-1]}, {frame})", scope, frames=True)
        elif helper.walks:
            self._walk(node, self._call(helper, node, scope), scope, frames=helper.name != "with")
        else:
            self._choose(node, self._call(helper, node, scope), scope)

    def _spill(self, node: Block, scope: Scope) -> None:
        name = self._new("t")
        live = dict.fromkeys((*scope.contexts, *scope.frames))
        signature = f"{name}({', '.join(('rt', 'w', 'left', 'room', *live))})"
        self._line(f"left, room = {signature}")
        self._function(signature, Program([node]), scope)

    def _inner(self, program: Program | None, scope: Scope) -> None:
        self._indent += 1
        start = len(self._lines)
        if program is not None:
            self._body(program.body, scope)
        if len(self._lines) == start:
            self._line("pass")
        self._indent -= 1

    def _choose(self, node: Block, test: str, scope: Scope) -> None:
        self._line(f"r = {test}")
        self._line("if r:")
        self._inner(node.program, scope)
        if node.inverse is not None:
            self._line("elif r is not None:")
            self._inner(node.inverse, scope)

    def _walk(self, node: Block, code: str, scope: Scope, *, frames: bool) -> None:
        walk, context, frame = self._new("i"), self._new("c"), self._new("f")
        self._line(f"{walk} = {code}")
        self._line(f"if {walk} is None:")
        self._inner(node.inverse, scope)
        self._line("else:")
        self._indent += 1
        self._line(f"for {context}, {frame} in {walk}:")
        cost, size = _cost(node.program)
        self._indent += 1
        self._line(f"left -= {cost}")
        self._line(f"if left < 0: left += rt.grant({cost})")
        self._line(f"room -= {size}")
        self._line("if room < 0: raise rt.full()")
        self._indent -= 1
        names = node.program.names if node.program else ()
        self._inner(node.program, scope.inside(context, frame if frames else None, names))
        self._indent -= 1


def shown(expression: Expression) -> str:
    """Write a name as a message shows it, cut to a sane length."""
    if not isinstance(expression, Name):
        return "value"
    return ("@" if expression.data else "") + "../" * expression.depth + ".".join(expression.parts)[:100]


def _encoded(expression: Expression, destination: Destination) -> bool:
    return isinstance(expression, Call) and destination in INLINE[expression.helper].encodes


def _cost(program: Program | None) -> tuple[int, int]:
    """Steps and characters of text that one round over a body takes at most, inner loops apart."""
    steps, size = 1, 0
    for node in program.body if program else ():
        if isinstance(node, Text):
            size += len(node.value)
        elif isinstance(node, Block):
            for inner in (node.program, node.inverse):
                more = _cost(inner)
                steps, size = steps + more[0], size + more[1]
        elif not isinstance(node, Comment):
            steps += 1
    return steps, size
