"""The tree that a template is read into."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, true, false, null or undefined (`MISSING`) that stands in the template."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """A path: `depth` contexts up (`../`), then `parts`.

    `data` is `@name`; `own` (`this.`) and `bracketed` (`[name]`) rule out a helper of that name, `own` rules out a
    block parameter, too.
    """

    depth: int
    parts: tuple[str, ...]
    data: bool = False
    own: bool = False
    bracketed: bool = False

    @property
    def simple(self) -> bool:
        """Whether this could be the name of a helper."""
        return len(self.parts) == 1 and self.bare and not self.bracketed

    @property
    def bare(self) -> bool:
        """Whether its first part could be the name of a block parameter."""
        return bool(self.parts) and not (self.depth or self.data or self.own)


@dataclass(frozen=True, slots=True)
class Call:
    """A helper called with arguments and named options."""

    helper: str
    arguments: tuple["Expression", ...]
    options: tuple[tuple[str, "Expression"], ...]
    at: int


Expression: TypeAlias = Literal | Name | Call


@dataclass(slots=True)
class Text:
    """Literal text. `original` decides whether a tag stands alone on its line, whatever was stripped since."""

    value: str
    original: str
    left_stripped: bool = False
    right_stripped: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """The `~` of a tag: whitespace before it (`open`) and after it (`close`) goes."""

    open: bool = False
    close: bool = False


@dataclass(slots=True)
class Comment:
    """A comment; it prints nothing, but may stand alone on its line."""

    strip: Strip


@dataclass(slots=True)
class Output:
    """`{{expression}}`, or `{{{expression}}}` where `raw`."""

    expression: Expression
    raw: bool
    strip: Strip
    at: int


@dataclass(slots=True)
class Program:
    """The body of a block, or the whole template. `chained` is the body of `{{else if x}}`, which is one block."""

    body: list["Node"] = field(default_factory=list)
    chained: bool = False
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class Block:
    """`{{#helper a}}program{{else}}inverse{{/helper}}`; `helper` is None for `{{#path}}`, which is `arguments[0]`."""

    helper: str | None
    arguments: tuple[Expression, ...]
    options: tuple[tuple[str, Expression], ...]
    program: Program | None
    inverse: Program | None
    open_strip: Strip
    inverse_strip: Strip
    close_strip: Strip
    at: int


Node: TypeAlias = Text | Comment | Output | Block
