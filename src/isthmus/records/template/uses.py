"""What a template uses, read off its tree."""

from collections.abc import Iterator

from isthmus.records.template.tree import Block, Call, Expression, Literal, Name, Output, Program


def size_of(program: Program | None) -> int:
    """Count the outputs and blocks of a template."""
    count = 0
    for node in program.body if program is not None else ():
        if isinstance(node, Output):
            count += 1
        elif isinstance(node, Block):
            count += 1 + size_of(node.program) + size_of(node.inverse)
    return count


def lookups_of(program: Program | None) -> Iterator[str]:
    """Name the lookups that a template refers to, in order, perhaps more than once."""
    for node in program.body if program is not None else ():
        if isinstance(node, Output):
            yield from _in(node.expression)
        elif isinstance(node, Block):
            for expression in (*node.arguments, *(value for _, value in node.options)):
                yield from _in(expression)
            yield from lookups_of(node.program)
            yield from lookups_of(node.inverse)


def _in(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Name):
        if len(expression.parts) > 1 and expression.parts[0] == "lookup" and not expression.depth:
            yield expression.parts[1]
    elif isinstance(expression, Call):
        first = expression.arguments[0] if expression.arguments else None
        if expression.helper == "lookup" and isinstance(first, Literal) and isinstance(first.value, str):
            yield first.value
        for argument in (*expression.arguments, *(value for _, value in expression.options)):
            yield from _in(argument)
