"""kill -9 while everything is being written, restart, again and again: what was acknowledged is there."""

import os
import random
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.rig.black_box import Service, serving
from tests.rig.secret_target import secret_target
from tests.rig.stores import STORES, settings_of
from tests.story.inspect import inspect
from tests.story.ledger import Ledger
from tests.story.writers import Writer, write_tokens

ROUNDS = 60 if os.environ.get("ISTHMUS_SOAK") else 5
WRITERS = 4
READY_WITHIN = 5.0


@pytest.mark.hostile(160)
@pytest.mark.parametrize("store", STORES)
def test_what_was_acknowledged_outlives_the_process(store: str, tmp_path: Path) -> None:
    ledger = Ledger()
    choice = random.Random(160)  # noqa: S311  # the same kills each time
    with settings_of(store, tmp_path) as settings, secret_target() as target:
        env = {**settings, "ISTHMUS_RATE_LIMIT": "0"}
        for round_ in range(ROUNDS):
            with serving(tmp_path / "data", env) as service:
                assert _work_seconds(service.process.pid) < READY_WITHIN
                inspect(service, ledger)
                _write_until_killed(service, env, ledger, (target, round_, choice.randint(5, 60)))
        with serving(tmp_path / "data", env) as service:
            inspect(service, ledger)
    if store == "sqlite":
        with closing(sqlite3.connect(tmp_path / "data" / "isthmus.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert "Traceback" not in (tmp_path / "data.log").read_text(encoding="utf-8")


def _work_seconds(pid: int) -> float:
    """Tell how long a process has worked since its start, whatever else the machine was busy with."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _write_until_killed(service: Service, env: dict[str, str], ledger: Ledger, plan: tuple[str, int, int]) -> None:
    """Let every writer work, and kill the service once it acknowledged as many changes as planned."""
    target, round_, wanted = plan
    stop = threading.Event()
    places = {**env, "ISTHMUS_DATA": str(service.data)}
    writers = [Writer(service, ledger, target, round_ * WRITERS + number).run for number in range(WRITERS)]
    threads = [threading.Thread(target=writer) for writer in writers]
    threads.append(threading.Thread(target=write_tokens, args=(places, ledger, stop)))
    goal = ledger.acknowledged + wanted
    for thread in threads:
        thread.start()
    while ledger.acknowledged < goal and any(thread.is_alive() for thread in threads):
        time.sleep(0.001)
    service.process.kill()
    stop.set()
    for thread in threads:
        thread.join(60)
    assert ledger.acknowledged >= goal
