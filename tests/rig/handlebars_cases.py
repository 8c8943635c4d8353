"""Templates and data made up from a seed, over the language that Handlebars.js and this dialect share."""

import random
from dataclasses import dataclass
from typing import Any

_NAMES = ("a", "b", "c", "d", "x-y", "list", "people", "text", "0", "len")
_KEYS = (*_NAMES, "x y", "1", "10", "__proto__", "constructor", "$z", "\u00e9")
_TEXTS = ("", "x", "5", "0", "a b", "true", "<b>&\"'`=", "\u00e9\u4e16", "  ", "l1\nl2", "{{a}}", "constructor")
_SPACES = ("", "", "", " ", "  ", "\n", "\n", "\r\n", "\t", " \n ", "\n\n", "x", "a b", "-", "\u00e9", "{ ", " }", "'")
_LITERALS = ('"a"', "'b'", '"x y"', "0", "1", "-2", "2.50", "true", "false", "null", "undefined", '""', '"le\\"n"')
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Case:
    """A template and the data that it is rendered over."""

    template: str
    data: dict[str, Any]


class Maker:
    """Makes cases; the same seed gives the same cases."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # repeatable, nothing secret

    def case(self) -> Case:
        """Make one; one in twelve templates is damaged, so that both sides may refuse it."""
        template = self._body(0)
        if self._random.random() < 1 / 12:
            template = self._damaged(template)
        data = {self._pick(_KEYS): self._value(0) for _ in range(self._random.randrange(8))}
        return Case(template, data)

    def _pick(self, choices: Any) -> Any:
        return self._random.choice(choices)

    def _often(self, probability: float) -> bool:
        return self._random.random() < probability

    def _value(self, depth: int) -> Any:
        kind = self._random.random()
        if depth < _DEPTH and kind < 0.25:
            return [self._value(depth + 1) for _ in range(self._random.randrange(4))]
        if depth < _DEPTH and kind < 0.55:
            return {self._pick(_KEYS): self._value(depth + 1) for _ in range(self._random.randrange(5))}
        numbers = (0, 1, -1, 5, 2.5, 1e21, 1e-7, 0.1, 123456789, -0.5, 1e16, 5.0)
        return self._pick((None, True, False, *numbers, *_TEXTS, *_TEXTS))

    def _body(self, depth: int) -> str:
        count = self._random.randrange(5 if depth else 7)
        return "".join(self._piece(depth) + self._pick(_SPACES) for _ in range(count))

    def _piece(self, depth: int) -> str:
        kind = self._random.random()
        if kind < 0.4 or depth > _DEPTH:
            return self._stash()
        if kind < 0.75:
            return self._block(depth)
        return self._odd() if kind < 0.85 else str(self._pick(_SPACES))

    def _strip(self) -> str:
        return "~" if self._often(0.12) else ""

    def _stash(self) -> str:
        inside = self._call() if self._often(0.15) else self._path()
        if self._often(0.1):
            inside = self._pick((" ", "\n", "  ")) + inside + self._pick(("", " "))
        style = self._random.random()
        left, right = self._strip(), self._strip()
        # A text goes before a raw value: Handlebars.js adds two raw numbers that stand side by side.
        if style < 0.15:
            return f":{{{{{left}{{{inside}}}{right}}}}}"
        return f":{{{{{left}&{inside}{right}}}}}" if style < 0.2 else f"{{{{{left}{inside}{right}}}}}"

    def _odd(self) -> str:
        left, right = self._strip(), self._strip()
        inner = self._pick(("note", " a b ", "", "{{a", "x\ny", "-", "--", "~"))
        return str(
            self._pick(
                (
                    f"{{{{{left}! c{inner.replace('{', '')}{right}}}}}",
                    f"{{{{{left}!-- {inner}--{right}}}}}",
                    "{{!--}}",
                    f"\\{{{{{self._path()}}}}}",
                    f"\\\\{{{{{self._path()}}}}}",
                    f"\\\\\\{{{{{self._path()}}}}}",
                    f"{{{{{{{{raw}}}}}}}}{self._pick(_SPACES)}{self._stash()}{{{{{{{{/raw}}}}}}}}",
                    "\\", "{{{{raw}}}} {{{{raw}}}}x{{{{/raw}}}} {{{{/raw}}}}",
                )
            )
        )  # fmt: skip

    def _path(self) -> str:
        kind = self._random.random()
        if kind < 0.1:
            return str(self._pick(("this", ".", "..", "../..", "this.a", "./a", "../this", "../.", "this/b", "../c")))
        if kind < 0.25:
            return str(
                self._pick(
                    ("@index", "@key", "@first", "@last", "@root", "@root.a", "@root/b.c", "@../index", "@../key",
                     "@../../index", "@../first", "@../root.a", "@missing", "@index.a")
                )
            )  # fmt: skip
        if kind < 0.32:
            return str(self._pick(_LITERALS[:-2] + _LITERALS[-1:]))  # `{{""}}` is one of the held differences
        up = "../" * self._random.randrange(1, 3) if self._often(0.15) else ""
        parts = [self._segment() for _ in range(self._pick((1, 1, 1, 2, 2, 3)))]
        separator: str = self._pick((".", ".", "/"))
        return up + separator.join(parts)

    def _segment(self) -> str:
        name = str(self._pick((*_KEYS, "length", "p", "i")))
        return f"[{name}]" if " " in name or name.isdigit() or self._often(0.08) else name

    def _operand(self, depth: int = 0) -> str:
        if self._often(0.08):
            return str(self._pick(_LITERALS))
        return f"({self._call(depth + 1)})" if depth < 2 and self._often(0.15) else self._path()

    def _call(self, depth: int = 0) -> str:
        # A text as the first argument names one of the dialect's own lookups; see the held differences.
        return f"lookup {self._pick(('a', 'b', 'list', 'this', '..', '@root', 'people'))} {self._operand(depth)}"

    def _block(self, depth: int) -> str:
        head, close = self._head()
        if self._often(0.06):
            return self._inverted(depth)
        parts = [f"{{{{{self._strip()}#{head}{self._strip()}}}}}", self._pick(_SPACES), self._body(depth + 1)]
        while self._often(0.12):
            parts += [f"{{{{{self._strip()}else {self._head()[0]}{self._strip()}}}}}", self._body(depth + 1)]
        if self._often(0.35):
            word = self._pick(("else", "else", "^", " else "))
            parts += [f"{{{{{self._strip()}{word}{self._strip()}}}}}", self._body(depth + 1)]
        return "".join([*parts, self._pick(_SPACES), f"{{{{{self._strip()}/{close}{self._strip()}}}}}"])

    def _inverted(self, depth: int) -> str:
        name = self._pick(("a", "b", "a.b", "this", "list"))
        middle = f"{{{{else}}}}{self._body(depth + 1)}" if self._often(0.3) else ""
        return f"{{{{^{name}}}}}{self._body(depth + 1)}{middle}{{{{/{name}}}}}"

    def _head(self) -> tuple[str, str]:
        kind = self._random.random()
        if kind < 0.3:
            parameters = self._pick((" as |p|", " as |p i|")) if self._often(0.2) else ""
            return f"each {self._operand()}{parameters}", "each"
        if kind < 0.5:
            option = self._pick((" includeZero=true", " includeZero=a")) if self._often(0.15) else ""
            return f"if {self._operand()}{option}", "if"
        if kind < 0.6:
            return f"unless {self._operand()}", "unless"
        if kind < 0.78:
            return f"with {self._operand()}{' as |p|' if self._often(0.15) else ''}", "with"
        name = self._pick(("a", "b", "list", "people", "a.b", "this", "../a", "./b", "..", "@root", "[x y]", "c.d"))
        return name, name

    def _damaged(self, template: str) -> str:
        at = self._random.randrange(len(template) + 1)
        end = min(len(template), at + self._random.randrange(1, 4))
        extra: str = self._pick(
            ("", "{{", "}}", "{", "}", "~", "/", "#", "|", "(", ")", "=", '"', "\\", "!", "a", " ", ".")
        )
        return template[:at] + extra + template[end:]
