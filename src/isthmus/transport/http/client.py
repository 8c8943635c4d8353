"""The HTTP client that an adaptor is handed: bound to one connection, it can do nothing but send."""

from typing import Protocol

from isthmus.transport.http.message import Request, Response


class HttpClient(Protocol):
    """Sends requests through the connection's chain: egress guard, gate, retry of lost connections, redirects, log."""

    async def send(self, request: Request) -> Response:
        """Send one request and read the whole answer, whatever its status.

        Raises Unreachable (no answer, timed out, cut off, over the size cap, too many redirects; the codes stand in
        `faults`), EgressDenied, InvalidDocument (a header or a client certificate that cannot be used), or RateLimited
        where too many calls of the connection wait already.
        """
