"""Caps on what is read, whatever its media."""

import codecs
from typing import Any, Final

from isthmus.records.codecs.errors import CodecError

MAX_DEPTH: Final = 200
MAX_NODES: Final = 5_000_000
_NAMES: Final = {
    "utf8": "utf-8",
    "win1252": "cp1252",
    "iso88591": "latin-1",
    "shiftjis": "shift_jis",
    "macroman": "mac_roman",
}
_REFUSED: Final = frozenset(
    {"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
)


def text_of(body: bytes, charset: str | None) -> str:
    """Decode the bytes of a body, a byte order mark left out. Raises CodecError for bad bytes and unknown charsets."""
    name = (charset or "utf-8").strip().strip("\"'").lower()
    try:
        text = body.decode(_codec(name))
    except LookupError as error:
        raise CodecError("The charset of the body is not known.", code="unknown_charset") from error
    except ValueError as error:
        raise CodecError("The body is not in the charset that it claims.", code="invalid_charset") from error
    return text.removeprefix("\ufeff")


def _codec(name: str) -> str:
    found = codecs.lookup(_NAMES.get(name.replace("-", ""), name)).name
    if found in _REFUSED:
        raise LookupError(name)
    return found


def check(value: Any) -> None:
    """Refuse data that nests too deep or has too many parts, without recursion. Raises CodecError."""
    level, depth, nodes = [value], 0, 0
    while level:
        nodes += len(level)
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise too_big()
        following: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                following.extend(inner for inner in item.values() if isinstance(inner, dict | list))
                nodes += len(item)
            elif isinstance(item, list):
                following.extend(inner for inner in item if isinstance(inner, dict | list))
                nodes += len(item)
        level, depth = following, depth + 1


def too_big() -> CodecError:
    """The refusal of data over a cap."""
    return CodecError(
        f"The data nests deeper than {MAX_DEPTH} levels or has more than {MAX_NODES:,} parts.", code="too_large"
    )
