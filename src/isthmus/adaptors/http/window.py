"""Runs work on a stream, several pieces at once, and gives the results in the order of the stream."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def in_order(pieces: AsyncIterable[T], work: Callable[[T], Awaitable[R]], width: int) -> AsyncGenerator[R]:
    """Run `work` on each piece, at most `width` at once; no more pieces than that are ever held.

    Closing the iterator stops what is still running.
    """
    running: deque[asyncio.Task[R]] = deque()
    try:
        async for piece in pieces:
            running.append(asyncio.ensure_future(_run(work, piece)))
            if len(running) >= max(width, 1):
                yield await running.popleft()
        while running:
            yield await running.popleft()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _run(work: Callable[[T], Awaitable[R]], piece: T) -> R:
    return await work(piece)
