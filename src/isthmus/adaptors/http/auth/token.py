"""A token in a header, the URL or the body, and its refresh. Source: connections.md "token fields"."""

from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, quote, unquote_plus

import orjson

from isthmus.adaptors.http.answers import Answer, Expected
from isthmus.adaptors.http.auth.base import Authentication, Context, Flow
from isthmus.adaptors.http.bodies import BodyRules, compile_body
from isthmus.adaptors.http.drafts import BODILESS, Recipe, compile_headers
from isthmus.adaptors.http.fields import block, items, text
from isthmus.adaptors.http.origin import join
from isthmus.adaptors.http.texts import as_text
from isthmus.model.errors import CredentialsRejected, Rejected, Throttled
from isthmus.model.json import Document
from isthmus.records import Destination, compile_template
from isthmus.records.paths import MISSING
from isthmus.transport.http.message import CREDENTIAL_HEADERS, Headers, Request

TOKEN: Final = "/http/auth/token/token"  # noqa: S105  # a pointer, not a token
REFRESH_TOKEN: Final = "/http/auth/token/refreshToken"  # noqa: S105  # a pointer, not a token


def token_of(connection: Document) -> str:
    """The token as it stands in the document; "" where there is none."""
    return text(block(connection, "http", "auth", "token"), "token")


class TokenAuthentication(Authentication):
    """Type `token`."""

    def sign(self, request: Request, connection: Document) -> Request | None:
        """Put the token where `location` says."""
        rules, token = block(connection, "http", "auth", "token"), token_of(connection)
        if not token:
            return None
        location = text(rules, "location", "header").lower()
        if location == "url":
            return replace(request, url=with_parameter(request.url, text(rules, "paramName", "access_token"), token))
        if location == "body":
            return _in_body(request, text(rules, "paramName"), token)
        name = text(rules, "headerName", "Authorization")
        signed = request.with_header(name, _header_value(rules, name, token))
        return replace(signed, credentials=signed.credentials | {name.lower()})

    def renew(self, connection: Document, context: Context) -> Flow | None:
        """Refresh, where `refreshRelativeURI` says how."""
        rules = block(connection, "http", "auth", "token")
        return _refresh(rules, connection, context) if text(rules, "refreshRelativeURI") else None


def _header_value(rules: Document, name: str, token: str) -> str:
    """Prefix the token with its scheme: Bearer unless said otherwise in Authorization, nothing in other headers."""
    scheme = rules.get("scheme")
    if not isinstance(scheme, str):
        scheme = "Bearer" if name.lower() == "authorization" else ""
    return f"{scheme.strip()} {token}".strip()


def with_parameter(url: str, name: str, value: str) -> str:
    """Set one query parameter and leave every other one exactly as it is written."""
    address, mark, fragment = url.partition("#")
    address, _, query = address.partition("?")
    others = [part for part in query.split("&") if part and unquote_plus(part.partition("=")[0]) != name]
    others.append(f"{quote(name, safe='')}={quote(value, safe='')}")
    return f"{address}?{'&'.join(others)}{mark}{fragment}"


def _in_body(request: Request, name: str, token: str) -> Request:
    """Add the token to a JSON object or a form that does not hold it yet; without a name the template does it."""
    if not name or request.body is None:
        return request
    kind = (request.headers.get("content-type") or "").partition(";")[0].strip().lower()
    body = request.body
    if kind.endswith("json"):
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError:
            return request
        if isinstance(value, dict) and name not in value:
            body = orjson.dumps({**value, name: token})
    elif kind == "application/x-www-form-urlencoded" and name not in dict(parse_qsl(body.decode("utf-8", "replace"))):
        pair = f"{quote(name, safe='')}={quote(token, safe='')}".encode()
        body = body + b"&" + pair if body else pair
    return replace(request, body=body, secret_body=True)


def _request(rules: Document, connection: Document, context: Context) -> Request:
    media = text(rules, "refreshMediaType", "urlencoded").lower()
    method = text(rules, "refreshMethod", "POST").upper()
    recipe = Recipe(
        method,
        compile_template(text(rules, "refreshRelativeURI"), Destination.URI),
        compile_headers(rules, "refreshHeaders"),
        None if method in BODILESS else compile_body(rules.get("refreshBody"), BodyRules(media)),
    )
    draft = recipe.draft(context)
    base = compile_template(text(block(connection, "http"), "baseURI"), Destination.URI).render(context)
    headers = Headers(draft.headers)
    if draft.body is not None and headers.get("content-type") is None:
        headers = headers.with_("Content-Type", draft.body.content_type)
    return Request(
        method,
        join(base, draft.uri),
        headers,
        draft.body.content if draft.body else None,
        credentials=CREDENTIAL_HEADERS | {name.lower() for name, _ in draft.headers},
        secret_body=True,
    )


def _refresh(rules: Document, connection: Document, context: Context) -> Flow:
    response = yield _request(rules, connection, context)
    media = text(rules, "refreshResponseMediaType").lower() or None
    answer = Answer(response, Expected(media, media))
    status = response.status
    if status == 429:  # noqa: PLR2004  # RFC 6585 section 4
        raise Throttled("429", "The token refresh was answered with 429: too many requests.", status=status)
    if status >= 500:  # noqa: PLR2004  # RFC 9110 section 15.6: not about the credentials
        raise Rejected(str(status), f"The token refresh was answered with status {status}.", status=status)
    token = _found(rules, answer) if response.ok else ""
    if not token:
        why = f"was answered with status {status}" if not response.ok else "gave no token at refreshTokenPath"
        raise CredentialsRejected(
            str(status) if not response.ok else "no_token", f"The token refresh {why}.", status=status
        )
    learnt = {TOKEN: token}
    again = answer.at("refresh_token") if text(rules, "refreshToken") and answer.media == "json" else MISSING
    if isinstance(again, str) and again and text(rules, "refreshTokenLocation", "body").lower() == "body":
        learnt[REFRESH_TOKEN] = again
    return learnt


def _found(rules: Document, answer: Answer) -> str:
    """Look for the new token at `refreshTokenPath`, then at each of `tokenPaths`, in the body or in the headers."""
    in_header = text(rules, "refreshTokenLocation", "body").lower() == "header"
    for path in (text(rules, "refreshTokenPath"), *items(rules, "tokenPaths")):
        if not isinstance(path, str) or not path:
            continue
        value = answer.headers.get(path) if in_header else answer.at(path)
        if value is not MISSING and value is not None and value != "" and not isinstance(value, dict | list):
            return as_text(value)
    return ""
