"""A data folder that cannot be written to, and a disk that is full for a while."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.rig import bodies
from tests.rig.black_box import COMMAND, Service, environment, run, serving

MOUNTS = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mount") is None, reason="needs root, to mount a small disk"
)


def test_a_lock_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "serve.lock").mkdir(parents=True)
    refused = run("serve", "--port", "0", "--data", str(data))
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert refused.stderr.startswith(f"isthmus: The data folder {data} cannot be written to: ")


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """Mount something; skips where even root may not."""
    folder.mkdir()
    done = subprocess.run(["mount", *options, folder], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"root may not mount here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@MOUNTS
@pytest.mark.hostile(167)
def test_a_read_only_folder_is_one_clear_line(tmp_path: Path) -> None:
    with serving(tmp_path / "data"):
        pass
    with mounted(tmp_path / "bound", "--bind", str(tmp_path / "data")) as bound:
        subprocess.run(["mount", "-o", "remount,ro,bind", bound], check=True)
        for command in (("serve", "--port", "0"), ("token", "create", "--name", "x")):
            refused = run(*command, "--data", str(bound))
            assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
            assert f"isthmus: The data folder {bound} cannot be" in refused.stderr
            assert "Read-only" in refused.stderr


@MOUNTS
@pytest.mark.hostile(161)
def test_a_full_disk_refuses_writes_keeps_reads_and_recovers(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with (
        mounted(data, "-t", "tmpfs", "-o", "size=3m", "tmpfs") as disk,
        serving(data, {"ISTHMUS_RATE_LIMIT": "0"}) as service,
    ):
        large = bodies.connection()
        large["http"]["unencrypted"] = {"note": "x" * 50_000}
        kept = []
        while (answer := service.call("POST", "/v1/connections", large)).status_code == 201:
            kept.append(answer.json()["_id"])
            assert len(kept) < 100
        assert answer.status_code == 503
        assert "full" in answer.json()["errors"][0]["message"]
        assert [one["_id"] for one in service.call("GET", "/v1/connections").json()] == kept
        for id_ in kept:
            assert [row["event"] for row in service.call("GET", f"/v1/connections/{id_}/audit").json()] == ["create"]
        subprocess.run(["mount", "-o", "remount,size=30m", disk], check=True)
        assert service.create("connections", large)["_id"] not in kept
        assert service.call("GET", "/readyz").status_code == 200
    assert service.process.returncode == 0
    assert "The disk of the data folder is full" in (tmp_path / "data.log").read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    token = run("token", "create", "--name", "x", "--data", data).stdout.strip()
    env = environment({"ISTHMUS_ACCESS_LOG": "1"})
    command = (*COMMAND, "serve", "--port", "0", "--data", data)
    with (
        Path("/dev/full").open("w", encoding="utf-8") as full,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=full, text=True, env=env) as process,
    ):
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        service = Service(url, token, tmp_path / "data", process)
        for _ in range(3):
            assert service.call("POST", "/v1/connections", bodies.connection()).status_code == 201
        process.terminate()
        assert process.wait(30) == 0
