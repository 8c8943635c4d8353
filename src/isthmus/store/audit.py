"""Audit rows: written in the transaction of the change they tell of, read newest first. Source: api.md section 8."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson

from isthmus.model.clock import from_iso, to_iso
from isthmus.model.ids import new_id
from isthmus.store.link import Repository, Row, Value, marks
from isthmus.store.text import indexed

_INSERT: Final = (
    "INSERT INTO audit (account, id, resource_type, resource_id, source, event, field_changes, time, by_user, token_id,"
    " user_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_BATCH: Final = 2_000
_SELECT: Final = (
    "SELECT seq, id, resource_type, resource_id, source, event, field_changes, time, by_user, token_id"
    " FROM audit WHERE account = ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One change. `resource_type` is singular, `field_changes` masked; `by_user` has `_id`, `email` and `name`."""

    resource_type: str
    resource_id: str
    source: str
    event: str
    time: datetime
    by_user: dict[str, Any]
    field_changes: list[dict[str, Any]] = field(default_factory=list)
    token_id: str | None = None
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which rows to read. An empty tuple or None does not filter, save that `resources=()` matches nothing.

    `resources` holds (resource type, id); `by_user` ids of users; `since` and `until` are both inclusive.
    """

    resources: Sequence[tuple[str, str]] | None = None
    resource_types: Sequence[str] = ()
    resource_ids: Sequence[str] = ()
    by_user: Sequence[str] = ()
    source: Sequence[str] = ()
    event: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 100


class AuditRows(Repository):
    """The table of changes; rows are only ever added."""

    __slots__ = ()

    async def append(self, *rows: AuditRow) -> None:
        """Add rows, in the order in which things happened."""
        for row in rows:
            user = row.by_user.get("_id")
            changes, by_user = orjson.dumps(row.field_changes), orjson.dumps(row.by_user)
            what = (row.id, row.resource_type, row.resource_id, row.source, row.event, changes, to_iso(row.time))
            self._link.later(_INSERT, (self._account, *what, by_user, row.token_id, indexed(user)))

    async def page(self, wanted: AuditFilter) -> list[AuditRow]:
        """Read rows, newest first."""
        found: list[Row] = []
        for some in _batches(wanted.resources):
            where, values = _where(wanted, some)
            sql = f"{_SELECT}{where} ORDER BY time DESC, seq DESC LIMIT ?"
            found += await self._link.rows(sql, (self._account, *values, wanted.limit))
        found.sort(key=lambda row: (row[7], row[0]), reverse=True)
        return [_row(row[1:]) for row in found[: wanted.limit]]


def _batches(resources: Sequence[tuple[str, str]] | None) -> Iterator[Sequence[tuple[str, str]] | None]:
    if resources is None:
        return iter([None])
    return (resources[start : start + _BATCH] for start in range(0, len(resources), _BATCH))


def _where(wanted: AuditFilter, resources: Sequence[tuple[str, str]] | None) -> tuple[str, list[Value]]:
    where: list[str] = []
    values: list[Value] = []
    if resources is not None:
        where.append(f"(resource_type, resource_id) IN (VALUES {', '.join(['(?, ?)'] * len(resources))})")
        values += [part for resource in resources for part in resource]
    sets = {
        "resource_type": wanted.resource_types,
        "resource_id": wanted.resource_ids,
        "user_id": [indexed(user) or "" for user in wanted.by_user],
        "source": wanted.source,
        "event": wanted.event,
    }
    for column, allowed in sets.items():
        if allowed:
            where.append(f"{column} IN ({marks(len(allowed))})")
            values += allowed
    for comparison, instant in (("time >= ?", wanted.since), ("time <= ?", wanted.until)):
        if instant is not None:
            where.append(comparison)
            values.append(to_iso(instant))
    return "".join(f" AND {part}" for part in where), values


def _row(row: Row) -> AuditRow:
    return AuditRow(
        id=row[0],
        resource_type=row[1],
        resource_id=row[2],
        source=row[3],
        event=row[4],
        field_changes=orjson.loads(row[5]),
        time=from_iso(row[6]),
        by_user=orjson.loads(row[7]),
        token_id=row[8],
    )
