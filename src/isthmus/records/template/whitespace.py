"""Whitespace control as Handlebars does it: `~`, and lines on which a block tag or a comment stands alone."""

from typing import Final

from isthmus.records.template.tree import Block, Comment, Node, Output, Program, Strip, Text

_SPACES: Final = (
    " \t\n\r\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What JavaScript's `\\s` matches."""


def control(program: Program) -> None:
    """Strip the texts of a whole template in place."""
    _program(program, root=True)


def _program(program: Program, *, root: bool = False) -> None:
    body = program.body
    for index, node in enumerate(body):
        if isinstance(node, Text):
            continue
        standalone = _accept(node)
        before = _ends_line(body, index, root=root)
        after = _starts_line(body, index, root=root)
        strip = _outer_strip(node)
        if strip.close:
            _omit_right(body, index + 1, every=True)
        if strip.open:
            _omit_left(body, index - 1, every=True)
        if isinstance(node, Comment) and before and after:
            _omit_right(body, index + 1)
            _omit_left(body, index - 1)
        if isinstance(node, Block):
            _standalone(node, body, index, (standalone[0] and before, standalone[1] and after))


def _standalone(node: Block, body: list[Node], index: int, alone: tuple[bool, bool]) -> None:
    if alone[0]:
        _omit_right(_first(node).body, 0)
        _omit_left(body, index - 1)
    if alone[1]:
        _omit_right(body, index + 1)
        last = (node.inverse or _first(node)).body
        _omit_left(last, len(last) - 1)


def _first(node: Block) -> Program:
    return node.program or node.inverse or Program()


def _outer_strip(node: Output | Comment | Block) -> Strip:
    return Strip(node.open_strip.open, node.close_strip.close) if isinstance(node, Block) else node.strip


def _accept(node: Node) -> tuple[bool, bool]:
    """Work inside a block; tell whether its opening and closing tag may stand alone, seen from inside."""
    if not isinstance(node, Block):
        return False, False
    for program in (node.program, node.inverse):
        if program is not None:
            _program(program)
    main = _first(node)
    inverse = node.inverse if node.program is not None else None
    first, last = _chain(inverse)
    alone = (
        _starts_line(main.body, -1),
        _ends_line((first or main).body, len((first or main).body)),
    )
    if node.open_strip.close:
        _omit_right(main.body, 0, every=True)
    if first is not None and last is not None:
        _around_else(node, main, first, last)
    elif node.close_strip.open:
        _omit_left(main.body, len(main.body) - 1, every=True)
    return alone


def _chain(inverse: Program | None) -> tuple[Program | None, Program | None]:
    """Find the first and last body that an `{{else if}}` chain begins and ends with."""
    if inverse is None or not inverse.chained:
        return inverse, inverse
    first = _only(inverse)
    last = inverse
    while last.chained:
        last = _only(last)
    return first, last


def _only(program: Program) -> Program:
    block = program.body[-1]
    return (block.program or Program()) if isinstance(block, Block) else Program()


def _around_else(node: Block, main: Program, first: Program, last: Program) -> None:
    if node.inverse_strip.open:
        _omit_left(main.body, len(main.body) - 1, every=True)
    if node.inverse_strip.close:
        _omit_right(first.body, 0, every=True)
    if node.close_strip.open:
        _omit_left(last.body, len(last.body) - 1, every=True)
    if _ends_line(main.body, len(main.body)) and _starts_line(first.body, -1):
        _omit_left(main.body, len(main.body) - 1)
        _omit_right(first.body, 0)


def _ends_line(body: list[Node], index: int, *, root: bool = False) -> bool:
    """Whether nothing but spaces stands between the start of the line and the node at `index`."""
    if index < 1:
        return root
    before = body[index - 1]
    if not isinstance(before, Text):
        return False
    spaces = before.original[len(before.original.rstrip(_SPACES)) :]
    return "\n" in spaces or (index == 1 and root and spaces == before.original)


def _starts_line(body: list[Node], index: int, *, root: bool = False) -> bool:
    """Whether nothing but spaces stands between the node at `index` and the end of the line."""
    if index + 1 >= len(body):
        return root
    after = body[index + 1]
    if not isinstance(after, Text):
        return False
    spaces = after.original[: len(after.original) - len(after.original.lstrip(_SPACES))]
    return "\n" in spaces or (index + 2 >= len(body) and root and spaces == after.original)


def _omit_right(body: list[Node], index: int, *, every: bool = False) -> None:
    """Strip the start of a text: all spaces, or the rest of its first line."""
    node = body[index] if 0 <= index < len(body) else None
    if not isinstance(node, Text) or (not every and node.right_stripped):
        return
    stripped = node.value.lstrip(_SPACES) if every else _after_line(node.value)
    node.right_stripped = stripped != node.value
    node.value = stripped


def _after_line(text: str) -> str:
    rest = text.lstrip(" \t")
    if rest.startswith("\r\n"):
        return rest[2:]
    return rest.removeprefix("\n")


def _omit_left(body: list[Node], index: int, *, every: bool = False) -> None:
    """Strip the end of a text: all spaces, or those of its last line."""
    node = body[index] if 0 <= index < len(body) else None
    if not isinstance(node, Text) or (not every and node.left_stripped):
        return
    stripped = node.value.rstrip(_SPACES if every else " \t")
    node.left_stripped = stripped != node.value
    node.value = stripped
