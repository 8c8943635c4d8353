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


def expressions_of(program: Program | None) -> Iterator[Expression]:
    """Give every expression of a template with those inside of it, in order."""
    for node in program.body if program is not None else ():
        if isinstance(node, Output):
            yield from _with_inner(node.expression)
        elif isinstance(node, Block):
            for expression in (*node.arguments, *(value for _, value in node.options)):
                yield from _with_inner(expression)
            yield from expressions_of(node.program)
            yield from expressions_of(node.inverse)


def _with_inner(expression: Expression) -> Iterator[Expression]:
    yield expression
    if isinstance(expression, Call):
        for argument in (*expression.arguments, *(value for _, value in expression.options)):
            yield from _with_inner(argument)


def looks_outside(program: Program) -> bool:
    """Tell whether any name begins with `../`."""
    return any(isinstance(found, Name) and found.depth for found in expressions_of(program))


def needs_frames(program: Program | None) -> bool:
    """Tell whether a body asks where in a collection it is: `@index` and the like, a block parameter for the key."""
    if program is not None and len(program.names) > 1:
        return True
    return any(
        isinstance(found, Name) and found.data and (found.depth or found.parts[:1] != ("root",))
        for found in expressions_of(program)
    )


def lookups_of(program: Program) -> Iterator[str]:
    """Name the lookups that a template refers to, in order, perhaps more than once."""
    for found in expressions_of(program):
        if isinstance(found, Name):
            if len(found.parts) > 1 and found.parts[0] == "lookup" and not found.depth:
                yield found.parts[1]
        elif isinstance(found, Call) and found.helper == "lookup" and found.arguments:
            first = found.arguments[0]
            if isinstance(first, Literal) and isinstance(first.value, str):
                yield first.value
