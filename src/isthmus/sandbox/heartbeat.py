"""The target of the API page's virtual import: one document a key, made by the first beat, updated by the next."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _fault(status: int, message: str) -> JSONResponse:
    return JSONResponse({"errors": [{"code": "invalid_beat", "message": message}]}, status_code=status)


def routes() -> list[Route]:
    """Make the routes, with a store of their own."""
    beats: dict[str, dict[str, Any]] = {}

    async def beat(request: Request) -> JSONResponse:
        try:
            body = await request.json()
            at = datetime.fromtimestamp(body["timestamp"] / 1000, UTC)
            key = str(body["key"])
        except (ValueError, KeyError, TypeError, OverflowError, OSError):
            return _fault(422, "A heartbeat has a key and a timestamp in milliseconds.")
        now = _iso(datetime.now(UTC))
        first = {"_id": hashlib.sha256(key.encode()).hexdigest()[:24], "createdAt": now, "key": key, "__v": 0}
        known = beats.setdefault(key, first)
        known |= {"lastModified": now, "timestamp": _iso(at)}
        return JSONResponse(known)

    async def all_beats(_request: Request) -> JSONResponse:
        return JSONResponse(list(beats.values()))

    return [Route("/heartbeat", beat, methods=["PUT", "POST"]), Route("/heartbeat", all_beats)]
