"""Codecs by name of media."""

from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from isthmus.model.json import Json
from isthmus.records.codecs import csv, form, json, plain, xml
from isthmus.records.codecs.errors import CodecError

Media: TypeAlias = Literal["json", "xml", "csv", "plaintext", "urlencoded"]

_DECODERS: Final[dict[str, Callable[[bytes, str | None], Json]]] = {
    "json": json.decode,
    "xml": xml.decode,
    "csv": csv.decode,
    "plaintext": plain.decode,
    "urlencoded": form.decode,
}
_ENCODERS: Final[dict[str, Callable[[Json], tuple[bytes, str]]]] = {
    "json": json.encode,
    "xml": xml.encode,
    "csv": csv.encode,
    "plaintext": plain.encode,
    "urlencoded": form.encode,
}


def decode(media: Media, body: bytes, charset: str | None = None, *, any_depth: bool = False) -> Json:
    """Read a body.

    JSON gives its value, XML a dict (attributes under `$`, text under `_`), CSV a list of rows, urlencoded a dict,
    plaintext the text. `charset` is the one of the Content-Type; None means UTF-8. With `any_depth` JSON is not held to
    the depth that can be written again; `check_depth` does that later. Raises CodecError.
    """
    if any_depth and media == "json":
        return json.decode_any_depth(body, charset)
    decoder = _DECODERS.get(media)
    if decoder is None:
        raise CodecError("This media type cannot be read.")
    return decoder(body, charset)


def encode(media: Media, value: Json) -> tuple[bytes, str]:
    """Write a value: its bytes and the Content-Type. Raises CodecError for a value that the media cannot hold."""
    encoder = _ENCODERS.get(media)
    if encoder is None:
        raise CodecError("This media type cannot be written.")
    return encoder(value)
