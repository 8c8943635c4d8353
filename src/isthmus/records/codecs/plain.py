"""Plain text."""

from typing import Final

from isthmus.model.json import Json
from isthmus.records.codecs.caps import text_of
from isthmus.records.codecs.errors import CodecError
from isthmus.records.coerce import to_string
from isthmus.records.errors import RecordError

CONTENT_TYPE: Final = "text/plain; charset=utf-8"


def decode(body: bytes, charset: str | None) -> Json:
    """Read text. Raises CodecError."""
    return text_of(body, charset)


def encode(value: Json) -> tuple[bytes, str]:
    """Write text; objects and lists of objects as JSON. Raises CodecError."""
    try:
        return to_string(value).encode("utf-8"), CONTENT_TYPE
    except (RecordError, UnicodeEncodeError) as error:
        raise CodecError("The value cannot be written as text.") from error
