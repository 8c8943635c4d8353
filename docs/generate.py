"""Writes the generated pages of docs/reference (make docs); with --check only says whether they are current."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from docs.handlebars_page import handlebars_page
from docs.mapping_page import mapping_page
from isthmus.api.coverage import coverage_page
from isthmus.api.routes import all_routes
from isthmus.settings import Settings

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"

CHOICES_HEAD = """# Choices

Where the public documents are silent, vague or at odds, this is what isthmus does and why. Generated from
`docs/reference/choices/`; edit there.
"""

HOSTILE_HEAD = """# Hostile inputs and faults

What the service is meant to survive, and the tests that show it; or why there is none. Generated from the `hostile`
marks and from `hostile-cases.tsv`; do not edit.

| case | what | shown by |
|---|---|---|
"""

SETTINGS_HEAD = """# Settings

Each is an environment variable, and in lower case without the prefix a key of the TOML file that `ISTHMUS_CONFIG`
names. The environment wins over the file, an option of `isthmus serve` over both. Sizes are in bytes, times in seconds.
Generated from `settings.py`; do not edit.

| variable | default | what |
|---|---|---|
"""


def marks(name: str) -> dict[object, list[str]]:
    """Find what each mark of a name stands on: argument of the mark -> tests, as `file::test`.

    `{kind}` in an argument stands for every value of `kind` that the test is parametrised with.
    """
    found: dict[object, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for argument in _arguments(node.decorator_list, name):
                    for row in _rows(argument, node.decorator_list, constants):
                        found[row].append(f"{path.relative_to(ROOT / 'tests')}::{node.name}")
        for argument in _arguments([constants.get("pytestmark", ast.Constant(None))], name):
            found[argument].append(str(path.relative_to(ROOT / "tests")))
    return found


def _arguments(decorators: list[ast.expr], name: str) -> Iterator[object]:
    for decorator in decorators:
        for call in ast.walk(decorator):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == f"pytest.mark.{name}":
                yield from (argument.value for argument in call.args if isinstance(argument, ast.Constant))


def _rows(argument: object, decorators: list[ast.expr], constants: dict[str, ast.expr]) -> Iterator[object]:
    if "{kind}" not in str(argument):
        yield argument
        return
    for call in decorators:
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.parametrize":
            names, values = ast.literal_eval(call.args[0]), call.args[1]
            cases = ast.literal_eval(constants.get(ast.unparse(values), values))
            kinds = [case if names == "kind" else case[0] for case in cases if "kind" in (names, names[0])]
            yield from (str(argument).replace("{kind}", kind.lower()) for kind in dict.fromkeys(kinds))


def hostile_page() -> str:
    """List the cases by number, each with its tests or with the reason why it has none."""
    shown = {str(case): tests for case, tests in marks("hostile").items()}
    lines = (REFERENCE / "hostile-cases.tsv").read_text(encoding="utf-8").splitlines()
    rows = []
    for case, what, *reason in (line.split("\t") for line in lines):
        tests = ", ".join(f"`{test}`" for test in dict.fromkeys(shown.get(case, ())))
        rows.append(f"| {case} | {what} | {tests or ''.join(reason) or '**none**'} |\n")
    return HOSTILE_HEAD + "".join(rows)


def settings_page() -> str:
    """List every setting with its default."""
    fields = Settings.model_fields.items()
    return SETTINGS_HEAD + "".join(
        f"| `ISTHMUS_{name.upper()}` | {_default(field.default)} | {field.description} |\n" for name, field in fields
    )


def _default(value: object) -> str:
    return "" if value in (None, (), False) else f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def choices_page() -> str:
    """Join the choices of every area."""
    areas = (path.read_text(encoding="utf-8") for path in sorted((REFERENCE / "choices").glob("*.md")))
    return CHOICES_HEAD + "".join("\n" + re.sub(r"^# (?:Choices: )?", "## ", area) for area in areas)


def pages() -> dict[Path, str]:
    """Make every generated page."""
    shown_by = {str(endpoint): tests for endpoint, tests in marks("endpoint").items()}
    return {
        REFERENCE / "coverage.md": coverage_page(all_routes(), shown_by),
        REFERENCE / "hostile.md": hostile_page(),
        REFERENCE / "choices.md": choices_page(),
        REFERENCE / "mapping.md": mapping_page(),
        REFERENCE / "settings.md": settings_page(),
        REFERENCE / "handlebars.md": handlebars_page(),
    }


def stale() -> list[str]:
    """Name the pages whose file differs from what would be written."""
    made = pages()
    return [str(p.relative_to(ROOT)) for p in made if not p.is_file() or p.read_text(encoding="utf-8") != made[p]]


def main() -> int:
    """Write the pages, or check them; gives the exit code."""
    if "--check" in sys.argv:
        old = stale()
        print("\n".join(f"{name} is not current: run make docs" for name in old))
        return 1 if old else 0
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
