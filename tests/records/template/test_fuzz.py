"""Parser, compilers and helpers against texts made up from seeds: an answer or a typed error, within the fuel."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from isthmus.records import Destination, RecordError, RuleError, compile_template
from isthmus.records.limits import Limits
from isthmus.records.template.helpers import BLOCKS, INLINE
from tests.rig.handlebars_cases import Maker

_INPUTS = 1_000_000 if os.environ.get("ISTHMUS_SOAK") else 12_000
_PARTS = 8
_LIMITS = Limits(steps=5_000, output=20_000, seconds=5)
_SLOWEST = 10
"""Seconds that no input may take, however busy the machine."""
_WORDS = (
    *INLINE, *BLOCKS, "{{", "}}", "{{{", "}}}", "{{#", "{{/", "{{^", "{{else", "{{~", "~}}", "{{!--", "--}}", "{{!",
    "{{{{", "}}}}", "{{{{/", "(", ")", "=", "|", " as |", "@", "@root", "@index", "..", "../", "this", ".", "/",
    "[", "]", '"', "'", "\\", "0", "-1", "1e9", "2.5", "true", "null", "undefined", "a", "b", "x y", " ", "\n",
    "\0", "\ud800", "\U0001f600", "__class__", "__proto__", "g", "(a+)+$", "YYYY-MM-DD", "uuid", "sha256", "hex",
    ">", "*", "&", "#", "lookup",
)  # fmt: skip
_DATA: dict[str, Any] = {
    "a": [1, "2", None, {"b": [True, "x y"]}, "2025-03-26", float("nan"), 1e308, 10**400, -(10**25)],
    "b": {"a": "A<&>\"'b", "x y": "\ud800", "0": "", "__class__": "c"},
    "x y": "1" * 50, "__proto__": {"constructor": 1}, "lookup": {"a": {"b": 1}}, "hmacOptions": {"URI": "http://x/"},
}  # fmt: skip


def _input(chance: random.Random, maker: Maker) -> str:
    kind = chance.random()
    if kind < 0.25:
        return "".join(chance.choices(_WORDS, k=chance.randrange(1, 25)))
    if kind < 0.6:
        return _grammatical(chance)
    text = maker.case().template
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(_WORDS) + text[at + chance.randrange(3) :]
    return text


def _grammatical(chance: random.Random) -> str:
    """Write helpers with any arguments, which nearly always compile."""
    operands = (
        "a",
        "b",
        "this",
        '"1"',
        "2",
        "-1",
        "null",
        "b.a",
        "a.[3].b",
        '"[0-9]"',
        '"g"',
        "true",
        '"YYYY"',
        "@root",
    )

    def call(depth: int) -> str:
        inner = [f"({call(depth + 1)})" if depth < 3 and chance.random() < 0.2 else chance.choice(operands)
                 for _ in range(chance.randrange(5))]  # fmt: skip
        option = (
            " " + chance.choice(("number=true", 'reverse="true"', "includeZero=a")) if chance.random() < 0.1 else ""
        )
        return " ".join([chance.choice(tuple(INLINE)), *inner]) + option

    parts = []
    for _ in range(chance.randrange(1, 4)):
        if chance.random() < 0.6:
            parts.append(f"{{{{{call(0)}}}}}")
        else:
            name = chance.choice(tuple(BLOCKS))
            head = " ".join([name, *chance.choices(operands, k=chance.randrange(1, 4))])
            parts.append(f"{{{{#{head}}}}}{{{{{call(0)}}}}}{{{{else}}}}{{{{this}}}}{{{{/{name}}}}}")
    return "".join(parts)


def _outcome(text: str, destination: Destination, *, strict: bool) -> str:
    try:
        template = compile_template(text, destination, strict=strict)
    except RuleError as error:
        assert "line" in error.problems[0].message  # noqa: PT017  # either is right
        return "refused"
    try:
        assert len(template.render(_DATA, limits=_LIMITS)) <= _LIMITS.output
    except RecordError:
        return "failed"
    return "printed"


@pytest.mark.parametrize("part", range(_PARTS))
def test_any_input_ends_well(part: int, record_property: Callable[[str, object], None]) -> None:
    chance, maker = random.Random(part), Maker(1_000 + part)  # noqa: S311  # repeatable, nothing secret
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for _ in range(_INPUTS // _PARTS):
        text, destination = _input(chance, maker), chance.choice(tuple(Destination))
        started = time.monotonic()
        outcomes[_outcome(text, destination, strict=chance.random() < 0.2)] += 1
        slowest = max(slowest, time.monotonic() - started)
    record_property("figures", f"{outcomes.total():,} inputs {dict(outcomes)}, the slowest took {slowest:.2f} s")
    assert outcomes.total() == _INPUTS // _PARTS
    assert slowest < _SLOWEST
    assert min(outcomes.values()) > outcomes.total() / 100, "every outcome is met"
