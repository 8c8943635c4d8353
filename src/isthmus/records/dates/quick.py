"""Reading dates of a fixed shape by slices: what nearly all formats are, at a tenth of the price of the general way."""

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Final, TypeAlias

from isthmus.records.dates.tokens import Token

Quick: TypeAlias = Callable[[str], datetime | None]
"""Reads a text of exactly the shape of a format; None where the general way has to look."""

_WIDTHS: Final = {"YYYY": 4, "MM": 2, "DD": 2, "HH": 2, "mm": 2, "ss": 2}
_ISO_DATE: Final = ("YYYY", "-", "MM", "-", "DD")
_ISO_TIME: Final = ("HH", ":", "mm", ":", "ss")
_DATE: Final = 10
_TIME: Final = 19
_ZONED: Final = 25


def compile_quick(parts: Sequence[Token]) -> Quick | None:
    """Make the quick way of a format; None where it has none."""
    shape = [token.text for token in parts]
    if tuple(shape[:5]) == _ISO_DATE:
        time = tuple(shape[6:11]) == _ISO_TIME and parts[5].literal and len(parts[5].text) == 1
        rest = parts[11:] if time else parts[5:]
        if len(rest) == 1 and rest[0].text in ("Z", "ZZ") and not rest[0].literal and time:
            return zoned
        if not rest or (len(rest) == 1 and rest[0].literal):
            return _iso(_TIME if time else _DATE, rest[0].text if rest else "")
    return _fixed(parts)


def _iso(length: int, tail: str) -> Quick:
    whole = length + len(tail)

    def read(text: str) -> datetime | None:
        if len(text) != whole or not text.endswith(tail) or not (text[4] == "-" == text[7]):
            return None
        if length == _TIME and text[13] != ":":
            return None
        try:
            return datetime.fromisoformat(text[:length] if tail else text)
        except ValueError:
            return None

    return read


def zoned(text: str) -> datetime | None:
    """Read `2025-03-26T10:00:00Z` and `2025-03-26T10:00:00+01:00`; None for any other shape."""
    size = len(text)
    if size == _TIME + 1:
        if text[19] != "Z":
            return None
    elif size != _ZONED or text[22] != ":" or text[19] not in "+-":
        return None
    if not (text[4] == "-" == text[7] and text[13] == ":"):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _fixed(parts: Sequence[Token]) -> Quick | None:
    """A whole date, perhaps with a time, in any order, of tokens that have one width."""
    if any(not token.literal and token.text not in _WIDTHS for token in parts):
        return None
    places: dict[str, slice] = {}
    fixed: list[tuple[slice, str]] = []
    at = 0
    for token in parts:
        place = slice(at, at + (len(token.text) if token.literal else _WIDTHS[token.text]))
        if token.literal:
            fixed.append((place, token.text))
        elif token.text in places:
            return None
        else:
            places[token.text] = place
        at = place.stop
    if tuple(name for name in _WIDTHS if name in places) != tuple(_WIDTHS)[: max(3, len(places))]:
        return None
    return _sliced(at, [places[name] for name in _WIDTHS if name in places], fixed)


def _sliced(length: int, places: Sequence[slice], fixed: Sequence[tuple[slice, str]]) -> Quick:
    digits = itemgetter(*places)

    def read(text: str) -> datetime | None:
        if len(text) != length or not text.isascii():
            return None
        for place, literal in fixed:
            if text[place] != literal:
                return None
        numbers = digits(text)
        if not "".join(numbers).isdigit():
            return None
        try:
            return datetime(*map(int, numbers))  # type: ignore[arg-type]  # noqa: DTZ001  # the reader gives the zone
        except ValueError:
            return None

    return read
