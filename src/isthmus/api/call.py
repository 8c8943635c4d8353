"""What a handler is given and what it gives back; no framework's types in either."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from isthmus.model.errors import Bug, InvalidDocument
from isthmus.model.json import Document, Json
from isthmus.services.caller import Caller

if TYPE_CHECKING:
    from isthmus.api.services import Services

Header = tuple[bytes, bytes]
JSON_TYPE = b"application/json; charset=utf-8"


@dataclass(slots=True)
class Call:
    """One authenticated request. `ids` are those of its path, by name; `body` is parsed JSON or None."""

    services: "Services"
    authenticated: Caller | None
    ids: Mapping[str, str]
    query: str
    headers: Mapping[bytes, bytes]
    path: str
    body: Json = None

    @property
    def caller(self) -> Caller:
        """Who is calling; open routes have nobody and may not ask."""
        if self.authenticated is None:
            raise Bug("A handler of an open route asked who is calling.")
        return self.authenticated

    @property
    def id(self) -> str:
        """The id of the resource in the path."""
        return self.ids["id"]

    @property
    def document(self) -> Document:
        """The body as an object. Raises InvalidDocument for any other JSON."""
        if not isinstance(self.body, dict):
            raise InvalidDocument("The body must be a JSON object.")
        return self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body and headers beyond those that every answer has. `media` None goes with no body."""

    status: int = 200
    body: bytes = b""
    media: bytes | None = JSON_TYPE
    headers: tuple[Header, ...] = field(default=())


def json_answer(value: Json, *, status: int = 200, headers: tuple[Header, ...] = ()) -> Answer:
    """Answer with JSON; bytes are taken for JSON that is written already."""
    return Answer(status, value if isinstance(value, bytes) else orjson.dumps(value), JSON_TYPE, headers)


def list_answer(items: list[bytes] | list[Document], headers: tuple[Header, ...] = ()) -> Answer:
    """Answer with an array; an empty one is 204 without a body (api.md section 1 "Empty list")."""
    if not items:
        return Answer(204, media=None, headers=headers)
    parts = [item if isinstance(item, bytes) else orjson.dumps(item) for item in items]
    return Answer(200, b"[" + b",".join(parts) + b"]", JSON_TYPE, headers)


NO_CONTENT = Answer(204, media=None)


def text_answer(text: str, *, status: int = 200, media: bytes = b"text/plain; charset=utf-8") -> Answer:
    """Answer with plain text."""
    return Answer(status, text.encode(), media)
