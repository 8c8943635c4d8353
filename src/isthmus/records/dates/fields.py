"""The fields of a date as a format finds them in a text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from isthmus.records.dates.names import DAYS, MONTHS
from isthmus.records.dates.tokens import Token


@dataclass(slots=True)
class Fields:
    """What was found in a text; `None` where nothing was."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    year_day: int | None = None
    quarter: int | None = None
    week_year: int | None = None
    week: int | None = None
    iso_week: bool = True
    weekday: int | None = None
    hour: int = 0
    minute: int = 0
    second: int = 0
    microsecond: int = 0
    afternoon: bool | None = None
    zone: tzinfo | None = None
    epoch: str | None = None
    epoch_unit: int = 1
    found: int = 0

    def date(self) -> datetime | None:
        """Put them together; None where nothing was found. Raises ValueError for a day or time that does not exist."""
        if not self.found:
            return None
        hour, extra = self._hour()
        start = datetime(*self._day(), hour, self.minute, self.second, self.microsecond, tzinfo=self.zone)
        return start + extra

    def _hour(self) -> tuple[int, timedelta]:
        if self.hour == 24 and not (self.minute or self.second or self.microsecond):  # noqa: PLR2004  # ISO's end of day
            return 0, timedelta(days=1)
        if self.afternoon is None:
            return self.hour, timedelta()
        if self.hour > 12:  # noqa: PLR2004  # 13 PM is no time, but moment.js takes 13 with AM or PM as 13
            return self.hour, timedelta()
        return self.hour % 12 + (12 if self.afternoon else 0), timedelta()

    def _day(self) -> tuple[int, int, int]:
        if self.week_year is not None or self.week is not None:
            return self._week_day()
        year = self.year if self.year is not None else datetime.now(UTC).year
        if self.year_day is not None:
            day = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=self.year_day - 1)
            if self.year_day < 1 or day.year != year:
                raise ValueError("no such day")
            return year, day.month, day.day
        today = datetime.now(UTC)
        if self.year is None and self.month is None and self.quarter is None:
            return year, today.month, today.day if self.day is None else self.day
        month = self.month if self.month is not None else ((self.quarter or 1) - 1) * 3 + 1
        return year, month, 1 if self.day is None else self.day

    def _week_day(self) -> tuple[int, int, int]:
        year = self.week_year or self.year or datetime.now(UTC).year
        week = self.week or 1
        if self.iso_week:
            day = datetime.fromisocalendar(year, week, self.weekday or 1)
            return day.year, day.month, day.day
        if not 1 <= week <= 53:  # noqa: PLR2004  # weeks of a year
            raise ValueError("no such week")
        first = datetime(year, 1, 1, tzinfo=UTC)
        sunday = first - timedelta(days=first.isoweekday() % 7)
        day = sunday + timedelta(weeks=week - 1, days=(self.weekday or 0) % 7)
        return day.year, day.month, day.day


def _two_digits(text: str) -> int:
    number = int(text)
    return number + (1900 if number > 68 else 2000) if len(text) <= 2 else number  # noqa: PLR2004  # moment.js's century


def _month_name(text: str) -> int:
    return next(index for index, name in enumerate(MONTHS, 1) if name[:3].lower() == text[:3].lower())


def _offset(text: str) -> tzinfo:
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _clock(fields: Fields, text: str) -> None:
    """`Hmm`, `Hmmss`: the last pairs of digits are minutes and seconds."""
    pairs = [text[max(0, end - 2) : end] for end in range(len(text), 0, -2)][::-1]
    fields.hour, fields.minute = (
        int(text[: len(text) - 2 * (len(pairs) - 1)] or 0),
        int(pairs[1] if len(pairs) > 1 else 0),
    )
    fields.second = int(pairs[2]) if len(pairs) > 2 else 0  # noqa: PLR2004  # hours, minutes, seconds


Taker = Callable[[Fields, str], None]


def _set(name: str, convert: Callable[[str], object] = int) -> Taker:
    def take(fields: Fields, text: str) -> None:
        setattr(fields, name, convert(text))

    return take


def _week(name: str, *, iso: bool, convert: Callable[[str], object] = int) -> Taker:
    def take(fields: Fields, text: str) -> None:
        setattr(fields, name, convert(text))
        fields.iso_week = iso

    return take


def _ignore(fields: Fields, text: str) -> None:
    """Names of days say nothing that the date does not."""


def _epoch(unit: int) -> Taker:
    def take(fields: Fields, text: str) -> None:
        fields.epoch, fields.epoch_unit = text, unit

    return take


_ONE_OR_TWO: Final = r"\d\d?"
_ORDINAL: Final = r"\d\d?(?=st|nd|rd|th)?"
_MONTH: Final = "(?i:" + "|".join(f"{name}|{name[:3]}" for name in MONTHS) + ")"
_DAY: Final = "(?i:" + "|".join(f"{name}|{name[:3]}|{name[:2]}" for name in DAYS) + ")"
_TAKERS: Final[dict[str, tuple[str, Taker]]] = {
    "YYYY": (r"\d{1,4}", _set("year", _two_digits)), "YY": (r"\d\d", _set("year", _two_digits)),
    "M": (_ONE_OR_TWO, _set("month")), "MM": (_ONE_OR_TWO, _set("month")), "Mo": (_ORDINAL, _set("month")),
    "MMM": (_MONTH, _set("month", _month_name)), "MMMM": (_MONTH, _set("month", _month_name)),
    "Q": (r"[1-4]", _set("quarter")), "Qo": (r"[1-4]", _set("quarter")),
    "D": (_ONE_OR_TWO, _set("day")), "DD": (_ONE_OR_TWO, _set("day")), "Do": (_ORDINAL, _set("day")),
    "DDD": (r"\d{1,3}", _set("year_day")), "DDDD": (r"\d{3}", _set("year_day")), "DDDo": (r"\d{1,3}", _set("year_day")),
    "d": (r"\d", _week("weekday", iso=False)), "do": (r"\d", _ignore), "e": (r"\d", _week("weekday", iso=False)),
    "dd": (_DAY, _ignore), "ddd": (_DAY, _ignore), "dddd": (_DAY, _ignore), "E": (r"\d", _week("weekday", iso=True)),
    "w": (_ONE_OR_TWO, _week("week", iso=False)), "ww": (_ONE_OR_TWO, _week("week", iso=False)),
    "wo": (_ONE_OR_TWO, _week("week", iso=False)), "W": (_ONE_OR_TWO, _week("week", iso=True)),
    "WW": (_ONE_OR_TWO, _week("week", iso=True)), "Wo": (_ONE_OR_TWO, _week("week", iso=True)),
    "gg": (r"\d\d", _week("week_year", iso=False, convert=_two_digits)),
    "gggg": (r"\d{4}", _week("week_year", iso=False)),
    "GG": (r"\d\d", _week("week_year", iso=True, convert=_two_digits)),
    "GGGG": (r"\d{4}", _week("week_year", iso=True)),
    "A": (r"(?i:[ap])\.?(?i:m)?\.?", _set("afternoon", lambda text: text[0] in "pP")),
    "a": (r"(?i:[ap])\.?(?i:m)?\.?", _set("afternoon", lambda text: text[0] in "pP")),
    "H": (_ONE_OR_TWO, _set("hour")), "HH": (_ONE_OR_TWO, _set("hour")), "h": (_ONE_OR_TWO, _set("hour")),
    "hh": (_ONE_OR_TWO, _set("hour")), "k": (_ONE_OR_TWO, _set("hour", lambda text: int(text) % 24)),
    "kk": (_ONE_OR_TWO, _set("hour", lambda text: int(text) % 24)),
    "Hmm": (r"\d{3,4}", _clock), "hmm": (r"\d{3,4}", _clock),
    "Hmmss": (r"\d{5,6}", _clock), "hmmss": (r"\d{5,6}", _clock),
    "m": (_ONE_OR_TWO, _set("minute")), "mm": (_ONE_OR_TWO, _set("minute")),
    "s": (_ONE_OR_TWO, _set("second")), "ss": (_ONE_OR_TWO, _set("second")),
    "Z": (r"[Zz]|[+-]\d\d:?(?:\d\d)?", _set("zone", _offset)),
    "ZZ": (r"[Zz]|[+-]\d\d:?(?:\d\d)?", _set("zone", _offset)),
    "z": (r"[A-Za-z]+", _ignore), "zz": (r"[A-Za-z]+", _ignore),
    "X": (r"[+-]?\d+(?:\.\d{1,3})?", _epoch(1_000)), "x": (r"[+-]?\d+", _epoch(1)),
}  # fmt: skip
_FRACTION: Final = (r"\d{1,9}", _set("microsecond", lambda text: int(text.ljust(6, "0")[:6])))
_PATTERNS: Final = {name: re.compile(pattern, re.ASCII) for name, (pattern, _) in _TAKERS.items()}
_FRACTION_PATTERN: Final = re.compile(_FRACTION[0], re.ASCII)


def read_fields(parts: Sequence[Token], text: str) -> Fields:
    """Find the tokens of a format in a text, one after the other; what lies between them is skipped."""
    fields, at = Fields(), 0
    for token in parts:
        if token.literal:
            at += len(token.text) if text.startswith(token.text, at) else 0
            continue
        fraction = token.text[0] == "S"
        pattern = _FRACTION_PATTERN if fraction else _PATTERNS[token.text]
        match = pattern.search(text, at)
        if match is not None:
            take = _FRACTION[1] if fraction else _TAKERS[token.text][1]
            take(fields, match[0])
            fields.found += 1
            at = match.end()
    return fields
