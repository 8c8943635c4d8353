"""Writing dates in moment.js formats."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Final, TypeAlias

from isthmus.records.dates.names import DAYS, MONTHS, ordinal
from isthmus.records.dates.tokens import Token, tokens

Writer: TypeAlias = Callable[[datetime], str]
"""Writes an aware datetime."""

_PLAIN: Final = {
    "YYYY": ("%04d", "year"), "MM": ("%02d", "month"), "M": ("%d", "month"), "DD": ("%02d", "day"), "D": ("%d", "day"),
    "HH": ("%02d", "hour"), "H": ("%d", "hour"), "mm": ("%02d", "minute"), "m": ("%d", "minute"),
    "ss": ("%02d", "second"), "s": ("%d", "second"),
}  # fmt: skip


def _weekday(date: datetime) -> int:
    return date.isoweekday() % 7


def _year_day(date: datetime) -> int:
    return date.timetuple().tm_yday


def _hour12(date: datetime) -> int:
    return date.hour % 12 or 12


def _local_week(date: datetime) -> tuple[int, int]:
    """Year and week as in the US: weeks begin on Sunday, week 1 holds January 1."""
    saturday = date.date() + timedelta(days=6 - _weekday(date))
    return saturday.year, (saturday.timetuple().tm_yday - 1) // 7 + 1


def _offset(date: datetime, separator: str) -> str:
    minutes = int((date.utcoffset() or timedelta()).total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{separator}{abs(minutes) % 60:02d}"


def _seconds(date: datetime) -> int:
    return int(date.timestamp() // 1)


def _zone_name(date: datetime) -> str:
    return date.tzname() or ""


_WRITERS: Final[dict[str, Writer]] = {
    "Mo": lambda d: ordinal(d.month),
    "MMM": lambda d: MONTHS[d.month - 1][:3],
    "MMMM": lambda d: MONTHS[d.month - 1],
    "Q": lambda d: str((d.month + 2) // 3),
    "Qo": lambda d: ordinal((d.month + 2) // 3),
    "Do": lambda d: ordinal(d.day),
    "DDD": lambda d: str(_year_day(d)),
    "DDDo": lambda d: ordinal(_year_day(d)),
    "DDDD": lambda d: f"{_year_day(d):03d}",
    "d": lambda d: str(_weekday(d)),
    "do": lambda d: ordinal(_weekday(d)),
    "dd": lambda d: DAYS[_weekday(d)][:2],
    "ddd": lambda d: DAYS[_weekday(d)][:3],
    "dddd": lambda d: DAYS[_weekday(d)],
    "e": lambda d: str(_weekday(d)),
    "E": lambda d: str(d.isoweekday()),
    "w": lambda d: str(_local_week(d)[1]),
    "wo": lambda d: ordinal(_local_week(d)[1]),
    "ww": lambda d: f"{_local_week(d)[1]:02d}",
    "W": lambda d: str(d.isocalendar()[1]),
    "Wo": lambda d: ordinal(d.isocalendar()[1]),
    "WW": lambda d: f"{d.isocalendar()[1]:02d}",
    "YY": lambda d: f"{d.year % 100:02d}",
    "gg": lambda d: f"{_local_week(d)[0] % 100:02d}",
    "gggg": lambda d: f"{_local_week(d)[0]:04d}",
    "GG": lambda d: f"{d.isocalendar()[0] % 100:02d}",
    "GGGG": lambda d: f"{d.isocalendar()[0]:04d}",
    "A": lambda d: "AM" if d.hour < 12 else "PM",  # noqa: PLR2004  # noon
    "a": lambda d: "am" if d.hour < 12 else "pm",  # noqa: PLR2004  # noon
    "h": lambda d: str(_hour12(d)),
    "hh": lambda d: f"{_hour12(d):02d}",
    "hmm": lambda d: f"{_hour12(d)}{d.minute:02d}",
    "hmmss": lambda d: f"{_hour12(d)}{d.minute:02d}{d.second:02d}",
    "Hmm": lambda d: f"{d.hour}{d.minute:02d}",
    "Hmmss": lambda d: f"{d.hour}{d.minute:02d}{d.second:02d}",
    "k": lambda d: str(d.hour or 24),
    "kk": lambda d: f"{d.hour or 24:02d}",
    "Z": lambda d: _offset(d, ":"),
    "ZZ": lambda d: _offset(d, ""),
    "z": _zone_name,
    "zz": _zone_name,
    "X": lambda d: str(_seconds(d)),
    "x": lambda d: str(_seconds(d) * 1_000 + d.microsecond // 1_000),
}


def _writer(token: Token) -> Writer:
    if token.literal:
        text = token.text
        return lambda _: text
    if token.text in _PLAIN:
        form, name = _PLAIN[token.text]
        read = attrgetter(name)
        return lambda date: form % read(date)
    if token.text[0] == "S":
        digits = len(token.text)
        return lambda date: f"{date.microsecond * 1_000:09d}"[:digits]
    return _WRITERS[token.text]


@lru_cache(maxsize=512)
def compile_writer(pattern: str) -> Writer:
    """Compile a format for writing. Raises RuleError for a format that is empty or far too long."""
    parts = tokens(pattern)
    if all(token.literal or token.text in _PLAIN for token in parts):
        return _plain_writer(parts)
    writers = [_writer(token) for token in parts]
    return lambda date: "".join([write(date) for write in writers])


def _plain_writer(parts: tuple[Token, ...]) -> Writer:
    """One `%` for the whole date: formats of plain numbers, nearly all of them, cost a tenth of the general way."""
    names = [_PLAIN[token.text][1] for token in parts if not token.literal]
    form = "".join(token.text.replace("%", "%%") if token.literal else _PLAIN[token.text][0] for token in parts)
    if not names:
        text = form.replace("%%", "%")
        return lambda _: text
    read = attrgetter(*names)
    return lambda date: form % read(date)


def write_iso(date: datetime, *, offset: bool = False) -> str:
    """Write ISO 8601 with milliseconds: in UTC with `Z`, or as the date stands with its offset."""
    shown = date if offset else date.astimezone(UTC)
    text = f"{shown:%Y-%m-%dT%H:%M:%S}".rjust(19, "0")
    return f"{text}.{shown.microsecond // 1_000:03d}{_offset(shown, ':') if offset else 'Z'}"
