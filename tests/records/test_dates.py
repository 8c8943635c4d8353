"""Dates: mapping.md section 8, handlebars.md section 5."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.records.dates import compile_conversion, compile_reader, compile_writer, read_any, write_iso, zone
from isthmus.records.dates.fields import read_fields
from isthmus.records.dates.quick import compile_quick
from isthmus.records.dates.tokens import tokens
from isthmus.records.errors import Problems, RecordError, RuleError

DATE = datetime(2025, 3, 9, 14, 5, 7, 89_012, tzinfo=UTC)


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("M", "3"),
        ("Mo", "3rd"),
        ("MM", "03"),
        ("MMM", "Mar"),
        ("MMMM", "March"),
        ("Q", "1"),
        ("Qo", "1st"),
        ("D", "9"),
        ("Do", "9th"),
        ("DD", "09"),
        ("DDD", "68"),
        ("DDDo", "68th"),
        ("DDDD", "068"),
        ("d", "0"),
        ("do", "0th"),
        ("dd", "Su"),
        ("ddd", "Sun"),
        ("dddd", "Sunday"),
        ("e", "0"),
        ("E", "7"),
        ("w", "11"),
        ("wo", "11th"),
        ("ww", "11"),
        ("W", "10"),
        ("Wo", "10th"),
        ("WW", "10"),
        ("YY", "25"),
        ("YYYY", "2025"),
        ("gg", "25"),
        ("gggg", "2025"),
        ("GG", "25"),
        ("GGGG", "2025"),
        ("A", "PM"),
        ("a", "pm"),
        ("H", "14"),
        ("HH", "14"),
        ("h", "2"),
        ("hh", "02"),
        ("m", "5"),
        ("mm", "05"),
        ("s", "7"),
        ("ss", "07"),
        ("S", "0"),
        ("SS", "08"),
        ("SSS", "089"),
        ("Z", "+00:00"),
        ("ZZ", "+0000"),
        ("X", "1741529107"),
        ("x", "1741529107089"),
        ("LT", "2:05 PM"),
        ("LTS", "2:05:07 PM"),
        ("L", "03/09/2025"),
        ("l", "3/9/2025"),
        ("LL", "March 9, 2025"),
        ("ll", "Mar 9, 2025"),
        ("LLL", "March 9, 2025 2:05 PM"),
        ("lll", "Mar 9, 2025 2:05 PM"),
        ("LLLL", "Sunday, March 9, 2025 2:05 PM"),
        ("llll", "Sun, Mar 9, 2025 2:05 PM"),
        ("[literal YYYY]", "literal YYYY"),
        ("HH:MM:SS", "14:03:08"),
        ("YYYY-MM-DD[T]HH:mm:ss", "2025-03-09T14:05:07"),
        ("100%", "100%"),
        ("[100%] YYYY", "100% 2025"),
        ("Hmm", "1405"),
        ("k", "14"),
        ("hmmss", "20507"),
        ("z", "UTC"),
    ],
)
def test_token(token: str, text: str) -> None:
    assert compile_writer(token)(DATE) == text


def test_weeks_around_new_year() -> None:
    day = datetime(2024, 12, 31, tzinfo=UTC)
    assert compile_writer("gggg-ww GGGG-WW")(day) == "2025-01 2025-01"
    assert compile_writer("gggg ww")(datetime(2022, 1, 1, tzinfo=UTC)) == "2022 01"


@pytest.mark.parametrize(
    ("form", "text", "iso"),
    [
        ("MM/DD/YYYY", "03/26/2025", "2025-03-26T00:00:00.000Z"),
        ("DD.MM.YY HH:mm", "26.03.25 23:59", "2025-03-26T23:59:00.000Z"),
        ("YYYY-MM-DD", "2025-03-26", "2025-03-26T00:00:00.000Z"),
        ("YYYY-MM-DDTHH:mm:ss", "2025-03-26T10:11:12", "2025-03-26T10:11:12.000Z"),
        ("YYYY-MM-DDTHH:mm:ss[Z]", "2025-03-26T10:11:12Z", "2025-03-26T10:11:12.000Z"),
        ("YYYY-MM-DD", "2025-W12-3", "2025-12-03T00:00:00.000Z"),
        ("MMM D, YYYY h:mm A", "Mar 6, 2025 12:05 AM", "2025-03-06T00:05:00.000Z"),
        ("MMMM Do YYYY", "march 26th 2025", "2025-03-26T00:00:00.000Z"),
        ("YYYYMMDD", "20250326", "2025-03-26T00:00:00.000Z"),
        ("YYYYMMDD", 20250326, "2025-03-26T00:00:00.000Z"),
        ("X", "1512012818", "2017-11-30T03:33:38.000Z"),
        ("x", 1512012818751, "2017-11-30T03:33:38.751Z"),
        ("MM/DD/YYYY", 1512012818751, "2017-11-30T03:33:38.751Z"),
        ("YYYY-DDDD", "2025-060", "2025-03-01T00:00:00.000Z"),
        ("GGGG-[W]WW-E", "2025-W13-3", "2025-03-26T00:00:00.000Z"),
        ("YYYY-MM-DDTHH:mm:ssZ", "2025-03-26T10:00:00+05:30", "2025-03-26T04:30:00.000Z"),
        ("YYYY-MM-DD HH:mm:ss.SSS", "2025-03-26 10:00:00.5", "2025-03-26T10:00:00.500Z"),
        ("YYYY-MM-DD", "2025-13-45", None),
        ("YYYY-MM-DD", "0000-00-00", None),
        ("YYYY-MM-DD", "no date", None),
        ("YYYY-MM-DD", "", None),
        ("YYYY-MM-DD", "2025-02-30", None),
        ("YYYY-DDDD", "2025-366", None),
        ("HH:mm", "25:00", None),
        ("YYYY-MM-DD", None, None),
        ("YYYY-MM-DD", [], None),
        ("X", "9" * 50, None),
        ("x", 1e300, None),
        ("YYYY", "x" * 500, None),
    ],
)
@pytest.mark.hostile(90)
def test_reads_by_format(form: str, text: Any, iso: str | None) -> None:
    if iso is None:
        with pytest.raises(RecordError):
            write_iso(compile_reader(form)(text, UTC))
    else:
        assert write_iso(compile_reader(form)(text, UTC)) == iso


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2025-03-26T12:34:56Z", "2025-03-26T12:34:56.000Z"),
        ("2025-03-26", "2025-03-26T00:00:00.000Z"),
        ("2025-03-26 12:34", "2025-03-26T12:34:00.000Z"),
        ("2025-03-26T12:34:56.789+02:00", "2025-03-26T10:34:56.789Z"),
        ("Mon Nov 21 2019 20:00:00 GMT+0000", "2019-11-21T20:00:00.000Z"),
        ("Wed, 26 Mar 2025 12:34:56 +0200", "2025-03-26T10:34:56.000Z"),
        ("26 Mar 2025", "2025-03-26T00:00:00.000Z"),
        ("11/21/2019 8:00 PM", "2019-11-21T20:00:00.000Z"),
        ("March 5, 2025", "2025-03-05T00:00:00.000Z"),
        ("Mar 5, 2025 08:00 EST", "2025-03-05T13:00:00.000Z"),
        ("1/2/69", "1969-01-02T00:00:00.000Z"),
        ("2025 10:00", "2025-01-01T10:00:00.000Z"),
        (1512012818751, "2017-11-30T03:33:38.751Z"),
        ("1512012818751", "2017-11-30T03:33:38.751Z"),
        (0, "1970-01-01T00:00:00.000Z"),
        ("2016-12-31T23:59:60Z", None),
        ("10000-01-01", None),
        ("0000-00-00", None),
        ("2025-02-29", None),
        ("soon", None),
        ("", None),
        (True, None),
        (None, None),
        ({}, None),
        (1e300, None),
        ("13/45/2025", None),
        ("\ud800", None),
        ("9" * 5_000, None),
        ("1/1/2025 13:00 PM", None),
    ],
)
@pytest.mark.hostile(90)
def test_reads_without_format(value: Any, iso: str | None) -> None:
    if iso is None:
        with pytest.raises(RecordError) as caught:
            read_any(value)
        assert caught.value.code == "invalid_date"
    else:
        assert write_iso(read_any(value)) == iso


@pytest.mark.parametrize("name", ["America/New_York", "US/Eastern", "UTC", "Etc/GMT+5", "Asia/Kolkata"])
def test_zones(name: str) -> None:
    assert DATE.astimezone(zone(name)) == DATE


@pytest.mark.parametrize(
    "name", ["Etc/../../x", "/etc/passwd", "Mars/Phobos", "", None, 5, "a" * 300, "America", "../UTC", "x\0y"]
)
@pytest.mark.hostile(90)
def test_unknown_zones_are_refused(name: Any) -> None:
    with pytest.raises(RuleError):
        zone(name)


def _converted(value: Any, **rule: str) -> str:
    problems = Problems()
    convert = compile_conversion(rule, "r", problems)
    problems.raise_any()
    assert convert is not None
    return convert(value)


def test_conversion_between_zones() -> None:
    assert (
        _converted("03/26/2025 10:00", extractDateFormat="MM/DD/YYYY HH:mm", extractDateTimezone="US/Eastern")
        == "2025-03-26T14:00:00.000Z"
    )
    assert (
        _converted("2025-03-26T00:00:00Z", generateDateFormat="YYYY-MM-DD HH:mm", generateDateTimezone="Asia/Kolkata")
        == "2025-03-26 05:30"
    )
    assert _converted("2025-03-26T00:00:00Z", generateDateTimezone="Asia/Singapore") == "2025-03-26T08:00:00.000+08:00"


@pytest.mark.hostile(90)
def test_the_hour_that_daylight_saving_skips_moves_on() -> None:
    text = _converted(
        "2025-03-09 02:30",
        extractDateTimezone="America/New_York",
        generateDateTimezone="America/New_York",
        generateDateFormat="HH:mm Z",
    )
    assert text == "03:30 -04:00"


def test_conversion_names_every_bad_setting() -> None:
    problems = Problems()
    compile_conversion({"extractDateFormat": 5, "generateDateTimezone": "Nowhere"}, "mapping.fields[1]", problems)
    with pytest.raises(RuleError) as caught:
        problems.raise_any()
    assert [p.field for p in caught.value.problems] == [
        "mapping.fields[1].extractDateFormat",
        "mapping.fields[1].generateDateTimezone",
    ]


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2199, 1, 1)))  # noqa: DTZ001  # hypothesis wants naive bounds
def test_what_is_written_is_read_again(moment: datetime) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1_000 * 1_000, tzinfo=UTC)
    form = "dddd, MMMM Do YYYY, hh:mm:ss.SSS A Z"
    assert compile_reader(form)(compile_writer(form)(moment), UTC) == moment
    assert read_any(write_iso(moment)) == moment


@given(st.text(max_size=60), st.text(max_size=30))
@pytest.mark.hostile(90)
def test_any_text_by_any_format_is_a_date_or_a_record_error(text: str, form: str) -> None:
    try:
        reader = compile_reader(form)
    except RuleError:
        return
    with suppress(RecordError):
        assert compile_writer(form)(reader(text, UTC)) is not None


QUICK = ["YYYY-MM-DD", "YYYY-MM-DDTHH:mm:ss", "YYYY-MM-DDTHH:mm:ss[Z]", "YYYY-MM-DDTHH:mm:ssZ", "YYYY-MM-DD HH:mm:ss"]
QUICK += ["MM/DD/YYYY", "DD.MM.YYYY HH:mm", "YYYYMMDD", "YYYYMMDDHHmmss", "DD-MM-YYYY", "YYYY/MM/DDTHH:mm:ssZZ"]


@pytest.mark.hostile(90)
@given(
    st.sampled_from(QUICK),
    st.from_regex(r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(Z|z|[+-]\d\d:?\d\d)?", fullmatch=True)
    | st.from_regex(r"\d\d[/.-]\d\d[/.-]\d{4}( \d\d:\d\d)?", fullmatch=True)
    | st.from_regex(r"\d{4}-(W\d\d-\d|\d\d-\d\d|\d{3})", fullmatch=True)
    | st.from_regex(r"\d{8}(\d{6})?", fullmatch=True)
    | st.text("0123456789-:TZ²٣ +", max_size=25),
)
@settings(max_examples=2_000, deadline=None)
def test_the_quick_way_reads_what_the_general_way_reads(pattern: str, text: str) -> None:
    quick = compile_quick(tokens(pattern))
    found = quick(text) if quick is not None else None
    if found is not None:
        assert found == read_fields(tokens(pattern), text).date()


def test_common_formats_have_a_quick_way() -> None:
    assert [pattern for pattern in QUICK if compile_quick(tokens(pattern)) is None] == ["YYYY/MM/DDTHH:mm:ssZZ"]
    assert compile_quick(tokens("YYYY-MM-DD YYYY")) is None
    assert compile_quick(tokens("MM/DD")) is None


@pytest.mark.parametrize(
    ("settings", "value", "made"),
    [
        (("YYYY-MM-DDTHH:mm:ssZ", "MM/DD/YYYY"), "2025-03-26T10:00:00Z", "03/26/2025"),
        (("YYYY-MM-DDTHH:mm:ssZ", "MM/DD/YYYY HH:mm"), "2025-03-26T23:00:00-05:00", "03/27/2025 04:00"),
        (("YYYY-MM-DDTHH:mm:ssZ", "D/M/YYYY"), "2025-03-26T10:00:00.123Z", "26/3/2025"),
        (("YYYY-MM-DDTHH:mm:ssZ", "YYYY"), "0099-03-26T10:00:00Z", "0099"),
        (("YYYY-MM-DDTHH:mm:ssZ", "YYYY-MM-DD"), 0, "1970-01-01"),
        (("YYYY-MM-DDTHH:mm:ssZ", "YYYY-MM-DD"), "2025-02-30T10:00:00Z", None),
        (("YYYY-MM-DDTHH:mm:ssZ", "YYYY-MM-DD"), "2025-03-26T100:0:00Z", "2025-03-26"),
        (("YYYY-MM-DDTHH:mm:ssZ", "YYYY-MM-DD"), "9999-12-31T23:59:59-05:00", None),
        (("YYYY-MM-DDTHH:mm:ssZ", "X"), "1970-01-01T00:00:05Z", "5"),
        (("MM/DD/YYYY", "YYYY-MM-DD"), "13/01/2025", None),
        (("MM/DD/YYYY", "YYYY-MM-DD"), "1/2/2025", "2025-01-02"),
        (("YYYY-MM-DD HH:mm:ss", "HH:mm:ss"), "2025-03-26 10:11:12", "10:11:12"),
    ],
)
def test_from_a_format_to_a_format(settings: tuple[str, str], value: Any, made: str | None) -> None:
    rule = {"extractDateFormat": settings[0], "generateDateFormat": settings[1]}
    convert = compile_conversion(rule, "rule", Problems())
    assert convert is not None
    if made is None:
        with pytest.raises(RecordError):
            convert(value)
    else:
        assert convert(value) == made
