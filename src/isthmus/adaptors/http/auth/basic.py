"""User name and password in the Authorization header (RFC 7617)."""

from base64 import b64encode

from isthmus.adaptors.http.auth.base import Authentication
from isthmus.adaptors.http.fields import block, text
from isthmus.model.json import Document
from isthmus.transport.http.message import Request


def _credentials(connection: Document) -> str:
    basic = block(connection, "http", "auth", "basic")
    pair = f"{text(basic, 'username')}:{text(basic, 'password')}"
    return b64encode(pair.encode()).decode()


class BasicAuthentication(Authentication):
    """Type `basic`."""

    def sign(self, request: Request, connection: Document) -> Request | None:
        """Set the header."""
        return request.with_header("Authorization", f"Basic {_credentials(connection)}")

    def secrets(self, connection: Document) -> tuple[str, ...]:
        """The pair as it travels."""
        return (_credentials(connection),)
