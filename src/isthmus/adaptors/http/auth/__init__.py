"""Chooses the authentication of a connection: one file a type. Source: connections.md "Auth matrix"."""

from typing import Final

from isthmus.adaptors.http.auth.base import Authentication
from isthmus.adaptors.http.auth.basic import BasicAuthentication
from isthmus.adaptors.http.auth.cookie import CookieAuthentication
from isthmus.adaptors.http.auth.token import TokenAuthentication
from isthmus.adaptors.http.fields import block, text
from isthmus.model.errors import Problem, Unsupported
from isthmus.model.json import Document

__all__ = ["Authentication", "authentication_of"]

_TYPES: Final[dict[str, type[Authentication]]] = {
    "": Authentication,
    "custom": Authentication,
    "basic": BasicAuthentication,
    "token": TokenAuthentication,
    "cookie": CookieAuthentication,
}


def authentication_of(connection: Document) -> Authentication:
    """Make the authentication of an http connection. Raises Unsupported, naming the type, for one that is not here."""
    http = block(connection, "http")
    named = text(block(http, "auth"), "type").lower()
    special = text(http, "type")
    if special:
        raise Unsupported(
            Problem(Unsupported.code, f"Connections of http.type {special} cannot be called yet.", "http.type")
        )
    made = _TYPES.get(named)
    if made is None:
        message = f"Connections with authentication of type {named} cannot be called yet."
        raise Unsupported(Problem(Unsupported.code, message, "http.auth.type"))
    return made()
