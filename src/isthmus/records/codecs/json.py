"""JSON, by orjson: NaN and Infinity are refused, of equal keys the last one counts."""

from typing import Final

import orjson

from isthmus.model.json import Json
from isthmus.records.codecs.caps import MAX_NODES, check, text_of, too_big
from isthmus.records.codecs.errors import CodecError

CONTENT_TYPE: Final = "application/json"
_UTF8: Final = ("utf-8", "utf8", "us-ascii", "ascii")


def decode(body: bytes, charset: str | None) -> Json:
    """Read JSON; it can be written again. Raises CodecError."""
    value = decode_any_depth(body, charset)
    check_depth(value)
    return value


def decode_any_depth(body: bytes, charset: str | None) -> Json:
    """As `decode`, up to the 1,024 levels that the parser reads: for records that are only handed on."""
    as_is = charset is None or charset.strip().strip("\"'").lower() in _UTF8
    source = body.removeprefix(b"\xef\xbb\xbf") if as_is else text_of(body, charset)
    try:
        value = orjson.loads(source)
    except orjson.JSONDecodeError as error:
        raise CodecError("The body is not valid JSON.") from error
    if len(source) > MAX_NODES:  # fewer bytes cannot hold too many parts
        check(value)
    return value


def check_depth(value: Json) -> None:
    """Refuse what could not be written again (254 levels): a twentieth of the cost of walking through it.

    Raises CodecError.
    """
    try:
        orjson.dumps(value)
    except TypeError as error:
        raise too_big() from error


def encode(value: Json) -> tuple[bytes, str]:
    """Write JSON. Raises CodecError."""
    try:
        return orjson.dumps(value), CONTENT_TYPE
    except TypeError as error:
        raise CodecError("The value cannot be written as JSON: it nests too deep or holds bad text.") from error
