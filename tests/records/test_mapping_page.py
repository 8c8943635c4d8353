"""The page of mappings: each example of it, and that every rule of the code and row of the reference is on it."""

import json

import pytest

from docs.mapping_examples import FIELDS, OPERATORS, SECTIONS, Example, run, sieve
from docs.mapping_page import mapping_page
from isthmus.records.coerce import COERCIONS
from isthmus.records.filters import operators
from isthmus.records.mapper.condition import CONDITIONS
from isthmus.records.mapper.plan1 import TYPES

EXAMPLES = [
    pytest.param(example, id=f"{title}: {example.row}") for title, examples in SECTIONS.items() for example in examples
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example: Example) -> None:
    made = run(example)
    assert made == example.makes
    assert type(made) is type(example.makes)


@pytest.mark.parametrize("name", OPERATORS)
def test_operator(name: str) -> None:
    rule, value, kept = OPERATORS[name]
    assert f'"{name}"' in json.dumps(rule)
    assert run(sieve(name, rule, {"x": value}, kept)) is kept


def test_every_rule_of_the_code_has_an_example() -> None:
    fields = {example.row for example in FIELDS}
    assert set(OPERATORS) == set(operators.OPERATORS)
    assert set(CONDITIONS) <= fields
    assert {f"dataType {kind}" for kind in TYPES} <= fields
    page = mapping_page()
    assert [name for name in (*COERCIONS, *CONDITIONS, *OPERATORS) if f"`{name}`" not in page] == []


def test_no_row_is_there_twice() -> None:
    for examples in SECTIONS.values():
        names = [example.row for example in examples]
        assert len(names) == len(set(names))
