"""Tells which processes of a test are still there, by a variable that they inherited."""

import time
import uuid
from pathlib import Path
from typing import Final

MARK: Final = "TEST_MARK"


def mark() -> dict[str, str]:
    """Make a variable that no other process has."""
    return {MARK: uuid.uuid4().hex}


def left_over(marked: dict[str, str]) -> list[str]:
    """List the commands of processes that carry the mark, once those about to end have ended."""
    for _ in range(100):
        found = _carrying(f"{MARK}={marked[MARK]}".encode())
        if not found:
            break
        time.sleep(0.05)
    return found


def _carrying(needle: bytes) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if needle in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # it ended meanwhile, or is somebody else's
    return found
