"""How the demo lays JSON out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.demo.shape import laid_out

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.integers(10, 120))
def test_nothing_is_lost_that_is_not_cut(value: Any, width: int) -> None:
    assert json.loads("".join(laid_out(value, width))) == value


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ({"code": 200}, ['{"code": 200}']),
        ({"a": [1, 2]}, ['{"a": [1, 2]}']),
        ([], ["[]"]),
        ({"name": "long enough", "b": []}, ["{", '  "name": "long enough",', '  "b": []', "}"]),
        (
            [{"n": n} for n in range(7)],
            ["[", '  {"n": 0},', '  {"n": 1},', '  {"n": 2},', "  ... 4 more", "]"],
        ),
    ],
)
def test_what_fits_stays_on_a_line_and_long_lists_are_cut(value: Any, lines: list[str]) -> None:
    assert laid_out(value, 24) == lines
