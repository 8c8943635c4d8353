"""`/openapi.json` and `/docs`: the reference of this very service, generated from its routes. Both are open."""

from isthmus.api.call import Answer, Call
from isthmus.api.routing import Reply, Route

_CSP = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
)


async def _openapi(call: Call) -> Answer:
    return Answer(200, call.services.pages.openapi, b"application/json")


async def _docs(call: Call) -> Answer:
    return Answer(200, call.services.pages.reference, b"text/html; charset=utf-8", (_CSP,))


ROUTES = (
    Route("GET", "/openapi.json", _openapi, "This document", Reply(200, {"type": "object"}), scope="open"),
    Route(
        "GET",
        "/docs",
        _docs,
        "This reference as a page",
        Reply(200, {"type": "string"}, media="text/html"),
        scope="open",
    ),
)
