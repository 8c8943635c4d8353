"""Feeds prepared records to a writer and remembers what is under way, so that results find their records again."""

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterator

from isthmus.model.errors import Bug
from isthmus.sdk import Outgoing
from isthmus.services.imports.plans import Prepared


class Feed:
    """Sits between the preparation of records and one writer."""

    def __init__(self, prepared: AsyncIterator[Prepared]) -> None:
        self._prepared = prepared
        self._under_way: deque[Prepared] = deque()

    async def outgoing(self) -> AsyncGenerator[Outgoing, None]:
        """Hand out the records that are to be written."""
        async for item in self._prepared:
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

    async def rest(self) -> AsyncGenerator[Prepared, None]:
        """Give what was never handed out."""
        async for item in self._prepared:
            yield item
