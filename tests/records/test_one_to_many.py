"""One-to-many: imports.md section 5."""

import pytest

from isthmus.records import RecordError
from isthmus.records.one_to_many import split

ORDER = {
    "id": 1,
    "lines": [{"sku": "A"}, {"sku": "B"}],
    "one": {"x": 1},
    "plain": ["p"],
    "o": {"lines": [{"sku": "C"}]},
}


@pytest.mark.parametrize(
    ("path", "children"),
    [
        ("lines", [{"sku": "A"}, {"sku": "B"}]),
        ("o.lines", [{"sku": "C"}]),
        ("one", [{"x": 1}]),
        ("plain", [{"value": "p"}]),
        ("zz", []),
    ],
)
def test_children_know_their_parent(path: str, children: list[dict[str, object]]) -> None:
    assert split(ORDER, path) == [{**child, "_PARENT": ORDER} for child in children]


@pytest.mark.parametrize("path", ["lines[*].x", "a[", ""])
def test_bad_paths(path: str) -> None:
    with pytest.raises(RecordError):
        split(ORDER, path)
