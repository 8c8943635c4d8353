"""The loop guard: notices that paging goes in circles, also when every page is asked for in a call of its own.

Brent's algorithm: one saved digest and two counters, whatever the length of the circle; they travel in the cursor.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from isthmus.model.errors import InvalidDocument, Problem
from isthmus.model.json import Json

EMPTY_PAGES: Final = 100
"""So many pages in a row without a single record are a circle, too, whatever their tokens."""


def digest_of(asked: str) -> str:
    """Digest what a request asks for."""
    return hashlib.sha256(asked.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def loop_found() -> InvalidDocument:
    """The refusal: paging that goes in circles is never taken for the end."""
    message = (
        "Paging goes in circles: the same page was asked for again. Nothing says that the export is complete. "
        "Check http.paging, and what the other system gives as its next page."
    )
    return InvalidDocument(Problem("paging_loop", message, "http.paging"))


@dataclass(frozen=True, slots=True)
class Guard:
    """The state of the guard: the saved digest, when it is next replaced, requests since, empty pages in a row."""

    saved: str
    power: int = 1
    steps: int = 0
    empty: int = 0

    def after(self, digest: str, received: int) -> "Guard":
        """Note the next request and the records of the page before it; raises InvalidDocument for a circle."""
        empty = 0 if received else self.empty + 1
        if digest == self.saved or empty >= EMPTY_PAGES:
            raise loop_found()
        steps = self.steps + 1
        if steps == self.power:
            return Guard(digest, self.power * 2, 0, empty)
        return Guard(self.saved, self.power, steps, empty)

    def as_json(self) -> list[Json]:
        """Write it for a cursor."""
        return [self.saved, self.power, self.steps, self.empty]

    @classmethod
    def of_json(cls, values: list[Json]) -> "Guard":
        """Read it from a cursor."""
        return cls(*values)
