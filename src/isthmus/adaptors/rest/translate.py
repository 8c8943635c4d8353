"""A `rest` connection told in the words of `http`. Source: connections.md "rest"."""

from typing import Final

from isthmus.adaptors.http.dialect import Dialect
from isthmus.adaptors.http.fields import block, text
from isthmus.model.json import Document, Json

_SAME: Final = (
    "baseURI",
    "mediaType",
    "headers",
    "disableStrictSSL",
    "retryHeader",
    "encrypted",
    "unencrypted",
    "concurrencyLevel",
    "targetConcurrencyLevel",
)
_PING: Final = {
    "pingRelativeURI": "relativeURI",
    "pingMethod": "method",
    "pingBody": "body",
    "pingSuccessPath": "successPath",
    "pingSuccessValues": "successValues",
    "pingFailurePath": "failPath",
    "pingFailureValues": "failValues",
}
_TOKEN: Final = {
    "bearerToken": "token",
    "tokenLocation": "location",
    "authHeader": "headerName",
    "refreshToken": "refreshToken",
    "refreshTokenMethod": "refreshMethod",
    "refreshTokenURI": "refreshRelativeURI",
    "refreshTokenBody": "refreshBody",
    "refreshTokenPath": "refreshTokenPath",
    "refreshTokenMediaType": "refreshMediaType",
    "refreshTokenHeaders": "refreshHeaders",
}


def translate(document: Document) -> Document:
    """Give the http document of a rest one; its `rest` block stays, so that templates still find it."""
    rest = block(document, "rest")
    http: dict[str, Json] = {key: rest[key] for key in _SAME if rest.get(key) is not None}
    http["ping"] = _renamed(rest, _PING)
    http["auth"] = _auth(rest)
    if text(rest, "mediaType").lower() == "csv":
        http["successMediaType"] = "csv"
    return {**document, "http": http}


def _auth(rest: Document) -> dict[str, Json]:
    token: dict[str, Json] = {
        "paramName": text(rest, "tokenParam", "access_token"),
        "scheme": text(rest, "authScheme", "Bearer"),
        **_renamed(rest, _TOKEN),
    }
    return {
        "type": text(rest, "authType", "custom"),
        "basic": block(rest, "basicAuth"),
        "token": token,
        "cookie": block(rest, "cookieAuth"),
    }


def _renamed(rest: Document, names: dict[str, str]) -> dict[str, Json]:
    return {new: rest[old] for old, new in names.items() if rest.get(old) is not None}


REST: Final = Dialect(
    translate,
    {"/http/auth/token/token": "/rest/bearerToken", "/http/auth/token/refreshToken": "/rest/refreshToken"},
)
