"""Dates in free form, in the shapes that JavaScript's `Date` reads besides ISO 8601."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from isthmus.records.dates.names import MONTHS

_CLOCK: Final = (
    r"(?:[T ,]+(?P<h>\d{1,2})(?::(?P<m>\d\d))?(?::(?P<s>\d\d)(?:[.,](?P<f>\d{1,9}))?)?\s*(?P<ap>[AaPp]\.?[Mm]\.?)?)?"
    r"\s*(?P<z>Z|(?:UTC|GMT)?[+-]\d\d:?\d\d|UTC|GMT|[ECMP][SD]T)?(?:\s*\([^)]*\))?\Z"
)
_MONTH: Final = "(?P<mon>" + "|".join(name[:3] for name in MONTHS) + r")[a-z]*\.?"
_WEEKDAY: Final = r"(?:(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)[a-z]*,?\s+)?"
_SHAPES: Final = tuple(
    re.compile(shape + _CLOCK, re.IGNORECASE | re.ASCII)
    for shape in (
        r"(?P<y>\d{4})[-/.](?P<mo>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?",
        r"(?P<mo>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4}|\d\d)",
        _WEEKDAY + _MONTH + r"\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})",
        _WEEKDAY + r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s-]+" + _MONTH + r",?[\s-]+(?P<y>\d{4})",
        r"(?P<y>\d{4})(?P<mo>\d\d)(?P<d>\d\d)",
        r"(?P<y>\d{4})",
    )
)
_ABBREVIATIONS: Final = {
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
_CENTURY: Final = 50


def read_free(text: str) -> datetime | None:
    """Read a date in free form; None for what is none. Months come before days in `11/21/2019`, as in JavaScript."""
    for shape in _SHAPES:
        match = shape.match(text)
        if match is not None:
            try:
                return _date(match.groupdict())
            except (ValueError, OverflowError):
                return None
    return None


def _date(found: dict[str, str | None]) -> datetime:
    year = int(found["y"] or 0)
    if len(found["y"] or "") == 2:  # noqa: PLR2004  # two digits: JavaScript's century
        year += 1900 if year >= _CENTURY else 2000
    name = (found.get("mon") or "")[:3].title()
    month = next((n for n, full in enumerate(MONTHS, 1) if full[:3] == name), 0) if name else int(found.get("mo") or 1)
    fraction = int((found["f"] or "0").ljust(6, "0")[:6])
    zone = _zone((found["z"] or "").upper())
    return datetime(
        year, month, int(found.get("d") or 1), _hour(found), int(found["m"] or 0), int(found["s"] or 0), fraction, zone
    )


def _hour(found: dict[str, str | None]) -> int:
    hour, half = int(found["h"] or 0), (found["ap"] or "")[:1].lower()
    if not half:
        return hour
    if not 1 <= hour <= 12:  # noqa: PLR2004  # a clock of twelve hours
        raise ValueError("no such hour")
    return hour % 12 + (12 if half == "p" else 0)


def _zone(text: str) -> tzinfo | None:
    if not text:
        return None
    if text in _ABBREVIATIONS:
        return timezone(timedelta(hours=_ABBREVIATIONS[text]))
    digits = re.sub(r"[^\d+-]", "", text)
    if not digits:
        return UTC
    minutes = int(digits[1:3]) * 60 + int(digits[3:5])
    return timezone(timedelta(minutes=-minutes if digits[0] == "-" else minutes))
