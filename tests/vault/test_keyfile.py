import base64
import os
import stat
import threading
from hashlib import sha512
from pathlib import Path

import pytest

from isthmus.model.errors import SetupError
from isthmus.vault import KeyFileRefused, Vault


def write(file: Path, content: bytes | str, mode: int = 0o600) -> Path:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    file.chmod(mode)
    return file


RANDOM = sha512(b"a key for tests").digest()


def line(key: bytes) -> str:
    return base64.b64encode(key).decode() + "\n"


def test_the_first_start_makes_a_key_for_the_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "key"
    made = Vault.load(file, create=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert len(base64.b64decode(file.read_bytes())) == 32
    assert list(file.parent.iterdir()) == [file]
    assert Vault.load(file, create=True).fingerprints == made.fingerprints
    assert Vault.load(file, create=False).fingerprints == made.fingerprints


def test_several_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    found: set[tuple[str, ...]] = set()
    starts = [threading.Thread(target=lambda: found.add(Vault.load(tmp_path / "key", create=True).fingerprints))]
    starts += [threading.Thread(target=lambda: found.add(Vault.load(tmp_path / "key", create=True).fingerprints))]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len(found) == 1


@pytest.mark.hostile(5)
@pytest.mark.hostile(6)
@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        (line(RANDOM[:31]), "31 bytes instead of 32"),
        (line(RANDOM[:33]), "33 bytes instead of 32"),
        ("not base64!\n", "not base64"),
        (RANDOM[:16] + b"\xff\xfe", "not base64"),
        ("changeme", "6 bytes instead of 32"),
        (line(bytes(32)), "an example or was typed"),
        (line(b"\xff" * 32), "an example or was typed"),
        (line(b"changeme" * 4), "an example or was typed"),
        (line(bytes(range(32))), "an example or was typed"),
        (line(bytes(range(32, 0, -1))), "an example or was typed"),
        (line(b"0123456789abcdef0123456789ABCDEF"), "an example or was typed"),
        (line(b"correct horse battery staple ok!"), "an example or was typed"),
        (line(RANDOM[:32]) + line(bytes(32)), "on line 2: it is an example"),
    ],
)
def test_a_key_that_will_not_do_is_refused_with_a_remedy(tmp_path: Path, content: bytes | str, why: str) -> None:
    file = write(tmp_path / "key", content)
    with pytest.raises(KeyFileRefused, match=why) as raised:
        Vault.load(file, create=True)
    assert isinstance(raised.value, SetupError)
    for part in ("ISTHMUS_KEY_FILE", str(file), "urandom"):
        assert part in str(raised.value)


@pytest.mark.hostile(5)
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o777])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = write(tmp_path / "key", line(os.urandom(32)), mode)
    with pytest.raises(KeyFileRefused, match=f"chmod 600 {file}"):
        Vault.load(file, create=False)


@pytest.mark.hostile(5)
def test_no_key_is_refused_where_none_may_be_made(tmp_path: Path) -> None:
    with pytest.raises(KeyFileRefused, match="ISTHMUS_KEY_FILE"):
        Vault.load(tmp_path / "key", create=False)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for place in (tmp_path, tmp_path / "pipe", tmp_path / "pipe" / "key"):
        with pytest.raises(KeyFileRefused, match="ISTHMUS_KEY_FILE"):
            Vault.load(place, create=False)


def test_a_key_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KeyFileRefused, match="ISTHMUS_KEY_FILE"):
        Vault.load(tmp_path / "file" / "key", create=True)
    with pytest.raises(KeyFileRefused, match="cannot be made"):
        Vault.load(Path("/proc/isthmus/key"), create=True)


def test_several_keys_the_first_is_current(tmp_path: Path) -> None:
    new, old = os.urandom(32), os.urandom(32)
    file = write(tmp_path / "key", f"{line(new)}\n  {line(old)}{line(new)}")
    assert Vault.load(file, create=False).fingerprints == Vault([new, old]).fingerprints
