"""Renews credentials at most once at a time; everybody who waits shares the outcome. See architecture decision 7."""

import asyncio
from collections.abc import Awaitable, Callable

from isthmus.model.errors import RemoteError


class Renewals:
    """The single flight of one opened connection; `count` tells how many renewals have ended, well or not.

    A renewal is a task of its own: a caller who goes away must not lose a refresh token that is already spent.
    """

    def __init__(self, renew: Callable[[], Awaitable[None]]) -> None:
        self._renew = renew
        self._flight: asyncio.Task[None] | None = None
        self._failure: RemoteError | None = None
        self.count = 0

    async def settled(self) -> int:
        """Wait for a renewal under way, and tell the count: credentials read now belong to it."""
        if self._flight is not None:
            await asyncio.wait([self._flight])
        return self.count

    async def after(self, seen: int) -> None:
        """Make sure that a renewal has ended since `seen`; raises what it raised for everybody who waited for it."""
        if self.count == seen:
            if self._flight is None:
                self._flight = asyncio.create_task(self._fly())
            await asyncio.shield(self._flight)
        if self._failure is not None:
            raise self._failure

    async def _fly(self) -> None:
        try:
            await self._renew()
            self._failure = None
        except RemoteError as failure:
            self._failure = failure
        finally:
            self.count += 1
            self._flight = None
