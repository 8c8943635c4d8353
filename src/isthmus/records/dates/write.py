"""Writing dates in moment.js formats."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, TypeAlias

from isthmus.records.dates.names import DAYS, MONTHS, ordinal
from isthmus.records.dates.tokens import Token, tokens

Writer: TypeAlias = Callable[[datetime], str]
"""Writes an aware datetime."""

_TWO: Final = tuple(f"{number:02d}" for number in range(60))
_PLAIN: Final = {
    "YYYY": ("{{{0} if {0} > 999 else YEAR({0})}}", "year"), "MM": ("{{TWO[{}]}}", "month"), "M": ("{{{}}}", "month"),
    "DD": ("{{TWO[{}]}}", "day"), "D": ("{{{}}}", "day"), "HH": ("{{TWO[{}]}}", "hour"), "H": ("{{{}}}", "hour"),
    "mm": ("{{TWO[{}]}}", "minute"), "m": ("{{{}}}", "minute"), "ss": ("{{TWO[{}]}}", "second"),
    "s": ("{{{}}}", "second"),
}  # fmt: skip
"""Tokens that are one number of the date: how the code of it is written, and the attribute."""


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
        return _plain_writer((token,))
    if token.text[0] == "S":
        digits = len(token.text)
        return lambda date: f"{date.microsecond * 1_000:09d}"[:digits]
    return _WRITERS[token.text]


@lru_cache(maxsize=512)
def compile_writer(pattern: str) -> Writer:
    """Compile a format for writing. Raises RuleError for a format that is empty or far too long."""
    parts = tokens(pattern)
    if is_calendar(pattern):
        return _plain_writer(parts)
    writers = [_writer(token) for token in parts]
    return lambda date: "".join([write(date) for write in writers])


def is_calendar(pattern: str) -> bool:
    """Tell whether a format writes plain numbers of calendar and clock alone, for which the zone is of no matter."""
    return all(token.literal or token.text in _PLAIN for token in tokens(pattern))


def _plain_writer(parts: tuple[Token, ...]) -> Writer:
    """Python for the whole date. No text of the format is source: literal text enters as constants."""
    namespace: dict[str, Any] = {"TWO": _TWO, "YEAR": "{:04d}".format, "__builtins__": {}}
    code = []
    for number, token in enumerate(parts):
        if token.literal:
            namespace[f"K{number}"] = token.text
            code.append(f"{{K{number}}}")
        else:
            form, name = _PLAIN[token.text]
            code.append(form.format(f"d.{name}"))
    writer: Writer = eval(f"lambda d: f'{''.join(code)}'", namespace)  # noqa: S307  # no user text is source, see above
    return writer


def write_iso(date: datetime, *, offset: bool = False) -> str:
    """Write ISO 8601 with milliseconds: in UTC with `Z`, or as the date stands with its offset."""
    shown = date if offset else date.astimezone(UTC)
    text = f"{shown:%Y-%m-%dT%H:%M:%S}".rjust(19, "0")
    return f"{text}.{shown.microsecond // 1_000:03d}{_offset(shown, ':') if offset else 'Z'}"
