from datetime import timedelta

import pytest

from isthmus.store import AuditFilter, Store
from tests.rig.stored import NOON, change

pytestmark = pytest.mark.anyio

ROWS = [
    change("a", event="create", time=NOON),
    change("b", resource_type="export", source="system", time=NOON),
    change("a", time=NOON + timedelta(seconds=1), by_user={"_id": "other", "email": "", "name": "Ö"}, token_id="t"),
    change("c", time=NOON + timedelta(seconds=2), field_changes=[{"fieldPath": "http.baseURI", "oldValue": "nul\x00"}]),
]


@pytest.fixture
async def audited(store: Store) -> Store:
    async with store.write() as session:
        await session.audit.append(*ROWS)
    return store


async def test_rows_come_back_whole_and_newest_first(audited: Store) -> None:
    async with audited.read() as session:
        assert await session.audit.page(AuditFilter()) == ROWS[::-1]
        assert await session.audit.page(AuditFilter(limit=2)) == [ROWS[3], ROWS[2]]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (AuditFilter(resources=[("connection", "a")]), [2, 0]),
        (AuditFilter(resources=[("connection", "a"), ("export", "b"), ("export", "a")]), [2, 1, 0]),
        (AuditFilter(resources=[]), []),
        (AuditFilter(resources=[("x", str(n)) for n in range(4_500)] + [("connection", "a")], limit=1), [2]),
        (AuditFilter(resource_types=["export"]), [1]),
        (AuditFilter(resource_ids=["a", "c"]), [3, 2, 0]),
        (AuditFilter(by_user=["other"]), [2]),
        (AuditFilter(source=["system", "ui"]), [1]),
        (AuditFilter(event=["create"]), [0]),
        (AuditFilter(since=NOON + timedelta(seconds=1)), [3, 2]),
        (AuditFilter(until=NOON), [1, 0]),
        (AuditFilter(since=NOON, until=NOON, source=["api"]), [0]),
        (AuditFilter(resource_ids=["nul\x00"]), []),
    ],
)
async def test_filters(audited: Store, wanted: AuditFilter, expected: list[int]) -> None:
    async with audited.read() as session:
        assert await session.audit.page(wanted) == [ROWS[number] for number in expected]
