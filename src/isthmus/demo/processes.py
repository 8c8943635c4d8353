"""The service and the sandbox as a user would start them: two processes, on free ports, in a folder of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

COMMAND = (sys.executable, "-m", "isthmus")


class DidNotStart(Exception):
    """A process ended before it was ready; the message is what it said."""


@contextmanager
def started(arguments: tuple[str, ...], log: Path, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """Start a command that prints `... ready on URL`, give the URL, and stop it in the end."""
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603  # our own command, no shell
            (*COMMAND, *arguments), stdout=subprocess.PIPE, stderr=errors, env={**os.environ, **(env or {})}, text=True
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
        raise DidNotStart(log.read_text(encoding="utf-8", errors="replace").strip() or "it said nothing")
    return line.rsplit(" ", 1)[1].strip()


def output_of(*arguments: str) -> str:
    """Run a short command to its end and give what it printed."""
    done = subprocess.run((*COMMAND, *arguments), capture_output=True, text=True, check=False)  # noqa: S603  # ours
    if done.returncode:
        raise DidNotStart(done.stderr.strip())
    return done.stdout.strip()
