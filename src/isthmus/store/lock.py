"""One `serve` at a time on one data folder."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from isthmus.model.errors import SetupError
from isthmus.store.folder import make_folder

_NAME: Final = "serve.lock"


class FolderInUse(SetupError):
    """Another process serves this folder. `pid` is its process id, None where it did not say."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        who = "Another process" if pid is None else f"Process {pid}"
        super().__init__(
            f"{who} is already using the data folder {folder}. Stop it first, or name another folder with --data."
        )
        self.folder = folder
        self.pid = pid


class DataFolderLock:
    """Holds a data folder: `with DataFolderLock(folder): ...`. It ends with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the folder, making it if absent.

        Raises FolderInUse at once where another process has it, SetupError where it cannot be written to.
        """
        make_folder(self._folder)
        try:
            self._file = self._taken()
        except OSError as error:
            raise SetupError(
                f"The data folder {self._folder} cannot be written to: {error.strerror}. "
                "Let the service's user write there, or name another one with --data."
            ) from None

    def _taken(self) -> int:
        file = os.open(self._folder / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(file, 0)
            os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        except BlockingIOError:
            pid = _pid(os.read(file, 32))
            os.close(file)
            raise FolderInUse(self._folder, pid) from None
        except OSError:
            os.close(file)
            raise
        return file

    def release(self) -> None:
        """Let the folder go; harmless where it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _pid(content: bytes) -> int | None:
    text = content.strip()
    return int(text) if text.isdigit() else None
