"""Generated code against the plain interpreter, on generated templates and data."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.records import Destination, RecordError, RuleError, compile_template
from isthmus.records.limits import Limits
from isthmus.records.template.escape import finish
from isthmus.records.template.fuel import Run
from isthmus.records.template.helpers import BLOCKS, INLINE
from isthmus.records.template.interpret import Interpreter
from isthmus.records.template.parser import parse

NAMES = st.sampled_from(
    ["a", "b", "c", "this", "../a", "@index", "@key", "@root.a", "a.b", "a.0", "[x y]", "a.length", ".."]
)
LITERALS = st.sampled_from(['"a"', "'x'", "1", "-2.5", "true", "null", "undefined", '""', '"2025-03-26"', '"g"'])
UNSTEADY = {"random", "timestamp", "log"}
INLINES = sorted(set(INLINE) - UNSTEADY)
PLAIN_BLOCKS = sorted(set(BLOCKS))


def _calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(inner, max_size=4).map(" ".join)
    return st.tuples(st.sampled_from(INLINES), arguments).map(lambda pair: f"({pair[0]} {pair[1]})")


EXPRESSIONS = st.recursive(NAMES | LITERALS, _calls, max_leaves=4)
STASHES = EXPRESSIONS.flatmap(
    lambda e: st.sampled_from([f"{{{{{_bare(e)}}}}}", f"{{{{{{{_bare(e)}}}}}}}", f"{{{{~{_bare(e)}~}}}}"])
)


def _bare(expression: str) -> str:
    return expression[1:-1] if expression.startswith("(") else expression


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, max_size=3).map("".join)
    operands = st.lists(EXPRESSIONS, min_size=1, max_size=3).map(" ".join)
    helper = st.tuples(st.sampled_from(PLAIN_BLOCKS), operands, body, body).map(
        lambda t: f"{{{{#{t[0]} {t[1]}}}}}{t[2]}{{{{else}}}}{t[3]}{{{{/{t[0]}}}}}"
    )
    section = st.tuples(st.sampled_from(["a", "b", "c"]), body).map(lambda t: f"{{{{#{t[0]}}}}}{t[1]}{{{{/{t[0]}}}}}")
    return helper | section


TEMPLATES = st.lists(
    st.recursive(STASHES | st.sampled_from(["x", " ", "\n", "é", "{", "}"]), _blocks, max_leaves=8), max_size=5
).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text("ab1 é\"'<&", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "x y", "1"]), inner, max_size=3)
    ),
    max_leaves=8,
)
DATA = st.dictionaries(st.sampled_from(["a", "b", "c", "x y"]), VALUES, max_size=4)
LIMITS = Limits(steps=20_000, output=200_000, seconds=30)


def _interpreted(template: str, data: dict[str, Any], destination: Destination, *, strict: bool) -> str:
    try:
        text = Interpreter(Run(data, {}, LIMITS), destination, strict=strict).render(parse(template))
        return finish(text, destination)
    except RecordError as error:
        return error.code
    except (RuleError, ArithmeticError, LookupError, TypeError, ValueError):
        return "helper_failed"


@given(TEMPLATES, DATA, st.sampled_from(list(Destination)), st.booleans())
@settings(max_examples=400, deadline=None)
def test_generated_code_prints_what_the_interpreter_prints(
    template: str,
    data: dict[str, Any],
    destination: Destination,
    strict: bool,  # noqa: FBT001  # drawn
) -> None:
    try:
        compiled = compile_template(template, destination, strict=strict)
    except RuleError:
        with pytest.raises(RuleError):
            parse(template)
        return
    try:
        text = compiled.render(data, limits=LIMITS)
    except RecordError as error:
        text = error.code
    assert text == _interpreted(template, data, destination, strict=strict)


@given(st.text("{}#/^!~@.[]()\"'=| \nabeachif\\&>*0-", max_size=60), DATA)
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_template_or_a_rule_error(text: str, data: dict[str, Any]) -> None:
    try:
        compiled = compile_template(text)
    except RuleError as error:
        assert "line" in error.problems[0].message  # noqa: PT017  # either is right
        return
    assert isinstance(compiled.render(data), str)


@given(DATA)
@settings(max_examples=50, deadline=None)
def test_a_render_never_exceeds_its_fuel(data: dict[str, Any]) -> None:
    template = compile_template("{{#each a}}{{#each @root.a}}{{this}}xxxxxxxx{{/each}}{{/each}}")
    limits = Limits(steps=60, output=100, seconds=5)
    try:
        assert len(template.render(data, limits=limits)) <= limits.output
    except RecordError as error:
        assert error.code in ("template_too_costly", "template_too_long", "too_deep")  # noqa: PT017  # either is right


def test_large_templates_are_interpreted_alike() -> None:
    big = "{{#each a}}{{this}}{{/each}}" + "{{b}}" * 4_001
    assert compile_template(big).render({"a": [1, 2], "b": "x"}) == "12" + "x" * 4_001
