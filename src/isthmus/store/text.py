"""Text as both databases can index it."""

from hashlib import sha256
from typing import Final

LONGEST: Final = 255


def indexed(value: object) -> str | None:
    """Turn a field's value into what an indexed column holds; equal values stay equal, None where it is not text.

    PostgreSQL takes no NUL and no index entry over a third of a page, so these become a digest.
    """
    if not isinstance(value, str):
        return None
    if len(value) <= LONGEST and "\x00" not in value:
        return value
    return "sha256:" + sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
