"""Pings offline connections about every hour, until it is cancelled at shutdown. Source: api.md section 4."""

import random
import traceback
from datetime import timedelta
from typing import Final

import anyio
import structlog

from isthmus.model.errors import IsthmusError
from isthmus.services.documents import parse
from isthmus.services.opening.kept_secrets import KIND
from isthmus.services.pings import Pings
from isthmus.services.system import SYSTEM
from isthmus.store import Store, Stored

HOURLY: Final = timedelta(hours=1)
_AT_ONCE: Final = 4
_PAGE: Final = 500
_SPREAD: Final = 0.1
_log = structlog.get_logger(__name__)


class OfflinePinger:
    """Pings every offline connection about once an interval, a few at a time, spread over the first tenth of it."""

    def __init__(self, store: Store, pings: Pings, *, interval: timedelta = HOURLY) -> None:
        self._store = store
        self._pings = pings
        self._seconds = interval.total_seconds()

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await anyio.sleep(self._seconds * random.uniform(1 - _SPREAD, 1 + _SPREAD))  # noqa: S311  # no secret hangs on it
            try:
                await self.once(spread=self._seconds * _SPREAD)
            except IsthmusError as error:
                _log.warning("offline connections could not be pinged", reason=str(error))

    async def once(self, *, spread: float = 0.0) -> int:
        """Ping every offline connection, each after a random wait of at most `spread` seconds; tells how many."""
        count = 0
        places = anyio.Semaphore(_AT_ONCE)
        async with anyio.create_task_group() as group:
            for connection_id in await self._offline():
                await places.acquire()
                group.start_soon(self._ping, connection_id, places, spread / _AT_ONCE)
                count += 1
        return count

    async def _offline(self) -> list[str]:
        found: list[str] = []
        page: list[Stored] | None = None
        while page is None or len(page) == _PAGE:
            after = page[-1].id if page else ""
            async with self._store.read() as session:
                page = await session.documents.page(KIND, limit=_PAGE, after=after)
            found += [stored.id for stored in page if _is_offline(stored)]
        return found

    async def _ping(self, connection_id: str, places: anyio.Semaphore, spread: float) -> None:
        try:
            await anyio.sleep(random.uniform(0, spread))  # noqa: S311  # as above
            await self._pings.saved(SYSTEM, connection_id)
        except IsthmusError as error:
            _log.info("an offline connection could not be pinged", connection=connection_id, reason=str(error))
        except Exception as error:  # noqa: BLE001  # the boundary of a background task: one connection must not stop the others
            # Neither message nor locals, nor as an exception: they may hold what is secret.
            frames = traceback.format_tb(error.__traceback__, limit=-5)
            _log.error("pinging failed", connection=connection_id, error=type(error).__name__, frames=frames)
        finally:
            places.release()


def _is_offline(stored: Stored) -> bool:
    return b'"offline":true' in stored.body and parse(stored.body).get("offline") is True
