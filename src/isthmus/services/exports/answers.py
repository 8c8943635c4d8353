"""The answer of an export, written as JSON page by page: no more than one page of records is held as objects."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import orjson

from isthmus.model.errors import Rejected
from isthmus.model.json import Document, Json
from isthmus.services.exports.plans import Shaped

Part: TypeAlias = bytes | memoryview
"""A piece of JSON; a view spares a copy of the whole page."""

_UNWRITABLE: Final = (
    "A record of this page cannot be written as JSON: it nests deeper than 250 levels, or holds text that is no Unicode"
    " text."
)
_NULLS: Final = 1000
_NULL_PAGE: Final = b",".join([b"null"] * _NULLS)


class Answer:
    """Gathers `{"data":[...],"dataURIs":[...]}`; `errors` stands in it only when there are some."""

    def __init__(self) -> None:
        self.records = 0
        self.size = 0
        self._data: list[Part] = []
        self._links: list[Part] = []
        self._errors: list[Document] = []

    def add(self, page: Shaped) -> None:
        """Add a page. Raises Rejected where a record nests too deep to be written."""
        self._errors += page.errors
        if page.records:
            data = memoryview(_written(page.records))[1:-1]
            self._data.append(data)
            self._links.append(_links(page.data_uris))
            self.records += len(page.records)
            self.size += len(data)

    def body(self) -> bytes:
        """Write the answer."""
        end = b"," + orjson.dumps({"errors": self._errors})[1:] if self._errors else b"}"
        return b"".join((b'{"data":[', *_joined(self._data), b'],"dataURIs":[', *_joined(self._links), b"]", end))


def page_body(page: Shaped, state: Document | None) -> bytes:
    """Write the answer of a single page, with the way to the next one: written in one go, for it may be large.

    Raises Rejected where a record nests too deep to be written.
    """
    answer: Document = {"data": page.records, "dataURIs": page.data_uris}
    if page.errors:
        answer["errors"] = page.errors
    if state is not None:
        answer["pagedExportState"] = state
    return _written(answer)


def _written(value: Json) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError as error:
        raise Rejected("invalid_response", _UNWRITABLE) from error


def _links(links: Sequence[str | None]) -> Part:
    if len(links) == _NULLS and not any(links):
        return _NULL_PAGE
    return orjson.dumps(links)[1:-1]


def _joined(parts: list[Part]) -> list[Part]:
    joined: list[Part] = []
    for part in parts:
        joined += (b",", part) if joined else (part,)
    return joined
