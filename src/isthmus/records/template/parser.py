"""Templates read into a tree; every error names line and column."""

from dataclasses import dataclass
from typing import Final

from isthmus.records.template.expressions import Expressions, Head
from isthmus.records.template.helpers import BLOCKS, INLINE
from isthmus.records.template.lexer import Lexer, Tag
from isthmus.records.template.position import error_at
from isthmus.records.template.tree import Block, Comment, Literal, Name, Node, Output, Program, Strip, Text
from isthmus.records.template.whitespace import control

MAX_TEXT: Final = 1_000_000
MAX_NODES: Final = 50_000
MAX_DEPTH: Final = 64


@dataclass(slots=True)
class _Open:
    """A block whose end was not seen yet. `chain` counts the `{{else if}}` blocks that its closing tag closes too."""

    block: Block
    name: str
    names: tuple[str, ...] = ()
    chain: bool = False
    in_else: bool = False


def parse(text: str) -> Program:
    """Read a template. Raises RuleError for one that is no template or over the caps."""
    if len(text) > MAX_TEXT:
        raise error_at(text, 0, f"it is longer than {MAX_TEXT:,} characters")
    program = _Parser(text).program()
    control(program)
    return program


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._root = Program()
        self._bodies: list[list[Node]] = [self._root.body]
        self._open: list[_Open] = []

    def program(self) -> Program:
        steps = {
            "output": self._output, "raw": self._output, "open": self._begin, "inverse": self._begin,
            "else": self._else, "chain": self._else, "close": self._close,
        }  # fmt: skip
        for count, piece in enumerate(Lexer(self._text).pieces()):
            if isinstance(piece, str):
                self._add(Text(piece, piece))
                continue
            if count > MAX_NODES:
                raise error_at(self._text, piece.at, f"it has more than {MAX_NODES:,} tags")
            if piece.kind == "literal":
                self._raw(piece)
            elif piece.kind == "comment":
                self._add(Comment(piece.strip))
            else:
                steps[piece.kind](piece)
        if self._open:
            raise error_at(self._text, self._open[-1].block.at, f"the block '{self._open[-1].name[:40]}' is not closed")
        return self._root

    def _add(self, node: Node) -> None:
        self._bodies[-1].append(node)

    def _is_parameter(self, name: str) -> bool:
        return any(name in opened.names and not opened.in_else for opened in self._open)

    def _is_helper(self, name: str) -> bool:
        return name in INLINE and not self._is_parameter(name)

    def _raw(self, tag: Tag) -> None:
        """A raw block is a block with one text: its tags, too, may stand alone on their lines."""
        body = Program([Text(tag.text, tag.text)] if tag.text else [])
        self._add(Block(None, (Literal(value=True),), (), body, None, Strip(), Strip(), Strip(), tag.at))

    def _output(self, tag: Tag) -> None:
        expression = Expressions(self._text, tag, self._is_helper).output()
        self._add(Output(expression, tag.kind == "raw", tag.strip, tag.at))

    def _begin(self, tag: Tag) -> None:
        expressions = Expressions(self._text, tag, self._is_helper)
        head = expressions.head()
        block = self._block(head, tag)
        inverted = tag.kind == "inverse"
        program = Program(names=head.names)
        if inverted:
            block.inverse = program
        else:
            block.program = program
        self._add(block)
        self._push(_Open(block, head.text, head.names), program)

    def _push(self, opened: _Open, program: Program) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise error_at(self._text, opened.block.at, f"blocks nest deeper than {MAX_DEPTH} levels")
        self._open.append(opened)
        self._bodies.append(program.body)

    def _block(self, head: Head, tag: Tag) -> Block:
        callee = head.callee
        name = callee.parts[0] if isinstance(callee, Name) and callee.simple else None
        parts = (None, None, tag.strip, Strip(), Strip(), tag.at)
        if name in BLOCKS and not self._is_parameter(str(name)):
            if BLOCKS[str(name)].strict_arity and len(head.arguments) != 1:
                raise error_at(self._text, tag.at, f"the block '{name}' needs exactly one argument")
            return Block(name, head.arguments, head.options, *parts)
        if head.arguments or head.options:
            raise error_at(self._text, tag.at, f"there is no block helper '{head.text[:40]}'")
        return Block(None, (callee,), (), *parts)

    def _else(self, tag: Tag) -> None:
        if not self._open or self._open[-1].in_else:
            raise error_at(self._text, tag.at, "'else' stands outside of a block, or twice in one")
        opened = self._open[-1]
        opened.block.inverse_strip = tag.strip
        opened.in_else = True
        other = Program(chained=tag.kind == "chain")
        if opened.block.program is None:
            opened.block.program = other
        else:
            opened.block.inverse = other
        self._bodies[-1] = other.body
        if tag.kind == "chain":
            self._chain(tag, opened.name)

    def _chain(self, tag: Tag, name: str) -> None:
        head = Expressions(self._text, tag, self._is_helper).head()
        block = self._block(head, tag)
        block.program = Program(names=head.names)
        self._add(block)
        self._push(_Open(block, name, head.names, chain=True), block.program)

    def _pop(self) -> _Open:
        self._bodies.pop()
        return self._open.pop()

    def _close(self, tag: Tag) -> None:
        name = Expressions(self._text, tag, self._is_helper).head().text
        if not self._open:
            raise error_at(self._text, tag.at, f"'/{name[:40]}' closes a block that is not open")
        closed = [self._pop()]
        while closed[-1].chain:
            closed.append(self._pop())
        opened = closed[-1]
        # As in Handlebars, the closing tag strips for the block and its first `else if`; any later one, by its own tag.
        for block in closed:
            block.block.close_strip = block.block.open_strip
        for block in closed[-2:]:
            block.block.close_strip = tag.strip
        if opened.name != name:
            raise error_at(self._text, tag.at, f"'{opened.name[:40]}' is open, but '{name[:40]}' is closed")
