"""Opened things shared by whoever needs them at the same time: one a name, closed when idle, changed or too many."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Generic, TypeVar

from isthmus.services.opening.keepers import Keeper

Value = TypeVar("Value")


class _Entry(Generic[Value]):
    def __init__(self, key: Hashable, keeper: Keeper[Value]) -> None:
        self.key = key
        self.keeper = keeper
        self.users = 0
        self.retired = False
        self.timer: asyncio.TimerHandle | None = None

    def retire(self) -> None:
        """Close it once nobody uses it any more."""
        self.retired = True
        if self.timer is not None:
            self.timer.cancel()
        if not self.users:
            self.keeper.close()


class Pool(Generic[Value]):
    """Keeps at most `size` open (more only while more are in use), each `idle` seconds after its last use."""

    def __init__(self, size: int = 256, idle: float = 300.0) -> None:
        self._size = size
        self._idle = idle
        self._entries: OrderedDict[str, _Entry[Value]] = OrderedDict()
        self._keepers: set[Keeper[Value]] = set()

    def has(self, name: str, key: Hashable) -> bool:
        """Whether `use` would find it open, or opening."""
        entry = self._entries.get(name)
        return entry is not None and entry.key == key and not entry.keeper.over

    def rekey(self, name: str, old: Hashable, new: Hashable) -> None:
        """Keep what is open under a name although its key changed: the change was its own doing."""
        entry = self._entries.get(name)
        if entry is not None and entry.key == old:
            entry.key = new

    @asynccontextmanager
    async def use(
        self, name: str, key: Hashable, make: Callable[[], AbstractAsyncContextManager[Value]]
    ) -> AsyncIterator[Value]:
        """Use what is open under a name, opening it where it is not, or is open under another key.

        Whoever uses it under the old key keeps it until the end of that use.
        """
        entry = self._entry(name, key, make)
        entry.users += 1
        if entry.timer is not None:
            entry.timer.cancel()
        try:
            yield await entry.keeper.value()
        finally:
            entry.users -= 1
            if not entry.users:
                self._rest(name, entry)

    async def close(self) -> None:
        """Close everything, also what is in use."""
        for name in list(self._entries):
            self._entries.pop(name).retire()
        keepers = list(self._keepers)
        for keeper in keepers:
            await keeper.closed()

    def _entry(self, name: str, key: Hashable, make: Callable[[], AbstractAsyncContextManager[Value]]) -> _Entry[Value]:
        found = self._entries.get(name)
        if found is not None and self.has(name, key):
            self._entries.move_to_end(name)
            return found
        if found is not None:
            found.retire()
        entry = _Entry(key, Keeper(make()))
        self._keepers = {keeper for keeper in self._keepers if not keeper.over} | {entry.keeper}
        self._entries[name] = entry
        self._entries.move_to_end(name)
        while len(self._entries) > self._size:
            self._entries.popitem(last=False)[1].retire()
        return entry

    def _rest(self, name: str, entry: _Entry[Value]) -> None:
        if entry.retired:
            entry.keeper.close()
        else:
            entry.timer = asyncio.get_running_loop().call_later(self._idle, self._expire, name, entry)

    def _expire(self, name: str, entry: _Entry[Value]) -> None:
        if self._entries.get(name) is entry:
            del self._entries[name]
        entry.retire()
