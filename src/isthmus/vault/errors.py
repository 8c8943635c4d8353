"""What can go wrong in the vault."""

from pathlib import Path

from isthmus.model.errors import Bug, SetupError


class KeyFileRefused(SetupError):
    """The key file will not do; the message names it, ISTHMUS_KEY_FILE and what to do, never what is in it."""

    def __init__(self, file: Path, why: str, remedy: str) -> None:
        super().__init__(f"The key file {file} (ISTHMUS_KEY_FILE) {why}. {remedy}")
        self.file = file


class SealBroken(Bug):
    """A sealed value was changed or moved from another place, or its key is not in the key file."""
