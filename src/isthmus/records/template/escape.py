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
_BREAKS: Final = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_URI_SAFE: Final = "!'()*-._~"


def bad_text() -> RecordError:
    """The refusal of half a character, which no encoding can carry."""
    return RecordError("invalid_text", "The text holds half of a surrogate pair, which cannot be sent.")


def html_text(text: str) -> str:
    """Encode the five characters of markup."""
    return text.translate(_HTML)


def json_text(text: str) -> str:
    """Escape for the inside of a JSON string. Raises RecordError for a lone surrogate."""
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
    return _NOT_XML.sub("", text).translate(_HTML)


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


def formatter(destination: Destination) -> Callable[[Any], str]:
    """Give the function that prints a value of a double stash."""
    form = _FORMATS[destination]
    if form is _same:
        return to_text
    return lambda value: form(to_text(value))


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
