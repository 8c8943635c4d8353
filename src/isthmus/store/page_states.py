"""Page states that are too large to travel: kept here under a key. Source: decisions.md "Paging"."""

from datetime import datetime
from typing import Final

from isthmus.model.clock import to_iso
from isthmus.store.link import Repository

_PUT: Final = (
    "INSERT INTO page_states (account, key, body, expires_at) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (account, key) DO UPDATE SET body = excluded.body, expires_at = excluded.expires_at"
)
_GET: Final = "SELECT body FROM page_states WHERE account = ? AND key = ?"
_PURGE: Final = "DELETE FROM page_states WHERE account = ? AND expires_at < ?"


class PageStates(Repository):
    """The table of kept page states."""

    __slots__ = ()

    async def put(self, key: str, body: bytes, expires_at: datetime) -> None:
        """Keep a state until it is purged after `expires_at`."""
        self._link.later(_PUT, (self._account, key, body, to_iso(expires_at)))

    async def get(self, key: str) -> bytes | None:
        """Read what is kept, expired or not: the caller judges, by the time that the state itself carries."""
        row = await self._link.row(_GET, (self._account, key))
        return None if row is None else bytes(row[0])

    async def purge(self, now: datetime) -> int:
        """Drop every state that expired before `now`; tells how many."""
        return await self._link.run(_PURGE, (self._account, to_iso(now)))
