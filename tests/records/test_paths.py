"""Paths: mapping.md section 2 step 2, section 3 "extract"."""

import pytest

from isthmus.records.errors import RuleError
from isthmus.records.paths import MISSING, compile_path, compile_setter, find, get

RECORD = {
    "a": {"b": 1, "c": [{"d": "x"}, {"d": "y"}]},
    "x y": 2,
    "m.n": "literal",
    "m": {"n": "nested"},
    "list": [[1, 2], [3]],
    "none": None,
    "__class__": "data",
    "10": "ten",
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param("a.b", 1, id="dot notation"),
        pytest.param("a.c[0].d", "x", id="a[0].b"),
        pytest.param("a.c.1.d", "y", id="digits reach into lists"),
        pytest.param("[x y]", 2, id="[Field With Spaces]"),
        pytest.param("['x y']", 2, id="quoted name"),
        pytest.param("m.n", "literal", id="literal key match wins over traversal"),
        pytest.param("a.c[*].d", ["x", "y"], id="wildcard"),
        pytest.param("list[*][*]", [1, 2, 3], id="nested wildcards are flattened"),
        pytest.param("$.a.b", 1, id="$.a.b"),
        pytest.param("$['x y']", 2, id="$['a b']"),
        pytest.param("$.list[0][1]", 2, id="$ with indexes"),
        pytest.param("$.m.n", "nested", id="a JSON path has no literal match"),
        pytest.param("$", RECORD, id="bare $"),
        pytest.param("none", None, id="null is found"),
        pytest.param("none.b", MISSING, id="nothing below null"),
        pytest.param("a.zz.b", MISSING, id="missing"),
        pytest.param("a.c[9]", MISSING, id="index beyond the end"),
        pytest.param("zz[*].d", MISSING, id="wildcard over nothing"),
        pytest.param("__class__", "data", id="__class__ is a plain key"),
        pytest.param("a.__class__", MISSING, id="never an attribute"),
        pytest.param("a.__class__.__mro__", MISSING, id="never an attribute of one"),
        pytest.param("constructor", MISSING, id="constructor"),
        pytest.param("[10]", "ten", id="an index is a key of an object"),
    ],
)
@pytest.mark.hostile(83)
def test_reads(path: str, found: object) -> None:
    assert get(RECORD, path) == found


def test_rows() -> None:
    rows = [{"x": 1}, {"x": 2}, {}]
    assert get(rows, "*.x") == [1, 2]
    assert get(rows, "x") == 1, "a plain path reads the first row"
    assert get([], "x") is MISSING


@pytest.mark.parametrize(
    "text", ["", "a..b", "a[", "a.", "$..a", "$[?(@.a)]", "$[name]", "a[9999999999]", "x" * 5_000, "a." * 200 + "a"]
)
@pytest.mark.hostile(89)
def test_refuses_what_is_no_path(text: str) -> None:
    with pytest.raises(RuleError):
        compile_path(text)
    assert find({"a": 1}, text) is MISSING


@pytest.mark.parametrize("text", [None, 5, (), ""])
def test_refuses_what_is_no_text(text: str) -> None:
    with pytest.raises(RuleError):
        compile_path(text)


@pytest.mark.parametrize(
    ("path", "value", "made"),
    [
        ("a", 1, {"a": 1}),
        ("a.b.c", 1, {"a": {"b": {"c": 1}}}),
        ("[x y].z", 1, {"x y": {"z": 1}}),
        ("a[2]", 1, {"a": [None, None, 1]}),
        ("items[*].sku", ["A", "B"], {"items": [{"sku": "A"}, {"sku": "B"}]}),
        ("items[*].sku", "A", {"items": [{"sku": "A"}]}),
        ("__proto__.polluted", 1, {"__proto__": {"polluted": 1}}),
    ],
)
def test_writes(path: str, value: object, made: object) -> None:
    target: dict[str, object] = {}
    compile_setter(path)(target, value)
    assert target == made


def test_a_later_rule_wins_over_what_stands_in_its_way() -> None:
    target: dict[str, object] = {"a": "text"}
    compile_setter("a.b")(target, 1)
    assert target == {"a": {"b": 1}}


@pytest.mark.parametrize("text", ["items[1000000000]", "a[10001]", ".".join("a" * 65), "", "[*].a", "[0]"])
@pytest.mark.hostile(90)
def test_refuses_to_write_far_out(text: str) -> None:
    with pytest.raises(RuleError):
        compile_setter(text)


@pytest.mark.hostile(90)
def test_deep_data_is_read_without_recursion() -> None:
    deep: object = 1
    for _ in range(10_000):
        deep = {"a": deep}
    assert get(deep, ".".join("a" * 50)) is not MISSING
