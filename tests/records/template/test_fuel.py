"""No render exceeds its fuel, whatever the template and the data: hostile case 84 as properties."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.records import Destination, RecordError, RuleError, compile_template
from isthmus.records.limits import Limits
from isthmus.records.template.fuel import Run
from isthmus.records.template.interpret import Interpreter
from isthmus.records.template.parser import MAX_DEPTH, parse

pytestmark = pytest.mark.hostile(84)
LOOPS = st.lists(st.sampled_from(["{{#each @root.a}}", "{{#each a}}", "{{#with this}}", "{{#a}}"]), max_size=4)
SIZES = st.integers(0, 12)
CODES = {"template_too_costly", "template_too_long", "template_too_slow"}


def _nested(loops: list[str], body: str) -> str:
    closing = "".join("{{/" + loop[3:].split()[0].rstrip("}") + "}}" for loop in reversed(loops))
    return "".join(loops) + body + closing


def _renders(template: str, data: dict[str, Any], limits: Limits) -> list[str]:
    """Render by generated code and by the interpreter; out of fuel gives no text."""

    def generated() -> str:
        return compile_template(template).render(data, limits=limits)

    def interpreted() -> str:
        return Interpreter(Run(data, {}, limits), Destination.PLAIN, strict=False).render(parse(template))

    texts = []
    for render in (generated, interpreted):
        try:
            texts.append(render())
        except RecordError as error:
            assert error.code in CODES  # noqa: PT017  # either is right
    return texts


@given(LOOPS, SIZES, st.integers(0, 5_000))
@settings(max_examples=150, deadline=None)
def test_steps(loops: list[str], size: int, steps: int) -> None:
    for text in _renders(_nested(loops, "x"), {"a": list(range(size))}, Limits(steps=steps, seconds=30)):
        assert len(text) <= steps or not any("each" in loop or "#a" in loop for loop in loops)


@given(LOOPS, SIZES, st.text("ab", max_size=50), st.integers(0, 2_000))
@settings(max_examples=150, deadline=None)
def test_output(loops: list[str], size: int, text: str, output: int) -> None:
    data = {"a": [text] * size, "t": text}
    for found in _renders(
        _nested(loops, text + "{{@root.t}}{{uppercase this}}"), data, Limits(output=output, seconds=30)
    ):
        assert len(found) <= output


@given(LOOPS, st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_time(loops: list[str], size: int) -> None:
    """Without any time left no loop and no helper is run to its end."""
    template = _nested([*loops, "{{#each @root.a}}"], "{{uppercase 'x'}}")
    assert _renders(template, {"a": list(range(size))}, Limits(seconds=-1)) in ([], [""], ["", ""])


@given(st.lists(st.sampled_from(["if a", "each a", "with a", "a", "unless b", "not b"]), max_size=100))
@settings(max_examples=100, deadline=None)
def test_depth(heads: list[str]) -> None:
    template = "".join(f"{{{{#{head}}}}}" for head in heads) + "x"
    template += "".join(f"{{{{/{head.split()[0]}}}}}" for head in reversed(heads))
    if len(heads) > MAX_DEPTH:
        with pytest.raises(RuleError, match="nest deeper"):
            compile_template(template)
    else:
        assert set(compile_template(template).render({"a": {"a": 1}})) <= {"x"}
