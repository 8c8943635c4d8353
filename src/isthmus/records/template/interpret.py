"""The plain interpreter of templates: the oracle of the generated code; it also runs templates too large for that."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

from isthmus.records.paths.read import MISSING
from isthmus.records.template.destination import Destination
from isthmus.records.template.escape import formatter
from isthmus.records.template.fuel import Run
from isthmus.records.template.helpers import BLOCKS, INLINE, Helper
from isthmus.records.template.helpers.walks import Frame, section
from isthmus.records.template.runtime import (
    FRAME,
    Chain,
    checked,
    frame_value,
    look,
    look_data,
    outer,
    outer_frame,
    outer_root,
    required,
    within,
)
from isthmus.records.template.tree import Block, Call, Expression, Literal, Name, Output, Program, Text
from isthmus.records.values import to_text


@dataclass(frozen=True, slots=True)
class View:
    """What is visible at a place: the context and where it is in a collection, and the chains to the outside."""

    context: Any
    frame: Frame
    contexts: Chain
    frames: Chain
    names: dict[str, Any]


class Interpreter:
    """Walks over the tree of one template for one render."""

    def __init__(self, run: Run, destination: Destination, *, strict: bool) -> None:
        self._run = run
        self._destination = destination
        self._print: Callable[[Any], str] = formatter(destination)
        self._strict = strict
        self._parts: list[str] = []

    def render(self, program: Program) -> str:
        """Render a whole template over the root of the run."""
        self._program(program, View(self._run.root, None, (self._run.root, None), (None, None), {}))
        return "".join(self._parts)

    def _program(self, program: Program | None, view: View) -> None:
        for node in program.body if program is not None else ():
            if isinstance(node, Text):
                self._parts.append(checked(self._run, node.value))
            elif isinstance(node, Output):
                self._output(node, view)
            elif isinstance(node, Block):
                self._block(node, view)

    def _output(self, node: Output, view: View) -> None:
        expression = node.expression
        value = self._strictly(expression, view)
        encoded = isinstance(expression, Call) and self._destination in INLINE[expression.helper].encodes
        self._parts.append(checked(self._run, to_text(value) if node.raw or encoded else self._print(value)))

    def _strictly(self, expression: Expression, view: View) -> Any:
        value = self._value(expression, view)
        if self._strict and isinstance(expression, Name):
            required(value, ".".join(expression.parts)[:100])
        return value

    def _value(self, expression: Expression, view: View) -> Any:
        if isinstance(expression, Literal):
            return expression.value
        if isinstance(expression, Name):
            return self._name(expression, view)
        return self._call(INLINE[expression.helper], expression, view)

    def _name(self, name: Name, view: View) -> Any:
        if name.data:
            return look_data(self._data(name, view), name.parts[1:])
        value, parts = self._start(name, view)
        for part in parts:
            value = look(value, part)
        return value

    def _start(self, name: Name, view: View) -> tuple[Any, tuple[str, ...]]:
        parts = name.parts
        if name.bare and parts[0] in view.names:
            return view.names[parts[0]], parts[1:]
        return (outer(view.contexts, name.depth) if name.depth else view.context), parts

    def _data(self, name: Name, view: View) -> Any:
        first = name.parts[0] if name.parts else ""
        if first == "root":
            return outer_root(view.frames, name.depth, self._run.root)
        if first not in FRAME:
            return MISSING
        return frame_value(outer_frame(view.frames, name.depth) if name.depth else view.frame, FRAME[first])

    def _call(self, helper: Helper, call: Call | Block, view: View) -> Any:
        self._run.charge(1)
        keep, pad = helper.fit(len(helper.given(call)))
        arguments = [self._value(argument, view) for argument in helper.given(call)[:keep]] + [MISSING] * pad
        if helper.wants_options:
            arguments.insert(0, {key: self._value(value, view) for key, value in call.options})
        if helper.wants_run:
            arguments[:0] = [self._run, view.context]
        return helper.call(*arguments)

    def _block(self, node: Block, view: View) -> None:
        helper = BLOCKS[node.helper] if node.helper else None
        if helper is not None and not helper.walks:
            shown = self._call(helper, node, view)
            if shown is not None:
                self._program(node.program if shown else node.inverse, view)
            return
        if helper is None:
            walk = section(self._strictly(node.arguments[0], view), view.context)
        else:
            walk = self._call(helper, node, view)
        if walk is None:
            self._program(node.inverse, view)
            return
        self._walk(node, walk, view)

    def _walk(self, node: Block, walk: Any, view: View) -> None:
        names = node.program.names if node.program else ()
        for context, own in walk:
            self._run.charge(1)
            frame = view.frame if own is None else own
            values = (context, frame_value(frame, 1) if node.helper != "with" else MISSING)
            inner = View(
                context,
                frame,
                within(context, view.contexts),
                view.frames if own is None else (own, view.frames),
                {**view.names, **dict(zip(names, chain(values, repeat(MISSING)), strict=False))},
            )
            self._program(node.program, inner)
