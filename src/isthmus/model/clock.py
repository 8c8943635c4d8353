"""Time as the API writes it: ISO 8601, UTC, milliseconds, `Z`. Source: api.md section 1."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the present instant, aware and in UTC; handed in so that tests own the time."""


def now() -> datetime:
    """Tell the present instant in UTC."""
    return datetime.now(UTC)


def to_iso(instant: datetime) -> str:
    """Write an aware instant as `2025-03-28T15:22:51.518Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")[: -len("+00:00")] + "Z"


def from_iso(text: str) -> datetime:
    """Read an ISO 8601 instant; one without an offset counts as UTC. Raises ValueError for anything else."""
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
