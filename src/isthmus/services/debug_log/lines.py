"""One exchange as two lines of text. Source: api.md section 10.

`<ISO time> <uuid> <resourceType> <resourceId> {json}`, the request's line and the answer's sharing the uuid.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import orjson

from isthmus.model.clock import to_iso
from isthmus.model.json import Document
from isthmus.services.debug_log.running import Resource
from isthmus.store import DebugLine
from isthmus.transport.http.exchange import Exchange
from isthmus.transport.http.message import Headers


def lines_of(connection_id: str, resource: Resource, exchange: Exchange) -> list[DebugLine]:
    """Write an exchange that was masked already."""
    return [
        DebugLine(
            connection_id, resource.id or connection_id, time, _line(connection_id, resource, exchange, time, content)
        )
        for time, content in _parts(exchange)
    ]


def _parts(exchange: Exchange) -> Iterator[tuple[datetime, Document]]:
    request, response = exchange.request, exchange.response
    ended = exchange.started + timedelta(seconds=exchange.elapsed)
    yield (
        exchange.started,
        {
            "url": request.url,
            "method": request.method,
            "headers": _headers(request.headers),
            "body": _text(request.body),
        },
    )
    if response is not None:
        yield (
            ended,
            {"statusCode": response.status, "headers": _headers(response.headers), "body": _text(response.body)},
        )
    else:
        yield ended, {"error": exchange.error or ""}


def _line(connection_id: str, resource: Resource, exchange: Exchange, time: datetime, content: Document) -> str:
    head = f"{to_iso(time)} {exchange.id} {resource.type} {resource.id or connection_id}"
    return f"{head} {orjson.dumps(content).decode()}"


def _headers(headers: Headers) -> Document:
    shown: Document = {}
    for name, value in headers:
        shown[name] = f"{shown[name]}, {value}" if name in shown else value
    return {_clean(name): _clean(value) for name, value in shown.items()}


def _text(body: bytes | None) -> str:
    return "" if body is None else body.decode("utf-8", "replace")


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
