"""The commands that need no running service."""

import json
import stat
from pathlib import Path

import pytest

from isthmus import __version__
from tests.rig.black_box import run, serving


def test_version() -> None:
    assert run("--version").stdout == f"isthmus {__version__}\n"


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("serve",),
        ("token",),
        ("token", "create"),
        ("token", "list"),
        ("token", "revoke"),
        ("connections",),
        ("connections", "list"),
        ("connections", "get"),
        ("connections", "create"),
        ("connections", "ping"),
        ("connections", "export"),
        ("connections", "import"),
        ("backup",),
        ("restore",),
        ("doctor",),
        ("map",),
        ("openapi",),
        ("sandbox", "serve"),
        ("demo",),
    ],
    ids=" ".join,
)
def test_every_command_explains_itself(command: tuple[str, ...]) -> None:
    for flag in ("--help", "-h"):
        shown = run(*command, flag)
        assert shown.returncode == 0
        assert "Usage:" in shown.stdout
        assert shown.stderr == ""


def test_a_token_is_printed_alone_and_listed_without_its_value(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    made = run("token", "create", "--name", "first", "--email", "a@example.com", "--expires", "4h", *data)
    assert made.returncode == 0, made.stderr
    token = made.stdout.strip()
    assert made.stdout == f"{token}\n"
    assert token.startswith("isthmus_")
    assert len(token) == len("isthmus_") + 43
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    limited = run("token", "create", "--name", "second", "--connection", "0" * 24, "--connection", "1" * 24, *data)
    assert limited.returncode == 0
    listed = run("token", "list", *data)
    assert "first" in listed.stdout
    assert "2 connections" in listed.stdout
    assert token not in listed.stdout
    [first, second] = json.loads(run("token", "list", "--json", *data).stdout)
    assert first["connections"] is None
    assert second["connections"] == ["0" * 24, "1" * 24]
    assert first["state"] == "live"
    revoked = run("token", "revoke", "first", *data)
    assert (revoked.returncode, revoked.stdout) == (0, "")
    assert json.loads(run("token", "list", "--json", *data).stdout)[0]["state"] == "revoked"
    again = run("token", "revoke", "first", *data)
    assert again.returncode == 1
    assert "no live token" in again.stderr
    assert run("token", "revoke", second["_id"], *data).returncode == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--name", ""), "name"),
        (("--name", "x", "--expires", "soon"), "expires"),
        (("--name", "x", "--expires", "0h"), "expires"),
        (("--name", "x", "--connection", "nope"), "connections"),
        (("--name", "x\ny"), "name"),
    ],
)
def test_a_bad_token_is_refused(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    refused = run("token", "create", *options, "--data", str(tmp_path / "data"))
    assert refused.returncode == 1
    assert said in refused.stderr
    assert refused.stdout == ""


def test_tokens_are_made_and_revoked_beside_a_running_service(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as service:
        token = run("token", "create", "--name", "beside", "--data", str(service.data)).stdout.strip()
        other = type(service)(service.url, token, service.data, service.process)
        assert other.call("GET", "/v1/tokenInfo").status_code == 200
        assert run("token", "revoke", "beside", "--data", str(service.data)).returncode == 0
        assert other.call("GET", "/v1/tokenInfo").status_code == 401
        assert service.call("GET", "/v1/tokenInfo").json() == {
            "_userId": service.call("GET", "/v1/tokenInfo").json()["_userId"],
            "scope": "*",
        }


def test_options_are_variables_too_and_a_file_stands_behind_them(tmp_path: Path) -> None:
    file = tmp_path / "isthmus.toml"
    file.write_text('rate_limit = "7/7"\nport = 1234\ndata = "from-file"\n')
    env = {
        "ISTHMUS_CONFIG": str(file),
        "ISTHMUS_DATA": str(tmp_path / "from-env"),
        "ISTHMUS_EGRESS_ALLOW": "::1, a.b:1",
    }
    shown = run("doctor", env=env).stdout
    assert "7/7" in shown
    assert "1234" in shown
    assert "from-env" in shown
    assert "::1,a.b:1" in shown
    assert str(tmp_path / "option") in run("doctor", "--data", str(tmp_path / "option"), env=env).stdout


def test_a_settings_file_that_is_not_there_is_an_error() -> None:
    refused = run("doctor", env={"ISTHMUS_CONFIG": "/nowhere.toml"})
    assert refused.returncode == 1
    assert "/nowhere.toml" in refused.stderr


def test_every_bad_setting_is_named_at_once() -> None:
    refused = run("doctor", env={"ISTHMUS_PORT": "x", "ISTHMUS_RATE_LIMIT": "y", "ISTHMUS_GRACE": "-1"})
    assert refused.returncode == 1
    for name in ("ISTHMUS_PORT", "ISTHMUS_RATE_LIMIT", "ISTHMUS_GRACE"):
        assert name in refused.stderr


def test_doctor_says_what_is_wrong_and_masks_secrets(tmp_path: Path) -> None:
    data = tmp_path / "data"
    early = run("doctor", "--data", str(data))
    assert early.returncode == 1
    assert "not there" in early.stdout
    assert not data.exists()
    with serving(data):
        well = run("doctor", "--data", str(data))
        assert well.returncode == 0, well.stdout + well.stderr
    (data / "key").chmod(0o644)
    assert "chmod 600" in run("doctor", "--data", str(data)).stdout
    env = {"ISTHMUS_DATABASE": "postgresql://user:s3cret@localhost:1/db", "ISTHMUS_KEY_FILE": str(data / "key")}
    shown = run("doctor", env=env)
    assert shown.returncode == 1
    assert "postgresql://user:******@localhost:1/db" in shown.stdout
    assert "s3cret" not in shown.stdout + shown.stderr


def test_openapi_is_the_document_that_a_service_answers(tmp_path: Path) -> None:
    document = json.loads(run("openapi").stdout)
    assert document["openapi"].startswith("3.1")
    with serving(tmp_path / "data") as service:
        served = service.call("GET", "/openapi.json").json()
    assert served["paths"] == document["paths"]
    assert served["servers"] == [{"url": service.url}]


def test_backup_and_restore_bring_everything_back(tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    with serving(tmp_path / "data") as service:
        made = service.create("integrations", {"name": "kept"})
        assert run("backup", str(file), "--data", str(service.data)).returncode == 0
        token = service.token
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    refused = run("restore", str(file), "--data", str(tmp_path / "data"))
    assert refused.returncode == 1
    restored = run("restore", str(file), "--data", str(tmp_path / "other"))
    assert restored.returncode == 0, restored.stderr
    with serving(tmp_path / "other") as again:
        same = type(again)(again.url, token, again.data, again.process)
        assert same.call("GET", f"/v1/integrations/{made['_id']}").json() == made


@pytest.mark.parametrize("command", [("backup", "x.tar"), ("restore", "nowhere.tar")])
def test_backup_and_restore_fail_in_one_line(tmp_path: Path, command: tuple[str, str]) -> None:
    refused = run(command[0], str(tmp_path / command[1]), "--data", str(tmp_path / "data"))
    assert refused.returncode == 1
    assert refused.stderr.startswith("isthmus: ")
    assert refused.stderr.count("\n") == 1
