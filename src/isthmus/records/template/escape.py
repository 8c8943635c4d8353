"""How `{{x}}` is formatted for its destination. Source: handlebars.md section 1."""

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, quote_plus

import orjson

from isthmus.records.errors import RecordError
from isthmus.records.template.destination import Destination
from isthmus.records.values import to_text

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BREAKS: Final = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_URI_SAFE: Final = "!'()*-._~"
_EXACT: Final = 2**53
_SHORT: Final = (1e-4, 1e15)
"""Between these, Python and JavaScript write a double with the same characters."""


def printed(value: Any) -> str:
    """Write a value as `to_text` does, numbers quickly."""
    kind = type(value)
    if kind is str:
        return str(value)
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
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text or ">" in text:
        text = text.replace("<", "&lt;").replace(">", "&gt;")
    if '"' in text or "'" in text:
        text = text.replace('"', "&quot;").replace("'", "&#39;")
    return text


def json_text(text: str) -> str:
    """Escape for the inside of a JSON string. Raises RecordError for a lone surrogate."""
    if text.isprintable() and '"' not in text and "\\" not in text:
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
    return html_text(text if text.isprintable() else _NOT_XML.sub("", text))


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


_UNSAFE: Final[dict[Destination, Callable[[str], object]]] = {
    Destination.URI: re.compile(r"[^A-Za-z0-9!'()*._~-]").search,
    Destination.FORM: re.compile(r"[^A-Za-z0-9*._-]").search,
    Destination.JSON: re.compile('["\\\\\x00-\x1f\ud800-\udfff]').search,
    Destination.XML: re.compile("[&<>\"'\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]").search,
    Destination.SQL: lambda _: True,
}


def escape_of(destination: Destination) -> tuple[Callable[[str], object], Callable[[str], str]]:
    """Give what tells whether a text of a double stash has to be escaped, and what escapes it."""
    return _UNSAFE.get(destination, bool), _FORMATS[destination]


def formatter(destination: Destination) -> Callable[[Any], str]:
    """Give the function that prints a value of a double stash.

    Numbers need no escape for JSON and XML, short integers for nothing but SQL.
    """
    form = _FORMATS[destination]
    if form is _same:
        return printed
    bare = (int, float) if destination in (Destination.JSON, Destination.XML) else ()
    digits = destination is not Destination.SQL

    def write(value: Any) -> str:
        kind = type(value)
        if kind is int and digits and -_EXACT < value < _EXACT:
            return str(value)
        text = printed(value)
        return text if kind in bare else form(text)

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
