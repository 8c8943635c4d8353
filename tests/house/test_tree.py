"""What may be committed, and that the two commands are what the README says."""

import re
import tomllib

import pytest

from tests.rig.tree import ROOT, named, tracked

REGISTRY = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|--(extra-)?index-url|\"resolved\":\s*\"http|shields\.io")
MACHINE = re.compile(r"/(work|home|root)/[a-z]|/opt/(wheels|pypi)")
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".sh", ".yml", ".yaml", ".service", ""}


def texts() -> dict[str, str]:
    return {
        named(path): path.read_text(encoding="utf-8", errors="replace")
        for path in tracked()
        if path.suffix in TEXT and path.name != "test_tree.py"
    }


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE], ids=["registry host", "path of a machine"])
def test_no_file_names(pattern: re.Pattern[str]) -> None:
    assert {name: found.group() for name, text in texts().items() if (found := pattern.search(text))} == {}


@pytest.mark.parametrize("lock", ["base", "test", "dev"])
def test_every_requirement_is_pinned_and_hashed(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    entries = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_locks_cover_the_declared_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8")
    names = [re.split(r"[\[<>=;~! ]", requirement)[0] for requirement in project["dependencies"]]
    assert [
        name for name in names if not re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE | re.IGNORECASE)
    ] == []


def test_the_readme_shows_the_two_commands_on_its_first_screen() -> None:
    screen = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40]
    assert {"make demo", "make test"} <= {line.split("#")[0].strip() for line in screen}


def test_ci_runs_what_a_developer_runs() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^check: lint types layers test\b", makefile, re.MULTILINE)
    assert "exec make check" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "verb",
    ["setup", "demo", "serve", "test", "check", "fmt", "lint", "types", "docs", "bench", "release", "clean", "help"],
)
def test_the_makefile_has_the_verb(verb: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{verb}:.*## ", makefile, re.MULTILINE)
