"""JSON, by orjson: NaN and Infinity are refused, of equal keys the last one counts."""

from typing import Final

import orjson

from isthmus.model.json import Json
from isthmus.records.codecs.caps import check, text_of
from isthmus.records.codecs.errors import CodecError

CONTENT_TYPE: Final = "application/json"
_UTF8: Final = ("utf-8", "utf8", "us-ascii", "ascii")


def decode(body: bytes, charset: str | None) -> Json:
    """Read JSON. Raises CodecError."""
    as_is = charset is None or charset.strip().strip("\"'").lower() in _UTF8
    source = body.removeprefix(b"\xef\xbb\xbf") if as_is else text_of(body, charset)
    try:
        value = orjson.loads(source)
    except orjson.JSONDecodeError as error:
        raise CodecError("The body is not valid JSON.") from error
    check(value)
    return value


def encode(value: Json) -> tuple[bytes, str]:
    """Write JSON. Raises CodecError."""
    try:
        return orjson.dumps(value), CONTENT_TYPE
    except TypeError as error:
        raise CodecError("The value cannot be written as JSON: it nests too deep or holds bad text.") from error
