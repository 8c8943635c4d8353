"""A system that answers 200 to GET /<sha256 of the bearer token>, and 401 to anybody with another token."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # the library's name
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        body = b"{}"
        self.send_response(200 if self.path == f"/{digest(given)}" else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def secret_target() -> Iterator[str]:
    """Serve until the block ends; gives the base URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(10)


def guarded(target: str, name: str, secret: str) -> dict[str, Any]:
    """Make a connection whose ping succeeds with exactly this secret."""
    return {
        "type": "http",
        "name": name,
        "http": {
            "baseURI": target,
            "mediaType": "json",
            "auth": {"type": "token", "token": {"token": secret, "location": "header", "scheme": "Bearer"}},
            "ping": {"relativeURI": f"/{digest(secret)}", "method": "GET"},
        },
    }
