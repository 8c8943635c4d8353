"""Patterns on RE2 and on `regex`: decisions.md "Compiler", hostile case 85."""

import pytest

from isthmus.records.errors import RecordError, RuleError
from isthmus.records.regexes import compile_pattern


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("b+", "", "abbc", "bb"),
        ("B", "i", "abc", "b"),
        ("^b", "m", "a\nb", "b"),
        ("a.b", "s", "a\nb", "a\nb"),
        (r"(?<=id=)\d+", "", "id=42", "42"),
        (r"(\w)\1", "", "abccd", "cc"),
        (r"\u0041", "", "xA", "A"),
        (r"(?<n>\d)", "", "a1", "1"),
        (r"a\/b", "", "a/b", "a/b"),
        (r"\(?<", "", "(<", "(<"),
        ("[(?<]", "", "<", "<"),
        ("é+", "", "caféé!", "éé"),
        ("x", "gy", "abc", None),
        (r"(?<!x)b$", "", "ab\n", None),
    ],
)
def test_search(pattern: str, flags: str, text: str, found: str | None) -> None:
    match = compile_pattern(pattern, flags).search(text)
    assert (match[0] if match else None) == found
    if match:
        assert text[match.start : match.end] == found


def test_groups() -> None:
    match = compile_pattern(r"(?<y>\d+)-(?<m>\d+)(z)?").search("on 2025-03")
    assert match is not None
    assert (match[1], match[2], match[3], match.named("m"), match.named("none"), match.groups) == (
        "2025",
        "03",
        "",
        "03",
        "",
        3,
    )


@pytest.mark.parametrize("pattern", ["(", "a**", "[", "(?P<", "x" * 10_001, "\ud800"])
@pytest.mark.hostile(85)
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(RuleError):
        compile_pattern(pattern)


@pytest.mark.hostile(85)
def test_a_pattern_that_re2_cannot_run_is_stopped() -> None:
    slow = compile_pattern(r"(?=(a|aa)+$)(a|aa)+$\b", seconds=0.05)
    with pytest.raises(RecordError) as caught:
        slow.search("a" * 60 + "!")
    assert caught.value.code == "regex_too_slow"
    with pytest.raises(RecordError):
        list(slow.finditer("a" * 60 + "!"))


def test_many_matches_do_not_take_quadratic_time() -> None:
    assert sum(1 for _ in compile_pattern("é").finditer("é" * 20_000)) == 20_000
