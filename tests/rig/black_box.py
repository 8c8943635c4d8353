"""The service as a user runs it: a process of its own, reached over HTTP and by its command line alone."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

COMMAND = (sys.executable, "-m", "isthmus")


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without any setting of isthmus or of Python's buffers that the developer may have."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("ISTHMUS_") and k != "PYTHONUNBUFFERED"}
    return {**clean, **(extra or {})}


def run(*arguments: str, env: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        (*COMMAND, *arguments), capture_output=True, text=True, check=False, env=environment(env), timeout=120
    )


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: where it is, a full token, and its process."""

    url: str
    token: str
    data: Path
    process: "subprocess.Popen[str]"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """Send one request with the full token."""
        bearer = {"Authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        return requests.request(method, self.url + path, json=body, headers=bearer, timeout=60)

    def create(self, kind: str, document: Any) -> dict[str, Any]:
        """Create a document; gives the stored one."""
        answer = self.call("POST", f"/v1/{kind}", document)
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()
        return created


@contextmanager
def serving(data: Path, env: Mapping[str, str] | None = None) -> Iterator[Service]:
    """Start the service on a free port; kills what does not end by itself."""
    settings = {"ISTHMUS_EGRESS_ALLOW": "127.0.0.0/8", "ISTHMUS_DATA": str(data), **(env or {})}
    created = run("token", "create", "--name", "black box", env=settings)
    assert created.returncode == 0, created.stderr
    log = data.parent / f"{data.name}.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            (*COMMAND, "serve", "--port", "0"),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment(settings),
        )
    assert process.stdout is not None
    with process, process.stdout:
        try:
            line = process.stdout.readline()
            assert line.startswith("isthmus ready on http"), log.read_text(encoding="utf-8")
            yield Service(line.split()[-1], created.stdout.strip(), data, process)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
