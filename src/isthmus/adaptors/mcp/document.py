"""The `mcp` block of a connection: a server of the Model Context Protocol. Source: connections.md "mcp"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from isthmus.model.auth import OAuth, Token
from isthmus.model.errors import Problem
from isthmus.model.field_types import Encrypted, Free, Id, Url, any_case
from isthmus.model.json import Document, Json
from isthmus.model.look import Look
from isthmus.model.part import ReadOnly
from isthmus.model.pieces import Concurrency, NameValue
from isthmus.model.secret import Secret
from isthmus.sdk.connection_type import Block


class Auth(Block):
    """How requests are authenticated; fewer ways than `http` has."""

    type: Annotated[str, any_case("token", "oauth", "custom")]
    token: Token | None = None
    oauth: OAuth | None = None


class McpHttp(Block):
    """The HTTP side of the server."""

    auth: Auth
    headers: list[NameValue] | None = None
    unencrypted: Free | None = None
    encrypted: Annotated[Encrypted | None, Secret()] = None
    iclient_id: Id | None = Field(None, alias="_iClientId")


class Mcp(Concurrency, Block):
    """The whole block; `timeout` is in milliseconds, 600,000 when it is absent."""

    serverURL: Url
    http: McpHttp
    timeout: int | None = Field(None, ge=1)
    allowedTools: list[str] | None = None
    protocol: Annotated[Json, ReadOnly()] = None


def check(document: Document) -> Iterable[Problem]:
    """Name what the kind of authentication demands: a token (or the means to get one), or an iClient."""
    look = Look(document, "mcp")
    kind = look.choice("http.auth.type")
    if kind == "oauth":
        yield from look.need("http._iClientId")
    refreshed = look.has("http.auth.token.refreshRelativeURI") or look.has("http.auth.token.refreshToken")
    if kind == "token" and not refreshed:
        yield from look.need("http.auth.token.token")
