"""What an XPath may cost, told from its text: the library that runs it cannot be stopped once it has begun.

A path of child steps is linear in the parts of the body. Each mark of another kind multiplies by the parts once more:
a second `//`, a union, a step up or sideways, a path from the root inside a predicate. Source: hostile-cases 74 and 89.
"""

import re
from typing import Final

MAX_COST: Final = 100_000_000
"""About a second."""

_LITERAL: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_MARK: Final = re.compile(
    r"//|\||\.\.|\b(?:ancestor|descendant|following|preceding|parent)[\w-]*\s*::"
    r"|(?:[=<>+-]|[\w)\].']\s*\*|\b(?:and|or|div|mod))\s*/(?!/)"
)
_FROM_ROOT: Final = re.compile(r"[\[(,\s]/(?!/)")
_MOST: Final = 8


def cost(expression: str, parts: int) -> int:
    """Estimate the steps of an expression over a body of so many elements and attributes."""
    bare = _LITERAL.sub("''", expression).strip()
    marks = len(_MARK.findall(bare))
    if "[" in bare:
        marks += len(_FROM_ROOT.findall(bare))
    start, descends, _ = bare.partition("//")
    if descends and start.count("[") == start.count("]"):
        marks -= 1  # the first descent, outside a predicate, is as cheap as a child step
    tests = 1 + bare.count("[") + bare.count("(")
    return int(tests * max(parts, 1) ** (1 + min(marks, _MOST)))
