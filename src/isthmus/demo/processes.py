"""The service and the sandbox as a user would start them: two processes, on free ports, in a folder of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

COMMAND: Final = (sys.executable, "-m", "isthmus")


class DidNotStart(Exception):
    """A process ended before it was ready; the message is what it said."""


def environment(data: Path, **settings: str) -> dict[str, str]:
    """Make the variables of the demo's processes: of the user's own settings only the database and its key count."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ISTHMUS_")}
    if os.environ.get("ISTHMUS_DATABASE"):
        wanted = ("ISTHMUS_DATABASE", "ISTHMUS_KEY_FILE")
        kept |= {name: value for name in wanted if (value := os.environ.get(name))}
    return {**kept, "ISTHMUS_DATA": str(data), **settings}


@contextmanager
def started(arguments: tuple[str, ...], log: Path, env: Mapping[str, str]) -> Iterator[str]:
    """Start a command that prints `... ready on URL`, give the URL, and stop it in the end."""
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603  # our own command, no shell
            (*COMMAND, *arguments), stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL, env=env, text=True
        )
    try:
        yield _address(process, log)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _address(process: "subprocess.Popen[str]", log: Path) -> str:
    line = process.stdout.readline() if process.stdout is not None else ""
    if " ready on " not in line:
        process.wait(10)
        said = log.read_text(encoding="utf-8", errors="replace").strip()
        raise DidNotStart(said.removeprefix("isthmus: ") or "it said nothing")
    return line.rsplit(" ", 1)[1].strip()


def output_of(arguments: tuple[str, ...], env: Mapping[str, str]) -> str:
    """Run a short command to its end and give what it printed."""
    done = subprocess.run((*COMMAND, *arguments), capture_output=True, text=True, check=False, env=env)  # noqa: S603  # ours
    if done.returncode:
        raise DidNotStart(done.stderr.strip().removeprefix("isthmus: "))
    return done.stdout.strip()
