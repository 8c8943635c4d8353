"""The project's own files, as git sees them, for the house tests."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def tracked(*patterns: str) -> list[Path]:
    """List the files that git tracks (or would), by pattern."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [path for name in listed if name and (path := ROOT / name).is_file()]


@cache
def parsed(path: Path) -> ast.Module:
    """Parse a Python file once."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def named(path: Path) -> str:
    """Name a file as a reader would."""
    return str(path.relative_to(ROOT))
