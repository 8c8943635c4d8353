"""Whether a change of a document could send a stored secret somewhere else.

Source: decision 3 of the architecture, decisions.md "Destination fields".
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from isthmus.model.json import Document, Json
from isthmus.model.look import at
from isthmus.model.urls import is_absolute

_MAY_BE_RELATIVE: Final = frozenset({"relativeURI", "refreshRelativeURI", "pingRelativeURI", "refreshTokenURI", "uri"})
"""Names of fields whose value goes to the base URI, and so matters only where it is absolute."""

_PLAIN_URL: Final = re.compile(r"https?://[!-z|~]+\Z", re.IGNORECASE)
_PORTS: Final = {"http": 80, "https": 443}
_EXPRESSION: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_WORD: Final = re.compile(r"@?[A-Za-z_][\w.]*")
_WHOLE: Final = frozenset({"connection", "this", "@root"})


def changed_destinations(old: Document, new: Document, fields: Sequence[str]) -> list[str]:
    """Name the fields among `fields` that lead elsewhere in `new` than in `old`.

    A URL that only changed the case of its host, its default port, a last slash, its query or its fragment leads to the
    same place. Where a template stands in a field, whatever it reads counts as part of the field.
    """
    return [field for field in fields if _place(old, field) != _place(new, field)]


def _place(document: Document, field: str) -> Json:
    value = at(document, field)
    if value is None or value == "" or value is False:
        return None
    if not isinstance(value, str):
        return value
    if field.rsplit(".", 1)[-1] in _MAY_BE_RELATIVE and _stays(value):
        return None
    if "{{" in value:
        return value, *_read_by(value, document)
    return _normal(value)


def _stays(value: str) -> bool:
    """Tell whether a URI goes to the base URI whatever its templates render to: `http{{x}}` may name another host."""
    literal, template, _ = value.strip().partition("{{")
    return not is_absolute(value) and (not template or any(mark in literal for mark in "/?#"))


def _normal(value: str) -> Json:
    if not _PLAIN_URL.match(value):
        return value
    try:
        parts = urlsplit(value)
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        return value
    return parts.scheme, parts.username, parts.password, parts.hostname, port, parts.path.rstrip("/")


def _read_by(template: str, document: Document) -> Iterator[Json]:
    """Give every value of the document that the expressions of a template could read; all of it when in doubt."""
    for expression in _EXPRESSION.findall(template):
        for word in _WORD.findall(expression):
            path = word.rstrip(".")
            if path in _WHOLE or path.startswith("@root"):
                yield {key: value for key, value in document.items() if key not in {"_id", "createdAt", "lastModified"}}
            elif path == "settings" or path.startswith("settings."):
                yield at(document, "settings")
            elif path.startswith("connection."):
                yield _nearest(document, path.removeprefix("connection."))
            elif path.split(".")[0] in document:
                yield _nearest(document, path)


def _nearest(document: Document, path: str) -> Json:
    """Read a path as far as it leads: what follows may be an index, or a key with a dot in it."""
    node: Json = document
    for key in path.split("."):
        if not isinstance(node, dict) or key not in node:
            return node if node is not document else None
        node = node[key]
    return node
