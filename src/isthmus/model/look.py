"""Looks into documents that nobody has validated yet: wrong types read as absent, nothing raises."""

from collections.abc import Iterable, Iterator
from typing import Any

from isthmus.model.errors import Problem, missing
from isthmus.model.json import Document, Json


def at(document: Json, path: str) -> Json:
    """Read a dotted path; None where there is nothing."""
    node = document
    for key in path.split("."):
        node = node.get(key) if isinstance(node, dict) else None
    return node


def given(document: Json, path: str) -> bool:
    """Tell whether a field holds anything: None, "", [] and {} are nothing."""
    value = at(document, path)
    return value is not None and value not in ("", [], {})


class Look:
    """A block of a raw document, for `check` functions."""

    def __init__(self, document: Document, block: str) -> None:
        self.document = document
        self.block = block

    def field(self, path: str) -> str:
        """The path from the root of the document."""
        return f"{self.block}.{path}"

    def at(self, path: str) -> Json:
        """The value of a field, None where there is none."""
        return at(self.document, self.field(path))

    def has(self, path: str) -> bool:
        """Whether a field holds anything."""
        return given(self.document, self.field(path))

    def choice(self, path: str, default: str = "") -> str:
        """A string in lower case, for comparing with the values of an enum."""
        value: Any = self.at(path)
        return value.strip().lower() if isinstance(value, str) and value else default

    def need(self, *paths: str) -> Iterator[Problem]:
        """Name every one of these fields that is not there."""
        return (missing(self.field(path)) for path in paths if not self.has(path))


def need_root(document: Document, *paths: str) -> Iterable[Problem]:
    """Name every one of these fields of the whole document that is not there."""
    return (missing(path) for path in paths if not given(document, path))
