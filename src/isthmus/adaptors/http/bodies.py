"""Request bodies: templates rendered for their media type, or a value serialised. Source: imports.md section 3."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

import orjson

from isthmus.adaptors.http.multipart import write_form_data
from isthmus.adaptors.http.texts import as_text
from isthmus.model.json import Document, Json
from isthmus.records import Destination, RecordError, Template, compile_template
from isthmus.records.codecs import CodecError, encode

CONTENT_TYPES: Final = {
    "json": "application/json",
    "xml": "application/xml",
    "csv": "text/csv",
    "urlencoded": "application/x-www-form-urlencoded",
    "plaintext": "text/plain; charset=utf-8",
    "octet-stream": "application/octet-stream",
}
_DESTINATIONS: Final = {"json": Destination.JSON, "xml": Destination.XML, "urlencoded": Destination.FORM}
_FIELDS: Final = ("urlencoded", "form-data")
_EXPRESSION: Final = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_REACHES_SECRETS: Final = re.compile(r"connection|iClient|this|@root|(?<![\w\]])\.(?!\w)")
"""Words by which an expression reaches the connection, or everything that a template sees."""


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a body and their Content-Type; `secret` tells that secrets of the connection may be in them."""

    content: bytes
    content_type: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class BodyRules:
    """How bodies are written: the media type, and what the import says about missing and empty values."""

    media: str = "json"
    strict: bool = False
    drop_empty: bool = False
    lookups: tuple[Document, ...] = ()


class BodyTemplate(Protocol):
    """A compiled body."""

    def render(self, context: Mapping[str, Json]) -> Body | None:
        """Render it; None for a body that came out blank. Raises RecordError."""


def compile_body(source: Json, rules: BodyRules) -> BodyTemplate | None:
    """Compile a body: a text, or an object whose texts are templates; None for none. Raises RuleError."""
    if source is None or (isinstance(source, str) and not source.strip()):
        return None
    return _TextBody(source, rules) if isinstance(source, str) else _ValueBody(source, rules)


def _may_hold_secrets(source: str) -> bool:
    return any(_REACHES_SECRETS.search(expression) for expression in _EXPRESSION.findall(source))


def serialise(value: Json, rules: BodyRules) -> Body:
    """Write a value as a body of its media type. Raises RecordError for one that the media type cannot hold."""
    if rules.drop_empty:
        value = without_empty(value)
    try:
        if rules.media == "form-data":
            return Body(*write_form_data(_fields(value)))
        if rules.media == "octet-stream":
            return Body(as_text(value).encode(), CONTENT_TYPES["octet-stream"])
        content, content_type = encode(rules.media, value)  # type: ignore[arg-type]  # the model knows the media types
    except CodecError as error:
        raise RecordError(error.code, error.message, "mapping") from error
    return Body(content, CONTENT_TYPES.get(rules.media, content_type))


def without_empty(value: Json) -> Json:
    """Leave out what is empty at any depth: "", null, {} and []; the outermost value stays what it is."""
    if isinstance(value, dict):
        kept = {key: without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in ("", None, {}, [])}
    if isinstance(value, list):
        return [item for item in map(without_empty, value) if item not in ("", None, {}, [])]
    return value


def _fields(value: Json) -> dict[str, str]:
    if not isinstance(value, dict):
        raise RecordError("invalid_body", "A form needs a record of named fields.", "mapping")
    return {name: "" if item is None else as_text(item) for name, item in value.items()}


class _TextBody:
    """A text template. A form may be written as a JSON object, which is then turned into fields."""

    def __init__(self, source: str, rules: BodyRules) -> None:
        start = source.lstrip()
        as_object = start.startswith("{") and not start.startswith("{{")
        self._rules = rules
        self._secret = _may_hold_secrets(source)
        dropping = rules.drop_empty and rules.media == "json"
        self._parses = dropping or (as_object and rules.media in _FIELDS)
        destination = Destination.JSON if self._parses else _DESTINATIONS.get(rules.media, Destination.PLAIN)
        self._template: Template = compile_template(source, destination, strict=rules.strict, lookups=rules.lookups)

    def render(self, context: Mapping[str, Json]) -> Body | None:
        text = self._template.render(context)
        if not text.strip():
            return None
        if self._parses:
            return self._reshaped(text)
        if self._rules.media == "form-data":
            raise RecordError("invalid_body", "The body of a form must be written as a JSON object.", "mapping")
        kind = CONTENT_TYPES.get(self._rules.media, CONTENT_TYPES["json"])
        return Body(text.encode("utf-8", "replace"), kind, self._secret)

    def _reshaped(self, text: str) -> Body:
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise RecordError("invalid_body", "The body does not render to valid JSON.", "mapping") from error
        return replace(serialise(value, self._rules), secret=self._secret)


class _ValueBody:
    """An object (or list) as it stands in the document; every text in it is a template of its own."""

    def __init__(self, source: Json, rules: BodyRules) -> None:
        self._rules = rules
        self._secret = False
        self._source = self._compiled(source)

    def _compiled(self, node: Json) -> Json:
        if isinstance(node, dict):
            return {key: self._compiled(item) for key, item in node.items()}
        if isinstance(node, list):
            return [self._compiled(item) for item in node]
        if isinstance(node, str):
            self._secret |= _may_hold_secrets(node)
            return compile_template(node, Destination.PLAIN, strict=self._rules.strict, lookups=self._rules.lookups)
        return node

    def render(self, context: Mapping[str, Json]) -> Body | None:
        return replace(serialise(_filled(self._source, context), self._rules), secret=self._secret)


def _filled(node: Json, context: Mapping[str, Json]) -> Json:
    if isinstance(node, Template):
        return node.render(context)
    if isinstance(node, dict):
        return {key: _filled(item, context) for key, item in node.items()}
    return [_filled(item, context) for item in node] if isinstance(node, list) else node
