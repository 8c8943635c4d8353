"""The reference of mappings, made from the code's tables of rules and from examples that tests run."""

import json
from collections.abc import Iterable
from typing import Any

from docs.mapping_examples import OPERATORS, SECTIONS, VALUES, Example, Fails
from isthmus.records.coerce import COERCIONS
from isthmus.records.errors import RecordError
from isthmus.records.mapper.condition import CONDITIONS

HEAD = """# Mappings, lookups, transforms and filters

What each rule does, by examples. This page is generated from the code's tables of rules and from
`docs/mapping_examples.py`; do not edit. Every example on it is run by a test.

`POST /v1/connections/{id}/import/map?explain=1` tells beside each mapped record what every rule did and why, and
`isthmus map rules.json records.jsonl --explain` does so on the command line.
"""


def mapping_page() -> str:
    """Write the page."""
    parts = [HEAD]
    for title, examples in SECTIONS.items():
        parts += [f"\n## {title}\n\n", *_table(("row", "rules", "record", "makes"), map(_row, examples))]
        if title == "Mapper 1.0: fields":
            conditions = ((f"`{name}`", says) for name, says in CONDITIONS.items())
            parts += ["\n## Conditions\n\n", *_table(("`conditional.when`", "the rule counts where"), conditions)]
        if title == "Mapper 2.0":
            head = ("value", *(f"`{kind}`" for kind in COERCIONS))
            parts += ["\n## Conversions\n\nA dash: the record fails.\n\n", *_table(head, map(_conversions, VALUES))]
    operators = (
        (f"`{name}`", _code(rule), _code({"x": value}), "kept" if kept else "left out")
        for name, (rule, value, kept) in OPERATORS.items()
    )
    parts += ["\n## Operators of filters\n\n", *_table(("operator", "rule", "record", "the record is"), operators)]
    chosen = ((title, e.row, e.chosen) for title, examples in SECTIONS.items() for e in examples if e.chosen)
    parts += ["\n## Where the reference is uncertain\n\n", *_table(("about", "row", "isthmus"), chosen)]
    return "".join(parts)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterable[str]:
    names = list(head)
    yield f"| {' | '.join(names)} |\n|{'---|' * len(names)}\n"
    for row in rows:
        yield f"| {' | '.join(row)} |\n"


def _row(example: Example) -> tuple[str, ...]:
    makes = f"fails: `{example.makes.code}`, source {example.makes.source}" if isinstance(example.makes, Fails) else ""
    return example.row, _code(_bare(example.rules)), _code(example.record), makes or _code(example.makes)


def _bare(rules: Any) -> Any:
    """Leave out what every entry of Mapper 2.0 has."""
    if isinstance(rules, dict):
        return {key: _bare(value) for key, value in rules.items() if (key, value) != ("status", "Active")}
    return [_bare(item) for item in rules] if isinstance(rules, list) else rules


def _conversions(value: Any) -> tuple[str, ...]:
    return _code(value), *(_converted(kind, value) for kind in COERCIONS)


def _converted(kind: str, value: Any) -> str:
    try:
        return _code(COERCIONS[kind](value))
    except RecordError:
        return "-"


def _code(value: Any) -> str:
    return f"`{json.dumps(value)}`".replace("|", "\\|")
