"""Sends a request to the service and shows it with its answer, readably."""

from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import orjson
from rich.console import Console
from rich.json import JSON
from rich.text import Text

SHOWN_LINES = 28


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status and the body, parsed where it is JSON."""

    status: int
    body: Any


def _shortened(text: str) -> str:
    lines = text.splitlines()
    if len(lines) <= SHOWN_LINES:
        return text
    return "\n".join([*lines[:SHOWN_LINES], f"... {len(lines) - SHOWN_LINES} more lines"])


@dataclass
class Caller:
    """Calls one service with one token; `console` gets every request and answer."""

    base: str
    token: str
    console: Console
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: Any = None, *, quiet: bool = False) -> Answer:
        """Send one request; show it and its answer unless `quiet`."""
        payload = None if body is None else orjson.dumps(body)
        headers = {"Authorization": f"Bearer {self.token}", **self.headers}
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
            self._show(method, path, body, answer)
        return answer

    def _show(self, method: str, path: str, body: Any, answer: Answer) -> None:
        self.console.print(Text.assemble(("  > ", "dim"), (f"{method} {path}", "bold cyan")))
        if body is not None:
            self._show_body(body, "  > ")
        colour = "green" if answer.status < 400 else "yellow"  # noqa: PLR2004  # RFC 9110 section 15
        self.console.print(Text.assemble(("  < ", "dim"), (str(answer.status), f"bold {colour}")))
        if answer.body not in (None, ""):
            self._show_body(answer.body, "  < ")
        self.console.print()

    def _show_body(self, body: Any, margin: str) -> None:
        text = body if isinstance(body, str) else orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
        short = _shortened(text)
        shown = Text(short) if isinstance(body, str) or short is not text else JSON(text).text
        for line in shown.split("\n"):
            self.console.print(Text(margin, style="dim") + line, overflow="fold", no_wrap=False)


def _parsed(body: bytes, content_type: str) -> Any:
    if not body:
        return None
    return orjson.loads(body) if "json" in content_type else body.decode("utf-8", "replace")
