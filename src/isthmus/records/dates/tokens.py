"""moment.js formats taken apart into tokens and literal text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from isthmus.records.errors import RuleError

MAX_FORMAT: Final = 500
_LOCAL: Final = re.compile(r"\[[^\[]*?\]|\\.|LTS|LT|LL?L?L?|l{1,4}")
_LOCAL_FORMATS: Final = {
    "LTS": "h:mm:ss A",
    "LT": "h:mm A",
    "L": "MM/DD/YYYY",
    "LL": "MMMM D, YYYY",
    "LLL": "MMMM D, YYYY h:mm A",
    "LLLL": "dddd, MMMM D, YYYY h:mm A",
    "l": "M/D/YYYY",
    "ll": "MMM D, YYYY",
    "lll": "MMM D, YYYY h:mm A",
    "llll": "ddd, MMM D, YYYY h:mm A",
}
_TOKEN: Final = re.compile(
    r"(?P<literal>\[[^\[]*?\]|\\.)|(?P<token>[Hh]mm(?:ss)?|Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|wo|ww?|Wo|WW?|Qo?"
    r"|YYYY|YY|gggg|gg|GGGG|GG|e|E|a|A|hh?|HH?|kk?|mm?|ss?|S{1,9}|x|X|zz?|ZZ?)|(?P<other>.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a format: a token of moment.js, or text that stands for itself."""

    text: str
    literal: bool


@lru_cache(maxsize=512)
def tokens(pattern: Any) -> tuple[Token, ...]:
    """Take a format apart. Raises RuleError for one that is no text, empty, or over `MAX_FORMAT` characters."""
    if not isinstance(pattern, str) or not pattern:
        raise RuleError("A date format must be a text and not empty.")
    if len(pattern) > MAX_FORMAT:
        raise RuleError(f"A date format must not be longer than {MAX_FORMAT} characters.")
    expanded = _LOCAL.sub(lambda match: _LOCAL_FORMATS.get(match[0], match[0]), pattern)
    return tuple(_merged(_token(match) for match in _TOKEN.finditer(expanded)))


def _token(match: re.Match[str]) -> Token:
    literal = match["literal"]
    if literal is not None:
        return Token(literal[1:] if literal[0] == "\\" else literal[1:-1], literal=True)
    return Token(match[0], literal=match["token"] is None)


def _merged(found: Iterable[Token]) -> list[Token]:
    merged: list[Token] = []
    for token in found:
        if token.literal and merged and merged[-1].literal:
            merged[-1] = Token(merged[-1].text + token.text, literal=True)
        else:
            merged.append(token)
    return merged
