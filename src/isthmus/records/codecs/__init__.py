"""Bodies to plain JSON data and back: json, xml, csv, plaintext, urlencoded. Every decoder is capped."""

from isthmus.records.codecs.csv import CsvOptions
from isthmus.records.codecs.errors import CodecError
from isthmus.records.codecs.json import check_depth
from isthmus.records.codecs.registry import Media, decode, encode
from isthmus.records.codecs.xml import xpath

__all__ = ["CodecError", "CsvOptions", "Media", "check_depth", "decode", "encode", "xpath"]
