"""Debug log lines of connections: capped in bytes, kept until cleared or purged. Source: api.md section 10."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from isthmus.model.clock import to_iso
from isthmus.store.link import Repository, Value

_INSERT: Final = (
    "INSERT INTO debug_log (account, connection_id, resource_id, time, line, size) VALUES (?, ?, ?, ?, ?, ?)"
)
_OVER: Final = (
    "SELECT max(seq) FROM (SELECT seq, sum(size) OVER (ORDER BY seq DESC) AS total FROM debug_log"
    " WHERE account = ? AND connection_id = ?) AS running WHERE total > ?"
)
_EVICT: Final = "DELETE FROM debug_log WHERE account = ? AND connection_id = ? AND seq <= ?"
_LINES: Final = "SELECT line FROM debug_log WHERE account = ? AND connection_id = ? AND time >= ?"
_CLEAR: Final = "DELETE FROM debug_log WHERE account = ? AND connection_id = ?"
_PURGE: Final = "DELETE FROM debug_log WHERE account = ? AND time < ?"


@dataclass(frozen=True, slots=True)
class DebugLine:
    """One line of text, without its line end. `resource_id` is its export or import, None for the connection itself."""

    connection_id: str
    resource_id: str | None
    time: datetime
    line: str


class DebugLog(Repository):
    """The table of debug lines."""

    __slots__ = ()

    async def append(
        self, connection_id: str, resource_id: str | None, time: datetime, line: str, cap_bytes: int
    ) -> None:
        """Add one line; the connection's oldest lines go while its log is over `cap_bytes` of UTF-8."""
        await self.extend([DebugLine(connection_id, resource_id, time, line)], cap_bytes)

    async def extend(self, lines: list[DebugLine], cap_bytes: int) -> None:
        """Add lines of any connections in order, with the cap that `append` has for each connection."""
        for line in lines:
            body = line.line.encode("utf-8", "replace")
            what = (line.connection_id, line.resource_id, to_iso(line.time), body, len(body))
            self._link.later(_INSERT, (self._account, *what))
        for connection_id in dict.fromkeys(line.connection_id for line in lines):
            over = await self._link.row(_OVER, (self._account, connection_id, cap_bytes))
            if over is not None and over[0] is not None:
                self._link.later(_EVICT, (self._account, connection_id, over[0]))

    async def lines(
        self, connection_id: str, resource_id: str | None = None, since: datetime | None = None
    ) -> list[str]:
        """Read a connection's lines, oldest first; of one export or import where `resource_id` is given."""
        sql, values = _LINES, [self._account, connection_id, "" if since is None else to_iso(since)]
        if resource_id is not None:
            sql, values = f"{sql} AND resource_id = ?", [*values, resource_id]
        found: list[Value] = list(values)
        return [row[0].decode() for row in await self._link.rows(f"{sql} ORDER BY seq", found)]

    async def clear(self, connection_id: str) -> None:
        """Drop a connection's lines."""
        self._link.later(_CLEAR, (self._account, connection_id))

    async def purge(self, before: datetime) -> int:
        """Drop every line older than `before`; tells how many."""
        return await self._link.run(_PURGE, (self._account, to_iso(before)))
