"""Turns: rules that have kept the event loop for a while let everybody else go first."""

import asyncio

from isthmus.records.budget import Budget


class Turns:
    """The turns of one call, however many tasks it works in: between two long records lies a round of the others."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._one = asyncio.Lock()

    async def take(self) -> None:
        """Wait until everybody else had a turn; call it before work on a record where one is `budget.due`."""
        async with self._one:
            if self.budget.due:
                await asyncio.sleep(0)
                self.budget.turned()
