"""Works on many items at once and gives the results in the order of the items, a bounded number ahead."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


async def in_order(
    items: Iterable[Item] | AsyncIterable[Item], work: Callable[[Item], Awaitable[Result]], width: int
) -> AsyncGenerator[Result, None]:
    """Do `work` on each item, at most `width` at once; no more items than that are held.

    Closing the iterator cancels what is under way. With a width of one nothing runs ahead of whoever asks: an item is
    worked on when its result is wanted.
    """
    running: deque[asyncio.Task[Result]] = deque()
    try:
        async for item in _stream(items):
            if width <= 1:
                yield await work(item)
                continue
            running.append(asyncio.ensure_future(_run(work, item)))
            if len(running) >= width:
                yield await running.popleft()
        while running:
            yield await running.popleft()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _stream(items: Iterable[Item] | AsyncIterable[Item]) -> AsyncGenerator[Item, None]:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item


async def _run(work: Callable[[Item], Awaitable[Result]], item: Item) -> Result:
    return await work(item)
