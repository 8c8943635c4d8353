"""Habits of the source that linters do not know."""

import ast
import re
from pathlib import Path

import pytest

from tests.rig.tree import named, parsed, tracked

LOOSE_ENDS = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError|\bxfail\b|assert True\b")
BARE_SILENCERS = re.compile(r"#\s*(noqa|type:\s*ignore)\s*($|[^:\[\s(])")
REASONLESS = re.compile(r"#\s*(noqa: [A-Z0-9, ]+|type: ignore\[[a-z0-9, -]+\])\s*$")
BOUNDARIES = {
    "src/isthmus/api/application.py",
    "src/isthmus/cli/root.py",
    "src/isthmus/services/offline_pinger.py",
}
"""Where `except Exception` may stand: the edges where any fault must become an answer or a log line."""

PYTHON = tracked("src/*.py", "tests/*.py", "bench/*.py", "docs/*.py")
SOURCE = [path for path in PYTHON if named(path).startswith("src/")]
HERE = Path(__file__).name


def hits(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{named(path)}:{number}: {line.strip()}"
        for path in paths
        if path.name != HERE
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("pattern", [LOOSE_ENDS, BARE_SILENCERS, REASONLESS], ids=["loose", "bare", "reasonless"])
def test_no_loose_ends_and_no_silencer_without_a_reason(pattern: re.Pattern[str]) -> None:
    assert hits(pattern, PYTHON) == []


def test_every_module_says_what_it_is() -> None:
    assert [named(path) for path in SOURCE if ast.get_docstring(parsed(path)) is None] == []


def test_broad_catches_stand_only_at_the_boundaries() -> None:
    broad = {
        named(path)
        for path in SOURCE
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    }
    assert broad - BOUNDARIES == set()


def test_nothing_patches_our_own_code() -> None:
    patching = re.compile(r"unittest\.mock|\bmonkeypatch\.setattr|\bmocker\b|\bMagicMock\b")
    assert hits(patching, [path for path in PYTHON if named(path).startswith("tests/")]) == []
