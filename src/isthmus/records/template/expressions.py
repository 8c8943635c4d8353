"""The grammar inside a tag: paths, literals, helper calls, sub-expressions, named options, block parameters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from isthmus.records.paths.read import MISSING
from isthmus.records.template.lexer import Tag, Token
from isthmus.records.template.position import error_at
from isthmus.records.template.tree import Call, Expression, Literal, Name
from isthmus.records.values import to_text

MAX_NESTING: Final = 32
MAX_PARTS: Final = 64
_END: Final = Token("end", "", 0)

Options = tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What a tag says: an expression or the name of a helper, its arguments and options, block parameters."""

    callee: Expression
    arguments: tuple[Expression, ...]
    options: Options
    names: tuple[str, ...]
    text: str
    """The callee as it was written, without spaces: what the closing tag has to repeat."""


class Expressions:
    """Reads the tokens of one tag."""

    def __init__(self, text: str, tag: Tag, is_helper: Callable[[str], bool]) -> None:
        self._text = text
        self._tokens: Sequence[Token] = tag.tokens
        self._start = tag.at
        self._at = 0
        self._is_helper = is_helper

    def head(self) -> Head:
        """Read a whole tag. Raises RuleError."""
        callee = self._as_name(self._operand(0))
        text = "".join(str(token.value) for token in self._tokens[: self._at])
        arguments, options = self._arguments(0)
        names = self._names()
        if self._at < len(self._tokens):
            raise self._error("this cannot stand here")
        return Head(callee, arguments, options, names, text)

    def output(self) -> Expression:
        """Read the tag of an output: a value, or a call. Raises RuleError."""
        head = self.head()
        if head.names:
            raise error_at(self._text, self._start, "only a block has block parameters")
        return self._applied(head.callee, head.arguments, head.options, self._start)

    def _peek(self) -> Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _next(self) -> Token:
        token = self._peek()
        self._at += 1
        return token

    def _error(self, why: str) -> Exception:
        token = self._peek()
        return error_at(self._text, self._start if token is _END else token.at, why)

    def _as_name(self, expression: Expression) -> Expression:
        """A literal in the place of a name is a name: `{{"a b"}}` prints the field `a b`."""
        if isinstance(expression, Literal):
            text = "undefined" if expression.value is MISSING else to_text(expression.value)
            return Name(0, (text if expression.value is not None else "null",))
        return expression

    def _operand(self, nesting: int) -> Expression:
        token = self._peek()
        if token.kind == "open":
            return self._sub_expression(nesting + 1)
        if token.kind in ("string", "literal"):
            self._at += 1
            return Literal(token.value)
        if token.kind in ("id", "segment", "at"):
            return self._name()
        raise self._error("a name or value is missing")

    def _sub_expression(self, nesting: int) -> Expression:
        if nesting > MAX_NESTING:
            raise self._error(f"sub-expressions nest deeper than {MAX_NESTING} levels")
        start = self._next().at
        callee = self._as_name(self._operand(nesting))
        arguments, options = self._arguments(nesting)
        if self._peek().kind != "close":
            raise self._error("')' is missing")
        self._at += 1
        return self._applied(callee, arguments, options, start)

    def _applied(self, callee: Expression, arguments: tuple[Expression, ...], options: Options, at: int) -> Expression:
        named = isinstance(callee, Name) and callee.simple
        if isinstance(callee, Name) and named and self._is_helper(callee.parts[0]):
            return Call(callee.parts[0], arguments, options, at)
        if not arguments and not options:
            return callee
        name = ".".join(callee.parts)[:40] if isinstance(callee, Name) else "this"
        raise error_at(self._text, at, f"there is no helper '{name}'")

    def _arguments(self, nesting: int) -> tuple[tuple[Expression, ...], Options]:
        arguments: list[Expression] = []
        options: list[tuple[str, Expression]] = []
        while self._peek().kind in ("open", "string", "literal", "id", "segment", "at"):
            if self._named_option():
                name = str(self._next().value)
                self._at += 1
                options.append((name, self._operand(nesting)))
            elif options:
                raise self._error("arguments must come before named options")
            else:
                arguments.append(self._operand(nesting))
        return tuple(arguments), tuple(options)

    def _named_option(self) -> bool:
        following = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else _END
        return self._peek().kind in ("id", "segment") and following.kind == "equals"

    def _names(self) -> tuple[str, ...]:
        if self._peek().kind != "as":
            return ()
        self._at += 1
        names: list[str] = []
        while self._peek().kind == "id":
            names.append(str(self._next().value))
        if self._next().kind != "pipe" or not names:
            raise self._error("block parameters are written 'as |name|'")
        return tuple(names)

    def _name(self) -> Expression:
        data = self._peek().kind == "at"
        if data:
            self._at += 1
        depth, parts, own, bracketed, dots = 0, list[str](), False, self._peek().kind == "segment", True
        while True:
            token = self._next()
            special = token.kind == "id" and token.value in ("..", ".", "this")
            if token.kind not in ("id", "segment", "string"):
                self._at -= 1
                raise self._error("a name is missing")
            if special and not dots:
                raise error_at(self._text, token.at, "'..', '.' and 'this' may only begin a path")
            if special:
                depth += token.value == ".."
                own = True
            else:
                dots = False
                parts.append(str(token.value))
            if len(parts) + depth > MAX_PARTS:
                raise error_at(self._text, token.at, f"a path has more than {MAX_PARTS} parts")
            if self._peek().kind != "sep":
                return Name(depth, tuple(parts), data, own, bracketed)
            self._at += 1
