"""Encodings: base64, URLs, HTML, JSON. Source: handlebars.md section 4."""

import base64
import binascii
import html
import re
from typing import Any, Final
from urllib.parse import quote, unquote_to_bytes

import orjson

from isthmus.records.errors import RecordError
from isthmus.records.paths.read import MISSING
from isthmus.records.template.destination import Destination
from isthmus.records.template.escape import html_text, json_text
from isthmus.records.template.helpers.registry import Example, inline
from isthmus.records.values import is_number, number_text, to_text

_CODECS: Final = {
    "ascii": "latin-1", "utf8": "utf-8", "utf-8": "utf-8", "binary": "latin-1", "latin1": "latin-1",
    "ucs2": "utf-16-le", "ucs-2": "utf-16-le", "utf16le": "utf-16-le", "utf-16le": "utf-16-le",
}  # fmt: skip
_COMPONENT: Final = "!'()*-._~"
_TAGS: Final = re.compile(r"<[^<>]*>")
_PROTOCOL: Final = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:(?=//)")


def _show(data: bytes, form: str) -> str:
    if form == "hex":
        return data.hex()
    if form == "base64":
        return base64.b64encode(data).decode("ascii")
    return data.decode(_codec(form), "replace")


def _codec(form: str) -> str:
    if form not in _CODECS:
        raise RecordError(
            "helper_failed", "The encoding is not one of ascii utf8 hex base64 binary latin1 ucs2 utf16le."
        )
    return _CODECS[form]


def _format(value: Any) -> str:
    return to_text(value).lower() or "utf8"


@inline(
    "base64Encode text [format]",
    Example('{{{base64Encode "Hello World!"}}}', "SGVsbG8gV29ybGQh"),
    Example('{{base64Encode "Hello" "hex"}}', "48656c6c6f"),
)
def base64_encode(text: Any, form: Any = "utf8") -> str:
    """Encode as base64; "hex" shows hexadecimal instead.

    With "hex" there is no base64 at all.
    """
    wanted = _format(form)
    if wanted == "hex":
        return to_text(text).encode("utf-8").hex()
    codec = "utf-8" if wanted == "base64" else _codec(wanted)
    return base64.b64encode(to_text(text).encode(codec, "replace")).decode("ascii")


@inline(
    "base64Decode text [format]",
    Example('{{base64Decode "SGVsbG8gV29ybGQh"}}', "Hello World!"),
    Example('{{base64Decode "SGVsbG8gV29ybGQh" "hex"}}', "48656c6c6f20576f726c6421"),
)
def base64_decode(text: Any, form: Any = "utf8") -> str:
    """Decode base64, forgiving as Node is, and show it in a format."""
    letters = re.sub(r"[^A-Za-z0-9+/]", "", to_text(text).replace("-", "+").replace("_", "/").partition("=")[0])
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    try:
        data = base64.b64decode(letters + "=" * (-len(letters) % 4))
    except binascii.Error:
        return ""
    return _show(data, _format(form))


@inline(
    "encodeURI text",
    Example('{{{encodeURI "a b/c?d=e&f"}}}', "a%20b%2Fc%3Fd%3De%26f"),
    encodes=(Destination.URI, Destination.FORM),
)
def encode_uri(text: Any) -> str:
    """Encode one part of a URL, as encodeURIComponent does.

    It is encodeURIComponent that it follows, not encodeURI.
    """
    found = to_text(text)
    try:
        return quote(found, safe=_COMPONENT)
    except UnicodeEncodeError:
        return found


@inline("decodeURI text", Example('{{{decodeURI "a%20b%2Fc"}}}', "a b/c"), Example('{{{decodeURI "100%"}}}', "100%"))
def decode_uri(text: Any) -> str:
    """Decode one part of a URL; what is badly encoded stays as it is."""
    found = to_text(text)
    if re.search(r"%(?![0-9A-Fa-f]{2})", found):
        return found
    try:
        return unquote_to_bytes(found).decode("utf-8")
    except UnicodeError:
        return found


@inline(
    "htmlEncode text",
    Example("{{{htmlEncode \"<a href='x'>&\"}}}", "&lt;a href=&#39;x&#39;&gt;&amp;"),
    encodes=(Destination.XML,),
)
def html_encode(text: Any) -> str:
    """Encode < > & and both quotes."""
    return html_text(to_text(text))


@inline("htmlDecode text", Example('{{{htmlDecode "&lt;b&gt; &amp; &#39;"}}}', "<b> & '"))
def html_decode(text: Any) -> str:
    """Decode HTML entities."""
    return html.unescape(to_text(text))


@inline("sanitize html", Example('{{sanitize "<b>bold</b> text"}}', "bold text"))
def sanitize(text: Any) -> str:
    """Strip tags and keep the text."""
    return _TAGS.sub("", to_text(text))


@inline(
    "jsonEncode text",
    Example("{{{jsonEncode a}}}", 'say \\"hi\\"\\n', {"a": 'say "hi"\n'}),
    Example("{{{jsonEncode a}}}", "[object Object]", {"a": {}}),
    encodes=(Destination.JSON,),
)
def json_encode(value: Any) -> str:
    """Escape a text for the inside of a JSON string, without the quotes around it.

    No quotes are added, whatever some pages say; an object gives [object Object].
    """
    return json_text(to_text(value))


@inline(
    "jsonSerialize value",
    Example("{{{jsonSerialize a}}}", '{"b":[1,null,"x"]}', {"a": {"b": [1, None, "x"]}}),
    encodes=(Destination.JSON,),
)
def json_serialize(value: Any) -> str:
    """Write a value as compact JSON; a missing one is ""."""
    if value is MISSING:
        return ""
    if is_number(value):
        text = number_text(value)
        return "null" if text in ("NaN", "Infinity", "-Infinity") else text
    try:
        return orjson.dumps(value).decode("utf-8")
    except TypeError as error:
        raise RecordError(
            "helper_failed", "The value cannot be written as JSON: it nests too deep or holds bad text."
        ) from error


@inline("jsonStringify value", Example("{{{jsonStringify a}}}", "[1]", {"a": [1]}), encodes=(Destination.JSON,))
def json_stringify(value: Any) -> str:
    """Another name of jsonSerialize."""
    return json_serialize(value)


@inline("jsonParse text", Example("{{#with (jsonParse a)}}{{b}}{{/with}}", "1", {"a": '{"b":1}'}))
def json_parse(text: Any) -> Any:
    """Read JSON; the result is for `#with`, `#each` and other helpers."""
    if not isinstance(text, str):
        return text
    try:
        return orjson.loads(text)
    except ValueError as error:
        raise RecordError("helper_failed", "jsonParse was given a text that is not JSON.") from error


@inline("stripProtocol url", Example('{{{stripProtocol "http://foo/x"}}}', "//foo/x"))
def strip_protocol(url: Any) -> str:
    """Drop `http:` from a URL."""
    return _PROTOCOL.sub("", to_text(url))


@inline(
    "stripQuerystring url",
    Example('{{{stripQuerystring "http://foo/x?a=1#b"}}}', "http://foo/x"),
    Example('{{{stripQuerystring "/x#b"}}}', "/x#b"),
)
def strip_querystring(url: Any) -> str:
    """Cut a URL at its first `?`."""
    return to_text(url).partition("?")[0]
