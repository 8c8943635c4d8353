"""The leaky bucket of an account: it holds `capacity` requests and drains at `per_second`. Source: api.md section 1."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from isthmus.model.errors import RateLimited


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class RateLimit:
    """Counts the requests of every account. Time is monotonic: a changed clock frees and jails nobody."""

    def __init__(self, capacity: int, per_second: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = capacity
        self._per_second = per_second
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, account: str) -> None:
        """Count one request. Raises RateLimited with the whole seconds after which another will pass."""
        now = self._clock()
        bucket = self._buckets.get(account)
        if bucket is None:
            bucket = self._buckets[account] = _Bucket(0.0, now)
        level = max(0.0, bucket.level - (now - bucket.at) * self._per_second)
        bucket.at = now
        if level + 1 > self._capacity:
            bucket.level = level
            wait = max(1, math.ceil((level + 1 - self._capacity) / self._per_second))
            raise RateLimited(f"Too many requests: try again in {wait} s.", retry_after=wait)
        bucket.level = level + 1
