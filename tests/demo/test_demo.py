"""`isthmus demo` as a newcomer runs it."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.demo.left_over import left_over, mark
from tests.rig.black_box import COMMAND, environment, run
from tests.rig.stores import STORES, settings_of

STEPS = 15
PROMISED = f"{STEPS} of {STEPS} steps as promised."


@pytest.mark.parametrize("store", STORES)
def test_it_tells_the_whole_story(store: str, tmp_path: Path) -> None:
    marked = mark()
    with settings_of(store, tmp_path) as settings:
        shown = run("demo", env={**settings, **marked})
    assert (shown.returncode, shown.stderr) == (0, ""), shown.stdout
    assert shown.stdout.endswith(f"{PROMISED}\n")
    rows = re.findall(r"^ *(\d+)  .* ok *$", shown.stdout, re.MULTILINE)
    assert [int(row) for row in rows] == [*range(1, STEPS + 1)]
    assert not {"\r", "\x1b"} & set(shown.stdout)
    assert left_over(marked) == []


def test_nothing_is_folded_where_nobody_watches() -> None:
    shown = run("demo").stdout
    block = shown[shown.index("Send its token elsewhere") : shown.index("6. ")]
    [message] = re.findall(r'^  <       "message": ".*",$', block, re.MULTILINE)
    assert len(message) > 100
    outside = [line for line in shown.splitlines() if not re.match(r"  [<>] |\d+\. |$|Service on|15 of| ", line)]
    assert outside == []


def test_the_settings_of_the_user_do_not_reach_it(tmp_path: Path) -> None:
    key = tmp_path / "key"
    settings = {
        "ISTHMUS_HOST": "0.0.0.0",  # noqa: S104  # on purpose
        "ISTHMUS_RATE_LIMIT": "1/1",
        "ISTHMUS_KEY_FILE": str(key),
        "ISTHMUS_DATA": str(tmp_path / "data"),
        "ISTHMUS_PUBLIC_URL": "rubbish",
    }
    shown = run("demo", env=settings)
    assert (shown.returncode, PROMISED in shown.stdout) == (0, True), shown.stdout[-2000:]
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    marked = mark()
    settings = {
        "ISTHMUS_DATABASE": f"postgresql://nobody@/nothing?host={tmp_path}",
        "ISTHMUS_KEY_FILE": str(tmp_path / "key"),
    }
    shown = run("demo", env={**settings, **marked})
    assert (shown.returncode, shown.stderr) == (1, "")
    assert shown.stdout.startswith("The demo could not start: ")
    assert (shown.stdout.count("\n"), "Traceback" in shown.stdout) == (1, False)
    assert left_over(marked) == []


@contextmanager
def kept(marked: dict[str, str]) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Run `demo --keep` until it serves; gives the process and all that it printed."""
    with subprocess.Popen(
        (*COMMAND, "demo", "--keep"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=environment(marked),
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            lines: list[str] = []
            while not lines or "curl" not in lines[-1]:
                lines.append(process.stdout.readline())
                assert lines[-1], "".join(lines)
            yield process, "".join(lines)
        finally:
            process.kill()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_kept_it_serves_until_it_is_told_to_stop(number: signal.Signals, status: int) -> None:
    marked = mark()
    with kept(marked) as (process, shown):
        assert PROMISED in shown
        token = re.search(r"TOKEN=(\S+)", shown)
        url = re.search(r"(http://\S+)/v1/connections", shown)
        assert token
        assert url
        listed = requests.get(url[0], headers={"Authorization": f"Bearer {token[1]}"}, timeout=30)
        assert {document["name"] for document in listed.json()} == {"Slack API", "NASA API", "Heartbeat"}
        assert requests.get(f"{url[1]}/docs", timeout=30).status_code == 200
        process.send_signal(number)
        rest, _ = process.communicate(timeout=60)
    assert process.returncode == status
    assert "Traceback" not in rest
    assert left_over(marked) == []


def test_on_a_terminal_of_80_columns_every_line_fits() -> None:
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", on_a_terminal(rows=24, columns=80))
    story = shown[shown.index("Service on") :].replace("\r\n", "\n")
    assert [line for line in story.split("\n") if len(line.rstrip()) > 80] == []
    table = story[story.index("What was shown") :]
    assert len(re.findall(r"^ *\d+  .* ok *$", table, re.MULTILINE)) == STEPS
    assert PROMISED in table


def on_a_terminal(*, rows: int, columns: int) -> str:
    """Run the demo on a terminal of that size, to its end; gives all that was written to it."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    size = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM")
    env = {name: value for name, value in environment().items() if name not in size}
    with subprocess.Popen((*COMMAND, "demo"), stdin=its, stdout=its, stderr=its, env={**env, "TERM": "xterm"}) as demo:
        os.close(its)
        written = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    assert demo.returncode == 0, written.decode()
    return written.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # its other end is closed: the demo is over
        return b""
