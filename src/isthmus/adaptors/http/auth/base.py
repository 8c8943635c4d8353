"""What an authentication type is: pure functions and sans-I/O flows over one connection.

`sign` adds what a request needs. `renew` is a generator that yields the requests of a login or refresh, is sent their
responses, and returns what was learnt; who drives it owns the network, the single flight and the storing.
"""

from collections.abc import Generator, Mapping

from isthmus.model.json import Document, Json
from isthmus.transport.http.message import Request, Response

Learnt = Mapping[str, str]
"""New secrets by JSON Pointer of the http document; {} where nothing is stored (cookies)."""

Context = Mapping[str, Json]
"""What the templates of a login or refresh see: the connection, secrets in clear, and its iClient."""

Flow = Generator[Request, Response, Learnt]


class Authentication:
    """The base of all types, and at once the type `custom`: nothing is added, nothing can be renewed."""

    def sign(self, request: Request, connection: Document) -> Request | None:
        """Add the credentials; None where there are none yet and a renewal must come first."""
        del connection
        return request

    def answer(self, request: Request, refused: Response) -> Request | None:
        """Answer a challenge (digest): the request to send instead, None where there is nothing to answer."""
        del request, refused
        return None

    def renew(self, connection: Document, context: Context) -> Flow | None:
        """Start a login or refresh; None where this connection has no way to. The flow raises RemoteError."""
        del connection, context
        return None

    def saw(self, response: Response) -> None:
        """Look at an accepted answer, for what it sets."""

    def secrets(self, connection: Document) -> tuple[str, ...]:
        """Tell what else must be masked: credentials in the form in which they travel."""
        del connection
        return ()
