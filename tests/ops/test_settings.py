"""Every setting with rubbish in it: one line that names it, no traceback, nothing started."""

from pathlib import Path

import pytest

from isthmus.settings import Settings, SettingsError, load
from tests.rig.black_box import run

RUBBISH: dict[str, list[str]] = {
    "PORT": ["rubbish", "-1", "99999"],
    "DATABASE": ["rubbish", "sqlite:///x"],
    "PUBLIC_URL": ["rubbish", "ftp://x", "http://", "http://user:password@host", "http://["],
    "TLS_CERT": ["/nowhere.pem"],
    "TLS_KEY": ["/nowhere.pem"],
    "GRACE": ["rubbish", "-1", "nan", "inf"],
    "RATE_LIMIT": ["rubbish", "-1", "1", "1/0", "0/1"],
    "EGRESS_ALLOW": ["10.0.0.0/99", "http://x", "*", ":"],
    "OFFLINE_PING_INTERVAL": ["rubbish", "-1", "nan", "inf"],
    "REMOTE_TIMEOUT": ["rubbish", "0", "nan", "inf"],
    "CONFIG": ["/nowhere", "/", __file__],
}
LATER = {"HOST", "DATA", "KEY_FILE"}
"""What only shows once it is used."""
CASES = [
    (name, value)
    for name in (*(field.upper() for field in Settings.model_fields), "CONFIG")
    if name not in LATER
    for value in RUBBISH.get(name, ["rubbish"])
]


@pytest.mark.parametrize(("name", "value"), CASES)
def test_rubbish_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"ISTHMUS_{name}", value)
    with pytest.raises(SettingsError) as raised:
        load()
    said = str(raised.value)
    assert said.count(f"ISTHMUS_{name}") == 1, said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "rubbish"),
        ("INSECURE", "rubbish"),
        ("HOST", "rubbish"),
        ("HOST", "no such host"),
        ("KEY_FILE", "/dev/null"),
        ("KEY_FILE", "/"),
        ("OFFLINE_PING_INTERVAL", "inf"),
    ],
)
def test_the_command_says_that_line_and_nothing_else(tmp_path: Path, name: str, value: str) -> None:
    settings = {"ISTHMUS_DATA": str(tmp_path / "data"), "ISTHMUS_PORT": "0", f"ISTHMUS_{name}": value}
    refused = run("serve", env=settings)
    assert (refused.returncode, refused.stdout) == (1, ""), refused.stderr
    assert refused.stderr.startswith("isthmus: ")
    assert refused.stderr.count("\n") == 1, refused.stderr
    assert f"ISTHMUS_{name}" in refused.stderr


@pytest.mark.parametrize("folder", ["/dev/null", "/dev/null/x", "/proc/x"])
def test_a_folder_that_cannot_be_is_named(folder: str) -> None:
    refused = run("serve", env={"ISTHMUS_DATA": folder, "ISTHMUS_PORT": "0"})
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert folder in refused.stderr
