"""Dates from one format and zone to another, as both mappers ask for it. Source: mapping.md sections 2 and 8."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, TypeAlias

from isthmus.records.dates.quick import Quick, compile_quick, zoned
from isthmus.records.dates.read import bad_date, compile_reader, read_any
from isthmus.records.dates.tokens import tokens
from isthmus.records.dates.write import compile_writer, is_calendar, write_iso
from isthmus.records.dates.zones import zone
from isthmus.records.errors import Problems

Conversion: TypeAlias = Callable[[Any], str]
"""Turns a date (text, or epoch milliseconds) into text. Raises RecordError for what is no date."""

KEYS: Final = ("extractDateFormat", "extractDateTimezone", "generateDateFormat", "generateDateTimezone")


def compile_conversion(rule: Mapping[str, Any], field: str, problems: Problems) -> Conversion | None:
    """Compile the four date settings of a rule; None where none is set. Problems name `field`.`setting`."""
    settings = {key: rule.get(key) for key in KEYS if rule.get(key)}
    if not settings:
        return None
    made: dict[str, Any] = {}
    makers = (compile_reader, zone, compile_writer, zone)
    for key, make in zip(KEYS, makers, strict=True):
        if key in settings and not isinstance(settings[key], str):
            problems.add(f"{field}.{key}", "This must be a text.")
        elif key in settings:
            with problems.within(f"{field}.{key}"):
                made[key] = make(settings[key])
    return _conversion(made, settings)


def _conversion(made: Mapping[str, Any], settings: Mapping[str, Any]) -> Conversion:
    read = made.get("extractDateFormat", read_any)
    from_zone: tzinfo = made.get("extractDateTimezone", UTC)
    to_zone: tzinfo = made.get("generateDateTimezone", UTC)
    in_zone = "generateDateTimezone" in made
    write = made.get("generateDateFormat") or (lambda date: write_iso(date, offset=in_zone))

    def convert(value: Any) -> str:
        date: datetime = read(value, from_zone)
        if date.tzinfo is not to_zone:
            try:
                date = date.astimezone(to_zone)
            except (OverflowError, ValueError) as error:
                raise bad_date("lies outside the years 1 to 9999") from error
        text: str = write(date)
        return text

    reads, writes = settings.get("extractDateFormat"), settings.get("generateDateFormat")
    if from_zone is UTC and to_zone is UTC and reads and writes and {KEYS[0], KEYS[2]} <= made.keys():
        quick = compile_quick(tokens(reads))
        if quick is not None and is_calendar(writes):
            straight = _straight(quick, write, convert)
            return _utc(write, straight) if quick is zoned else straight
    return convert


def _straight(quick: Quick, write: Callable[[datetime], str], convert: Conversion) -> Conversion:
    """UTC to UTC, from a fixed shape to plain numbers: no zone has to be looked at."""

    def straight(value: Any) -> str:
        date = quick(value) if type(value) is str else None
        if date is None or not (date.tzinfo is None or date.tzinfo is UTC):
            return convert(value)
        return write(date)

    return straight


def _utc(write: Callable[[datetime], str], otherwise: Conversion) -> Conversion:
    """`2025-03-26T10:00:00Z`, the shape that most systems send."""
    read = datetime.fromisoformat

    def utc(value: Any) -> str:
        if type(value) is str and len(value) == 20 and value[19] == "Z" and value[4] == "-" == value[7]:  # noqa: PLR2004  # the shape
            try:
                date = read(value)
            except ValueError:
                return otherwise(value)
            if value[13] == ":":
                return write(date)
        return otherwise(value)

    return utc
