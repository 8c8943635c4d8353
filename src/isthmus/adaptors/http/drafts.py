"""Requests before they are addressed and signed: the templates of one, compiled, and what they rendered to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from isthmus.adaptors.http.bodies import Body, BodyTemplate
from isthmus.adaptors.http.fields import items
from isthmus.model.json import Document, Json
from isthmus.records import Destination, Template, compile_template
from isthmus.transport.http.message import Header

BODILESS: Final = frozenset({"GET", "HEAD"})
"""Methods that carry no body, whatever the document says (exports.md section 2)."""

BLANK: Final = compile_template("", Destination.URI)
"""Stands where there is no template, or none that compiles."""

HeaderTemplates = tuple[tuple[str, Template], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What the templates of one request rendered to. `uri` is relative to the base URI, or absolute."""

    method: str
    uri: str
    headers: tuple[Header, ...] = ()
    body: Body | None = None


def compile_headers(document: Document, key: str = "headers", *, strict: bool = False) -> HeaderTemplates:
    """Compile a list of {name, value}; an entry without a name is left out."""
    return tuple(
        (entry["name"].strip(), compile_template(_header_text(entry.get("value")), Destination.HEADER, strict=strict))
        for entry in items(document, key)
        if isinstance(entry, dict) and isinstance(entry.get("name"), str) and entry["name"].strip()
    )


def _header_text(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def render_headers(headers: HeaderTemplates, context: Mapping[str, Json]) -> tuple[Header, ...]:
    """Render headers; one that comes out empty is not sent."""
    rendered = ((name, template.render(context)) for name, template in headers)
    return tuple((name, value) for name, value in rendered if value)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The compiled templates of one request."""

    method: str
    uri: Template
    headers: HeaderTemplates = ()
    body: BodyTemplate | None = None

    def draft(self, context: Mapping[str, Json], body_context: Mapping[str, Json] | None = None) -> Draft:
        """Render all of them; the body over `body_context` where it has one of its own. Raises RecordError."""
        body = None
        if self.body is not None and self.method not in BODILESS:
            body = self.body.render(context if body_context is None else body_context)
        return Draft(self.method, self.uri.render(context).strip(), render_headers(self.headers, context), body)
