"""One request and its answer on one connection, by aiohttp: nothing else in isthmus knows that library."""

import re
from functools import lru_cache
from typing import Final

from aiohttp import ClientConnectorCertificateError, ClientResponse, ClientSession
from multidict import CIMultiDict

from isthmus import __version__
from isthmus.model.errors import InvalidDocument
from isthmus.transport.egress import Target
from isthmus.transport.http.decode import ACCEPTED, read_body
from isthmus.transport.http.faults import WIRE_ERRORS, translate, translate_certificate
from isthmus.transport.http.message import Header, Headers, Request, Response
from isthmus.transport.http.redirect import is_redirect

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BREAK: Final = re.compile(r"[\r\n\x00]")
_OF_THE_HOP: Final = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",  # behind one address there may be many hosts: the URL alone says which gets the credentials
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_AGENT: Final = f"isthmus/{__version__}"


async def exchange(session: ClientSession, request: Request, target: Target, cap: int) -> Response:
    """Send one request and read the answer, at most `cap` bytes of body; a redirect's body is not read.

    Raises Unreachable, EgressDenied, or InvalidDocument for a method or headers that cannot be sent.
    """
    headers = _prepared(request.headers)
    if _TOKEN.fullmatch(request.method) is None:
        raise InvalidDocument("The method of the request holds a character that no method may have.")
    try:
        answer = await session.request(
            request.method, target.url, headers=headers, data=request.body, allow_redirects=False
        )
        try:
            return await _read(answer, request, target, cap)
        finally:
            answer.release()
    except ClientConnectorCertificateError as error:
        raise translate_certificate(error, target.shown) from None
    except WIRE_ERRORS as error:
        raise translate(error, target.shown) from None


async def _read(answer: ClientResponse, request: Request, target: Target, cap: int) -> Response:
    response = Response(answer.status, Headers(answer.headers.items()), b"", str(target.url))
    if is_redirect(request, response):
        return response
    body = await read_body(answer, cap, target.shown)
    return Response(response.status, response.headers, body, response.url) if body else response


def _prepared(headers: Headers) -> CIMultiDict[str]:
    """Check header fields, leave out those that belong to the connection itself, add the two of our own."""
    prepared = CIMultiDict([("Accept-Encoding", ACCEPTED)])
    for name, value in headers:
        kind = _kind(name)
        if kind == "hop":
            continue
        if _BREAK.search(value) or not value.isascii():
            _check_value(name, value)
        if kind == "coding":
            prepared["Accept-Encoding"] = _codings(value)
        else:
            prepared.add(name, value)
    if "User-Agent" not in prepared:
        prepared["User-Agent"] = _AGENT
    return prepared


@lru_cache(maxsize=1024)
def _kind(name: str) -> str:
    if _TOKEN.fullmatch(name) is None:
        raise InvalidDocument("The name of a header of the request holds a character that no header name may have.")
    lower = name.lower()
    return "hop" if lower in _OF_THE_HOP else "coding" if lower == "accept-encoding" else "plain"


def _check_value(name: str, value: str) -> None:
    if _BREAK.search(value):
        raise InvalidDocument(f"The header {name} of the request holds a line break or a null character.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidDocument(f"The header {name} of the request holds half of a character.") from None


def _codings(value: str) -> str:
    """Ask for no coding that cannot be undone; `identity` alone stays."""
    return "identity" if value.strip().lower() == "identity" else ACCEPTED


def as_sent(headers: Headers) -> Headers:
    """Give the header fields as they go over the wire, for the log."""
    pairs: list[Header] = list(_prepared(headers).items())
    return Headers(pairs)
