"""How `{{x}}` is formatted for its destination. Source: handlebars.md section 1."""

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, quote_plus

import orjson

from isthmus.records.errors import RecordError
from isthmus.records.template.destination import Destination
from isthmus.records.values import to_text

_HTML: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&#39;"}
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MARKUP: Final = re.compile("[&<>\"'\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_JSON_MARKS: Final = re.compile('["\\\\\x00-\x1f\ud800-\udfff]')
_BREAKS: Final = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_URI_SAFE: Final = "!'()*-._~"
_EXACT: Final = 2**53
_SHORT: Final = (1e-4, 1e15)
"""Between these, Python and JavaScript write a double with the same characters."""


def printed(value: Any) -> str:
    """Write a value as `to_text` does, numbers quickly."""
    kind = type(value)
    if kind is int:
        return str(value) if -_EXACT < value < _EXACT else to_text(value)
    if kind is float and _SHORT[0] <= (value if value > 0 else -value) < _SHORT[1]:
        return repr(value).removesuffix(".0")
    return to_text(value)


def bad_text() -> RecordError:
    """The refusal of half a character, which no encoding can carry."""
    return RecordError("invalid_text", "The text holds half of a surrogate pair, which cannot be sent.")


def html_text(text: str) -> str:
    """Encode the five characters of markup."""
    return text.translate(_HTML)


def json_text(text: str) -> str:
    """Escape for the inside of a JSON string. Raises RecordError for a lone surrogate."""
    if not _JSON_MARKS.search(text):
        return text
    try:
        return orjson.dumps(text)[1:-1].decode("utf-8")
    except TypeError as error:
        raise bad_text() from error


def _uri(text: str) -> str:
    try:
        return quote(text, safe=_URI_SAFE)
    except UnicodeEncodeError as error:
        raise bad_text() from error


def _form(text: str) -> str:
    try:
        return quote_plus(text, safe="*-._")
    except UnicodeEncodeError as error:
        raise bad_text() from error


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text).translate(_HTML) if _MARKUP.search(text) else text


def _sql(text: str) -> str:
    if "\0" in text:
        raise RecordError("invalid_text", "The text holds a NUL character, which SQL cannot carry.")
    return "'" + text.replace("'", "''") + "'"


def _same(text: str) -> str:
    return text


_FORMATS: Final[dict[Destination, Callable[[str], str]]] = {
    Destination.PLAIN: _same,
    Destination.HEADER: _same,
    Destination.URI: _uri,
    Destination.JSON: json_text,
    Destination.XML: _xml,
    Destination.SQL: _sql,
    Destination.FORM: _form,
}


def _plain(text: str) -> bool:
    """Whether nothing in a text has to be escaped in a URL, seen at a glance."""
    return text.isascii() and text.isalnum()


def _never(_: str) -> bool:
    return False


_PLAIN: Final[dict[Destination, Callable[[str], bool]]] = {
    Destination.URI: _plain,
    Destination.JSON: str.isalnum,
    Destination.XML: str.isalnum,
    Destination.SQL: _never,
    Destination.FORM: _plain,
}
"""What tells at a glance that a text needs no escape."""


def formatter(destination: Destination) -> Callable[[Any], str]:
    """Give the function that prints a value of a double stash."""
    form = _FORMATS[destination]
    if form is _same:
        return printed
    plain = _PLAIN[destination]

    def write(value: Any) -> str:
        text = value if type(value) is str else printed(value)
        return text if plain(text) else form(text)

    return write


def finish(text: str, destination: Destination) -> str:
    """Make a whole text fit to be sent: a header has no line breaks, no text has half a character."""
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise bad_text() from error
    if destination is not Destination.HEADER:
        return text
    if "\0" in text:
        raise RecordError("invalid_header", "A header must not hold a NUL character.")
    return _BREAKS.sub(" ", text).strip() if "\r" in text or "\n" in text else text
