"""Small and calm: the sizes that the house keeps."""

import ast
from statistics import median

from tests.rig.tree import named, parsed, tracked

FILE_LINES = 400
MEDIAN_FILE_LINES = 100
FUNCTION_LINES = 50
MEDIAN_FUNCTION_LINES = 10


def functions() -> dict[str, int]:
    return {
        f"{named(path)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in tracked("src/*.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def lines() -> dict[str, int]:
    return {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in tracked("src/*.py")}


def test_no_file_is_long() -> None:
    assert {name: size for name, size in lines().items() if size > FILE_LINES} == {}


def test_files_are_small_as_a_rule() -> None:
    assert median(lines().values()) <= MEDIAN_FILE_LINES


def test_no_function_is_long() -> None:
    assert {name: size for name, size in functions().items() if size > FUNCTION_LINES} == {}


def test_functions_are_small_as_a_rule() -> None:
    assert median(functions().values()) <= MEDIAN_FUNCTION_LINES
