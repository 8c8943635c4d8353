"""Who is calling: what the token says, and what it may do. Source: api.md section 1 "Auth, tokens", decisions.md."""

from dataclasses import dataclass

from isthmus.model.errors import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller. `connections` is None for full access, else the ids that a custom token may invoke."""

    token_id: str
    user_id: str
    name: str
    email: str = ""
    connections: frozenset[str] | None = None
    source: str = "api"

    @property
    def full(self) -> bool:
        """Whether the token has full access."""
        return self.connections is None

    def require_full(self) -> None:
        """Refuse a custom token: it cannot create, read or change documents."""
        if not self.full:
            raise Forbidden("This token may only ping, export from and import into the connections that it lists.")

    def require_invoke(self, connection_id: str) -> None:
        """Refuse a custom token that does not list the connection; to such a caller the connection is not there."""
        if self.connections is not None and connection_id not in self.connections:
            raise NotFound(f"There is no connection {connection_id}.")

    def as_user(self) -> dict[str, str]:
        """Shape it as `byUser` of an audit entry (api.md section 8)."""
        return {"_id": self.user_id, "email": self.email, "name": self.name}
