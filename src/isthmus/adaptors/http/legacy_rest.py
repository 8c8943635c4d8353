"""Exports and imports with a legacy `rest` block, told in the words of `http`.

The `rest` block stays in the document, so that templates still find it. Source: exports.md section 2 "Rest legacy
names", imports.md section 3; which argument stands for what is our choice (docs/reference/choices/http.md).
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote

from isthmus.adaptors.http.fields import block, items, text, whole
from isthmus.model.json import Document, Json

_EXPORT: Final = {
    "relativeURI": "relativeURI",
    "method": "method",
    "headers": "headers",
    "postBody": "body",
    "body": "body",
    "once": "once",
    "requestMediaType": "requestMediaType",
    "successMediaType": "successMediaType",
    "errorMediaType": "errorMediaType",
}
_RESPONSE: Final = {
    "resourcePath": "resourcePath",
    "resourceIdPath": "resourceIdPath",
    "responseIdPath": "resourceIdPath",
    "successPath": "successPath",
    "successValues": "successValues",
    "allowArrayforSuccessPath": "allowArrayforSuccessPath",
    "failPath": "failPath",
    "failValues": "failValues",
    "errorPath": "errorPath",
}
_PAGING: Final = {
    "maxPagePath": "maxPagePath",
    "maxCountPath": "maxCountPath",
    "lastPageStatusCode": "lastPageStatusCode",
    "lastPagePath": "lastPagePath",
    "lastPageValues": "lastPageValues",
    "lastPageValue": "lastPageValues",
    "linkHeaderRelation": "linkHeaderRelation",
    "nextPagePath": "path",
    "nextPageRelativeURI": "relativeURI",
    "pagingPostBody": "body",
}
_METHODS: Final = {
    "nextpageurl": "url",
    "pageargument": "page",
    "relativeuri": "relativeuri",
    "linkheader": "linkheader",
    "skipargument": "skip",
    "token": "token",
    "postbody": "body",
}
_ARGUMENTS: Final = {"page": "pageArgument", "skip": "skipArgument", "token": "pageArgument"}


def _renamed(source: Document, names: Mapping[str, str]) -> dict[str, Json]:
    return {new: source[old] for old, new in names.items() if source.get(old) is not None}


def translate_export(document: Document) -> Document:
    """Give an export an `http` block made of its `rest` block; one that has an `http` block is left alone."""
    rest = block(document, "rest")
    if not rest or block(document, "http"):
        return document
    http = _renamed(rest, _EXPORT)
    response = {**_renamed(rest, _RESPONSE), **block(rest, "response")}
    paging = _paging(rest)
    if paging:
        http = _with_argument(http, paging, rest)
    return {**document, "http": {**http, "response": response, "paging": paging}}


def _paging(rest: Document) -> dict[str, Json]:
    if block(rest, "paging"):
        return block(rest, "paging")
    method = text(rest, "pagingMethod").lower()
    return {"method": _METHODS.get(method, method), **_renamed(rest, _PAGING)} if method else {}


def _with_argument(http: dict[str, Json], paging: dict[str, Json], rest: Document) -> dict[str, Json]:
    """Put the paging argument into the URI; a number that the URI gives it already is where counting starts."""
    method = paging["method"] if isinstance(paging.get("method"), str) else ""
    name = text(rest, _ARGUMENTS.get(method, "")) or (text(rest, "tokenPageArgument") if method == "token" else "")
    if not name:
        return http
    address, _, query = text(http, "relativeURI").partition("?")
    given = next((value for key, value in parse_qsl(query) if key == name), None)
    start = whole({"start": given}, "start")
    if start is not None:
        paging.setdefault(method, start)
    others = [part for part in query.split("&") if part and part.partition("=")[0] != name]
    expression = f"{{{{export.http.paging.{method}}}}}"
    return {**http, "relativeURI": f"{address}?{'&'.join([*others, f'{quote(name)}={expression}'])}"}


def translate_import(document: Document) -> Document:
    """Give an import an `http` block made of its `rest` block; one that has an `http` block is left alone."""
    rest = block(document, "rest")
    if not rest or block(document, "http"):
        return document
    same = {key: value for key, value in rest.items() if key not in _RESPONSE and value is not None}
    if "body" not in same and rest.get("postBody") is not None:
        same["body"] = rest["postBody"]
    response = {**_renamed(rest, _RESPONSE), **block(rest, "response")}
    return {
        **document,
        "http": {**same, "response": response},
        "lookups": document.get("lookups") or items(rest, "lookups"),
    }
