"""Dates. Formats are moment.js's, zones IANA's. Source: handlebars.md sections 4 and 5."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from isthmus.records.dates import compile_reader, compile_writer, read_any, write_iso, zone
from isthmus.records.errors import RecordError, RuleError
from isthmus.records.template.fuel import Run
from isthmus.records.template.helpers.registry import Example, inline
from isthmus.records.values import as_number, is_empty, to_text

_ZONE: Final = re.compile(r"(?:UTC|GMT|[A-Z][A-Za-z_]+/[A-Za-z0-9_+/-]+)\Z")


def _zone(value: Any) -> tzinfo:
    return UTC if is_empty(value) else zone(to_text(value))


def _in_zone(date: datetime, target: tzinfo) -> datetime:
    try:
        return date.astimezone(target)
    except (OverflowError, ValueError) as error:
        raise RecordError("invalid_date", "The date lies outside the years 1 to 9999.") from error


def _is_zone(text: str) -> bool:
    try:
        return bool(_ZONE.match(text)) and zone(text) is not None
    except RuleError:
        return False


def _bad(error: RuleError) -> RecordError:
    return RecordError("helper_failed", error.problems[0].message)


@inline(
    "dateFormat format date [inputFormat] [timezone]",
    Example('{{dateFormat "MM-DD-YYYY" "2025-03-26T12:34:56Z"}}', "03-26-2025"),
    Example('{{dateFormat "YYYY-MM-DD" "26/03/2025" "DD/MM/YYYY"}}', "2025-03-26"),
    Example('{{dateFormat "HH:mm" "2025-03-26T12:34:56Z" "" "Asia/Kolkata"}}', "18:04"),
    Example('{{dateFormat "HH:mm" "2025-03-26T12:34:56Z" "Asia/Kolkata"}}', "18:04"),
    Example('{{dateFormat "HH:MM:SS" "2025-03-26T12:34:56.789Z"}}', "12:03:78"),
)
def date_format(form: Any, date: Any, read_as: Any = "", where: Any = "") -> str:
    """Write a date in another format; "" where there is no date. A zone may stand in the third place, too.

    The zone is the fourth argument; some samples have it third, which is understood. `MM` in "HH:MM:SS" is the month.
    """
    if is_empty(date):
        return ""
    if is_empty(where) and isinstance(read_as, str) and _is_zone(read_as):
        read_as, where = "", read_as
    try:
        target = _zone(where)
        found = read_any(date) if is_empty(read_as) else compile_reader(to_text(read_as))(date, target)
        return (
            write_iso(_in_zone(found, target))
            if is_empty(form)
            else compile_writer(to_text(form))(_in_zone(found, target))
        )
    except RuleError as error:
        raise _bad(error) from error


@inline(
    "dateAdd date [milliseconds] [timezone]",
    Example('{{dateAdd "2025-03-26T12:34:56Z" "86400000"}}', "2025-03-27T12:34:56.000Z"),
    Example('{{dateAdd "2025-03-26T00:00:00Z" "86400000" "Asia/Singapore"}}', "2025-03-27T08:00:00.000+08:00"),
    Example('{{dateAdd "Mon Nov 21 2019 20:00:00 GMT+0000" "1E6"}}', "2019-11-21T20:16:40.000Z"),
)
def date_add(date: Any, milliseconds: Any = 0, where: Any = "") -> str:
    """Move a date by milliseconds (a day is 86400000); with a zone the result has its offset."""
    if is_empty(date):
        return ""
    offset = as_number(milliseconds) if not is_empty(milliseconds) else 0
    try:
        moved = read_any(date) + timedelta(milliseconds=offset)
        return write_iso(moved) if is_empty(where) else write_iso(_in_zone(moved, _zone(where)), offset=True)
    except RuleError as error:
        raise _bad(error) from error
    except (OverflowError, ValueError) as error:
        raise RecordError("invalid_date", "The date lies outside the years 1 to 9999.") from error


@inline("timestamp [format] [timezone]", wants_run=True)
def timestamp(run: Run, _: Any, form: Any = "", where: Any = "") -> str:
    """Write the present instant: ISO 8601 in UTC unless a format and a zone are given.

    The default zone is UTC; one page has that of the account.
    """
    try:
        date = _in_zone(run.now, _zone(where))
        if is_empty(form):
            return write_iso(date, offset=not is_empty(where))
        return compile_writer(to_text(form))(date)
    except RuleError as error:
        raise _bad(error) from error
