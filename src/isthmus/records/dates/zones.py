"""Time zones by IANA name."""

import re
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from isthmus.records.errors import RuleError

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,3}\Z")


@lru_cache(maxsize=1_024)
def zone(name: Any) -> tzinfo:
    """Find a time zone: `Asia/Kolkata`, `US/Eastern`, `UTC`. Raises RuleError for a name that is none.

    Names are matched against a strict pattern first: none can lead to a file outside the zone database.
    """
    if name in ("UTC", "Z", "GMT"):
        return UTC
    if not isinstance(name, str) or not _NAME.match(name):
        raise RuleError("The time zone is not an IANA name such as America/New_York.")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise RuleError("The time zone is not known; use an IANA name such as America/New_York.") from error
