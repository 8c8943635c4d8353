"""Every documented example of every helper, as the registry holds them: handlebars.md sections 3 and 4."""

from typing import Any

import pytest

from isthmus.records import Destination, compile_template
from isthmus.records.template.fuel import Run
from isthmus.records.template.helpers import BLOCKS, INLINE, Example
from isthmus.records.template.interpret import Interpreter
from isthmus.records.template.parser import parse

HELPERS = [*INLINE.values(), *BLOCKS.values()]
ROWS = [
    pytest.param(example, id=f"{helper.name}-{index}")
    for helper in HELPERS
    for index, example in enumerate(helper.examples)
]
WITHOUT = {"random", "timestamp", "log", "aws4"}
"""Their output is not fixed."""


@pytest.mark.parametrize("example", ROWS)
def test_example(example: Example) -> None:
    assert compile_template(example.template).render(example.context) == example.output


@pytest.mark.parametrize("example", ROWS)
def test_the_interpreter_agrees(example: Example) -> None:
    run = Run(example.context, {})
    assert Interpreter(run, Destination.PLAIN, strict=False).render(parse(example.template)) == example.output


@pytest.mark.parametrize("helper", HELPERS, ids=lambda helper: helper.name)
def test_every_helper_is_documented(helper: Any) -> None:
    assert helper.summary.endswith(".")
    assert helper.signature.split()[0] == helper.name
    assert helper.examples or helper.name in WITHOUT


@pytest.mark.parametrize("name", ["first", "last"])
def test_first_and_last_are_fields(name: str) -> None:
    assert compile_template(f"{{{{{name}}}}}").render({name: "field"}) == "field"


@pytest.mark.parametrize(
    "name",
    [
        "abs",
        "add",
        "subtract",
        "multiply",
        "divide",
        "modulo",
        "sum",
        "avg",
        "ceil",
        "floor",
        "round",
        "toFixed",
        "toPrecision",
        "toExponential",
        "random",
        "addCommas",
        "bytes",
        "ordinalize",
        "uppercase",
        "lowercase",
        "capitalize",
        "capitalizeAll",
        "camelcase",
        "pascalcase",
        "snakecase",
        "dashcase",
        "dotcase",
        "pathcase",
        "sentence",
        "trim",
        "trimLeft",
        "trimRight",
        "chop",
        "padLeft",
        "padRight",
        "replace",
        "replacefirst",
        "removefirst",
        "substring",
        "split",
        "join",
        "truncateWords",
        "occurrences",
        "reverse",
        "sanitize",
        "after",
        "before",
        "sort",
        "unique",
        "pluck",
        "arrayify",
        "getValue",
        "lookup",
        "dateFormat",
        "dateAdd",
        "timestamp",
        "regexMatch",
        "regexReplace",
        "regexSearch",
        "base64Encode",
        "base64Decode",
        "encodeURI",
        "decodeURI",
        "htmlEncode",
        "htmlDecode",
        "jsonEncode",
        "jsonSerialize",
        "jsonStringify",
        "jsonParse",
        "stripProtocol",
        "stripQuerystring",
        "hash",
        "hmac",
        "aws4",
        "eq",
        "isTruthy",
        "isFalsey",
        "hasNoItems",
        "hasOwn",
        "typeOf",
    ],
)
def test_every_documented_helper_is_there(name: str) -> None:
    assert name in INLINE


@pytest.mark.parametrize(
    "name",
    [
        "each",
        "if",
        "unless",
        "with",
        "compare",
        "and",
        "or",
        "neither",
        "not",
        "contains",
        "inArray",
        "filter",
        "some",
        "startsWith",
        "ifEven",
        "isEmpty",
    ],
)
def test_every_documented_block_is_there(name: str) -> None:
    assert name in BLOCKS
