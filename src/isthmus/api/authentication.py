"""Who is calling: the bearer token of the Authorization header, and nothing else. Source: api.md section 1 "Auth"."""

from collections.abc import Mapping
from typing import Final, Protocol

from isthmus.api.routing import Route
from isthmus.model.errors import Malformed, Unauthorized
from isthmus.services.caller import Caller

_SCHEME: Final = b"bearer "


class Authenticator(Protocol):
    """Knows tokens."""

    async def authenticate(self, bearer: str) -> Caller:
        """Tell whose token it is. Raises Unauthorized."""


async def authenticate(tokens: Authenticator, headers: Mapping[bytes, bytes]) -> Caller:
    """Authenticate a request by its header alone. Raises Unauthorized."""
    header = headers.get(b"authorization")
    if header is None:
        raise Unauthorized("Send a token: Authorization: Bearer <token>.")
    if header[: len(_SCHEME)].lower() != _SCHEME:
        raise Unauthorized("Only bearer tokens are accepted: Authorization: Bearer <token>.")
    try:
        token = header[len(_SCHEME) :].strip().decode("ascii")
    except UnicodeDecodeError:
        raise Unauthorized("The token is not known here.") from None
    return await tokens.authenticate(token)


def refuse_token_in_query(query: str) -> None:
    """Refuse a token in the address, where every proxy on the way would log it. Raises Malformed."""
    if "access_token=" in query or "isthmus_" in query:
        raise Malformed("A token does not belong into the address: send Authorization: Bearer <token>.")


def authorize(caller: Caller, route: Route, ids: Mapping[str, str]) -> None:
    """Hold a caller to a route's scope. Raises Forbidden, or NotFound for a connection that the token does not list."""
    if route.scope == "full":
        caller.require_full()
    elif route.scope == "invoke":
        caller.require_invoke(ids["id"])
