"""Feeds prepared records to a writer and remembers what is under way, so that results find their records again.

`idLockTemplate`: a record whose rendered lock is held by one under way ends the segment; the writer finishes the
segment before the next begins. That serialises such records whatever the writer batches or runs at once.
"""

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterator

from isthmus.model.errors import Bug
from isthmus.sdk import Outgoing
from isthmus.services.import_plans import Prepared


class Feed:
    """Sits between the preparation of records and one writer."""

    def __init__(self, prepared: AsyncIterator[Prepared]) -> None:
        self._prepared = prepared
        self._under_way: deque[Prepared] = deque()
        self._locked: set[str] = set()
        self._held: Prepared | None = None

    @property
    def waiting(self) -> bool:
        """Whether the last segment ended because a record had to wait."""
        return self._held is not None

    async def segment(self) -> AsyncGenerator[Outgoing, None]:
        """Hand out records that may be under way together."""
        self._locked.clear()
        while (item := await self._next()) is not None:
            if item.lock and item.lock in self._locked:
                self._held = item
                return
            if item.lock:
                self._locked.add(item.lock)
            self._under_way.append(item)
            if item.outgoing is not None:
                yield item.outgoing

    def ready(self) -> Iterator[Prepared]:
        """Give back, from the front, what needs no answer of the writer."""
        while self._under_way and self._under_way[0].outgoing is None:
            yield self._under_way.popleft()

    def answered(self) -> Prepared:
        """Give back the record that the writer's next result is for. Call `ready` first."""
        if not self._under_way:
            raise Bug("A writer gave more results than it was given records.")
        return self._under_way.popleft()

    def flush(self) -> Iterator[Prepared]:
        """Give back everything that is still under way."""
        while self._under_way:
            yield self._under_way.popleft()

    async def rest(self) -> AsyncIterator[Prepared]:
        """Give what was never handed out."""
        while (item := await self._next()) is not None:
            yield item

    async def _next(self) -> Prepared | None:
        held, self._held = self._held, None
        return held if held is not None else await anext(self._prepared, None)
