"""Drops old debug lines and page states every hour, until it is cancelled at shutdown.

Source: api.md section 10, decisions.md "Paging".
"""

from datetime import timedelta
from typing import Final

import anyio
import structlog

from isthmus.model.clock import Clock, now
from isthmus.model.errors import IsthmusError
from isthmus.services.debug_log.debug_logs import DebugLogs
from isthmus.store import Store

HOURLY: Final = timedelta(hours=1)
_log = structlog.get_logger(__name__)


class Housekeeping:
    """Drops debug lines older than a day and page states that expired."""

    def __init__(self, store: Store, debug: DebugLogs, clock: Clock = now, *, interval: timedelta = HOURLY) -> None:
        self._store = store
        self._debug = debug
        self._clock = clock
        self._seconds = interval.total_seconds()

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await anyio.sleep(self._seconds)
            try:
                await self.once()
            except IsthmusError as error:
                _log.warning("housekeeping has to wait", reason=str(error))

    async def once(self) -> None:
        """Drop what is too old, now."""
        await self._debug.purge()
        async with self._store.write() as session:
            await session.page_states.purge(self._clock())
