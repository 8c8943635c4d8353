"""When a call is repeated, and after how long: the one place of the policy.

Deliberately short: a wait over the budget is the caller's business, and the answer is handed back as it is.
"""

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from isthmus.model.clock import Clock, now
from isthmus.transport.http.message import Response

IDEMPOTENT: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
"""Methods that may be sent again after a lost connection (RFC 9110 section 9.2.2)."""

RETRY_AFTER: Final = "Retry-After"
_SLOW_DOWN: Final = frozenset({429, 503})
_LONGEST: Final = 900.0
_JITTER: Final = 0.1


@dataclass(frozen=True, slots=True)
class Backoff:
    """How far a call goes along with "try again later". `budget` is in seconds, over all waits of one call.

    `header` names when to come back, in seconds or as an HTTP date; an answer without it is handed back.
    """

    header: str = RETRY_AFTER
    budget: float = 10.0
    repeats: int = 3

    def wait(self, response: Response, repeated: int, waited: float, clock: Clock = now) -> float | None:
        """Tell how many seconds to wait before the request is repeated; None to hand the answer back."""
        if response.status not in _SLOW_DOWN or repeated >= self.repeats:
            return None
        asked = retry_after(response, self.header, clock)
        if asked is None or waited + asked > self.budget:
            return None
        return asked + random.uniform(0, _JITTER * asked)  # noqa: S311  # spreads calls, guards nothing


def retry_after(response: Response, header: str = RETRY_AFTER, clock: Clock = now) -> float | None:
    """Read when to come back, in seconds from now, within 0 and 900; None where it is absent or makes no sense."""
    for value in response.headers.all(header):
        seconds = _seconds(value.strip(), clock)
        if seconds is not None:
            return seconds
    return None


def _seconds(value: str, clock: Clock) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        seconds = _until(value, clock)
    if math.isnan(seconds) or seconds < 0:
        return None
    return min(seconds, _LONGEST)


def _until(value: str, clock: Clock) -> float:
    try:
        date: datetime = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return math.nan
    instant = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (instant - clock()).total_seconds())
