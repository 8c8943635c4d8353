import tracemalloc

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.api.json_body import JsonLimits, parse
from isthmus.model.errors import Malformed, TooLarge

LIMITS = JsonLimits(nodes=10_000)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10), inner, max_size=5
        )
    ),
    max_leaves=40,
)


@settings(deadline=None)
@given(JSON)
def test_reads_what_orjson_writes(value: object) -> None:
    body = orjson.dumps(value)
    assert parse(body, LIMITS) == orjson.loads(body)


@pytest.mark.hostile(49)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{]",
        b"NaN",
        b'{"a": NaN}',
        b"[Infinity]",
        b"[1e999]",
        b"1" * 5000,
        b'["\\ud800"]',
        b'"a\\u0000b"',
        b'["\\\\\\u0000"]',
        b"\xef\xbb\xbf{}",
        '{"a": 1}'.encode("utf-16"),
        b"{} x",
        b"{}{}",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "\\u0062": 2}}',
        b"'a'",
        b"[1,]",
        b"\xff",
        b'"' + b'\\"' * 50_000,
        b"[" * 9_000,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_refuses_what_is_not_json(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse(body, LIMITS)


@pytest.mark.hostile(49)
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 101 + b"]" * 101,
        b"[" * 100_000,
        b"[" * 4000 + b"]" * 4000,
        b'{"a":' * 101 + b"1" + b"}" * 101,
        b"[" + b"{}," * 10_000 + b"{}]",
        b"[" + b"1," * 10_001 + b"1]",
        b'{"' + b"k" * 65_536 + b'": 1}',
    ],
    ids=["deep", "open", "deeper", "deep objects", "many objects", "many numbers", "long key"],
)
def test_refuses_what_is_too_large(body: bytes) -> None:
    with pytest.raises(TooLarge):
        parse(body, LIMITS)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100 + b"]" * 100,
        b'"[[[[{{{{,,,,::::"',
        b'{"a": "\\\\u0000"}',
        b'{"a:b": "c:d", "e": ":"}',
        b'"' + b"[" * 200 + b'"',
    ],
)
def test_structure_inside_strings_does_not_count(body: bytes) -> None:
    assert parse(body, LIMITS) == orjson.loads(body)


@pytest.mark.hostile(49)
def test_a_million_empty_objects_take_little_memory() -> None:
    body = b"[" + b"{}," * 1_500_000 + b"{}]"
    tracemalloc.start()
    with pytest.raises(TooLarge):
        parse(body, JsonLimits())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * len(body)
