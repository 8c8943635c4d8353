"""Handlebars.js beside us: installed once outside of the tree, one node process that answers line by line."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parents[1] / "differential"
_INSTALL_SECONDS = 120


class Unavailable(Exception):
    """There is no node, no npm, or no way to install the package; says which."""


def installed() -> Path:
    """Give the folder with Handlebars.js; installs what the lock file pins where it is not there yet."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise Unavailable("node and npm are not installed")
    lock = (SOURCE / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "isthmus-tests"
    target = cache / f"handlebars-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not target.is_dir():
        _install(npm, cache, target)
    return target


def _install(npm: str, cache: Path, target: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=cache))
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SOURCE / name, folder)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=_INSTALL_SECONDS
        )
        if done.returncode:
            raise Unavailable(f"npm ci did not work: {done.stderr.strip().splitlines()[-1:]}")
        if not target.is_dir():
            folder.rename(target)
    except (subprocess.TimeoutExpired, OSError) as error:
        if not target.is_dir():  # another process may have been quicker
            raise Unavailable(f"npm ci did not work: {error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Peer:
    """A running node process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, questions: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """Put `[template, data, options]` questions, some at a time so that no pipe fills up; answers in order."""
        answers: list[dict[str, Any]] = []
        for at in range(0, len(questions), 20):
            lines = [json.dumps(question) for question in questions[at : at + 20]]
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write("\n".join(lines) + "\n")
            self._process.stdin.flush()
            answers += [json.loads(self._process.stdout.readline()) for _ in lines]
        return answers


@contextmanager
def handlebars_js() -> Iterator[Peer]:
    """Run the peer until the block ends. Raises Unavailable."""
    command = ["node", str(SOURCE / "peer.js"), str(installed())]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    ) as process:
        try:
            yield Peer(process)
        finally:
            process.terminate()
