"""Texts. A missing value and null are "". Source: handlebars.md section 4."""

import math
from typing import Any

from isthmus.records.paths.read import MISSING
from isthmus.records.template.fuel import Run
from isthmus.records.template.helpers.registry import Example, inline
from isthmus.records.values import as_number, is_number, to_text


def position(value: Any, default: float) -> float:
    """Read an argument that counts characters; not a number gives the default."""
    read = as_number(value)
    return default if math.isnan(read) else read


@inline("uppercase text", Example('{{uppercase "abc"}}', "ABC"), Example("{{uppercase a}}", "", {"a": None}))
def uppercase(text: Any) -> str:
    """Write in capitals."""
    return to_text(text).upper()


@inline("lowercase text", Example('{{lowercase "ABC"}}', "abc"))
def lowercase(text: Any) -> str:
    """Write in small letters."""
    return to_text(text).lower()


@inline("trim text", Example('{{trim "  a b  "}}', "a b"))
def trim(text: Any) -> str:
    """Strip spaces at both ends."""
    return to_text(text).strip()


@inline("trimLeft text", Example('{{trimLeft "  a "}}|', "a |"))
def trim_left(text: Any) -> str:
    """Strip spaces at the start."""
    return to_text(text).lstrip()


@inline("trimRight text", Example('{{trimRight " a  "}}|', " a|"))
def trim_right(text: Any) -> str:
    """Strip spaces at the end."""
    return to_text(text).rstrip()


@inline("chop text", Example('{{chop " Hello*&^World- "}}', "Hello*&^World"))
def chop(text: Any) -> str:
    """Strip all that is no letter or digit at both ends."""
    found = to_text(text)
    inside = [index for index, letter in enumerate(found) if letter.isascii() and letter.isalnum()]
    return found[inside[0] : inside[-1] + 1] if inside else ""


def _padding(run: Run, text: str, length: Any, pattern: Any) -> str:
    size = position(length, 0)
    run.check(int(min(size, 1e15)))
    fill = " " if pattern is MISSING or pattern is None else to_text(pattern)
    missing = int(min(size, 1e15)) - len(text)
    return (fill * (missing // len(fill) + 1))[:missing] if fill and missing > 0 else ""


@inline(
    "padLeft value length [pattern]",
    Example('{{padLeft "CUST123" 10 "0"}}', "000CUST123"),
    Example('{{padLeft "abc" 2}}', "abc"),
    wants_run=True,
)
def pad_left(run: Run, _: Any, value: Any, length: Any, pattern: Any = MISSING) -> str:
    """Fill up at the start; a pattern of several characters is repeated and cut."""
    text = to_text(value)
    return _padding(run, text, length, pattern) + text


@inline("padRight value length [pattern]", Example('{{padRight "a" 6 "xyz"}}', "axyzxy"), wants_run=True)
def pad_right(run: Run, _: Any, value: Any, length: Any, pattern: Any = MISSING) -> str:
    """Fill up at the end."""
    text = to_text(value)
    return text + _padding(run, text, length, pattern)


@inline("replace text old new", Example('{{replace "a.b.c" "." "-"}}', "a-b-c"), wants_run=True)
def replace(run: Run, _: Any, text: Any, old: Any, new: Any) -> str:
    """Replace every occurrence of a literal text.

    A pattern is not understood; see `regexReplace`.
    """
    found, sought, put = to_text(text), to_text(old), to_text(new)
    if not sought:
        return found
    run.check(len(found) + found.count(sought) * (len(put) - len(sought)))
    return found.replace(sought, put)


@inline("replacefirst text old new", Example('{{replacefirst "a b a" "a" "x"}}', "x b a"))
def replace_first(text: Any, old: Any, new: Any) -> str:
    """Replace the first occurrence of a literal text."""
    return to_text(text).replace(to_text(old), to_text(new), 1) if to_text(old) else to_text(text)


@inline("removefirst text part", Example('{{removefirst "a b a" "a"}}', " b a"))
def remove_first(text: Any, part: Any) -> str:
    """Remove the first occurrence of a literal text.

    A space that remains at the start stays; a documented sample shows none.
    """
    return replace_first(text, part, "")


@inline(
    "substring text start end",
    Example("{{substring memo 10 19}}", "brown fox", {"memo": "The quick brown fox jumps"}),
    Example('{{substring "abc" 1}}', "bc"),
)
def substring(text: Any, start: Any, end: Any = MISSING) -> str:
    """Cut out a part; the end is exclusive, and the two are swapped where the start is larger."""
    found = to_text(text)
    first = int(min(max(position(start, 0), 0), len(found)))
    last = int(min(max(position(end, 0), 0), len(found))) if end is not MISSING else len(found)
    return found[min(first, last) : max(first, last)]


@inline(
    "split text delimiter [index]",
    Example('{{split "A-B-C" "-" 2}}', "C"),
    Example('{{split "A-B-C" "-"}}', "A"),
    Example('{{split "A-B" "-" 9}}', ""),
)
def split(text: Any, delimiter: Any, index: Any = 0) -> Any:
    """Split and give one part, the first one unless an index says otherwise; never the list.

    Without an index it is the first part, never the list.
    """
    found, sought = to_text(text), to_text(delimiter)
    parts = found.split(sought) if sought else list(found)
    at = position(index, 0)
    return parts[int(at)] if 0 <= at < len(parts) else MISSING


@inline(
    "join delimiter a b …",
    Example('{{join "-" "a" "b"}}', "a-b"),
    Example('{{join ", " a "z"}}', "x, y, z", {"a": ["x", "y"]}),
    wants_run=True,
)
def join(run: Run, _: Any, delimiter: Any, *values: Any) -> str:
    """Join values; the items of lists are joined in their place."""
    parts = [to_text(item) for value in values for item in (value if isinstance(value, list) else [value])]
    glue = to_text(delimiter)
    run.check(sum(map(len, parts)) + len(glue) * len(parts))
    return glue.join(parts)


@inline(
    "truncateWords text limit [suffix]",
    Example('{{truncateWords "foo bar baz" 2}}', "foo bar…"),
    Example('{{truncateWords "foo bar" 0}}', "…"),
    Example('{{truncateWords "foo bar" 5}}', "foo bar"),
    Example('{{truncateWords "foo" -1}}', ""),
)
def truncate_words(text: Any, limit: Any, suffix: Any = "…") -> str:
    """Cut after a number of words and add a suffix; a limit that is negative or no number gives ""."""
    count = as_number(limit)
    if not count >= 0:
        return ""
    words = to_text(text).split()
    return to_text(text) if len(words) <= count else " ".join(words[: int(count)]) + to_text(suffix)


@inline(
    "occurrences text part",
    Example('{{occurrences "foo bar foo" "foo"}}', "2"),
    Example('{{occurrences "aaa" "aa"}}', "1"),
)
def occurrences(text: Any, part: Any) -> int:
    """Count a literal text, without overlaps."""
    sought = to_text(part)
    return to_text(text).count(sought) if sought else 0


@inline("reverse value", Example('{{reverse "abc"}}', "cba"), Example("{{reverse a}}", "3,2,1", {"a": [1, 2, 3]}))
def reverse(value: Any) -> Any:
    """Turn a text or a list round."""
    return value[::-1] if isinstance(value, list) else to_text(value)[::-1]


@inline(
    "typeOf value",
    Example("{{typeOf a}}", "array", {"a": []}),
    Example("{{typeOf a}}", "object", {"a": None}),
    Example("{{typeOf a}}", "undefined"),
)
def type_of(value: Any) -> str:
    """Name the type: number string boolean array object undefined; null is an object."""
    if value is MISSING:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if is_number(value):
        return "number"
    return "array" if isinstance(value, list) else "object"
