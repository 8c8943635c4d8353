"""A private PostgreSQL for tests: its own folder, its own socket, no network; never one that runs already.

It ends with the process that started it. Where the programs are missing, tests skip.
"""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

MISSING = "needs the PostgreSQL programs (initdb, postgres), e.g. from the package postgresql"
_READY_WITHIN = 30.0


def _find_programs() -> Path | None:
    """Find the folder that holds initdb and postgres: on the PATH, or where Debian puts them (newest first)."""
    on_path = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -float(folder.parent.name))
    candidates = [*([Path(on_path).resolve().parent] if on_path else []), *installed]
    return next(
        (folder for folder in candidates if (folder / "initdb").exists() and (folder / "postgres").exists()), None
    )


class PrivatePostgres:
    """A running server. Databases are made from an empty one, or from a template that a test prepared."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._numbers = itertools.count()

    def url(self, database: str) -> str:
        return f"postgresql://isthmus@/{database}?host={self._socket}"

    def create_database(self, *, template: str = "template0", options: str = "") -> str:
        """Make a fresh database and return its URL."""
        name = f"test_{next(self._numbers)}"
        self.administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {options}')
        return self.url(name)

    def administer(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def private_postgres() -> Iterator[PrivatePostgres]:
    """Make and start a server, and stop and remove it at the end; skips where its programs are missing."""
    programs = _find_programs()
    if programs is None:
        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="isthmus-pg-"))
    data = folder / "data"
    as_user = _as_another_user(folder)
    initdb: list[str | Path] = [*as_user, programs / "initdb"]
    try:
        initdb += ["-D", data, "-U", "isthmus", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder)
        server = _start(as_user, programs, folder)
        try:
            found = PrivatePostgres(folder)
            _wait(found, server, folder)
            yield found
        finally:
            server.send_signal(signal.SIGINT)  # a fast shutdown: open connections are cut
            server.wait(timeout=_READY_WITHIN)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_another_user(folder: Path) -> list[str]:
    """Name the command that drops root's rights, since PostgreSQL refuses to run with them; empty for anybody else."""
    if os.geteuid() != 0:
        return []
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--pdeathsig=INT"]


def _start(as_user: list[str], programs: Path, folder: Path) -> "subprocess.Popen[bytes]":
    settings = ["listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "full_page_writes=off"]
    options = [part for setting in settings for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        command: list[str | Path] = [*as_user, programs / "postgres", "-D", folder / "data", *options]
        return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder)


def _wait(found: PrivatePostgres, server: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while True:
        try:
            found.administer("SELECT 1")
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text(errors="replace")) from None
            time.sleep(0.05)
        else:
            return
