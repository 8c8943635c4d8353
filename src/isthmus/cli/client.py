"""Talks to a running service for the commands that need one."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import aiohttp
import orjson

from isthmus.model.errors import IsthmusError
from isthmus.model.json import Json

_TIMEOUT: Final = aiohttp.ClientTimeout(total=150, connect=10)
_PAGE: Final = 200
_ERROR: Final = 400


class Unreached(IsthmusError):
    """The service does not answer at that address."""


class Refusal(IsthmusError):
    """The service refused. `problems` are those of its envelope."""

    def __init__(self, status: int, problems: list[dict[str, Any]]) -> None:
        self.status = status
        self.problems = problems
        super().__init__("; ".join(_sentence(problem) for problem in problems) or f"The service answered {status}.")


def _sentence(problem: Mapping[str, Any]) -> str:
    field = problem.get("field")
    message = str(problem.get("message", problem.get("code", "refused")))
    return f"{field}: {message}" if field and str(field) not in message else message


class ServiceClient:
    """One service and one token."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url.rstrip("/")

    @classmethod
    @asynccontextmanager
    async def connected(cls, url: str, token: str) -> AsyncIterator[Self]:
        """Open a client; closed when the block ends."""
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(headers=headers, timeout=_TIMEOUT) as session:
            yield cls(session, url)

    async def call(self, method: str, path: str, body: Json = None) -> Json:
        """Call the service; None for an answer without a body. Raises Refusal or Unreached."""
        data = None if body is None else orjson.dumps(body)
        headers = {} if body is None else {"Content-Type": "application/json"}
        url = self._url + path
        try:
            async with self._session.request(method, url, data=data, headers=headers, allow_redirects=False) as answer:
                content = await answer.read()
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise Unreached(f"No service answers at {self._url} ({type(error).__name__}). Is it running?") from None
        return _read(status, content)

    async def all(self, plural: str) -> list[dict[str, Any]]:
        """List every document of a kind, page by page."""
        found: list[dict[str, Any]] = []
        while True:
            page = await self.call("GET", f"/v1/{plural}?limit={_PAGE}&skip={len(found)}") or []
            known = {document["_id"] for document in found}
            new = [document for document in page if document["_id"] not in known]
            found += new
            if len(page) < _PAGE or not new:
                return found


def _read(status: int, content: bytes) -> Json:
    try:
        value = orjson.loads(content) if content else None
    except orjson.JSONDecodeError:
        raise Unreached(f"What answers there ({status}) is not isthmus. Check --url.") from None
    if status < _ERROR:
        return value
    problems = value.get("errors") if isinstance(value, dict) else None
    raise Refusal(status, problems if isinstance(problems, list) else [])
