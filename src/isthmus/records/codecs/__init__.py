"""Bodies to plain JSON data and back: json, xml, csv, plaintext, urlencoded. Every decoder is capped."""

from isthmus.records.codecs.errors import CodecError
from isthmus.records.codecs.registry import decode, encode

__all__ = ["CodecError", "decode", "encode"]
