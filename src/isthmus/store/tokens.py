"""API tokens at rest: their hash alone. Source: api.md section 1 "Auth, tokens"."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from isthmus.model.clock import from_iso, now, to_iso
from isthmus.store.link import Repository, Row

_INSERT: Final = (
    "INSERT INTO tokens (account, id, name, user_id, email, hash, connections, expires_at, created_at, revoked_at,"
    " last_used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_BY_HASH: Final = (
    "SELECT id, name, user_id, email, hash, connections, expires_at, created_at, revoked_at, last_used_at"
    " FROM tokens WHERE hash = ?"
)
_LIST: Final = (
    "SELECT id, name, user_id, email, hash, connections, expires_at, created_at, revoked_at, last_used_at"
    " FROM tokens WHERE account = ? ORDER BY created_at, id"
)
_REVOKE: Final = "UPDATE tokens SET revoked_at = ? WHERE account = ? AND (name = ? OR id = ?) AND revoked_at IS NULL"
_TOUCH: Final = "UPDATE tokens SET last_used_at = ? WHERE account = ? AND id = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """One token. `connections` is None for full access, else the ids it may invoke; `expires_at` None means never."""

    id: str
    name: str
    user_id: str
    hash: bytes
    created_at: datetime
    email: str = ""
    connections: tuple[str, ...] | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


class Tokens(Repository):
    """The table of tokens. Revoked ones stay, so that the audit's token ids keep their meaning."""

    __slots__ = ()

    async def insert(self, token: TokenRow) -> None:
        """Add one."""
        connections = None if token.connections is None else orjson.dumps(token.connections)
        who = (self._account, token.id, token.name, token.user_id, token.email, token.hash, connections)
        times = (token.expires_at, token.created_at, token.revoked_at, token.last_used_at)
        self._link.later(_INSERT, (*who, *(_written(time) for time in times)))

    async def by_hash(self, digest: bytes) -> TokenRow | None:
        """Find one by its hash, revoked and expired ones too: the caller judges."""
        row = await self._link.row(_BY_HASH, (digest,))
        return None if row is None else _token(row)

    async def list(self) -> list[TokenRow]:
        """List all, oldest first."""
        return [_token(row) for row in await self._link.rows(_LIST, (self._account,))]

    async def revoke(self, name_or_id: str, at: datetime | None = None) -> int:
        """Revoke every token of that name or id from `at` (now) on; tells how many were not revoked before."""
        return await self._link.run(_REVOKE, (to_iso(at or now()), self._account, name_or_id, name_or_id))

    async def touch(self, token_id: str, at: datetime) -> None:
        """Note when a token was last used."""
        self._link.later(_TOUCH, (to_iso(at), self._account, token_id))


def _written(time: datetime | None) -> str | None:
    return None if time is None else to_iso(time)


def _read(text: str | None) -> datetime | None:
    return None if text is None else from_iso(text)


def _token(row: Row) -> TokenRow:
    return TokenRow(
        id=row[0],
        name=row[1],
        user_id=row[2],
        email=row[3],
        hash=row[4],
        connections=None if row[5] is None else tuple(orjson.loads(row[5])),
        expires_at=_read(row[6]),
        created_at=from_iso(row[7]),
        revoked_at=_read(row[8]),
        last_used_at=_read(row[9]),
    )
