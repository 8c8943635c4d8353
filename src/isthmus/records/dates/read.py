"""Reading dates: by a moment.js format, or without one in every shape that JavaScript takes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Final, TypeAlias

from isthmus.records.dates.fields import Fields, read_fields
from isthmus.records.dates.free import read_free
from isthmus.records.dates.quick import compile_quick
from isthmus.records.dates.tokens import tokens
from isthmus.records.errors import RecordError
from isthmus.records.values import is_number, parse_number

Reader: TypeAlias = Callable[[Any, tzinfo], datetime]
"""Reads a text or number into an aware datetime; the zone counts where the text has no offset."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DIGITS: Final = 13
MAX_TEXT: Final = 200


def bad_date(why: str = "is not a date that can be read") -> RecordError:
    """The refusal of a date; never quotes it."""
    return RecordError("invalid_date", f"The value {why}.")


def from_epoch(milliseconds: float) -> datetime:
    """Turn epoch milliseconds into an instant. Raises RecordError outside the years 1 to 9999."""
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except (OverflowError, ValueError) as error:
        raise bad_date("lies outside the years 1 to 9999") from error


def read_any(value: Any, zone: tzinfo = UTC) -> datetime:
    """Read a date without a format: ISO 8601, RFC 2822, `11/21/2019 8:00 PM`, and so on; numbers are epoch ms."""
    if is_number(value):
        return from_epoch(value)
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise bad_date()
    text = value.strip()
    try:
        if len(text) == _EPOCH_DIGITS and text.isdigit():
            return from_epoch(int(text))
        return localize(datetime.fromisoformat(text), zone)
    except ValueError:
        return localize(read_free(text), zone)


def localize(found: datetime | None, zone: tzinfo) -> datetime:
    """Give a date without an offset its zone. In the hour that daylight saving skips, it moves on by that hour."""
    if found is None:
        raise bad_date()
    if found.tzinfo is not None:
        return found
    try:
        aware = found.replace(tzinfo=zone)
        return aware if zone is UTC else aware.astimezone(UTC).astimezone(zone)
    except (OverflowError, ValueError) as error:
        raise bad_date("lies outside the years 1 to 9999") from error


@lru_cache(maxsize=512)
def compile_reader(pattern: str) -> Reader:
    """Compile a format for reading, forgiving as moment.js is: what the format does not name is skipped.

    Raises RuleError for a bad format; the reader raises RecordError for a text of which nothing fits or which names
    a day that does not exist.
    """
    parts = tokens(pattern)
    names = {token.text for token in parts if not token.literal}
    digits_alone = all(not token.literal and token.text in _DIGIT_TOKENS for token in parts)
    quick = compile_quick(parts)

    def read(value: Any, zone: tzinfo) -> datetime:
        if quick is not None and type(value) is str and (found := quick(value)) is not None:
            return localize(found, zone)
        if is_number(value):
            if "X" in names or "x" in names:
                return from_epoch(value * 1_000 if "X" in names else value)
            if not digits_alone:
                return from_epoch(value)
            value = str(int(value))
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            raise bad_date()
        fields = read_fields(parts, value)
        return _instant(fields, zone)

    return read


_DIGIT_TOKENS: Final = frozenset({"YYYY", "YY", "MM", "DD", "HH", "mm", "ss", "SSS", "DDDD"})


def _instant(fields: Fields, zone: tzinfo) -> datetime:
    if fields.epoch is not None:
        number = parse_number(fields.epoch)
        if number is None:
            raise bad_date()
        return from_epoch(number * fields.epoch_unit)
    try:
        return localize(fields.date(), zone)
    except (ValueError, OverflowError) as error:
        raise bad_date() from error
