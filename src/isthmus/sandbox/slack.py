"""A Slack-like API. The token travels as `token` in the URL; a refusal is HTTP 200 with `"ok": false`."""

import itertools
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from isthmus.sandbox.people import person

TOKEN: Final = "xoxb-sandbox-token"
"""The one token that this stand-in accepts."""

USERS: Final = [
    {"id": f"U{number:04d}", "team_id": "T0001", "deleted": number % 17 == 0, "profile": person(number)}
    for number in range(1, 48)
]
CHANNELS: Final = [
    {"id": f"C{number:04d}", "name": name, "is_archived": False}
    for number, name in enumerate(("general", "orders", "returns", "astronomy"), start=1)
]


def _fault(error: str) -> JSONResponse:
    return JSONResponse({"ok": False, "error": error})


def _authorized(request: Request) -> bool:
    return request.query_params.get("token") == TOKEN


def _limit(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() and int(text) > 0 else 20


def _slice(request: Request, items: Sequence[Any], key: str) -> JSONResponse:
    """Answer one slice, with a cursor that is opaque to the client and empty on the last slice."""
    if not _authorized(request):
        return _fault("invalid_auth")
    cursor, limit = request.query_params.get("cursor", ""), _limit(request.query_params.get("limit"))
    try:
        start = int(urlsafe_b64decode(cursor or "MA==").decode().removeprefix("from:"))
    except ValueError:
        return _fault("invalid_cursor")
    end = start + limit
    following = urlsafe_b64encode(f"from:{end}".encode()).decode() if end < len(items) else ""
    return JSONResponse({"ok": True, key: items[start:end], "response_metadata": {"next_cursor": following}})


async def api_test(request: Request) -> JSONResponse:
    """Answer `ok`, and echo the arguments as the real one does (never the token)."""
    arguments = {key: value for key, value in request.query_params.items() if key != "token"}
    if "error" in arguments:
        return JSONResponse({"ok": False, "error": arguments["error"], "args": arguments})
    return JSONResponse({"ok": True, "args": arguments})


async def auth_test(request: Request) -> JSONResponse:
    """Tell whether the token is good."""
    return (
        JSONResponse({"ok": True, "team": "Sandbox", "user": "isthmus"})
        if _authorized(request)
        else _fault("invalid_auth")
    )


async def users_list(request: Request) -> JSONResponse:
    """List users by cursor."""
    return _slice(request, USERS, "members")


async def conversations_list(request: Request) -> JSONResponse:
    """List channels by cursor."""
    return _slice(request, CHANNELS, "channels")


def routes() -> list[Route]:
    """Make the routes, with a message store of their own."""
    messages: list[dict[str, str]] = []
    stamps = itertools.count(1)

    async def post_message(request: Request) -> JSONResponse:
        if not _authorized(request):
            return _fault("invalid_auth")
        form = dict(parse_qsl((await request.body()).decode()))
        channel, text = form.get("channel", ""), form.get("text", "")
        if not any(channel in (known["id"], known["name"]) for known in CHANNELS):
            return _fault("channel_not_found")
        if not text:
            return _fault("no_text")
        message = {"type": "message", "channel": channel, "text": text, "ts": f"1700000000.{next(stamps):06d}"}
        messages.append(message)
        return JSONResponse({"ok": True, "channel": channel, "ts": message["ts"], "message": message})

    async def history(request: Request) -> JSONResponse:
        channel = request.query_params.get("channel", "")
        return _slice(request, [message for message in messages if message["channel"] == channel], "messages")

    return [
        Route("/api.test", api_test, methods=["GET", "POST"]),
        Route("/auth.test", auth_test, methods=["GET", "POST"]),
        Route("/users.list", users_list),
        Route("/conversations.list", conversations_list),
        Route("/conversations.history", history),
        Route("/chat.postMessage", post_message, methods=["POST"]),
    ]
