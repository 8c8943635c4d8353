"""Templates taken apart into text and tags, tags into tokens, with the rules of Handlebars for escapes and comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from isthmus.records.paths.read import MISSING
from isthmus.records.template.position import error_at
from isthmus.records.template.tree import Strip
from isthmus.records.values import whole

MAX_TOKENS: Final = 2_000
"""In one tag."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a tag. `kind` is id, segment, string, literal, sep, open, close, equals, at, as, pipe."""

    kind: str
    value: Any
    at: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag. `kind` is output, raw, open, inverse, else, chain, close, comment, or literal for a raw block (`text`)."""

    kind: str
    tokens: tuple[Token, ...]
    strip: Strip
    at: int
    text: str = ""


_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<string>"(?:\\"|[^"])*"|'(?:\\'|[^'])*')
    | (?P<number>-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?=[~}\s)\]]))
    | (?P<literal>(?:true|false|null|undefined)(?=[~}\s)\]]))
    | (?P<as>as\s+\|)
    | (?P<segment>\[(?:\\\]|[^\]])*\])
    | (?P<dots>\.\.|\.(?=[=~}\s/.)|\]]))
    | (?P<sep>[/.])
    | (?P<id>[^\s!"\#%-,./;->@\[-^`{-~]+(?=[=~}\s/.)|\]]))
    | (?P<open>\() | (?P<close>\)) | (?P<equals>=) | (?P<at>@) | (?P<pipe>\|)
    )""",
    re.VERBOSE,
)
_STEP: Final = re.compile(r"""(?P<id>[^\s!"\#%-,./;->@\[-^`{-~]+(?=[=~}\s/.)|\]]))""")
"""What follows a separator is a name, be it a number or `true`."""
_ELSE: Final = re.compile(r"(?:else(?=[\s~}])\s*|\^\s*)")
_COMMENT_END: Final = re.compile(r"--~?\}\}")
_RAW_END: Final = re.compile(r"\{\{\{\{/([^\s!\"#%-,./;->@\[-^`{-~]+)\}\}\}\}")
_RAW_CLOSE: Final = re.compile(r"\}(~?)\}\}")
_CLOSE: Final = re.compile(r"(~?)\}\}")
_LITERALS: Final = {"true": True, "false": False, "null": None, "undefined": MISSING}
_ESCAPED_SEGMENT: Final = re.compile(r"\\([\\\]])")
_UNSUPPORTED: Final = {">": "partials", "*": "decorators"}


class Lexer:
    """Walks once over a template."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def pieces(self) -> Iterator[str | Tag]:
        """Yield literal text and tags, in order. Raises RuleError."""
        text = self._text
        while self._at < len(text):
            start = text.find("{{", self._at)
            if start < 0:
                yield text[self._at :]
                return
            yield from self._before(start)

    def _before(self, start: int) -> Iterator[str | Tag]:
        literal = self._text[self._at : start]
        self._at = start
        if literal.endswith("\\\\"):
            literal = literal[:-1]
        elif literal.endswith("\\"):
            yield literal[:-1]
            yield self._escaped(start)
            return
        if literal:
            yield literal
        yield self._tag()

    def _escaped(self, start: int) -> str:
        """Print the braces of an escaped tag and all that follows, up to the next tag."""
        end = self._text.find("{{", start + 2)
        end = len(self._text) if end < 0 else end
        while end > start + 2 and self._text[end - 1] == "\\" and end < len(self._text):
            end -= 1
        self._at = end
        return self._text[start:end]

    def _tag(self) -> Tag:
        text, start = self._text, self._at
        if text.startswith("{{{{", start):
            return self._raw_block()
        self._at = start + 2
        opened = self._take("~")
        if self._take("{"):
            return self._finish("raw", _RAW_CLOSE, opened=opened, start=start)
        if self._take("!"):
            return self._comment(opened=opened, start=start)
        return self._finish(self._kind(), _CLOSE, opened=opened, start=start)

    def _take(self, mark: str) -> bool:
        if self._text.startswith(mark, self._at):
            self._at += len(mark)
            return True
        return False

    def _kind(self) -> str:
        text = self._text
        for mark, kind in (("#", "open"), ("/", "close"), ("&", "raw")):
            if self._take(mark):
                self._refuse_unsupported()
                return kind
        self._refuse_unsupported()
        while text[self._at : self._at + 1].isspace():
            self._at += 1
        match = _ELSE.match(text, self._at)
        if match is None:
            return "output"
        self._at = match.end()
        if text.startswith(("}}", "~}}"), self._at):
            return "else"
        return "chain" if match[0].startswith("else") else "inverse"

    def _refuse_unsupported(self) -> None:
        mark = self._text[self._at : self._at + 1]
        if mark in _UNSUPPORTED:
            raise error_at(self._text, self._at, f"{_UNSUPPORTED[mark]} are not part of this dialect")

    def _finish(self, kind: str, close: re.Pattern[str], *, opened: bool, start: int) -> Tag:
        tokens: list[Token] = []
        while True:
            self._spaces()
            end = close.match(self._text, self._at)
            if end is not None:
                self._at = end.end()
                return Tag(kind, tuple(tokens), Strip(opened, bool(end[1])), start)
            if len(tokens) >= MAX_TOKENS:
                raise error_at(self._text, start, f"the tag has more than {MAX_TOKENS:,} parts")
            tokens.append(self._token(start, after=tokens[-1].kind if tokens else ""))

    def _spaces(self) -> None:
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1

    def _token(self, start: int, *, after: str) -> Token:
        match = (_STEP.match(self._text, self._at) if after == "sep" else None) or _TOKEN.match(self._text, self._at)
        if match is None:
            if self._text.find("}}", self._at) < 0:
                raise error_at(self._text, start, "the tag is not closed")
            raise error_at(self._text, self._at, "this character cannot stand here")
        kind = str(match.lastgroup)
        at, self._at = self._at, match.end()
        return _token(kind, match[kind], at)

    def _comment(self, *, opened: bool, start: int) -> Tag:
        if self._text.startswith("--", self._at):
            match = _COMMENT_END.search(self._text, self._at)
            found = match.span() if match else (-1, -1)
        else:
            end = self._text.find("}}", self._at)
            found = (end, end + 2)
        if found[0] < 0:
            raise error_at(self._text, start, "the comment is not closed")
        self._at = found[1]
        closed = self._text[found[1] - 3] == "~"
        return Tag("comment", (), Strip(opened, closed), start)

    def _raw_block(self) -> Tag:
        """`{{{{name}}}}` up to `{{{{/name}}}}`: what lies between is literal text, nested raw blocks included."""
        text, start = self._text, self._at
        head = text.find("}}}}", start)
        words = text[start + 4 : head].split() if head >= 0 else []
        if not words:
            raise error_at(text, start, "a raw block needs a name and '}}}}'")
        at, depth = head + 4, 1
        while depth:
            end = text.find("{{{{", at)
            if end < 0:
                raise error_at(text, start, "the raw block is not closed")
            close = _RAW_END.match(text, end)
            if close is None and text.startswith("{{{{/", end):
                raise error_at(text, end, "this is no end of a raw block")
            depth += 1 if close is None else -1
            at = end + 4 if close is None else close.end()
        if close is None or close[1] != words[0]:
            raise error_at(text, end, "the raw block is closed by another name")
        self._at = at
        return Tag("literal", (), Strip(), start, text[head + 4 : end])


def _token(kind: str, text: str, at: int) -> Token:
    if kind == "string":
        return Token("string", text[1:-1].replace("\\" + text[0], text[0]), at)
    if kind == "number":
        return Token("literal", whole(float(text)) if "." in text else int(text), at)
    if kind == "literal":
        return Token("literal", _LITERALS[text], at)
    if kind == "segment":
        return Token("segment", _ESCAPED_SEGMENT.sub(r"\1", text[1:-1]), at)
    return Token("id" if kind == "dots" else kind, text, at)
