"""Masks the body of a request or an answer for the log, and cuts it to an excerpt."""

import codecs
import re
from typing import Final

import orjson

from isthmus.transport.http.redact.texts import mask_elements, mask_form, mask_json, mask_members, mask_parameters
from isthmus.transport.http.redact.values import ValueMask

_BINARY: Final = re.compile(r"(?:image|audio|video|font)/|application/(?:octet-stream|pdf|zip|gzip|x-protobuf)")
_CHARSET: Final = re.compile(r"charset\s{0,5}=\s{0,5}\"?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_FORM: Final = re.compile(r"[\w.\-\[\]%+]{1,64}=\S*")
_NO_CHARSETS: Final = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
"""Codecs of other things than bodies: they raise whatever they are told to do about errors, or take quadratic time."""
_WIDEST: Final = 4
_LOOKED_AT: Final = 1024


def mask_body(body: bytes, media_type: str, values: ValueMask, excerpt: int) -> bytes:
    """Give the first `excerpt` characters of a body as UTF-8 with its secrets masked."""
    if not body:
        return b""
    charset = _charset(media_type)
    if _is_binary(body, media_type.lower(), charset):
        return f"[{len(body)} bytes that are not text]".encode()
    text = body[: (excerpt + values.needed) * _WIDEST].decode(charset, "replace")
    shown = _by_name(values.mask(text, excerpt), media_type.lower())
    if len(text) > excerpt:
        shown += f" [cut: {len(body)} bytes in all]"
    return shown.encode("utf-8", "replace")


def _is_binary(body: bytes, media_type: str, charset: str) -> bool:
    if _BINARY.match(media_type):
        return True
    return b"\0" in body[:_LOOKED_AT] and not charset.startswith(("utf-16", "utf-32", "utf_16", "utf_32"))


def _charset(media_type: str) -> str:
    found = _CHARSET.search(media_type)
    try:
        name = codecs.lookup(found[1]).name if found else "utf-8"
        "".encode(name)
    except (LookupError, ValueError):
        return "utf-8"
    return "utf-8" if name in _NO_CHARSETS else name


def _by_name(text: str, media_type: str) -> str:
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start in {"{", "["}:
        return mask_parameters(_json(text))
    if start == "<":
        return mask_parameters(mask_members(mask_elements(text)))
    if "form" in media_type or (not media_type and _FORM.fullmatch(text)):
        text = mask_form(text)
    return mask_parameters(mask_members(text))


def _json(text: str) -> str:
    """Mask JSON by its structure where it is whole, else by its look; text without secrets stays letter for letter."""
    try:
        value = orjson.loads(text)
        return orjson.dumps(value).decode() if mask_json(value) else text
    except (ValueError, TypeError):
        return mask_members(text)
