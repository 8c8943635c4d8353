"""Sends a request to the service and shows it with its answer."""

from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import orjson

from isthmus.demo.screen import Screen


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status and the body, parsed where it is JSON."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls one service with one token; the screen gets every request and answer."""

    base: str
    token: str
    screen: Screen

    def send(self, method: str, path: str, body: Any = None, *, quiet: bool = False) -> Answer:
        """Send one request; show it and its answer unless `quiet`."""
        payload = None if body is None else orjson.dumps(body)
        headers = {"Authorization": f"Bearer {self.token}"}
        if payload is not None:
            headers["Content-Type"] = "application/json"
        connection = HTTPConnection(urlsplit(self.base).netloc, timeout=60)
        try:
            connection.request(method, path, payload, headers)
            response = connection.getresponse()
            answer = Answer(response.status, _parsed(response.read(), response.getheader("Content-Type", "")))
        finally:
            connection.close()
        if not quiet:
            self.screen.request(method, path, body)
            self.screen.answer(answer.status, answer.body)
        return answer


def _parsed(body: bytes, content_type: str) -> Any:
    if not body:
        return None
    return orjson.loads(body) if "json" in content_type else body.decode("utf-8", "replace")
