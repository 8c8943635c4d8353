"""Templates turned into Python.

Names in the generated code are this module's own (`c1`, `K7`); every text, key, number and helper enters as a constant.
Bodies that nest deeper than Python allows go into functions of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, repeat
from typing import Any, Final

from isthmus.records.paths.read import MISSING
from isthmus.records.template.destination import Destination
from isthmus.records.template.escape import escape_of, formatter, printed
from isthmus.records.template.generate_values import ROOT, Scope, Values
from isthmus.records.template.helpers import BLOCKS, INLINE
from isthmus.records.template.helpers.walks import each_value, section
from isthmus.records.template.runtime import (
    count_calls,
    frame_value,
    look,
    look_data,
    outer,
    outer_frame,
    outer_root,
    required,
    within,
)
from isthmus.records.template.source import Source
from isthmus.records.template.tree import Block, Call, Expression, Name, Node, Output, Program, Text
from isthmus.records.template.uses import looks_outside, needs_frames
from isthmus.records.values import if_truthy

_NESTED: Final = 10
"""How many blocks nest in one generated function; Python allows 20 loops."""
_MARKUP: Final = (Destination.JSON, Destination.XML)
"""Where letters and digits of every script are safe."""
_TOGETHER: Final = 24
"""How many values are put together in one text."""


class Generator:
    """Writes the source of one template."""

    def __init__(self, destination: Destination, *, strict: bool) -> None:
        self._destination = destination
        self._strict = strict
        self._plain = destination in (Destination.PLAIN, Destination.HEADER)
        self._chains = False
        unsafe, escape = escape_of(destination)
        self.namespace: dict[str, Any] = {
            "M": MISSING, "G": look, "GD": look_data, "F": frame_value, "T": if_truthy, "S": required,
            "SEC": section, "EACH": each_value, "R": printed, "E": formatter(destination), "U": unsafe, "X": escape,
            "IN": within, "UP": outer, "UPF": outer_frame, "UPR": outer_root,
            "B": 2**53, "len": len, "type": type, "str": str, "int": int, "dict": dict, "float": float,
            "__builtins__": {},
        }  # fmt: skip
        self._source = Source(self.namespace)
        self._values = Values(self._source)

    def source(self, program: Program) -> str:
        """Write the functions; `render(rt, w, left, room, c0, d0, x0)` is the one to call."""
        self._chains = looks_outside(program)
        with self._source.function("render(rt, w, left, room, c0, d0, x0)"):
            self._body(program.body, ROOT)
            self._source.line("return left, room")
        return self._source.text

    def _body(self, body: Sequence[Node], scope: Scope) -> None:
        for together, block in _runs(body):
            self._print(together, scope)
            if block is not None:
                self._block(block, scope)

    def _print(self, nodes: Sequence[Text | Output], scope: Scope) -> None:
        """Print texts and values; what they take of the room is known before they are put together."""
        size, lengths, pieces = 0, list[str](), list[str]()
        for index, node in enumerate(nodes):
            if isinstance(node, Text):
                size += len(node.value)
                pieces.append(self._source.constant(node.value))
            else:
                self._value(node, scope, f"s{index}")
                lengths.append(f"len(s{index})")
                pieces.append(f"s{index}")
        if pieces:
            self._source.line(f"room -= {' + '.join([*lengths, str(size)])}")
            self._source.line("if room < 0: raise rt.full()")
            text = "".join(f"{{{piece}}}" for piece in pieces)
            self._source.line(f"w({pieces[0]})" if len(pieces) == 1 else f'w(f"{text}")')

    def _value(self, node: Output, scope: Scope, variable: str) -> None:
        expression = node.expression
        self._charge(expression)
        code = self._strictly(expression, scope)
        raw = node.raw or self._plain or _encoded(expression, self._destination)
        self._source.line(f"{variable} = {code}")
        self._source.line(f"if type({variable}) is not str: {variable} = {self._number(variable, raw=raw)}")
        if not raw:
            glance = f"not {variable}.isalnum() and " if self._destination in _MARKUP else ""
            self._source.line(f"elif {glance}U({variable}): {variable} = X({variable})")

    def _number(self, variable: str, *, raw: bool) -> str:
        """Print what is no text; integers, the most frequent, without a call of ours."""
        general = f"{'R' if raw else 'E'}({variable})"
        if not raw and self._destination is Destination.SQL:
            return general
        return f"str({variable}) if type({variable}) is int and -B < {variable} < B else {general}"

    def _strictly(self, expression: Expression, scope: Scope) -> str:
        code = self._values.value(expression, scope)
        if self._strict and isinstance(expression, Name):
            return f"S({code}, {self._source.constant(shown(expression))})"
        return code

    def _charge(self, *expressions: Expression) -> None:
        calls = sum(map(count_calls, expressions))
        if calls:
            self._source.line(f"rt.charge({calls})")

    def _block(self, node: Block, scope: Scope) -> None:
        if self._source.indent > _NESTED:
            self._spill(node, scope)
            return
        helper = BLOCKS[node.helper] if node.helper else None
        self._charge(*node.arguments, *(value for _, value in node.options))
        if helper is None:
            self._walk(node, f"SEC({self._strictly(node.arguments[0], scope)}, {scope.context})", scope)
        elif helper.name == "each" and not needs_frames(node.program):
            self._walk(node, f"EACH({self._values.value(node.arguments[0], scope)})", scope, frames=False)
        elif helper.walks:
            self._walk(node, self._values.call(helper, node, scope), scope)
        else:
            self._choose(node, scope)

    def _spill(self, node: Block, scope: Scope) -> None:
        name = self._source.new("t")
        outer_names = [code for code in scope.names.values() if code.isalnum() and code != "M"]
        live = dict.fromkeys(["c0", "d0", "x0", *_variables(scope), *outer_names])
        signature = f"{name}({', '.join(('rt', 'w', 'left', 'room', *live))})"
        self._source.line(f"left, room = {signature}")
        with self._source.function(signature):
            self._block(node, scope)
            self._source.line("return left, room")

    def _choose(self, node: Block, scope: Scope) -> None:
        helper = BLOCKS[str(node.helper)]
        plain = helper.name in ("if", "unless") and not node.options
        if plain:
            self._source.line(f"r = {self._values.value(node.arguments[0], scope)}")
            self._source.line("r = (r and type(r) is not float) or T(r)")
        else:
            self._source.line(f"r = {self._values.call(helper, node, scope)}")
        with self._source.block("if not r:" if plain and helper.name == "unless" else "if r:"):
            self._body(node.program.body if node.program else (), scope)
        if node.inverse is not None:
            with self._source.block("else:" if plain else "elif r is not None:"):
                self._body(node.inverse.body, scope)

    def _walk(self, node: Block, code: str, scope: Scope, *, frames: bool = True) -> None:
        new = self._source.new
        walk, inner = new("i"), replace(scope, context=new("c"))
        self._source.line(f"{walk} = {code}")
        with self._source.block(f"if {walk} is None:"):
            self._body(node.inverse.body if node.inverse else (), scope)
        frame = new("f")
        with (
            self._source.block("else:"),
            self._source.block(f"for {inner.context}{', ' + frame if frames else ''} in {walk}:"),
        ):
            cost = _cost(node.program)
            self._source.line(f"left -= {cost}")
            self._source.line(f"if left < 0: left += rt.grant({cost})")
            inner = self._inside(scope, inner, frame if frames else None)
            program = node.program or Program()
            names = self._parameters(program, inner, keyed=node.helper != "with")
            self._body(program.body, replace(inner, names={**scope.names, **names}))

    def _parameters(self, program: Program, inner: Scope, *, keyed: bool) -> dict[str, str]:
        """Give what block parameters stand for: the context, its key, nothing."""
        if not program.names:
            return {}
        key = "M"
        if len(program.names) > 1 and keyed:
            key = self._source.new("k")
            self._source.line(f"{key} = F({inner.frame}, 1)")
        return dict(zip(program.names, chain((inner.context, key), repeat("M")), strict=False))

    def _inside(self, scope: Scope, inner: Scope, frame: str | None) -> Scope:
        """Work out the frame and the chains of a round; a walk that has no frame of its own gives None for it."""
        if self._chains:
            chained = self._source.new("d")
            self._source.line(f"{chained} = IN({inner.context}, {scope.contexts})")
            inner = replace(inner, contexts=chained)
        if frame is None:
            return inner
        if self._chains:
            chained = self._source.new("x")
            self._source.line(f"{chained} = {scope.frames} if {frame} is None else ({frame}, {scope.frames})")
            inner = replace(inner, frames=chained)
        self._source.line(f"if {frame} is None: {frame} = {scope.frame}")
        return replace(inner, frame=frame)


def _runs(body: Sequence[Node]) -> Iterator[tuple[list[Text | Output], Block | None]]:
    """Part a body into what prints without more ado and the block that follows."""
    together: list[Text | Output] = []
    for node in body:
        if isinstance(node, Block):
            yield together, node
            together = []
        elif isinstance(node, Output) or (isinstance(node, Text) and node.value):
            together.append(node)
        if len(together) == _TOGETHER:
            yield together, None
            together = []
    yield together, None


def _variables(scope: Scope) -> list[str]:
    found = (scope.context, scope.frame, scope.contexts, scope.frames)
    return [variable for variable in found if variable != "None"]


def shown(expression: Expression) -> str:
    """Write a name as a message shows it, cut to a sane length."""
    if not isinstance(expression, Name):
        return "value"
    return ("@" if expression.data else "") + "../" * expression.depth + ".".join(expression.parts)[:100]


def _encoded(expression: Expression, destination: Destination) -> bool:
    return isinstance(expression, Call) and destination in INLINE[expression.helper].encodes


def _cost(program: Program | None) -> int:
    """Steps that one round over a body takes at most, inner loops apart."""
    steps = 1
    for node in program.body if program else ():
        if isinstance(node, Block):
            steps += _cost(node.program) + _cost(node.inverse)
        else:
            steps += isinstance(node, Output)
    return steps
