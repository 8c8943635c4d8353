"""The answer of an import: a JSON array written item by item into one buffer.

What orjson gives for a small value holds four kilobytes until it is freed, so a list of such pieces would hold
thirty times its length. Source: hostile-cases 147 and 164.
"""

from typing import Final

import orjson

from isthmus.model.errors import InvalidDocument, invalid
from isthmus.model.json import Json

MAX_BYTES: Final = 64 * 1024 * 1024


class Answer:
    """An array under way."""

    def __init__(self) -> None:
        self._buffer = bytearray(b"[")

    @property
    def full(self) -> bool:
        """Whether the answer is as long as one may be."""
        return len(self._buffer) > MAX_BYTES

    def add(self, value: Json, *, opens: bool = False, closes: bool = False) -> None:
        """Add a value; it `opens` or `closes` an array of its own where it is the first or last of a family."""
        if not self._buffer.endswith(b"["):
            self._buffer += b","
        if opens:
            self._buffer += b"["
        self._buffer += orjson.dumps(value)
        if closes:
            self._buffer += b"]"

    def refuse_if_full(self) -> None:
        """Raise InvalidDocument where the answer is too long."""
        if self.full:
            message = f"The mapped records are more than {MAX_BYTES:,} bytes: map fewer of them in one call."
            raise InvalidDocument(invalid("data", message))

    def body(self) -> bytes:
        """Write it."""
        return bytes(self._buffer + b"]")
