"""Reads JSON from bytes with bounded memory: depth, nodes and key lengths are checked before and after orjson.

orjson itself refuses NaN, Infinity, 1e999, lone surrogates, a byte order mark, UTF-16 and trailing text. Twice the same
key, which it would take, is refused here: two readers of one document must not see two documents.
"""

import re
from dataclasses import dataclass
from typing import Final

import orjson

from isthmus.model.errors import Malformed, TooLarge
from isthmus.model.json import Json

MAX_DEPTH: Final = 100
MAX_KEY: Final = 4096

_STRINGS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_STRUCTURE: Final = bytes.maketrans(b"{}", b"[]")
_NO_BRACKET: Final = bytes(set(range(256)) - set(b"[]{}"))


@dataclass(frozen=True, slots=True)
class JsonLimits:
    """How much JSON is read: values (`nodes`) and levels (`depth`)."""

    nodes: int = 1_000_000
    depth: int = MAX_DEPTH


def parse(body: bytes, limits: JsonLimits) -> Json:
    """Parse a body. Raises Malformed where it is not JSON, TooLarge where it is too deep or has too many values."""
    structure = _STRINGS.sub(b"", body)
    if structure.count(b",") + structure.count(b"[") + structure.count(b"{") > limits.nodes:
        raise TooLarge(f"The body holds more than {limits.nodes} values: send it in parts.")
    _check_depth(structure, limits.depth)
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"The body is not valid JSON (line {error.lineno}, column {error.colno}).") from None
    if b"\\u0000" in body and _NUL.search(body):
        raise Malformed("The body holds the character U+0000, which no field can take.")
    if _count_keys(value) != structure.count(b":"):
        raise Malformed("An object in the body has the same key twice.")
    return value


def _check_depth(structure: bytes, depth: int) -> None:
    """Peel off one level of brackets after another, each at the speed of C."""
    if structure.count(b"[") + structure.count(b"{") <= depth:
        return
    brackets = structure.translate(_STRUCTURE, _NO_BRACKET)
    for _level in range(depth):
        brackets = brackets.replace(b"[]", b"")
    if b"[]" in brackets:  # brackets that do not match may stay over: the parser will say so
        raise TooLarge(f"The body is nested more than {depth} levels deep.")


def _count_keys(value: Json) -> int:
    count, waiting = 0, [value]
    while waiting:
        node = waiting.pop()
        if type(node) is dict:
            count += len(node)
            if any(len(key) > MAX_KEY for key in node):
                raise TooLarge(f"A key in the body is longer than {MAX_KEY} characters.")
            waiting.extend(child for child in node.values() if type(child) is dict or type(child) is list)
        elif type(node) is list:
            waiting.extend(child for child in node if type(child) is dict or type(child) is list)
    return count
